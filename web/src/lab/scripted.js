// What a page does with a lab by script.
//   const state = await element.train();

import { completeOptions, sourceDefaults } from '../data/source_options.js';
import { describe, LinregError, mustBe, oneOf, wholeFrom } from '../errors.js';
import { sources } from '../data/sources.js';
import { stepsOf } from '../options.js';
import { asObject, readProperties } from '../properties.js';
import { statuses } from '../trainer.js';
import { writeAttribute } from './attributes.js';
import { writeLink } from './link.js';
import { contextOf, scriptCode } from './notebook.js';
import { speeds } from './pace.js';
import { hideable } from './parts.js';
import { ReflectedElement } from './reflected.js';
import { translator } from '../i18n/index.js';

/** @import { GivenOptions, Options } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */
/** @import { Trainer } from '../trainer.js' */
/** @import { Lab } from './lab.js' */
/** @import { Speed } from './pace.js' */
/** @import { Stride } from './run.js' */

/**
 * A run as plain values, which JSON keeps.
 * @typedef {object} LabState
 * @property {Options} options
 * @property {NamedSource} data as they were before labels were moved
 * @property {number} step whole steps: what of the next one was done phase by phase is not kept
 * @property {boolean} altered whether options and data alone do not lead to this step, since an option was changed in mid-run
 *   or labels were moved
 * @property {number} epoch
 * @property {Lab['status']} status
 * @property {number[]} weight
 * @property {number} bias
 * @property {string[]} log the printed lines
 */
/**
 * A state to set, or what is wanted of it.
 * @typedef {{ [Name in Exclude<keyof LabState, 'options'>]?: LabState[Name] | undefined } & { options?: Omit<GivenOptions, 'data'> | undefined }} GivenState
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
   * @param {{ speed?: Speed | undefined }} [how]
   * @returns {Promise<LabState>} when it has ended or was paused
   * @throws {LinregError} invalid_option, load_failed, out_of_memory, trapped, invalid_state when the lab is taken out of the page
   *   before, or another command begins
   */
  async train(how = {}) {
    const { speed = 'fast' } = /** @type {typeof how} */ (readProperties(how, ['speed'], { field: 'how' }));
    checkOneOf('speed', speeds, speed);
    return carryOut(this, (lab) => lab.play(speed));
  }

  pause() {
    this.lab?.pause();
  }

  /** A method. @returns {(stride?: Stride) => Promise<LabState>} */
  get step() {
    return takeStep;
  }

  /**
   * A framework sets what an element has a property for: though a method, it then writes the attribute.
   * @param {number | string | null | undefined} value
   */
  set step(value) {
    writeAttribute(this, 'step', value);
  }

  /**
   * Goes to a step, back or on, up to where the run ends; one that diverges on the way ends there, and its state says so.
   * @param {number} step
   * @returns {Promise<LabState>}
   * @throws {LinregError} invalid_option where the run has no such step; the rest as train
   */
  async rewind(step) {
    return carryOut(this, (lab) => {
      const last = lab.attempt(() => lab.trainer?.total_steps);
      checkStep(step, last);
      lab.goTo(step);
    });
  }

  reset() {
    begin(this, () => this.lab?.reset());
  }

  /** @returns {LabState} @throws {LinregError} invalid_state while the lab is in no page */
  getState() {
    return stateOf(labOf(this));
  }

  /**
   * Begins the run that a state tells of, and goes to its step, if options and data lead there: of an altered run it begins
   * one with the options that it had. Refused, the run that was there stays.
   * @param {GivenState} state what it lacks is as in the notebook
   * @returns {Promise<LabState>}
   * @throws {LinregError} as train
   */
  async setState(state) {
    const read = /** @type {GivenState} */ (readProperties(state, stateNames, { field: 'state' }));
    const { options = {}, data = 'synthetic', step = 0, altered = false, status = 'ready' } = read;
    checkOneOf('data', sources, data);
    checkOneOf('status', ['loading', ...statuses], status);
    if (typeof altered !== 'boolean')
      throw mustBe('invalid_option', 'altered', { key: 'range.boolean' }, describe(altered));
    const given = copyOf('options', options);
    if ('data' in given)
      throw refused('options.data', 'left out: the state’s data stand beside its options', given.data);
    const last = stepsOf(completeOptions(data, given).options);
    checkStep(step, altered ? undefined : last);
    // A run diverges on a step that it does not take; and one without steps is over beyond the one that it stands at.
    const beyond = status === 'diverged' ? step < last : status === 'finished' && last === 0;
    const start = altered ? 0 : step + Number(beyond);
    const { standardize } = sourceDefaults(data);
    const run = { options: { standardize, ...given }, source: data, step: start };
    return carryOut(this, (lab) => lab.open(run), replaceable);
  }

  /** @param {'link' | 'python' | 'json'} format @returns {string} @throws {LinregError} invalid_option, invalid_state as getState */
  exportAs(format) {
    const { options, base, attempted, lost } = labOf(this);
    switch (format) {
      case 'link':
        return writeLink({ options, source: base, step: lost ? 0 : attempted, language: undefined });
      case 'python':
        return scriptCode(contextOf(labOf(this), translator('en')));
      case 'json':
        return JSON.stringify(this.getState());
      default:
        throw notOneOf('format', formats, format);
    }
  }
}

