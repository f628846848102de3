// Calls into one wasm instance. An instance that trapped has undefined memory: it is never used again.

import { LinregError, formatNumber, mustBe } from './errors.js';
import { recognise } from './messages.js';

/** @import { MainModule } from './wasm/linreg-simd.mjs' */
/** @import { ErrorCode } from './errors.js' */

/** An error as the core reports it. @typedef {{ code: ErrorCode, field: string, value?: number, range: string }} CoreError */

export class Wasm {
  /** @type {MainModule | undefined} */
  #module;

  /** @param {MainModule} module */
  constructor(module) {
    this.#module = module;
  }

  /** Whether it still may be called. */
  get alive() {
    return this.#module !== undefined;
  }

  /**
   * @template T
   * @param {(module: MainModule) => T} f
   * @returns {T}
   * @throws {LinregError} trapped
   */
  call(f) {
    if (this.#module === undefined) throw trapped();
    try {
      return f(this.#module);
    } catch (cause) {
      if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
      this.#module = undefined;
      throw trapped();
    }
  }
}

const trapped = () => new LinregError({ code: 'trapped', text: { key: 'error.trapped' } });

/**
 * Throws what the core refused; does nothing with undefined.
 * @param {CoreError | undefined} error
 */
export function throwIfRefused(error) {
  if (error === undefined) return;
  const { code, field, value, range } = error;
  throw mustBe(code, field, recognise(range), value === undefined ? undefined : formatNumber(value));
}
