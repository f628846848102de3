// What a page does with a lab by script, and the events by which the lab tells it of its run.
//   const state = await element.train();
//   element.addEventListener('epoch', ({ detail }) => console.log(detail.epoch, detail.loss));

import { LinregError, describe, unknownName } from '../errors.js';
import { sources } from '../data/sources.js';
import { writeAttribute } from './attributes.js';
import { sourceDefaults, writeLink } from './link.js';
import { contextOf, scriptCode } from './notebook.js';
import { speeds } from './pace.js';
import { hideable } from './parts.js';
import { ReflectedElement } from './reflected.js';
import { translator } from '../i18n/index.js';

/** @import { GivenOptions, Options } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */
/** @import { Lab } from './lab.js' */
/** @import { Speed } from './pace.js' */
/** @import { Stride } from './run.js' */

/**
 * A run as plain values, which JSON keeps.
 * @typedef {object} LabState
 * @property {Options} options
 * @property {NamedSource} data as they were before labels were moved
 * @property {number} step
 * @property {boolean} altered whether options and data alone do not lead to this step, since an option was changed in mid-run
 *   or labels were moved
 * @property {number} epoch
 * @property {Lab['status']} status
 * @property {number[]} weight
 * @property {number} bias
 * @property {string[]} log the printed lines
 */

/** What a lab can be saved as: a link's hash, a Python script, a state as JSON. */
const formats = Object.freeze(['link', 'python', 'json']);
const strides = Object.freeze(['phase', 'batch', 'epoch']);
const stateNames = Object.freeze(['options', 'data', 'step', 'altered', 'epoch', 'status', 'weight', 'bias', 'log']);

export class ScriptedElement extends ReflectedElement {
  /** What a lab tells of: all bubble, and leave the shadows that the lab stands in. @type {readonly string[]} */
  static events = Object.freeze(['linreg-ready', 'step', 'epoch', 'done', 'diverge', 'error']);
  /** What a page can style by ::part(). */
  static parts = hideable;

  /** The run that is shown. @returns {Lab | undefined} */
  get lab() {
    return undefined;
  }

  /**
   * Plays the run at a speed, by default as fast as possible.
   * @param {{ speed?: Speed }} [how]
   * @returns {Promise<LabState>} when it has ended or was paused
   * @throws {LinregError} invalid_option, load_failed, invalid_state when the lab is taken out of the page before
   */
  async train(how = {}) {
    const { speed = 'fast' } = copyOf('how', how, ['speed']);
    checkOneOf('speed', speeds, speed);
    const lab = await this.#ready();
    lab.speed = speed;
    lab.play();
    await until(lab, () => !lab.playing);
    return this.getState();
  }

  pause() {
    this.lab?.pause();
  }

  /** @param {Stride} [stride] @returns {Promise<LabState>} */
  async step(stride = 'batch') {
    checkOneOf('stride', strides, stride);
    const lab = await this.#ready();
    lab.stepOnce(stride);
    await until(lab, () => !lab.playing);
    return this.getState();
  }

  /** Goes to a step, back or on. @param {number} step @returns {Promise<LabState>} */
  async rewind(step) {
    checkStep(step);
    const lab = await this.#ready();
    lab.goTo(step);
    await until(lab, () => !lab.playing);
    return this.getState();
  }

  reset() {
    this.lab?.reset();
  }

  /** @returns {LabState} @throws {LinregError} invalid_state while the lab is in no page */
  getState() {
    const lab = this.#own();
    const { options, base, step, lost, status, trainer } = lab;
    const { epoch = 0, weight = [], bias = 0, log = [] } = lab.attempt(() => trainer && plain(trainer)) ?? {};
    const run = { step, altered: lost, epoch, status, weight: [...weight], bias, log: [...log] };
    return { options: { ...options }, data: base, ...run };
  }

  /**
   * Begins the run that a state tells of, and goes to its step, if options and data lead there: of an altered run it begins
   * one with the options that it had. Refused, the run that was there stays.
   * @param {{ options?: GivenOptions, data?: NamedSource, step?: number, altered?: boolean }} state what it lacks is as in the
   *   notebook
   * @returns {Promise<LabState>}
   * @throws {LinregError} invalid_option, load_failed
   */
  async setState(state) {
    const { options = {}, data = 'synthetic', step = 0, altered = false } = copyOf('state', state, stateNames);
    checkOneOf('data', sources, data);
    checkStep(step);
    const given = copyOf('options', options);
    if ('data' in given)
      throw refused('options.data', 'left out: the state’s data stand beside its options', given.data);
    const { standardize } = sourceDefaults(data);
    const lab = await this.#ready();
    lab.open({ options: { standardize, ...given }, source: data, step: altered ? 0 : step });
    await until(lab, () => !lab.playing);
    return this.getState();
  }

