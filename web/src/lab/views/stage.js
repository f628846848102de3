// The place of a picture: its canvas, a cursor that reads its values by pointer, touch and keys, and what else a view
// lets the reader do in it.

import { h, setAttribute } from '../dom.js';
import { coalesce } from '../frames.js';
import { drawPicture, forgetFrame, schemeOf, sizeOf } from './canvas.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Mark, Picture, Track } from './picture.js' */
/** @import { Plot } from './paint.js' */

/**
 * Something held and moved. A firm grip keeps a finger's movement from scrolling the page; `cancel` puts back what was moved.
 * @typedef {{ firm?: boolean, move: (px: number, py: number) => void, cancel?: () => void, end: () => void }} Grip
 */

/**
 * What a view lets the reader do in its picture, besides reading it. Places are in pixels of the picture.
 * @typedef {object} Hands
 * @property {HTMLElement} [hint] how, shown below the picture
 * @property {HTMLElement} [words] those of the hint that also tell how without seeing it
 * @property {(px: number, py: number, plot: Plot) => boolean} [reach] whether there is something to hold
 * @property {(px: number, py: number, plot: Plot, pointerType: string) => Grip | undefined} [grab] by mouse, pen or touch; undefined where there is nothing to hold
 * @property {(event: KeyboardEvent, i: number | undefined) => boolean} [press] with the point under the cursor; whether
 *   the key meant something
 * @property {(i: number) => void} [choose] a click on a point of the track, or Enter with the cursor on it
 */

const printRatio = 4; // pixels of the canvas for one of the page, on paper
const clickReach = 22; // pixels around a point of the track
const jump = 0.1; // the share of the track that Page Up and Page Down pass over

