// A run and what is done with it: one trainer, its options, and the playing of it. Knows nothing of a page.

import { checkOptions, findOption, formatOption, parseOption } from '../options.js';
import { Changes } from './changes.js';
import { EngineUser } from './engine_user.js';
import { readData, withLabel } from './lab_data.js';
import { sourceDefaults, syntheticNames } from './link.js';
import { Origin } from './origin.js';
import { Pace } from './pace.js';
import { epochsBegun, lastEpochEnd, wasCutShort, wholeSteps } from './phases.js';
import { differences, Pins } from './pins.js';
import { Playback } from './playback.js';
import { Stability } from './stability.js';
import { Sweep } from './sweep.js';

/** @import { LinregError } from '../errors.js' */
/** @import { GivenOptions, OptionName, Options, Notice } from '../options.js' */
/** @import { NamedSource, RealData } from '../data/sources.js' */
/** @import { Engine } from '../engine.js' */

/** @typedef {import('./lab_data.js').LabData} LabData */
/** @typedef {import('./pins.js').Deed} Deed */
/** @typedef {import('./pace.js').Speed} Speed */
/** @typedef {'phase' | 'batch' | 'epoch'} Stride how far one goes at once */

/**
 * Events: `run` (a new trainer: everything is new), `settings` (an option changed), `progress` (the run moved or its
 * playing began or ended), `pins` (the pinned runs changed), `failure` (detail: the LinregError after which the engine cannot be
 * used any more), `unavailable` (detail: why none could be had), `end` (it is disposed of).
 */
export class Lab extends EngineUser {
  /** @type {LabData | undefined} */ #data;
  #playback = new Playback((milliseconds) => this.attempt(() => this.#advance(milliseconds)) ?? 'stop');
  #pace = new Pace();
  #origin;
  /** The settings with which synthetic data were last there. @type {Options} */ #synthetic =
    sourceDefaults('synthetic');
  /** The minibatch that was asked for, of which data of fewer rows cut something off. */ #askedBatch;
  #changes;
  #reported = 0;
  /** What progress has last told of zero_grad. */ #told = '[]';
  #arriving = false;
  #furthest = 0;

  /** Why there is no engine, if one was tried for in vain. @type {LinregError | undefined} */
  unavailable;
  /** Whether the settings may only be read: the run can be played, not changed. */
  locked = false;
  /** Whether the loss is also heard. */
  sounds = false;
  /** The name of the preset that was opened; none any more once a setting is changed. @type {string | undefined} */
  situation;
  /** Which learning rates are stable. */
  stability = new Stability(() => {
    this.emit('settings');
    this.emit('progress');
  });
  /** Runs kept for comparison. */
  pins = new Pins(this);
  /** A row of runs beside this one. */
  sweep = new Sweep(this);
  /** The shortest time in milliseconds between two progress events of a playing run. */
  restraint = 0;

