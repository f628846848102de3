// Whoever calls the engine: holds it with one trainer, shows that after its events, and gives both up when it traps.

import { LinregError } from '../errors.js';
import { coalesce, safely } from './frames.js';

/** @import { Engine } from '../engine.js' */
/** @import { GivenOptions } from '../options.js' */
/** @import { Trainer } from '../trainer.js' */

// How long drawing may take in a frame, in milliseconds. It is less where frames come late.
const [leastTime, mostTime] = [2, 12];
const late = 25; // milliseconds after the frame before
const pause = 250; // milliseconds after which that frame says nothing about this one

/** @typedef {'settings' | 'run' | 'progress' | 'pins'} Watched */

/** Events: `failure` (detail: the LinregError after which the engine cannot be used any more), and those of its heirs. */
export class EngineUser extends EventTarget {
  /** @type {Engine | undefined} */ #engine;
  /** @type {Trainer | undefined} */ #trainer;
  /** What is to be shown, that which waits longest first. @type {Map<() => void, { signal: AbortSignal, first: boolean }>} */
  #due = new Map();
  #show = coalesce((inFrame) => this.#showDue(inFrame));
  #shownAt = 0;
  /** Whether this frame began with what is to be shown first. */ #favours = false;
  #time = leastTime; // at first the run can be played, then its views are drawn

  get trainer() {
    return this.#trainer;
  }

  /** @param {Engine} engine */
  adopt(engine) {
    this.#trainer = undefined; // an old engine's trainer may sit in a trapped instance
    this.#engine = engine;
  }

  /** Whether there is an engine that can be asked. */
  get hasEngine() {
    return this.#engine !== undefined;
  }

  /** A trainer for whoever asks to dispose of. @param {GivenOptions} given */
  make(given) {
    return this.attempt(() => this.#engine?.createTrainer(given));
  }

  /** The old trainer goes only when the new one stands. @param {Trainer | undefined} trainer */
  exchange(trainer) {
    const old = this.#trainer;
    this.#trainer = trainer;
    if (old) this.attempt(() => old.dispose());
  }

  /** Gives up its trainer, and what is still to be shown of it. */
  dispose() {
    this.exchange(undefined);
    this.#engine = undefined; // what is still under way makes nothing any more
    this.#due.clear();
  }

  /** What is under way ends: there is no engine any more. */
  halt() {}

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
      this.halt();
      const known = this.#engine === undefined;
      this.#trainer = undefined;
      this.#engine = undefined;
      if (known) return undefined;
      this.dispatchEvent(new CustomEvent('failure', { detail: error }));
      this.emit('progress'); // what was shown is no more, whoever called
      return undefined;
    }
  }

  /**
   * Shows the run after every event of some types, once a frame. A trap met while showing is told of as any other.
   * @param {Watched | Watched[]} types @param {() => void} show @param {AbortSignal} signal
   * @param {{ first?: boolean }} [how] `first`: in every other frame, whatever else waits
   */
  watch(types, show, signal, { first = false } = {}) {
    const ask = () => {
      if (!this.#due.has(show)) this.#due.set(show, { signal, first });
      this.#show();
    };
    for (const type of [types].flat()) this.addEventListener(type, ask, { signal });
  }

  /** Whether nothing that watches waits for its turn. */
  get isShown() {
    return this.#due.size === 0;
  }

  /**
   * Where one frame has no time for all, they take turns: a slow device shows each less often, and stays smooth.
   * @param {boolean} inTurns
   */
  #showDue(inTurns) {
    const start = performance.now();
    const interval = start - this.#shownAt;
    this.#shownAt = start;
    const time = interval > pause ? this.#time : interval > late ? 0.75 * this.#time : this.#time + 1;
    this.#time = Math.min(Math.max(time, leastTime), mostTime);
    this.#favours = !this.#favours;
    const due = [...this.#due];
    if (this.#favours) due.sort(([, a], [, b]) => Number(b.first) - Number(a.first));
    this.#due.clear();
    for (const [i, [show, { signal }]] of due.entries()) {
      if (inTurns && i > 0 && performance.now() - start > this.#time) {
        this.#due = new Map([...due.slice(i), ...this.#due]);
        return this.#show();
      }
      if (!signal.aborted) safely(() => this.attempt(show)); // the view may be gone before its frame comes
    }
  }

  /** @param {string} type */
  emit(type) {
    this.dispatchEvent(new Event(type));
  }
}
