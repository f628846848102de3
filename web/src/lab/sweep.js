// A sweep: the run of now trained anew for each of a row of values of one option, in time slices, beside the present
// run, which it does not touch.

import { refusalOf } from '../errors.js';
import { defaultOptions, findOption } from '../options.js';
import { differences } from './differences.js';
import { Playback } from './playback.js';

/** @import { LinregError } from '../errors.js' */
/** @import { Options } from '../options.js' */
/** @import { Trainer } from '../trainer.js' */
/** @import { Lab } from './lab.js' */

/** @typedef {'lr' | 'batch_size' | 'momentum'} SweptOption */

/** @typedef {{ value: number, loss: number, step: number, diverged: boolean, rose: boolean }} SweepResult loss of all data at the end; whether it is above that at the start */

/** What can be swept. @type {readonly SweptOption[]} */
export const sweptOptions = Object.freeze(['lr', 'batch_size', 'momentum']);

const slice = 5; // milliseconds in a frame: the present run may be playing too
const count = 12;
const perDecade = 3;

/** Whether it makes a difference. @param {string} name @param {Options} options */
export const isSwept = (name, { optimizer }) => name !== 'momentum' || optimizer === 'sgd';

/**
 * The row of values around the present one, ascending.
 * @param {SweptOption} name @param {Options} options
 * @returns {number[]}
 */
export function sweepValues(name, options) {
  switch (name) {
    case 'lr': {
      const middle = options.lr > 0 ? options.lr : defaultOptions().lr;
      const powers = Array.from({ length: count }, (_, i) => 10 ** ((i - count / 2) / perDecade));
      const values = powers.map((power) => (power === 1 ? middle : Number((middle * power).toPrecision(2))));
      return values.filter((value) => findOption('lr')?.accepts(value));
    }
    case 'batch_size': {
      const rounds = [1, 2, 5].flatMap((digit) => [0, 1, 2, 3, 4, 5, 6, 7].map((power) => digit * 10 ** power));
      const inside = [...new Set([...rounds, options.batch_size, options.n])].filter((value) => value <= options.n);
      inside.sort((a, b) => a - b);
      // Where there are too many, those nearest to the present one are kept.
      const at = Math.max(0, Math.min(inside.indexOf(options.batch_size) - count / 2, inside.length - count));
      return inside.slice(at, at + count);
    }
    case 'momentum':
      return [...(options.nesterov ? [] : [0]), 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
  }
}

/** Events: `change` when there is something new to show. */
export class Sweep extends EventTarget {
  #lab;
  #playback = new Playback(() => this.#advance());
  /** @type {Trainer | undefined} */ #trainer;
  /** Its loss before it trains. */ #first = NaN;
  /** @type {SweptOption} */ #name = 'lr';
  /** @type {number[]} */ #values = [];
  /** @type {SweepResult[]} */ #results = [];
  /** The settings when it began, which all its runs have. @type {Pick<Lab, 'options' | 'base' | 'edited' | 'given'> | undefined} */ #begun;
  /** Why one of the values was refused, which ended it. @type {LinregError | undefined} */ #refused;

  /** @param {Lab} lab */
  constructor(lab) {
    super();
    this.#lab = lab;
    lab.addEventListener('failure', () => this.cancel());
  }

  get name() {
    return this.#name;
  }

  /** Those that are done, in the order of the values. @returns {readonly SweepResult[]} */
  get results() {
    return this.#results;
  }

  get running() {
    return this.#playback.running;
  }

  /** From 0 to 1. */
  get progress() {
    const { length } = this.#values;
    if (length === 0) return 0;
    const current = this.#trainer ? this.#trainer.step_count / Math.max(1, this.#trainer.total_steps) : 0;
    return Math.min(1, (this.#results.length + current) / length);
  }

  get refused() {
    return this.#refused;
  }

  /** Whether settings other than the swept one have changed since. */
  get stale() {
    const then = this.#begun;
    if (!then || this.#results.length === 0) return false;
    const others = differences(then, this.#lab).some(({ name }) => name !== this.#name);
    return others || then.edited !== this.#lab.edited;
  }

  /** @param {SweptOption} name */
  start(name) {
    this.cancel();
    this.#name = name;
    this.#values = sweepValues(name, this.#lab.options);
    this.#results = [];
    const { options, base, edited, given } = this.#lab;
    this.#begun = { options, base, edited, given };
    this.#refused = undefined;
    this.#playback.start();
    this.#changed();
  }

  /** Keeps what is done. */
  cancel() {
    this.#playback.stop();
    this.#lab.attempt(() => this.#trainer?.dispose());
    this.#trainer = undefined;
    this.#changed();
  }

  /** For good. */
  dispose() {
    this.cancel();
    this.#playback.dispose();
  }

  /** @returns {'now' | 'stop'} */
  #advance() {
    const value = this.#values[this.#results.length];
    if (value === undefined) {
      this.#playback.stop();
      this.#changed();
      return 'stop';
    }
    const going = this.#lab.attempt(() => this.#train(value));
    this.#changed();
    return going ? 'now' : 'stop';
  }

  /** @param {number} value @returns {boolean} whether it goes on */
  #train(value) {
    const trainer = this.#trainer ?? this.#make(value);
    if (!trainer) return false;
    const status = trainer.run({ milliseconds: slice });
    if (status !== 'finished' && status !== 'diverged') return true;
    const diverged = status === 'diverged';
    const loss = diverged ? Infinity : trainer.loss();
    this.#results = [...this.#results, { value, loss, step: trainer.step_count, diverged, rose: loss > this.#first }];
    this.#trainer = undefined;
    trainer.dispose();
    return true;
  }

  /** The trainer of a value; none where it is refused, which ends the sweep. @param {number} value */
  #make(value) {
    this.#refused = refusalOf(() => {
      this.#trainer = this.#lab.make({ ...this.#begun?.given, [this.#name]: value });
    });
    if (this.#refused) this.cancel();
    this.#first = this.#trainer?.loss() ?? NaN;
    return this.#trainer;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
