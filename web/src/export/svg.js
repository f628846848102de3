// A context that paints SVG: the same calls as a canvas's, in the end a file or an element.

/** @import { Paint } from '../lab/views/paint.js' */

/** @typedef {Pick<Paint, 'fillStyle' | 'strokeStyle' | 'lineWidth' | 'lineJoin' | 'lineCap' | 'globalAlpha' | 'font' | 'textAlign' | 'textBaseline'>} State */

/** An element: its tag, its attributes, and what is in it. @typedef {[tag: string, attributes: Record<string, string | number>, ...inside: (Item | string)[]]} Item */

const namespace = 'http://www.w3.org/2000/svg';
const anchors = { left: 'start', start: 'start', center: 'middle', right: 'end', end: 'end' };
/** How far below the given line the letters stand, in sizes of the font. */
const baselines = { top: 0.8, hanging: 0.8, middle: 0.35, alphabetic: 0, ideographic: 0, bottom: -0.2 };

/** @implements {Paint} */
export class SvgContext {
  /** @type {Paint['fillStyle']} */ fillStyle = '#000';
  /** @type {Paint['strokeStyle']} */ strokeStyle = '#000';
  lineWidth = 1;
  /** @type {CanvasLineJoin} */ lineJoin = 'miter';
  /** @type {CanvasLineCap} */ lineCap = 'butt';
  globalAlpha = 1;
  font = '12px sans-serif';
  /** @type {CanvasTextAlign} */ textAlign = 'start';
  /** @type {CanvasTextBaseline} */ textBaseline = 'alphabetic';
  /** @type {Record<string, string>} */ #dash = {};
  #path = '';
  #clips = 0;
  /** What restore goes back to, and into which group. @type {{ state: State, group: Item }[]} */ #saved = [];
  /** @type {Item} */ #root;
  /** The group that is painted into. */ #group;

  /** @param {number} width @param {number} height in pixels */
  constructor(width, height) {
    this.#root = ['svg', { width, height, viewBox: `0 0 ${width} ${height}` }];
    this.#group = this.#root;
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, globalAlpha, font, textAlign, textBaseline } = this;
    const state = { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, globalAlpha, font, textAlign, textBaseline };
    this.#saved.push({ state, group: this.#group });
  }

  restore() {
    const saved = this.#saved.pop();
    if (!saved) return;
    this.#group = saved.group;
    Object.assign(this, saved.state);
  }

  beginPath() {
    this.#path = '';
  }

  closePath() {
    this.#path += 'Z';
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${round(x)} ${round(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `${this.#path === '' ? 'M' : 'L'}${round(x)} ${round(y)}`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.#path += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
  }

  /** @param {number} x @param {number} y @param {number} radius @param {number} from @param {number} to angles */
  arc(x, y, radius, from, to) {
    const start = `${this.#path === '' || to - from >= 2 * Math.PI ? 'M' : 'L'}${round(x + radius * Math.cos(from))} ${round(y + radius * Math.sin(from))}`;
    // One command cannot go all the way round: two halves can.
    const middle = (from + to) / 2;
    const half = (/** @type {number} */ angle) =>
      `A${round(radius)} ${round(radius)} 0 0 1 ${round(x + radius * Math.cos(angle))} ${round(y + radius * Math.sin(angle))}`;
    this.#path += start + half(middle) + half(to);
  }

  clip() {
    const id = `clip${++this.#clips}`;
    /** @type {Item} */
    const group = ['g', { 'clip-path': `url(#${id})` }];
    this.#group.push(['clipPath', { id }, ['path', { d: this.#path }]], group);
    this.#group = group;
  }

  /** @param {CanvasFillRule | Path2D} [rule] @param {CanvasFillRule} [_] a canvas's second argument */
  fill(rule, _) {
    const even = rule === 'evenodd' && { 'fill-rule': 'evenodd' };
    this.#paintPath({ fill: String(this.fillStyle), ...even });
  }

  stroke() {
    this.#paintPath({ fill: 'none', ...this.#line });
  }

  /** @param {Record<string, string>} how */
  #paintPath(how) {
    if (this.#path !== '') this.#group.push(['path', { d: this.#path, ...how, ...this.#opacity }]);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    const box = { x: round(x), y: round(y), width: round(width), height: round(height) };
    this.#group.push(['rect', { ...box, fill: String(this.fillStyle), ...this.#opacity }]);
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#text(text, x, y, { fill: String(this.fillStyle) });
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.#text(text, x, y, { fill: 'none', ...this.#line });
  }

  /** @param {string} text what a common typeface would need: files are laid out without a screen */
  measureText(text) {
    const widths = Array.from(text, (letter) =>
      letter > '\u2e7f' ? 1 : /[ilj.,:;|'!()[\]]/.test(letter) ? 0.32 : 0.58,
    );
    return { width: this.#size * widths.reduce((sum, width) => sum + width, 0) };
  }

  /** @param {Iterable<number>} dash */
  setLineDash(dash) {
    const list = [...dash];
    this.#dash = list.length > 0 ? { 'stroke-dasharray': list.join(' ') } : {};
  }

  /**
   * The file.
   * @param {{ title: string, description: string }} what
   */
  text({ title, description }) {
    const [tag, size, ...inside] = this.#root;
    const attributes = { xmlns: namespace, ...size, role: 'img' };
    const body = markup([tag, attributes, ['title', {}, title], ['desc', {}, description], ...inside]);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;
  }

  /** For the page. */
  element() {
    return make(this.#root);
  }

  get #size() {
    return Number(/^(?:\w+ )?([\d.]+)px/.exec(this.font)?.[1] ?? 12);
  }

  get #opacity() {
    return this.globalAlpha < 1 && { opacity: round(this.globalAlpha) };
  }

  get #line() {
    return {
      stroke: String(this.strokeStyle),
      'stroke-width': round(this.lineWidth),
      ...(this.lineCap !== 'butt' && { 'stroke-linecap': this.lineCap }),
      ...(this.lineJoin !== 'miter' && { 'stroke-linejoin': this.lineJoin }),
      ...this.#dash,
    };
  }

  /** @param {string} text @param {number} x @param {number} y @param {Record<string, string>} paint */
  #text(text, x, y, paint) {
    const [, weight = '', family = 'sans-serif'] = /^(\w+ )?[\d.]+px (.*)$/.exec(this.font) ?? [];
    const bold = weight !== '' && { 'font-weight': weight.trim() };
    const place = { x: round(x), y: round(y + baselines[this.textBaseline] * this.#size) };
    const face = { 'font-family': family, 'font-size': this.#size, ...bold };
    const anchor = { 'text-anchor': anchors[this.textAlign] };
    this.#group.push(['text', { ...place, ...anchor, ...face, ...paint, ...this.#opacity }, text]);
  }
}

/** @param {Item | string} item @returns {string} */
function markup(item) {
  if (typeof item === 'string') return escape(item);
  const [tag, attributes, ...inside] = item;
  const start = [tag, ...Object.entries(attributes).map(([name, value]) => `${name}="${escape(String(value))}"`)];
  const content = inside.map(markup).join('');
  return content === '' ? `<${start.join(' ')}/>` : `<${start.join(' ')}>${content}</${tag}>`;
}

/** @param {Item} item */
function make([tag, attributes, ...inside]) {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...inside.map((item) => (typeof item === 'string' ? item : make(item))));
  return element;
}

/** A hundredth of a pixel is nothing to be seen. @param {number} value */
const round = (value) => String(Math.round(value * 100) / 100);

/** Text that may stand anywhere in XML; characters that XML has none of are replaced. @param {string} text */
function escape(text) {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