/** @this {ScriptedElement} @param {Stride} [stride] @returns {Promise<LabState>} */
async function takeStep(stride = 'batch') {
  checkOneOf('stride', strides, stride);
  return carryOut(this, (lab) => lab.stepOnce(stride));
}

/** How many commands were begun, by element. @type {WeakMap<ScriptedElement, number>} */
const begun = new WeakMap();

/** @param {ScriptedElement} element @param {() => void} act @returns {() => boolean} whether another one has begun since */
function begin(element, act) {
  const before = begun.get(element) ?? 0;
  begun.set(element, before + 1); // before it tells of anything: then whoever waits for another one knows
  try {
    act();
  } catch (error) {
    begun.set(element, before); // refused, it changes nothing
    throw error;
  }
  return () => begun.get(element) !== before + 1;
}

/**
 * Carries out a command as soon as the lab can.
 * @param {ScriptedElement} element @param {(lab: Lab) => void} act @param {(element: ScriptedElement) => Promise<Lab>} [wait]
 * @returns {Promise<LabState>} where it led to, though another command may begin before whoever waits for it goes on
 */
async function carryOut(element, act, wait = ready) {
  const lab = await wait(element);
  const isOvertaken = begin(element, () => act(lab));
  const { trainer } = lab;
  return until(lab, () => {
    if (isOvertaken() || lab.trainer !== trainer) throw invalidState('another command came before it was done');
    return lab.playing ? undefined : stateOf(lab);
  });
}

/** @param {ScriptedElement} element */
function labOf({ lab }) {
  if (lab) return lab;
  throw invalidState('the lab is not in a page');
}

/** @param {string} message */
const invalidState = (message) => new LinregError({ code: 'invalid_state', field: 'lab', message });

/** The lab, once it has its engine and is at the step to begin at. @param {ScriptedElement} element @returns {Promise<Lab>} */
async function ready(element) {
  const lab = labOf(element);
  if (lab.unavailable) throw lab.unavailable;
  await until(lab, () => lab.trainer);
  return until(lab, () => (lab.arriving ? undefined : lab));
}

/** The lab, once it has its engine: a run that there was no room for makes way for another. @param {ScriptedElement} element @returns {Promise<Lab>} */
async function replaceable(element) {
  const lab = labOf(element);
  return lab.unavailable && lab.hasEngine ? lab : ready(element);
}

/** @param {Lab} lab @returns {LabState} */
function stateOf(lab) {
  const { options, base, step, lost, status, trainer } = lab;
  const { epoch = 0, weight = [], bias = 0, log = [] } = lab.attempt(() => trainer && plain(trainer)) ?? {};
  const run = { step, altered: lost, epoch, status, weight: [...weight], bias, log: [...log] };
  return { options: { ...options }, data: base, ...run };
}

/** @param {Trainer} trainer */
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

/** @param {string} field @param {readonly string[]} names @param {unknown} given */
const notOneOf = (field, names, given) => mustBe('invalid_option', field, oneOf(names), describe(given));

/** @param {string} field @param {readonly string[]} names @param {string} given */
function checkOneOf(field, names, given) {
  if (!names.includes(given)) throw notOneOf(field, names, given);
}

/** @param {unknown} step @param {number} [last] that there is, where that is known */
function checkStep(step, last = Number.MAX_SAFE_INTEGER) {
  if (Number.isSafeInteger(step) && Number(step) >= 0 && Number(step) <= last) return;
  const range = wholeFrom(0, last);
  throw mustBe('invalid_option', 'step', range, describe(step));
}

/**
 * What an object that is not ours holds, read once: a getter may throw. What is undefined is left out.
 * @template {object} T
 * @param {string} field @param {T} given
 * @returns {T}
 */
function copyOf(field, given) {
  const copy = spread(given);
  if (!copy) throw refused(field, 'a plain object that can be read', given);
  return copy;
}

/** @template {object} T @param {T} given @returns {T | undefined} */
function spread(given) {
  try {
    if (!asObject(given)) return undefined;
    const copy = { ...given };
    for (const [name, value] of Object.entries(copy)) if (value === undefined) Reflect.deleteProperty(copy, name);
    return copy;
  } catch {
    return undefined;
  }
}

/**
 * Waits for something of a lab; frames that are not drawn do not hold it up.
 * @template T
 * @param {Lab} lab @param {() => T | undefined} find undefined until it is there; what it throws ends the wait
 * @returns {Promise<T>}
 */
function until(lab, find) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const check = () => {
      try {
        const found = find();
        if (found === undefined) return;
        resolve(found);
      } catch (error) {
        reject(error);
      }
      over.abort();
    };
    const fail = (/** @type {Event} */ event) => {
      over.abort();
      reject(event instanceof CustomEvent ? event.detail : invalidState('the lab left the page'));
    };
    for (const type of ['run', 'progress']) lab.addEventListener(type, check, { signal: over.signal });
    for (const type of ['failure', 'unavailable', 'end']) lab.addEventListener(type, fail, { signal: over.signal });
    check();
  });
}
