// Whoever calls the engine: holds it with one trainer, shows that after its events, and gives both up when it traps.

import { LinregError } from '../errors.js';
import { coalesce } from './dom.js';

/** @import { Engine } from '../engine.js' */
/** @import { GivenOptions } from '../options.js' */
/** @import { Trainer } from '../trainer.js' */

/** Events: `failure` (detail: the LinregError after which the engine cannot be used any more), and those of its heirs. */
export class EngineUser extends EventTarget {
  /** @type {Engine | undefined} */ #engine;
  /** @type {Trainer | undefined} */ #trainer;

  get trainer() {
    return this.#trainer;
  }

  /** @param {Engine} engine */
  adopt(engine) {
    this.#trainer = undefined; // an old engine's trainer may sit in a trapped instance
    this.#engine = engine;
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
  emit(type) {
    this.dispatchEvent(new Event(type));
  }
}
