// The optimum of the run of now, for the pictures: least squares of small data are solved when they are asked for, all
// else in slices.

import { isKnownAtOnce, optimumOf, whenAnalysed } from './views/analysed.js';

/** @import { Trainer } from '../trainer.js' */
/** @import { Lab } from './lab.js' */

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
    if (trainer && trainer === this.#lab.trainer) this.#value = this.#lab.attempt(() => optimumOf(trainer));
    return this.#value;
  }

  #ask() {
    const { trainer } = this.#lab;
    this.#asked?.abort();
    this.#value = this.#unsolved = undefined;
    if (!trainer) return;
    if (isKnownAtOnce(this.#lab)) {
      this.#unsolved = trainer; // for whoever asks
      return;
    }
    const { signal } = (this.#asked = new AbortController());
    whenAnalysed(this.#lab, signal, (known) => {
      if (!known) return;
      this.#value = known.optimum;
      this.#changed();
    });
  }
}