  /**
   * @param {{ options: GivenOptions, source: NamedSource, edited?: RealData | undefined }} settings without data: the
   *   source gives them, unless labels were moved in a lab before this one
   */
  constructor({ options, source, edited }) {
    super();
    this.#origin = new Origin(source, edited);
    const checked = checkOptions(this.#origin.untouched.given(options));
    this.options = checked.options;
    this.#askedBatch = options.batch_size ?? this.#synthetic.batch_size;
    this.#changes = new Changes(this.options);
    /** What there is to remark on the options. @type {readonly Notice[]} */
    this.notices = checked.notices;
  }

  get source() {
    return this.#origin.source;
  }

  /** Where the data came from before labels were moved. */
  get base() {
    return this.#origin.base;
  }

  /** The data whose labels the reader has moved. */
  get edited() {
    return this.#origin.edited;
  }

  get data() {
    return this.#data;
  }

  /** The speed of a run. */
  get speed() {
    return this.#pace.speed;
  }

  set speed(speed) {
    this.#pace.speed = speed;
  }

  /** Whether training leaves out zero_grad, so that gradients pile up as they do in PyTorch. */
  get forgetsZeroGrad() {
    return this.#pace.phases.forgets;
  }

  set forgetsZeroGrad(forgets) {
    this.#pace.phases.forgets = forgets;
    if (forgets) this.situation = undefined;
    this.emit('settings');
  }

  /** What the settings do not tell of how the run came about. @returns {Deed[]} */
  get deeds() {
    const { edited } = this;
    return [...(edited ? [{ name: 'labels', from: 0, value: edited }] : []), ...this.#midway];
  }

  /** Whether the run was changed on its way, so that its settings do not lead to where it is. */
  get altered() {
    return this.#midway.length > 0;
  }

  /** Whether zero_grad was left out on its way. */
  get forgot() {
    return this.#pace.phases.deeds(this.step).length > 0;
  }

  /** Whether zero_grad was or will be left out of the step at hand, or, between two steps, of the next one. */
  get leavesOut() {
    const phase = this.attempt(() => this.trainer?.phase);
    if (phase === 'zero_grad') return false;
    return phase === 'backward' ? this.#pace.phases.leftOut(this.step) : this.forgetsZeroGrad;
  }

  /** Whether zero_grad was left out of the step that was done last, or on which the run diverged. */
  get leftOut() {
    const { trainer } = this;
    const wasNotTaken = this.attempt(() => trainer && wasCutShort(trainer));
    return this.#pace.phases.leftOut(wasNotTaken ? this.step : this.step - 1);
  }

  get #midway() {
    return [...this.#changes.list, ...this.#pace.phases.deeds(this.step)];
  }

  /** The furthest step that this run has reached. */
  get furthest() {
    this.#furthest = Math.max(this.#furthest, this.step);
    return this.#furthest;
  }

  /** @override */
  get playing() {
    return this.#playback.running;
  }

  get step() {
    return this.attempt(() => this.trainer?.step_count) ?? 0;
  }

  /** Whether its options and its named source do not lead back to its step: one changed in mid-run, or labels were moved. */
  get lost() {
    return this.altered || this.source === 'edited';
  }

  /** @returns {'loading' | 'ready' | 'running' | 'finished' | 'diverged'} */
  get status() {
    return this.attempt(() => this.trainer?.status) ?? 'loading';
  }

  /** Whether its engine may still come: until then there is nothing to show. */
  get awaited() {
    return !this.trainer && !this.unavailable;
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
    this.adopt(engine);
    this.#replace(this.options, this.#origin, { notices: this.notices });
    this.goTo(step);
    this.#arriving = this.playing;
  }

  /** Whether it is still on its way to the step to begin at. */
  get arriving() {
    return this.#arriving && this.playing;
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
    const value = parseOption(name, text);
    if (name === 'batch_size') this.#askedBatch = Number(value);
    if (formatOption(options[name]) === formatOption(this.options[name])) {
      this.notices = notices;
      this.emit('settings');
      return;
    }
    this.situation = undefined;
    if (this.trainer && this.#mayGoOn(name, options)) {
      this.#changeLive(name, options, notices);
    } else {
      // Data made anew are no longer those in which labels were moved.
      const remade = syntheticNames.has(name) || (name === 'seed' && this.base === 'synthetic');
      const origin = remade ? this.#origin.untouched : this.#origin;
      this.#replace({ ...this.options, ...(name === 'n' && this.#uncutBatch), [name]: value }, origin);
    }
  }

  /** Whether the run may go on with another value of an option. @param {OptionName} name @param {Options} options */
  #mayGoOn(name, options) {
    if (!this.begun || !findOption(name)?.live) return false;
    if (name !== 'epochs') return !this.ended;
    const begun = this.attempt(() => this.trainer && epochsBegun(this.trainer)) ?? 0;
    return this.status !== 'diverged' && options.epochs >= begun;
  }

  /**
   * What change would set; changes nothing.
   * @param {OptionName} name
   * @param {string} text
   * @throws {LinregError}
   */
  check(name, text) {
    const checked = checkOptions({ ...this.given, [name]: parseOption(name, text) });
    return { ...checked, options: this.#complete(checked.options, this.#origin) };
  }

  /** What there is to remark on an option's value. @param {OptionName} name @returns {Notice[]} */
  noticesOf(name) {
    const own = this.notices.filter(({ field }) => field === name);
    return own.length === 0 && name === 'lr' ? this.stability.notices(this.options) : own;
  }

  /** @param {NamedSource} source */
  changeSource(source) {
    if (source === this.source) return;
    this.situation = undefined;
    const { standardize } = sourceDefaults(source);
    if (this.base === 'synthetic') this.#synthetic = this.options;
    const { n, true_w } = this.#synthetic;
    const options = { ...this.options, ...this.#uncutBatch, standardize };
    if (source === 'synthetic') Object.assign(options, { n, true_w });
    this.#replace(options, new Origin(source));
  }

  /** For other data: the minibatch as it was before the data of now cut it. */
  get #uncutBatch() {
    const { batch_size, n } = this.options;
    return { batch_size: batch_size === n ? Math.max(this.#askedBatch, n) : batch_size };
  }

  /**
   * Begins a run with other settings, as a link gives them.
   * @param {{ options: GivenOptions, source: NamedSource, step: number, situation?: string }} state
   */
  open({ options, source, step, situation }) {
    this.#replace(options, new Origin(source));
    this.#synthetic = sourceDefaults('synthetic');
    this.#askedBatch = options.batch_size ?? this.#synthetic.batch_size;
    this.forgetsZeroGrad = false; // no link can carry it
    this.situation = situation;
    this.emit('progress');
    this.goTo(step);
  }

  /**
   * Moves a row's label, in the data's own units. From then on the data are the reader's own: a new run, replayed up to
   * the step of now and played on if it was playing; a link leads to the data as they were.
   * @param {number} row @param {number} y
   * @throws {LinregError} and then nothing has changed
   */
  moveLabel(row, y) {
    const { data, playing } = this;
    if (!data) return;
    const edited = withLabel(data, this.edited?.moved, row, y);
    // It may still be on its way back from the move before.
    const step = Math.max(this.step, playing ? this.#pace.goal : 0);
    const owed = playing && this.#pace.onwards ? this.#pace.owed : undefined;
    this.#replace(this.options, new Origin(this.base, edited), { step });
    this.situation = undefined;
    if (this.step < step || owed !== undefined) this.#goOn(step, owed);
  }

  /** The data as they were before labels were moved. */
  restoreData() {
    this.#replace(this.options, this.#origin.untouched);
  }

  /** The settings and the data of now, for further trainers: lab.make({ ...lab.given, lr: 0.1 }). @returns {GivenOptions} */
  get given() {
    return this.#origin.given(this.options);
  }

  play() {
    if (this.ended) this.reset();
    this.#start();
  }

  /** @override */
  halt() {
    this.#playback.stop();
  }

  pause() {
    if (!this.playing) return;
    this.#playback.stop();
    this.emit('progress');
  }

  /** @param {Stride} stride */
  stepOnce(stride) {
    this.pause();
    if (stride === 'epoch' && this.forgetsZeroGrad) {
      const epoch = this.attempt(() => this.trainer?.epoch) ?? 0;
      return this.#start((trainer) => trainer.epoch > epoch);
    }
    this.attempt(() => {
      const over = this.ended;
      const trainer = this.trainer; // none any more if asking trapped
      if (!trainer || over) return;
      if (stride === 'epoch') trainer.step('epoch');
      else this.#pace.phases.go(trainer, stride);
    });
    this.#tellProgress();
  }

  /** Undoes a phase, a minibatch or an epoch, each as far as it was done. @param {Stride} stride */
  stepBack(stride) {
    this.pause();
    const trainer = this.trainer;
    if (!trainer) return;
    if (stride === 'phase') {
      this.#goBack(() => this.#pace.phases.back(trainer));
    } else {
      const done = this.attempt(() => (stride === 'epoch' ? lastEpochEnd(trainer) : wholeSteps(trainer) - 1));
      this.#rewind(Math.max(0, done ?? 0));
    }
  }

  /** Whether there is anything to step back over. A first step, or an epoch without a minibatch, may have come to nothing. */
  get begun() {
    if (this.step > 0 || this.status === 'diverged') return true;
    return this.attempt(() => this.trainer && (this.trainer.phase !== 'step' || this.trainer.epoch > 0)) === true;
  }

  /** Goes to a step by replay, in time slices. @param {number} step */
  goTo(step) {
    this.pause();
    const midway = this.attempt(() => this.trainer && this.trainer.phase !== 'step');
    if (step < this.step || (step === this.step && midway)) this.#rewind(step);
    else if (step > this.step) this.#goOn(step);
    else this.emit('progress');
  }

  /** @param {number} step @param {number} [owed] of a run that is played on from there, what of a step it was owed */
  #goOn(step, owed) {
    if (this.ended) this.emit('progress');
    else this.#start(step, owed);
  }

  /** Back to the start, with the settings of now. */
  reset() {
    this.pause();
    if (this.altered) this.#replace(this.options, this.#origin);
    else this.#rewind(0);
  }

  dispose() {
    this.#playback.dispose();
    this.sweep.dispose();
    this.stability.stop();
    this.exchange(undefined);
    this.emit('end');
  }

  /** @param {number} step */
  #rewind(step) {
    this.#goBack(() => {
      this.trainer?.rewind(step);
      this.#pace.phases.forget(step);
    });
  }

  /**
   * Options that were set later are again as they were, but for the epochs: a run goes on as far as is asked for now.
   * @param {() => void} call
   */
  #goBack(call) {
    this.#furthest = this.furthest;
    const { options, base } = this;
    this.attempt(() => {
      call();
      this.#changes.forget(this.step);
      const { trainer } = this;
      if (!trainer) return;
      if (trainer.options.epochs !== options.epochs) trainer.set({ epochs: options.epochs });
      this.options = this.#complete(trainer.options, this.#origin);
    });
    if (differences({ options, base }, this).length > 0) this.notices = checkOptions({}, this.options).notices;
    this.stability.look(this.trainer, this.options);
    this.#noteDeeds();
    this.emit('settings');
    this.emit('progress');
  }

