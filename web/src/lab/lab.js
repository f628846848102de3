// A run and what is done with it: one trainer, its options, and the playing of it. Knows nothing of a page.

import { LinregError } from '../errors.js';
import { checkOptions, findOption, formatOption, parseOption } from '../options.js';
import { realData } from '../data/sources.js';
import { coalesce } from './dom.js';
import { pickData, sourceDefaults } from './link.js';
import { Pins } from './pins.js';
import { Playback } from './playback.js';

/** @import { GivenOptions, OptionName, Options, Notice } from '../options.js' */
/** @import { Source } from '../data/sources.js' */
/** @import { Engine } from '../engine.js' */
/** @import { Trainer } from '../trainer.js' */

/** @typedef {'slow' | 'normal' | 'fast'} Speed */

/**
 * The data in the user's own units, for the pictures.
 * @typedef {object} LabData
 * @property {ArrayLike<number>} features n * d, row-major
 * @property {ArrayLike<number>} labels n
 * @property {string[]} names d
 * @property {string} label_name
 * @property {number} n
 * @property {number} d
 * @property {number} dropped rows of the source without a value
 */

const slice = 6; // milliseconds of training in a frame; the rest of the frame's 16 is for drawing
const longestGap = 1500; // milliseconds; a page that was frozen for longer does not catch up

/**
 * Events: `run` (a new trainer: everything is new), `settings` (an option changed), `progress` (the run moved or its
 * playing began or ended), `pins` (the pinned runs changed), `failure` (detail: the LinregError after which the engine cannot be used any more).
 */
export class Lab extends EventTarget {
  /** @type {Engine | undefined} */ #engine;
  /** @type {Trainer | undefined} */ #trainer;
  /** @type {LabData | undefined} */ #data;
  #playback = new Playback((milliseconds) => this.attempt(() => this.#advance(milliseconds)) ?? 'stop');
  #owed = 0;
  #target = Infinity;
  #reported = 0;

  /** Runs kept for comparison. */
  pins = new Pins(this);
  /** The speed of a run. @type {Speed} */
  speed = 'normal';
  /** The shortest time in milliseconds between two progress events of a playing run. */
  pace = 0;
  /** Whether options changed after the first step, so that the settings alone do not tell how the run came about. */
  altered = false;
  /** @param {{ options: GivenOptions, source: Source }} settings without data: the source gives them */
  constructor({ options, source }) {
    super();
    const checked = checkOptions({ ...options, ...givenData(source) });
    this.options = checked.options;
    this.notices = checked.notices;
    this.source = source;
  }

  get trainer() {
    return this.#trainer;
  }

  get data() {
    return this.#data;
  }

  get playing() {
    return this.#playback.running;
  }