export class Stage {
  #t;
  #canvas = h('canvas', { class: 'plot', role: 'img' });
  #hands;
  #recoloured;
  #read;
  /** @type {Picture | undefined} */ #picture;
  /** @type {Plot | undefined} */ #plot;
  /** @type {{ i: number, x: number, y: number, row: number | undefined } | undefined} the track's point under the cursor */ #cursor;
  /** @type {Grip | undefined} */ #grip;
  /** The pointer that holds it. @type {number | undefined} */ #holder;
  /** Of the last track that was there: without points as yet, the keys over a grid are the picture's all the same. */
  #columns = NaN;
  /** Whether it is drawn for paper, which waits for no frame. */
  onPaper = false;
  // Asking for these has the browser lay out the page.
  /** Of the canvas. @type {import('./canvas.js').Size | undefined} */ #size;
  /** @type {import('./tones.js').Scheme | undefined} */ #scheme;
  /** Draws in the next frame. */
  draw = coalesce(() => this.#paint(), 'paint');

  /**
   * @param {Translate} t
   * @param {{ title: string, signal: AbortSignal, hands?: Hands | undefined, recoloured: () => void, read: (text: string) => void }} what
   *   `recoloured` is called when the scheme may be another; `read` says what is under the cursor, and '' when there is nothing to say
   */
  constructor(t, { title, signal, hands, recoloured, read }) {
    this.#t = t;
    this.#hands = hands;
    this.#recoloured = recoloured;
    this.#read = read;
    this.element = h('div', { class: 'stage', tabindex: 0, role: 'application' }, this.#canvas);
    this.element.setAttribute('aria-label', t('chart.stage', { name: title }));
    this.#canvas.setAttribute('aria-label', title); // until there is a picture
    this.#listen(signal);
  }

  /** Where the values of the picture drawn last are. */
  get plot() {
    return this.#plot;
  }

  get size() {
    this.#size ??= sizeOf(this.#canvas);
    return this.#size;
  }

  get scheme() {
    this.#scheme ??= schemeOf(this.#canvas);
    return this.onPaper ? 'light' : this.#scheme;
  }

  /** @param {Picture} picture */
  show(picture) {
    this.#picture = picture;
    if (picture.track) this.#columns = picture.track.columns ?? NaN;
    if (this.#canvas.getAttribute('aria-label') !== picture.name) this.#canvas.setAttribute('aria-label', picture.name);
    const words = this.#hands?.words?.textContent ?? '';
    setAttribute(
      this.element,
      'aria-description',
      [this.#t('chart.hint'), words].join(this.#t('sentence.space')).trim(),
    );
    if (this.onPaper) this.#paint();
    else this.draw();
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { element } = this;
    element.addEventListener('pointerdown', (event) => this.#down(event));
    element.addEventListener('pointermove', (event) => this.#move(event));
    const release = (/** @type {PointerEvent} */ { pointerId }) => pointerId === this.#holder && this.#release();
    element.addEventListener('pointerup', release);
    element.addEventListener('pointercancel', release);
    element.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#pointAt(undefined));
    element.addEventListener('touchstart', (event) => this.#grip?.firm && event.cancelable && event.preventDefault(), {
      passive: false,
    });
    element.addEventListener('click', (event) => this.#click(event));
    element.addEventListener('keydown', (event) => this.#key(event));
    element.addEventListener('blur', () => this.#pointAt(undefined));
    this.#canvas.addEventListener('contextlost', () => this.#read(this.#t('chart.lost')));
    this.#canvas.addEventListener('contextrestored', () => {
      this.#read('');
      forgetFrame(this.#canvas);
      this.draw();
    });

    const drawAnew = () => {
      this.#size = this.#scheme = undefined;
      this.#recoloured();
      this.draw();
    };
    const observer = new ResizeObserver(drawAnew);
    observer.observe(this.#canvas);
    signal.addEventListener('abort', () => observer.disconnect());
    this.#canvas.addEventListener('transitionrun', drawAnew); // its colour is another: see chart.css
    followRatio(this.draw, signal);
    for (const type of ['beforeprint', 'afterprint']) addEventListener(type, () => this.#turn(type), { signal });
  }

  /** To paper and back. @param {string} type of the event */
  #turn(type) {
    this.onPaper = type === 'beforeprint';
    this.#recoloured();
    if (this.onPaper) this.#paint();
    else this.draw();
  }

  #paint() {
    if (!this.#picture) return;
    const { size, scheme } = this;
    const how = { size, scheme, ...(this.onPaper && { ratio: printRatio }) };
    const found = this.#found();
    const marks = [...this.#picture.marks, ...(found ? cursorMarks(found) : [])];
    this.#plot = drawPicture(this.#canvas, { ...this.#picture, marks }, how);
    if (found) this.#read(found.track.text(found.i));
    else if (this.#cursor) this.#read('');
  }

  /** Where the cursor is on the track of now, which may have other points than when it was put there. */
  #found() {
    const track = this.#picture?.track;
    if (!track || !this.#cursor || track.x.length === 0) return undefined;
    const { i, x, y, row } = this.#cursor;
    const same = row === undefined ? Object.is(track.x[i], x) && Object.is(track.y[i], y) : track.rows?.[i] === row;
    if (same) return { track, i };
    return { track, i: this.#plot ? nearest(track, this.#plot, this.#plot.x.at(x), this.#plot.y.at(y)) : 0 };
  }

  /** @param {number | undefined} i one of the track's points */
  #pointAt(i) {
    const track = this.#picture?.track;
    if (i === undefined || !track) {
      this.#cursor = undefined;
      this.#read('');
    } else this.#cursor = { i, x: Number(track.x[i]), y: Number(track.y[i]), row: track.rows?.[i] };
    this.draw();
  }

  /** @param {MouseEvent} event @returns {[number, number]} */
  #place(event) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const { zoom } = this.size;
    return [(event.clientX - left) / zoom, (event.clientY - top) / zoom];
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || !event.isPrimary || !this.#plot) return;
    this.#release();
    const [px, py] = this.#place(event);
    this.#grip = this.#hands?.grab?.(px, py, this.#plot, event.pointerType);
    if (!this.#grip) return this.#move(event);
    this.#holder = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!event.isPrimary || (this.#grip && event.pointerId !== this.#holder)) return;
    const [px, py] = this.#place(event);
    if (this.#grip) return this.#grip.move(px, py);
    const holds = this.#plot !== undefined && this.#hands?.reach?.(px, py, this.#plot) === true;
    this.element.classList.toggle('reach', holds);
    const track = this.#picture?.track;
    if (!track || !this.#plot || track.x.length === 0) return;
    this.#pointAt(nearest(track, this.#plot, px, py));
  }

  /** @param {KeyboardEvent} event @param {number | undefined} i */
  #choose({ key }, i) {
    if (key !== 'Enter' || i === undefined || !this.#hands?.choose) return false;
    this.#hands.choose(i);
    return true;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const track = this.#picture?.track;
    if (!this.#hands?.choose || !track || !this.#plot || track.x.length === 0) return;
    const [px, py] = this.#place(event);
    const i = nearest(track, this.#plot, px, py);
    if (distanceTo(track, this.#plot, i, px, py) <= clickReach) this.#hands.choose(i);
  }

  #release() {
    const grip = this.#grip;
    this.#grip = this.#holder = undefined;
    grip?.end();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape' && this.#grip) {
      event.preventDefault();
      this.#grip.cancel?.();
      return this.#release();
    }
    const i = this.#found()?.i;
    if (this.#hands?.press?.(event, i) || this.#choose(event, i) || this.#moveCursor(event.key)) event.preventDefault();
  }

  /** @param {string} key @returns {boolean} whether it is one of the cursor's */
  #moveCursor(key) {
    if (key === 'Escape' && this.#cursor) {
      this.#pointAt(undefined);
      return true;
    }
    const { x = [], columns = this.#columns, start } = this.#picture?.track ?? {};
    const { length } = x;
    const far = Math.max(1, Math.round(length * jump));
    const steps = new Map(
      Object.entries({
        ArrowLeft: -1,
        ArrowRight: 1,
        ArrowDown: -columns,
        ArrowUp: columns,
        PageDown: -far,
        PageUp: far,
        Home: -Infinity,
        End: Infinity,
      }),
    );
    const step = steps.get(key);
    if (step === undefined || Number.isNaN(step)) return false;
    if (length === 0) return true; // as yet
    const from = this.#found()?.i ?? start ?? (step < 0 ? length : -1);
    const to = Math.max(0, Math.min(length - 1, from + step));
    // Over the upper or lower edge of a grid there is nothing.
    if (Math.abs(step) !== columns || to === from + step) this.#pointAt(to);
    return true;
  }
}

/** Of pixels, other on another screen. A query knows only of the ratio that it asks for. @param {() => void} changed @param {AbortSignal} signal */
function followRatio(changed, signal) {
  const follow = () => {
    changed();
    followRatio(changed, signal);
  };
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', follow, { signal, once: true });
}

/**
 * The point of a track that is nearest to a place in the picture.
 * @param {Track} track @param {Plot} plot @param {number} px @param {number} py
 */
export function nearest({ x, y, plane }, plot, px, py) {
  let [best, least] = [0, Infinity];
  for (let i = 0; i < x.length; ++i) {
    const dx = plot.x.at(/** @type {number} */ (x[i])) - px;
    const dy = plane ? plot.y.at(/** @type {number} */ (y[i])) - py : 0;
    const distance = dx * dx + dy * dy;
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

/**
 * How far a point of a track is from a place, in pixels; NaN where there is no such point.
 * @param {Track} track @param {Plot} plot @param {number} i @param {number} px @param {number} py
 */
export const distanceTo = ({ x, y }, plot, i, px, py) =>
  Math.hypot(plot.x.at(Number(x[i])) - px, plot.y.at(Number(y[i])) - py);

/** @param {{ track: Track, i: number }} found @returns {Mark[]} */
function cursorMarks({ track, i }) {
  const [x, y] = [Number(track.x[i]), Number(track.y[i])];
  const tone = /** @type {const} */ ('cursor');
  /** @type {Mark} */
  const point = { kind: 'points', tone, label: '', x: [x], y: [y] };
  return track.plane ? [point] : [{ kind: 'rule', axis: 'x', at: x, tone, label: '' }, point];
}
