// The place of a picture: its canvas, a cursor that reads its values by pointer, touch and keys, and the hands that a
// view lends the reader beyond that.

import { coalesce, h } from '../dom.js';
import { drawPicture, schemeOf } from './canvas.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Mark, Picture, Track } from './picture.js' */
/** @import { Plot } from './paint.js' */

/**
 * Something held and moved. A firm grip keeps a finger's movement from scrolling the page.
 * @typedef {{ firm?: boolean, move: (px: number, py: number) => void, end: () => void }} Grip
 */

/**
 * What a view lets the reader do in its picture, besides reading it. Places are in pixels of the picture.
 * @typedef {object} Hands
 * @property {string} hint one sentence on how
 * @property {(px: number, py: number, plot: Plot) => Grip | undefined} grab undefined where there is nothing to hold
 * @property {(event: KeyboardEvent) => boolean} press whether the key meant something
 */

const printRatio = 4; // pixels of the canvas for one of the page, on paper
const jump = 0.1; // the share of the track that Page Up and Page Down pass over

export class Stage {
  #t;
  #canvas = h('canvas', { class: 'plot', role: 'img' });
  #hands;
  #redrawn;
  #read;
  /** @type {Picture | undefined} */ #picture;
  /** @type {Plot | undefined} */ #plot;
  /** @type {{ i: number, x: number, y: number } | undefined} the track's point under the cursor */ #cursor;
  /** @type {Grip | undefined} */ #grip;
  /** Draws in the next frame. */
  draw = coalesce(() => this.#paint());

  /**
   * @param {Translate} t
   * @param {{ title: string, signal: AbortSignal, hands?: Hands | undefined, redrawn: () => void, read: (text: string) => void }} what
   *   `redrawn` follows every drawing; `read` says what is under the cursor, and '' when there is nothing to say
   */
  constructor(t, { title, signal, hands, redrawn, read }) {
    this.#t = t;
    this.#hands = hands;
    this.#redrawn = redrawn;
    this.#read = read;
    const hint = hands ? `${t('chart.hint')}${t('sentence.space')}${hands.hint}` : t('chart.hint');
    this.element = h('div', { class: 'stage', tabindex: 0, role: 'application' }, this.#canvas);
    this.element.setAttribute('aria-label', t('chart.stage', { name: title }));
    this.element.setAttribute('aria-description', hint);
    this.#listen(signal);
  }

  get canvas() {
    return this.#canvas;
  }

  /** @param {Picture} picture */
  show(picture) {
    this.#picture = picture;
    if (this.#canvas.getAttribute('aria-label') !== picture.name) this.#canvas.setAttribute('aria-label', picture.name);
    this.draw();
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { element } = this;
    element.addEventListener('pointerdown', (event) => this.#down(event));
    element.addEventListener('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel']) element.addEventListener(type, () => this.#release());
    element.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#pointAt(undefined));
    element.addEventListener('touchstart', (event) => this.#grip?.firm && event.preventDefault(), { passive: false });
    element.addEventListener('keydown', (event) => this.#key(event));
    element.addEventListener('blur', () => this.#pointAt(undefined));
    this.#canvas.addEventListener('contextlost', () => this.#read(this.#t('chart.lost')));
    this.#canvas.addEventListener('contextrestored', () => {
      this.#read('');
      this.draw();
    });

    const observer = new ResizeObserver(this.draw);
    observer.observe(this.#canvas);
    signal.addEventListener('abort', () => observer.disconnect());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.draw, { signal });
    addEventListener('beforeprint', () => this.#paint({ ratio: printRatio, scheme: 'light' }), { signal });
    addEventListener('afterprint', this.draw, { signal });
  }

  /** @param {Parameters<typeof drawPicture>[2]} [how] */
  #paint(how = { scheme: schemeOf(this.#canvas) }) {
    if (!this.#picture) return;
    const found = this.#found();
    const marks = [...this.#picture.marks, ...(found ? cursorMarks(found) : [])];
    this.#plot = drawPicture(this.#canvas, { ...this.#picture, marks }, how);
    if (found) this.#read(found.track.text(found.i));
    else if (this.#cursor) this.#read('');
    this.#redrawn();
  }

  /** Where the cursor is on the track of now, which may have other points than when it was put there. */
  #found() {
    const track = this.#picture?.track;
    if (!track || !this.#cursor || track.x.length === 0) return undefined;
    const { i, x, y } = this.#cursor;
    if (Object.is(track.x[i], x) && Object.is(track.y[i], y)) return { track, i };
    return { track, i: this.#plot ? nearest(track, this.#plot, this.#plot.x.at(x), this.#plot.y.at(y)) : 0 };
  }

  /** @param {number | undefined} i one of the track's points */
  #pointAt(i) {
    const track = this.#picture?.track;
    if (i === undefined || !track) {
      this.#cursor = undefined;
      this.#read('');
    } else this.#cursor = { i, x: Number(track.x[i]), y: Number(track.y[i]) };
    this.draw();
  }

  /** @param {MouseEvent} event @returns {[number, number]} */
  #place(event) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || !this.#plot) return;
    this.#release();
    const [px, py] = this.#place(event);
    this.#grip = this.#hands?.grab(px, py, this.#plot);
    if (this.#grip) this.element.setPointerCapture(event.pointerId);
    else this.#move(event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const [px, py] = this.#place(event);
    if (this.#grip) return this.#grip.move(px, py);
    const track = this.#picture?.track;
    if (!track || !this.#plot || track.x.length === 0) return;
    this.#pointAt(nearest(track, this.#plot, px, py));
  }

  #release() {
    this.#grip?.end();
    this.#grip = undefined;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (this.#hands?.press(event) || this.#moveCursor(event.key)) event.preventDefault();
  }

  /** @param {string} key @returns {boolean} whether it is one of the cursor's */
  #moveCursor(key) {
    if (key === 'Escape' && this.#cursor) {
      this.#pointAt(undefined);
      return true;
    }
    const length = this.#picture?.track?.x.length ?? 0;
    const far = Math.max(1, Math.round(length * jump));
    const steps = new Map(
      Object.entries({ ArrowLeft: -1, ArrowRight: 1, PageDown: -far, PageUp: far, Home: -Infinity, End: Infinity }),
    );
    const step = steps.get(key);
    if (step === undefined || length === 0) return false;
    const from = this.#found()?.i ?? (step < 0 ? length : -1);
    this.#pointAt(Math.max(0, Math.min(length - 1, from + step)));
    return true;
  }
}

/**
 * The point of a track that is nearest to a place in the picture.
 * @param {Track} track @param {Plot} plot @param {number} px @param {number} py
 */
function nearest({ x, y, plane }, plot, px, py) {
  let [best, least] = [0, Infinity];
  for (let i = 0; i < x.length; ++i) {
    const dx = plot.x.at(/** @type {number} */ (x[i])) - px;
    const dy = plane ? plot.y.at(/** @type {number} */ (y[i])) - py : 0;
    const distance = dx * dx + dy * dy;
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

/** @param {{ track: Track, i: number }} found @returns {Mark[]} */
function cursorMarks({ track, i }) {
  const [x, y] = [Number(track.x[i]), Number(track.y[i])];
  const tone = /** @type {const} */ ('cursor');
  /** @type {Mark} */
  const point = { kind: 'points', tone, label: '', x: [x], y: [y] };
  return track.plane ? [point] : [{ kind: 'rule', axis: 'x', at: x, tone, label: '' }, point];
}
