// The parameters: the loss over two of them as contours, the path of the training through it, where it would end, and
// the step at hand beside the gradients of its minibatch and of all data.

import { h, setAttribute, setText } from '../dom.js';
import { reducedMotion } from '../motion.js';
import { parameterList } from '../parameters.js';
import { whenAnalysed } from './analysed.js';
import { Chart } from './chart.js';
import { gridPoints, lossContours } from './contours.js';
import { inSight } from './in_sight.js';
import { column, describePlane } from './plane_picture.js';
import { PlaneWindow, bounds } from './plane_window.js';
import { surveyOf } from './survey.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Curvature, Optimum } from '../../analysis.js' */
/** @import { Lab } from '../lab.js' */
/** @import { Surface } from './contours.js' */
/** @import { Facts, Ground } from './plane_picture.js' */
/** @import { Trainer } from '../../trainer.js' */
/** @import { Others } from './survey.js' */
/** @import { Aim, Points, Window } from './plane_window.js' */

const mostStretched = 6; // sides of a window: beyond that a unit has not the same length on both axes
const pause = 200; // milliseconds between two surfaces that follow a playing run
const step = 1.6; // of a zoom
const manyCells = 1e6;
const manyFeatures = 16; // whose path is read only now and then while it grows

export class ParametersView {
  #lab;
  #t;
  #signal;
  #window = new PlaneWindow();
  #x = h('select', {});
  #y = h('select', {});
  #at = h('select', {});
  #atLabel;
  /** @type {Record<Aim, HTMLButtonElement>} */ #aims;
  #chart;
  #note = h('p', { class: 'valley-note' });
  /** @type {Optimum | undefined} */ #optimum;
  /** @type {Curvature | undefined} */ #curvature;
  /** @type {Ground | undefined} */ #ground;
  /** @type {Trainer['history']['path'] | undefined} */ #path;
  /** @type {{ ground: Ground, window: Window, points: ReturnType<typeof gridPoints> } | undefined} */ #points;
  /** Whose optimum and surface these are. @type {Trainer | undefined} */ #run;
  #wanted = '';
  #surfaced = 0;
  #working = new AbortController();
  /** @type {{ key: string, when: number, facts: Facts }} */
  #measured = { key: '', when: 0, facts: { loss: NaN, full: { weight: new Float32Array(), bias: NaN } } };
  #frame = 0;
  #names = '';

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#signal = signal;
    const choice = (/** @type {string} */ key, /** @type {HTMLSelectElement} */ select) => {
      select.addEventListener('change', () => this.#choose(select));
      return h('label', { class: 'choice' }, h('span', {}, t(`parameters.${key}`)), select);
    };
    for (const at of ['optimum', 'now']) this.#at.append(h('option', { value: at }, t(`parameters.at_${at}`)));
    const axes = [choice('x', this.#x), choice('y', this.#y)];
    this.#atLabel = choice('others', this.#at);
    this.#aims = { path: this.#aimButton('path'), optimum: this.#aimButton('optimum') };
    const zooms = [this.#zoomButton('zoom_in', step), this.#zoomButton('zoom_out', 1 / step)];
    const buttons = [...Object.values(this.#aims), ...zooms];
    const hint = h('p', { class: 'hint' }, t('parameters.hint'));
    this.#chart = new Chart(t, {
      id: 'chart-parameters',
      title: t('view.parameters'),
      signal,
      controls: [h('div', { class: 'plane-tools' }, ...axes, this.#atLabel)],
      hands: { hint, words: hint, press: ({ key }, i) => this.#press(key, i) },
    });
    this.element = h(
      'div',
      {},
      this.#chart.element,
      h('div', { class: 'plane-tools', role: 'group', 'aria-label': t('parameters.window') }, ...buttons),
      this.#note,
    );
    const draw = (/** @type {boolean} */ onPaper) => {
      if (onPaper) this.#measured.when = -Infinity;
      this.#follow();
    };
    const follow = inSight(this.element, lab, signal, draw, () => (Number(lab.data?.d) > manyFeatures ? pause : 0));
    lab.watch(['settings', 'pins', 'progress'], follow, signal);
    lab.watch('settings', () => this.#analyse(), signal);
    signal.addEventListener('abort', () => {
      cancelAnimationFrame(this.#frame);
      this.#working.abort();
    });
    const resized = new ResizeObserver(() => lab.attempt(() => this.#follow(true)));
    resized.observe(this.#chart.element);
    signal.addEventListener('abort', () => resized.disconnect());
    lab.attempt(() => this.#begin());
  }

  /** @param {Aim} aim */
  #aimButton(aim) {
    const button = h('button', { type: 'button', 'data-aim': aim }, this.#t(`parameters.aim_${aim}`));
    button.addEventListener('click', () => this.#aim(aim));
    return button;
  }

  /** @param {string} name @param {number} factor */
  #zoomButton(name, factor) {
    const button = h('button', { type: 'button', 'data-zoom': name }, this.#t(`parameters.${name}`));
    button.addEventListener('click', () => this.#zoom(factor));
    return button;
  }

  /** @param {string} key @param {number | undefined} i the point under the cursor @returns {boolean} whether it meant something */
  #press(key, i) {
    if (key === '+' || key === '=') this.#zoom(step, i);
    else if (key === '-') this.#zoom(1 / step, i);
    else if (key === '0') this.#aim('path');
    else if (key.toLowerCase() === 'o') this.#aim('optimum');
    else return false;
    return true;
  }

  /** @param {Aim} aim */
  #aim(aim) {
    this.#window.aim = aim;
    this.#window.release();
    this.#lab.attempt(() => this.#follow(true));
  }

  /** @param {number} factor @param {number} [i] the point that the cursor reads, which stays in sight */
  #zoom(factor, i) {
    const track = this.#chart.picture?.track;
    const read = track && i !== undefined ? { x: Number(track.x[i]), y: Number(track.y[i]) } : undefined;
    this.#window.zoom(factor, read);
    this.#lab.attempt(() => this.#follow(true));
  }

  /** Two axes never show the same parameter. @param {HTMLSelectElement} changed */
  #choose(changed) {
    const other = changed === this.#x ? this.#y : changed === this.#y ? this.#x : undefined;
    if (other && other.selectedIndex === changed.selectedIndex)
      other.selectedIndex = (changed.selectedIndex + 1) % other.options.length;
    this.#window.release();
    this.#lab.attempt(() => this.#follow(true));
  }

  /** Whether what is shown is of the run of now: a new one tells of itself by all of its events, in turns. */
  #isBegun() {
    return this.#run === this.#lab.trainer;
  }

  /** A new run: new parameters to choose from, a new optimum. */
  #begin() {
    const { data } = this.#lab;
    this.#run = this.#lab.trainer;
    const names = [...(data?.names.map((name) => `w ${name}`) ?? []), 'b'];
    if (data && names.join('\n') !== this.#names) {
      this.#names = names.join('\n');
      for (const [i, select] of [this.#x, this.#y].entries()) {
        select.replaceChildren(...names.map((name) => h('option', {}, name)));
        select.selectedIndex = i;
      }
      this.#atLabel.hidden = names.length === 2;
      this.#window.aim = 'path';
    }
    this.#optimum = this.#curvature = this.#ground = this.#path = undefined;
    this.#wanted = this.#measured.key = '';
    this.#window.release();
    this.#analyse();
    if (!this.#optimum) this.#follow(true);
  }

  #analyse() {
    if (!this.#isBegun()) return this.#begin();
    whenAnalysed(this.#lab, this.#signal, (trainer) => {
      if (!trainer) return;
      this.#optimum = trainer.optimum;
      this.#curvature = trainer.curvature;
      this.#follow(this.#ground === undefined);
    });
  }

  get #plane() {
    return { x: this.#x.selectedIndex, y: this.#y.selectedIndex };
  }

  /** Shows the run as it is now. @param {boolean} [anew] whether the window is chosen whatever it was */
  #follow(anew = false) {
    if (!this.#isBegun()) return this.#begin();
    const { trainer, data } = this.#lab;
    const { x, y } = this.#plane;
    if (!trainer || !data || x < 0 || Math.max(x, y) > data.d) return; // not begun, or not yet with these data
    for (const [aim, button] of Object.entries(this.#aims))
      setAttribute(button, 'aria-pressed', aim === this.#window.aim && !this.#window.isHeld);
    const { path } = trainer;
    this.#path = path;
    const points = { x: column(path, x), y: column(path, y) };
    const marks = [parameterList(trainer), ...(this.#optimum ? [parameterList(this.#optimum)] : [])];
    const seen = { x: marks.map((of) => Number(of[x])), y: marks.map((of) => Number(of[y])) };
    this.#window.follow(points, seen, this.#shape(points, seen), anew);
    this.#survey();
    this.#animate();
  }

  /**
   * The picture's width over its height; 0 where the path is so much longer one way that equal units would hide it.
   * @param {Points} path @param {Points} marks
   */
  #shape(path, marks) {
    const [wide, high] = [bounds([path.x, marks.x]), bounds([path.y, marks.y])].map(([low, top]) => top - low);
    const stretched = Number(wide) / Number(high);
    if (!(stretched < mostStretched && stretched > 1 / mostStretched)) return 0;
    const { width, height } = this.#chart.size;
    return width > 100 && height > 100 ? (width - 50) / (height - 62) : 1; // less the axes
  }

  /** What takes all rows to know: with many of them a playing run asks only now and then. @returns {Facts} */
  #measure() {
    const { trainer, data, playing, options } = this.#lab;
    const { loss, reduction, delta } = options;
    // The same step may have been reached with other settings.
    const where = trainer && [trainer.step_count, trainer.phase, trainer.bias, ...trainer.weight];
    const key = [where, loss, reduction, delta].join(' ');
    const often = !playing || Number(data?.n) * Number(data?.d) < manyCells;
    if (trainer && key !== this.#measured.key && (often || performance.now() > this.#measured.when + pause))
      this.#measured = { key, when: performance.now(), facts: { loss: trainer.loss(), full: trainer.full_gradient } };
    return this.#measured.facts;
  }

  /** Asks for the surface under the window, where it is not there yet. */
  #survey() {
    const { trainer, playing, options } = this.#lab;
    if (!trainer || !this.#optimum) return;
    const at = /** @type {Others} */ (this.#atLabel.hidden ? 'optimum' : this.#at.value);
    const { plane, key: wanted } = surveyOf(this.#plane, this.#window.target, at, options, trainer.step_count);
    if (wanted === this.#wanted || (at === 'now' && playing && performance.now() < this.#surfaced + pause)) return;
    this.#wanted = wanted;
    this.#surfaced = performance.now();
    this.#working.abort();
    this.#working = new AbortController();
    const { signal } = this.#working;
    const show = (/** @type {Trainer | undefined} */ known, /** @type {boolean} */ atOnce) => {
      if (!known || wanted !== this.#wanted) return;
      const surface = { ...known.lossSurface(plane), width: plane.width, height: plane.height };
      this.#ground = this.#makeGround(surface, at);
      if (!atOnce) this.#animate();
    };
    whenAnalysed(this.#lab, signal, show, plane);
  }

  /** @param {Surface} surface @param {Others} at @returns {Ground} */
  #makeGround(surface, at) {
    const least = surface.values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
    const floor = at === 'optimum' ? Math.min(least, Number(this.#optimum?.loss)) : least;
    return { surface, areas: lossContours(surface, floor), plane: this.#plane };
  }

  /** Draws, and goes on drawing until the window is where it should be. */
  #animate() {
    cancelAnimationFrame(this.#frame);
    const draw = () => {
      if (this.#signal.aborted) return;
      this.#window.advance(reducedMotion());
      this.#draw();
      if (!this.#window.arrived) this.#frame = requestAnimationFrame(() => this.#lab.attempt(draw));
    };
    draw();
  }

  /** Where the cursor reads; the same for as long as the window stays. @param {Ground} ground @param {Window} window */
  #gridPoints(ground, window) {
    if (this.#points?.ground !== ground || this.#points.window !== window)
      this.#points = { ground, window, points: gridPoints(ground.surface, window) };
    return this.#points.points;
  }

  #draw() {
    if (!this.#lab.trainer || !this.#path) return;
    const { x, y } = this.#plane;
    const ground = this.#ground && this.#ground.plane.x === x && this.#ground.plane.y === y ? this.#ground : undefined;
    const window = this.#window.now;
    const { picture, note } = describePlane(this.#lab, this.#t, {
      plane: this.#plane,
      names: this.#names.split('\n'),
      window,
      ground,
      points: ground && this.#window.arrived ? this.#gridPoints(ground, window) : undefined,
      optimum: this.#optimum,
      curvature: this.#curvature,
      facts: this.#measure(),
      path: this.#path,
    });
    this.#chart.show(picture, !this.#lab.playing && this.#window.arrived);
    setText(this.#note, note);
  }
}
