// The optimum of the run of now, for the pictures: least squares of small data are solved when they are asked for, all
// else in slices.

import { LinregError } from '../errors.js';
import { analysed } from './views/analysed.js';

/** @import { Trainer } from '../trainer.js' */
/** @import { Lab } from './lab.js' */

const atOnce = 20_000; // numbers of data, whose least squares are solved well within a frame

export class KnownOptimum {
  #lab;
  #changed;
  /** @type {AbortController | undefined} */ #asked;
  /** undefined until it is known, and where there is none. @type {Trainer['optimum'] | undefined} */ #value;
  /** Whose optimum is known as soon as it is asked for. @type {Trainer | undefined} */ #unsolved;

  /** @param {Lab} lab @param {AbortSignal} signal @param {() => void} changed called when it has become known later */
  constructor(lab, signal, changed) {
    this.#lab = lab;
    this.#changed = changed;
    const ask = () => this.#ask();
    lab.addEventListener('run', ask, { signal });
    lab.addEventListener('settings', ask, { signal });
    signal.addEventListener('abort', () => this.#asked?.abort());
    ask();
  }

  get value() {
    const trainer = this.#unsolved;
    this.#unsolved = undefined;
    // Pictures may still be asked for when their trainer is disposed of.
    if (trainer && trainer === this.#lab.trainer) this.#value = this.#lab.attempt(() => optimum(trainer));
    return this.#value;
  }

  #ask() {
    const { trainer, data, options } = this.#lab;
    this.#asked?.abort();
    this.#value = this.#unsolved = undefined;
    if (!trainer || !data) return;
    if (options.loss !== 'mse' || data.n * data.d > atOnce) this.#later();
    else this.#unsolved = trainer;
  }

  async #later() {
    const { signal } = (this.#asked = new AbortController());
    const trainer = await analysed(this.#lab, signal);
    if (!trainer || signal.aborted) return;
    this.#value = this.#lab.attempt(() => trainer.optimum);
    this.#changed();
  }
}

/** @param {Trainer} trainer @returns {Trainer['optimum'] | undefined} undefined where the sums overflow */
function optimum(trainer) {
  try {
    return trainer.optimum;
  } catch (error) {
    if (error instanceof LinregError && error.code === 'invalid_data') return undefined;
    throw error;
  }
}
