// The optimum of the run of now, for the pictures: least squares of small data are solved when they are asked for, all
// else in slices.

import { isKnownAtOnce, optimumOf, whenAnalysed } from './analysed.js';

/** @import { Trainer } from '../../trainer.js' */
/** @import { Lab } from '../lab.js' */

export class KnownOptimum {
  #lab;
  #changed;
  /** @type {AbortController | undefined} */ #asked;
  /** undefined until it is known, and where there is none. @type {Trainer['optimum'] | undefined} */ #value;
  /** Whose optimum is solved when it is first read. @type {Trainer | undefined} */ #unsolved;
  /** The run, and the loss, of which it is. @type {Trainer | undefined} */ #trainer;
  #loss = '';

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
    const { trainer, options } = this.#lab;
    const loss = [options.loss, options.reduction, options.delta].join();
    if (trainer === this.#trainer && loss === this.#loss) return;
    [this.#trainer, this.#loss] = [trainer, loss];
    this.#asked?.abort();
    this.#value = this.#unsolved = undefined;
    if (!trainer) return;
    if (isKnownAtOnce(this.#lab)) {
      this.#unsolved = trainer; // for whoever asks
      return;
    }
    const { signal } = (this.#asked = new AbortController());
    whenAnalysed(this.#lab, signal, (known) => {
      if (!known) return void (this.#loss = ''); // there may be room for it later
      this.#value = known.optimum;
      this.#changed();
    });
  }
}