  /** @param {string} format link, python or json @returns {string} @throws {LinregError} invalid_option */
  exportAs(format) {
    const { options, base, step, lost } = this.#own();
    switch (format) {
      case 'link':
        return writeLink({ options, source: base, step: lost ? 0 : step, language: undefined });
      case 'python':
        return scriptCode(contextOf(this.#own(), translator('en')));
      case 'json':
        return JSON.stringify(this.getState());
      default:
        throw refused('format', oneOf(formats), format);
    }
  }

  #own() {
    if (this.lab) return this.lab;
    throw new LinregError({ code: 'invalid_state', field: 'lab', message: 'the lab is not in a page' });
  }

  /** The lab, once it has its engine and is at the step to begin at. @returns {Promise<Lab>} */
  async #ready() {
    const lab = this.#own();
    if (lab.unavailable) throw lab.unavailable;
    await until(lab, () => lab.trainer !== undefined);
    await until(lab, () => !lab.arriving);
    return lab;
  }
}

// A framework sets what an element has a property for: `step`, though a method, then still writes the attribute.
const { step } = ScriptedElement.prototype;
Reflect.defineProperty(ScriptedElement.prototype, 'step', {
  configurable: true,
  get: () => step,
  /** @this {HTMLElement} @param {unknown} value */
  set(value) {
    writeAttribute(this, 'step', value);
  },
});

/** @param {import('../trainer.js').Trainer} trainer */
const plain = ({ epoch, weight, bias, log }) => ({ epoch, weight, bias, log });

/** @param {string} field @param {string} range @param {unknown} given */
const refused = (field, range, given) => {
  const value = describe(given);
  return new LinregError({
    code: 'invalid_option',
    field,
    range,
    value,
    message: `${field} must be ${range}, got ${value}`,
  });
};

/** @param {readonly string[]} names */
const oneOf = (names) => `one of ${names.join(', ')}`;

/** @param {string} field @param {readonly string[]} names @param {string} given */
function checkOneOf(field, names, given) {
  if (!names.includes(given)) throw refused(field, oneOf(names), given);
}

/** @param {unknown} step */
function checkStep(step) {
  if (!(Number.isSafeInteger(step) && Number(step) >= 0)) throw refused('step', 'a whole number, at least 0', step);
}

/**
 * What an object that is not ours holds, read once: a getter may throw.
 * @template {object} T
 * @param {string} field @param {T} given @param {readonly string[]} [known] names: others are misspelt
 * @returns {T}
 */
function copyOf(field, given, known) {
  const copy = spread(given);
  if (!copy) throw refused(field, 'a plain object that can be read', given);
  const unknown = Object.keys(copy).find((name) => known && !known.includes(name));
  if (known && unknown !== undefined) throw unknownName('invalid_option', unknown, known);
  return copy;
}

/** @template {object} T @param {T} given @returns {T | undefined} */
function spread(given) {
  try {
    return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Waits for a lab; frames that are not drawn do not hold it up.
 * @param {Lab} lab @param {() => boolean} reached
 * @returns {Promise<void>}
 */
function until(lab, reached) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const check = () => {
      if (!reached()) return;
      over.abort();
      resolve();
    };
    const fail = (/** @type {Event} */ event) => {
      over.abort();
      const gone = { code: /** @type {const} */ ('invalid_state'), field: 'lab', message: 'the lab left the page' };
      reject(event instanceof CustomEvent ? event.detail : new LinregError(gone));
    };
    for (const type of ['run', 'progress']) lab.addEventListener(type, check, { signal: over.signal });
    for (const type of ['failure', 'unavailable', 'end']) lab.addEventListener(type, fail, { signal: over.signal });
    check();
  });
}

/**
 * Tells a page of a lab's run by events at its element: once a frame, of the step that it is at and of all epochs that were
 * finished since, as far as the history of a long run keeps them.
 * @param {HTMLElement} element @param {Lab} lab @param {AbortSignal} signal
 */
export function tellOf(element, lab, signal) {
  const tell = (/** @type {string} */ type, /** @type {object} */ detail) =>
    element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  let told = standing(lab);
  const look = () => {
    if (lab.arriving) return;
    const now = standing(lab);
    const before = now.trainer === told.trainer ? told : { ...now, step: 0, epoch: 0, status: 'ready' };
    const isNew = now.trainer !== told.trainer;
    told = now;
    const { trainer, step, epoch, status } = now;
    if (!trainer) return;
    if (isNew) tell('linreg-ready', { step, status });
    if (step !== before.step) {
      const { weight, bias, phase } = trainer;
      // The list of all losses is long, and this is asked in every frame.
      const loss = phase === 'step' && status !== 'diverged' ? trainer.firstRows(0)?.loss : trainer.losses.at(-1);
      tell('step', { step, epoch, loss, weight, bias });
    }
    if (epoch > before.epoch) {
      const { epochs, epoch_losses } = trainer.loss_history;
      epochs.forEach(
        (/** @type {number} */ epoch, /** @type {number} */ i) =>
          epoch > before.epoch && tell('epoch', { epoch, loss: epoch_losses[i] }),
      );
    }
    if (status !== before.status && status === 'finished') tell('done', { step, epoch });
    if (status !== before.status && status === 'diverged') tell('diverge', { step, epoch, lr: lab.options.lr });
  };
  lab.watch('progress', look, signal);
  for (const type of ['failure', 'unavailable'])
    lab.addEventListener(type, (event) => tell('error', /** @type {CustomEvent} */ (event).detail), { signal });
}

/** @param {Lab} lab */
const standing = (lab) => ({
  trainer: lab.trainer,
  step: lab.step,
  epoch: lab.attempt(() => lab.trainer?.epoch) ?? 0,
  status: lab.status,
});