  /** @param {Parameters<Pace['begin']>} how */
  #start(...how) {
    if (!this.trainer) return;
    this.#arriving = false;
    this.#pace.begin(...how);
    this.#playback.start();
    this.emit('progress');
  }

  /** That zero_grad was left out comes about on the way, and concerns what shows the settings. */
  #tellProgress() {
    const told = this.#told;
    if (this.#noteDeeds() !== told) this.emit('settings');
    this.emit('progress');
  }

  #noteDeeds() {
    return (this.#told = JSON.stringify(this.#pace.phases.deeds(this.step)));
  }

  /** @param {OptionName} name @param {Options} options @param {Notice[]} notices */
  #changeLive(name, options, notices) {
    this.attempt(() => {
      if (!this.trainer) return;
      this.trainer.set({ [name]: options[name] });
      this.#changes.note(name, options, wholeSteps(this.trainer));
    });
    this.options = options;
    this.notices = notices;
    this.stability.look(this.trainer, options);
    this.emit('settings');
    this.emit('progress');
  }

  /**
   * With the weights that synthetic data were made of, even after labels were moved.
   * @param {Options} options @param {Origin} origin
   */
  #complete(options, origin) {
    return origin.hidesWeights ? { ...options, true_w: this.options.true_w } : options;
  }

  /**
   * A new trainer. The old one goes only when the new one stands.
   * @param {GivenOptions} options @param {Origin} origin
   * @param {{ step?: number, notices?: readonly Notice[] }} [how] the step to go to as far as one slice of time allows, before
   *   anything is drawn; what was remarked on options that were checked before
   */
  #replace(options, origin, { step = 0, notices } = {}) {
    const given = origin.given(options);
    const trainer = this.make(given);
    const checked = trainer ?? checkOptions(given); // long data are checked only once
    this.#playback.stop();
    this.exchange(trainer);
    this.options = this.#complete(checked.options, origin);
    this.#origin = origin;
    this.notices = notices ?? checked.notices;
    this.#changes = new Changes(this.options);
    this.#pace.phases.forget(0);
    this.#furthest = 0;
    this.#data = trainer && readData(trainer, origin.real);
    if (trainer) this.attempt(() => this.#pace.goTo(trainer, step));
    this.stability.look(trainer, this.options);
    this.#noteDeeds();
    this.emit('settings');
    this.emit('run');
    this.emit('progress');
  }

  /** @param {number} milliseconds since the last slice @returns {'frame' | 'now' | 'stop'} */
  #advance(milliseconds) {
    const trainer = this.trainer;
    if (!trainer) return 'stop';
    const stop = this.#pace.advance(trainer, milliseconds);
    const now = performance.now();
    if (stop || now - this.#reported >= this.restraint) {
      this.#reported = now;
      if (stop) this.#playback.stop();
      this.#tellProgress();
    }
    if (stop) return 'stop';
    return this.#pace.hurried ? 'now' : 'frame';
  }
}
