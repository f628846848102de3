// A lab: a run with its settings and its data, and what there is to compare it with. Knows nothing of a page.

import { syntheticNames } from '../data/source_options.js';
import { refusalOf } from '../errors.js';
import { checkOptions, findOption, formatOption, parseOption } from '../options.js';
import { Requested } from './requested.js';
import { Changes } from './alterations.js';
import { differences, haveSameRows } from './differences.js';
import { readData, withLabel } from './lab_data.js';
import { Origin } from './origin.js';
import { epochsBegun, placeOf, wholeSteps } from './phases.js';
import { Pins } from './pins.js';
import { Run } from './run.js';
import { Stability } from './stability.js';
import { Sweep } from './sweep.js';

/** @import { LinregError } from '../errors.js' */
/** @import { GivenOptions, OptionName, Options, Notice } from '../options.js' */
/** @import { NamedSource, RealData } from '../data/sources.js' */
/** @import { Engine } from '../engine.js' */
/** @import { Alteration } from './alterations.js' */

/** @typedef {import('./lab_data.js').LabData} LabData */

/**
 * Events: `run` (a new trainer: everything is new), `settings` (an option changed; for every new run, too, before its `run`),
 * `pins` (the pinned runs changed), `unavailable` (detail: why there is no run), `refused` (detail: the LinregError with
 * which a request was, see tryTo), `end` (it is disposed of), and those of a Run.
 */
export class Lab extends Run {
  /** @type {LabData | undefined} */ #data;
  #origin;
  #changes;

  /** Why there is no run, if one was tried for in vain: no engine, or no room. @type {LinregError | undefined} */
  unavailable;
  /** Whether the settings may only be read: the run can be played, not changed. */
  locked = false;
  /** Whether the loss is also heard. */
  sounds = false;
  /** The name of the preset that was opened; none any more once a setting is changed. @type {string | undefined} */
  situation;
  /** Which learning rates are stable. */
  stability = new Stability(
    () => {
      this.emit('settings');
      this.emit('progress');
    },
    (given) => this.make(given),
  );
  /** Runs kept for comparison. */
  pins = new Pins(this);
  /** A row of runs beside this one. */
  sweep = new Sweep(this);

