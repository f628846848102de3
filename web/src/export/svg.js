// A context that paints SVG: the same calls as a canvas's, a text at the end.

/** @import { Paint } from '../lab/views/paint.js' */

/** @typedef {Pick<Paint, 'fillStyle' | 'strokeStyle' | 'lineWidth' | 'lineJoin' | 'lineCap' | 'globalAlpha' | 'font' | 'textAlign' | 'textBaseline'>} State */

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
  #dash = '';
  #path = '';
  #body = '';
  #clips = 0;
  /** What restore goes back to, with the groups opened since. @type {{ state: State, groups: number }[]} */ #saved =
    [];
  #groups = 0;
  #width;
  #height;

  /** @param {number} width @param {number} height in pixels */
  constructor(width, height) {
    this.#width = width;
    this.#height = height;
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, globalAlpha, font, textAlign, textBaseline } = this;
    const state = { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, globalAlpha, font, textAlign, textBaseline };
    this.#saved.push({ state, groups: this.#groups });
    this.#groups = 0;
  }

  restore() {
    const saved = this.#saved.pop();
    if (!saved) return;
    this.#body += '</g>'.repeat(this.#groups);
    this.#groups = saved.groups;
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
    this.#body += `<clipPath id="${id}"><path d="${this.#path}"/></clipPath><g clip-path="url(#${id})">`;
    this.#groups += 1;
  }

  /** @param {CanvasFillRule | Path2D} [rule] @param {CanvasFillRule} [_] a canvas's second argument */
  fill(rule, _) {
    const even = rule === 'evenodd' ? ' fill-rule="evenodd"' : '';
    if (this.#path !== '') this.#body += `<path d="${this.#path}" fill="${this.fillStyle}"${even}${this.#opacity}/>`;
  }

  stroke() {
    if (this.#path !== '') this.#body += `<path d="${this.#path}" fill="none"${this.#line}${this.#opacity}/>`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    const box = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
    this.#body += `<rect ${box} fill="${this.fillStyle}"${this.#opacity}/>`;
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#text(text, x, y, `fill="${this.fillStyle}"`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.#text(text, x, y, `fill="none"${this.#line}`);
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
    this.#dash = list.length > 0 ? ` stroke-dasharray="${list.join(' ')}"` : '';
  }

  /**
   * The file.
   * @param {{ title: string, description: string }} what
   */
  text({ title, description }) {
    const size = `width="${this.#width}" height="${this.#height}" viewBox="0 0 ${this.#width} ${this.#height}"`;
    return (
      `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">` +
      `<title>${escape(title)}</title><desc>${escape(description)}</desc>${this.#body}${'</g>'.repeat(this.#groups)}</svg>\n`
    );
  }

  get #size() {
    return Number(/^(?:\w+ )?([\d.]+)px/.exec(this.font)?.[1] ?? 12);
  }

  get #opacity() {
    return this.globalAlpha < 1 ? ` opacity="${round(this.globalAlpha)}"` : '';
  }

  get #line() {
    const caps = this.lineCap === 'butt' ? '' : ` stroke-linecap="${this.lineCap}"`;
    const joins = this.lineJoin === 'miter' ? '' : ` stroke-linejoin="${this.lineJoin}"`;
    return ` stroke="${this.strokeStyle}" stroke-width="${round(this.lineWidth)}"${caps}${joins}${this.#dash}`;
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} paint */
  #text(text, x, y, paint) {
    const [, weight = '', family = 'sans-serif'] = /^(\w+ )?[\d.]+px (.*)$/.exec(this.font) ?? [];
    const bold = weight === '' ? '' : ` font-weight="${weight.trim()}"`;
    const place = `x="${round(x)}" y="${round(y + baselines[this.textBaseline] * this.#size)}"`;
    const face = `font-family="${escape(family)}" font-size="${this.#size}"${bold}`;
    this.#body += `<text ${place} text-anchor="${anchors[this.textAlign]}" ${face} ${paint}${this.#opacity}>${escape(text)}</text>`;
  }
}

/** A hundredth of a pixel is nothing to be seen. @param {number} value */
const round = (value) => String(Math.round(value * 100) / 100);

/** Text that may stand anywhere in XML; characters that XML has none of are replaced. @param {string} text */
function escape(text) {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