  get step() {
    return this.attempt(() => this.#trainer?.step_count) ?? 0;
  }

  /** @returns {'loading' | 'ready' | 'running' | 'finished' | 'diverged'} */
  get status() {
    return this.attempt(() => this.#trainer?.status) ?? 'loading';
  }

  get ended() {
    return this.status === 'finished' || this.status === 'diverged';
  }

  /**
   * Gives the lab its engine, and replays the run up to a step.
   * @param {Engine} engine
   * @param {number} [step]
   */
  load(engine, step = 0) {
    this.#trainer = undefined; // an old engine's trainer may sit in a trapped instance
    this.#engine = engine;
    this.#replace(this.options, this.source);
    this.goTo(step);
  }

  /**
   * Sets one option from text. Between two steps of a run, what may change changes in place; anything else, and any
   * change once the run has ended, begins a new run.
   * @param {OptionName} name
   * @param {string} text
   * @throws {LinregError} and then nothing has changed
   */
  change(name, text) {
    const { options, notices } = this.check(name, text);
    if (formatOption(options[name]) === formatOption(this.options[name])) {
      this.notices = notices;
      this.#emit('settings');
      return;
    }
    const goesOn =
      this.step > 0 && findOption(name)?.live && (!this.ended || (this.status === 'finished' && name === 'epochs'));
    if (this.#trainer && goesOn) {
      this.#changeLive(name, options, notices);
    } else {
      this.#replace({ ...this.options, [name]: parseOption(name, text) }, this.source);
    }
  }

  /**
   * What change would set; changes nothing.
   * @param {OptionName} name
   * @param {string} text
   * @throws {LinregError}
   */
  check(name, text) {
    return checkOptions({ ...this.options, [name]: parseOption(name, text), ...givenData(this.source) });
  }

  /** @param {Source} source */
  changeSource(source) {
    if (source === this.source) return;
    const { standardize } = sourceDefaults(source);
    this.#replace({ ...this.options, standardize }, source);
  }

  /**
   * Begins a run with other settings, as a link gives them.
   * @param {{ options: GivenOptions, source: Source, step: number }} state
   */
  open({ options, source, step }) {
    this.#replace(options, source);
    this.goTo(step);
  }

  play() {
    if (this.ended) this.reset();
    this.#start(Infinity);
  }

  pause() {
    if (!this.playing) return;
    this.#playback.stop();
    this.#emit('progress');
  }

  /** @param {'batch' | 'epoch'} what */
  stepOnce(what) {
    this.pause();
    this.attempt(() => this.ended || this.#trainer?.step(what));
    this.#emit('progress');
  }

  stepBack() {
    this.pause();
    if (this.step > 0) this.#rewind(this.step - 1);
  }

  /** Goes to a step by replay, in time slices. @param {number} step */
  goTo(step) {
    this.pause();
    if (step < this.step) this.#rewind(step);
    else if (step > this.step && !this.ended) this.#start(step);
    else this.#emit('progress');
  }

  /** Back to the start, with the settings of now. */
  reset() {
    this.pause();
    if (this.altered) this.#replace(this.options, this.source);
    else this.#rewind(0);
  }

  dispose() {
    this.#playback.dispose();
    this.#trainer?.dispose();
    this.#trainer = undefined;
  }

  /** Options that were changed after that step are again as they were. @param {number} step */
  #rewind(step) {
    this.attempt(() => {
      this.#trainer?.rewind(step);
      this.options = this.#trainer?.options ?? this.options;
    });
    this.#emit('settings');
    this.#emit('progress');
  }

  /** @param {number} target the step to stop at */
  #start(target) {
    if (!this.#trainer) return;
    this.#target = target;
    this.#owed = 0;
    this.#playback.start();
    this.#emit('progress');
  }

  /** @param {OptionName} name @param {Options} options @param {Notice[]} notices */
  #changeLive(name, options, notices) {
    this.attempt(() => this.#trainer?.set({ [name]: options[name] }));
    this.options = options;
    this.notices = notices;
    this.altered = true;
    this.#emit('settings');
    this.#emit('progress');
  }

  /**
   * A new trainer. The old one goes only when the new one stands.
   * @param {GivenOptions} options @param {Source} source
   */
  #replace(options, source) {
    const given = { ...options, ...givenData(source) };
    const checked = checkOptions(given);
    const trainer = this.attempt(() => this.#engine?.createTrainer(given));
    this.#playback.stop();
    const old = this.#trainer;
    this.#trainer = trainer;
    if (old) this.attempt(() => old.dispose());
    Object.assign(this, { options: checked.options, notices: checked.notices, source, altered: false });
    this.#data = trainer && readData(trainer, source);
    this.#emit('settings');
    this.#emit('run');
    this.#emit('progress');
  }

  /** @param {number} milliseconds since the last slice @returns {'frame' | 'now' | 'stop'} */
  #advance(milliseconds) {
    const trainer = this.#trainer;
    if (!trainer) return 'stop';
    const replaying = this.#target < Infinity;
    if (replaying) this.#steps(trainer, this.#target - trainer.step_count);
    else if (this.speed === 'fast') trainer.run({ milliseconds: slice });
    else this.#paced(trainer, Math.min(milliseconds, longestGap));

    const stop = this.ended || trainer.step_count >= this.#target;
    const now = performance.now();
    if (stop || now - this.#reported >= this.pace) {
      this.#reported = now;
      if (stop) this.#playback.stop();
      this.#emit('progress');
    }
    if (stop) return 'stop';
    return replaying || this.speed === 'fast' ? 'now' : 'frame';
  }

  /** As many steps as the speed asks for. @param {Trainer} trainer @param {number} milliseconds */
  #paced(trainer, milliseconds) {
    // Normal speed shows the notebook's three epochs in two seconds, slow speed every single step.
    const perSecond = this.speed === 'slow' ? 8 : Math.max(30, 1.5 * trainer.steps_per_epoch);
    this.#owed += (milliseconds / 1000) * perSecond;
    const steps = Math.floor(this.#owed);
    this.#owed = this.#steps(trainer, steps) ? this.#owed - steps : 0; // a debt that cannot be paid is forgotten
  }

  /** @param {Trainer} trainer @param {number} count @returns {boolean} whether there was time for all of them */
  #steps(trainer, count) {
    const end = performance.now() + slice;
    for (let i = 0; i < count && !this.ended; ++i) {
      if (performance.now() > end) return false;
      trainer.step('batch');
    }
    return true;
  }

  /**
   * Calls the engine. A trap leaves an instance that must not be used again: it is given up and told of.
   * @template T
   * @param {() => T} call
   * @returns {T | undefined}
   */
  attempt(call) {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof LinregError) || error.code !== 'trapped') throw error;
      this.#playback.stop();
      const known = this.#engine === undefined;
      this.#trainer = undefined;
      this.#engine = undefined;
      if (!known) this.dispatchEvent(new CustomEvent('failure', { detail: error }));
      return undefined;
    }
  }

  /**
   * Shows the run after every event of a type, once a frame. A trap met while showing is told of as any other.
   * @param {'settings' | 'run' | 'progress' | 'pins'} type @param {() => void} show @param {AbortSignal} signal
   */
  watch(type, show, signal) {
    this.addEventListener(
      type,
      coalesce(() => this.attempt(show)),
      { signal },
    );
  }

  /** @param {string} type */
  #emit(type) {
    this.dispatchEvent(new Event(type));
  }
}

/** @param {Source} source */
function givenData(source) {
  const data = realData(source);
  return data && { data: pickData(data) };
}

/**
 * @param {Trainer} trainer @param {Source} source
 * @returns {LabData}
 */
function readData(trainer, source) {
  const { dataset } = trainer;
  const own = { ...dataset, label_name: 'y', dropped: 0 };
  const real = realData(source);
  return real
    ? { ...own, features: real.features, labels: real.labels, label_name: real.label_name, dropped: real.dropped }
    : own;
}