  /**
   * @param {{ options: GivenOptions, source: NamedSource, edited?: RealData | undefined, requested?: Requested }} settings without
   *   data: the source gives them, unless labels were moved in a lab before this one; and what was asked for in that lab
   */
  constructor({ options, source, edited, requested = new Requested(options) }) {
    super();
    this.#origin = new Origin(source, edited);
    const checked = checkOptions(this.#origin.untouched.given(options));
    this.options = checked.options;
    this.requested = requested;
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

  /** Whether training leaves out zero_grad, so that gradients pile up as they do in PyTorch. */
  get forgetsZeroGrad() {
    return this.phases.forgets;
  }

  set forgetsZeroGrad(forgets) {
    this.phases.forgets = forgets;
    if (forgets) this.situation = undefined;
    this.emit('settings');
  }

  /** What the settings do not tell of how the run came about. @returns {Alteration[]} */
  get alterations() {
    const { edited } = this;
    return [...(edited ? [{ name: 'labels', from: 0, value: edited }] : []), ...this.#midway];
  }

  /** Whether the run was changed on its way, so that its settings do not lead to where it is. */
  get altered() {
    return this.#midway.length > 0;
  }

  /** Whether an option was changed on its way. */
  get changed() {
    return this.#changes.list.length > 0;
  }

  get #midway() {
    return [...this.#changes.list, ...this.phases.alterations(this.step)];
  }

  /** Whether its options and its named source do not lead back to its step: one changed in mid-run, or labels were moved. */
  get lost() {
    return this.altered || this.source === 'edited';
  }

  /** Whether its first run may still come by itself: until then there is nothing to show. */
  get awaited() {
    return !this.trainer && !this.unavailable;
  }

  /** Gives the lab its engine, and replays the run up to the step to begin at. @param {Engine} engine */
  load(engine) {
    this.adopt(engine);
    this.#replace(this.options, this.#origin, { notices: this.notices });
    this.arrive();
  }

  /**
   * Does what the reader asks for where no control tells of a refusal, as where memory runs out: `refused` does.
   * @param {() => void} request
   * @returns {boolean} whether it was done
   */
  tryTo(request) {
    const refusal = refusalOf(request);
    if (refusal) this.dispatchEvent(new CustomEvent('refused', { detail: refusal }));
    return !refusal;
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
    if (formatOption(options[name]) === formatOption(this.options[name])) {
      this.requested.note(name, value);
      this.notices = notices;
      this.emit('settings');
      return;
    }
    if (this.trainer && this.#mayGoOn(name, options)) {
      this.#changeLive(name, options, notices);
    } else {
      // Data made anew are no longer those in which labels were moved.
      const remade = syntheticNames.has(name) || (name === 'seed' && this.base === 'synthetic');
      const origin = remade ? this.#origin.untouched : this.#origin;
      this.#replace(
        { ...this.options, ...(name === 'n' && this.requested.uncut(this.options)), [name]: value },
        origin,
      );
    }
    this.requested.note(name, value);
    this.situation = undefined;
  }

  /**
   * A new run with another value of an option, trained as it should be.
   * @param {OptionName} name @param {string} text
   * @throws {LinregError} and then nothing has changed
   */
  restartWith(name, text) {
    const value = parseOption(name, text);
    this.#replace({ ...this.options, [name]: value }, this.#origin);
    this.requested.note(name, value);
    this.forgetsZeroGrad = false;
    this.situation = undefined;
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

  /** What the reader has chosen and kept beside the settings. */
  get belongings() {
    const { speed, sounds, pins } = this;
    return { speed, sounds, pinned: pins.list };
  }

  /** Takes over those of a lab that this one stands for. @param {Lab['belongings']} belongings */
  adoptBelongings({ pinned, ...chosen }) {
    Object.assign(this, chosen);
    this.pins.adopt(pinned);
  }

  /** What there is to remark on an option's value. @param {OptionName} name @returns {Notice[]} */
  noticesOf(name) {
    const own = this.notices.filter(({ field }) => field === name);
    return own.length === 0 && name === 'lr' ? this.stability.notices(this.options) : own;
  }

  /** @param {NamedSource} source */
  changeSource(source) {
    if (source === this.source) return;
    this.#replace(this.requested.optionsFor(source, this), new Origin(source));
    this.situation = undefined;
  }

  /**
   * Begins a run with other settings, as a link gives them.
   * @param {{ options: GivenOptions, source: NamedSource, step: number, situation?: string }} state
   * @throws {LinregError} and then nothing has changed
   */
  open({ options, source, step, situation }) {
    this.#replace(options, new Origin(source), { goal: step });
    this.requested = new Requested(options);
    this.forgetsZeroGrad = false; // no link can carry it
    this.situation = situation;
    this.emit('progress');
    this.goTo(step);
  }

  /**
   * Moves a row's label, in the data's own units. From then on the data are the reader's own: a new run, replayed up to
   * the step of now and played on if it was playing; a link leads to the data as they were, which they are again once every
   * label is back.
   * @param {number} row @param {number} y
   * @throws {LinregError} and then nothing has changed
   */
  moveLabel(row, y) {
    const { data } = this;
    if (!data) return;
    const edited = withLabel(data, this.edited?.moved ?? [], row, y);
    const origin = edited.moved?.length === 0 ? this.#origin.untouched : new Origin(this.base, edited);
    const { step, owed } = this.heading; // it may still be on its way back from the move before
    this.#replace(this.options, origin, { step });
    this.situation = undefined;
    if (this.step < step || owed !== undefined) this.goOn(step, owed);
  }

  /** The data as they were before labels were moved. */
  restoreData() {
    this.#replace(this.options, this.#origin.untouched);
  }

  /** The settings and the data of now, for further trainers: lab.make({ ...lab.given, lr: 0.1 }). @returns {GivenOptions} */
  get given() {
    return this.#origin.given(this.options);
  }

  /** Back to the start, with the settings of now. @override */
  reset() {
    if (this.altered) this.#replace(this.options, this.#origin);
    else super.reset();
  }

  /** @override */
  dispose() {
    this.sweep.dispose();
    this.stability.stop();
    super.dispose();
    this.emit('end');
  }

  /** Options that were set later are again as they were, but for the epochs: a run goes on as far as is asked for now. @override */
  returned() {
    const { options, base } = this;
    this.attempt(() => {
      const { trainer } = this;
      if (!trainer) return;
      this.#changes.forget(placeOf(trainer));
      // What was changed in the midst of the step at hand counts from the next one on.
      const pending = this.#changes.after(trainer.step_count);
      if (trainer.options.epochs !== options.epochs) pending.epochs = options.epochs;
      if (Object.keys(pending).length > 0) trainer.set(pending);
      this.options = this.#complete(trainer.options, this.#origin);
    });
    if (differences({ options, base }, this).length > 0) this.notices = checkOptions({}, this.options).notices;
    this.stability.look(this.trainer, this.options);
  }

  /** @param {OptionName} name @param {Options} options @param {Notice[]} notices */
  #changeLive(name, options, notices) {
    this.attempt(() => {
      if (!this.trainer) return;
      this.trainer.set({ [name]: options[name] });
      this.#changes.note(name, options, wholeSteps(this.trainer), placeOf(this.trainer));
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
   * @param {{ step?: number, goal?: number, notices?: readonly Notice[] }} [how] the step to go to as far as one slice of time
   *   allows, before anything is drawn; the step that it will be sent to; what was remarked on options that were checked before
   */
  #replace(options, origin, { step = 0, goal, notices } = {}) {
    const given = origin.given(options);
    const trainer = this.make(given);
    const checked = trainer ?? checkOptions(given); // long data are checked only once
    const { options: before, base, edited } = this;
    this.options = this.#complete(checked.options, origin);
    this.#origin = origin;
    this.notices = notices ?? checked.notices;
    this.#changes = new Changes(this.options);
    const stays = edited === this.edited && haveSameRows({ options: before, base }, this);
    this.#data = trainer && (stays && this.#data ? this.#data : readData(trainer, origin.real));
    if (goal !== undefined) this.plan(goal);
    this.begin(trainer, step);
    this.stability.look(trainer, this.options);
    this.emit('settings');
    this.emit('run');
    this.emit('progress');
  }
}
