// Calls into one wasm instance. An instance that trapped has undefined memory: it is never used again.

import { LinregError, clip, formatNumber } from './errors.js';

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

function trapped() {
  const message = 'the engine stopped: most likely memory ran out';
  return new LinregError({ code: 'trapped', message, hint: 'load the engine again and use fewer rows' });
}

/**
 * Throws what the core refused; does nothing with undefined.
 * @param {CoreError | undefined} error
 */
export function throwIfRefused(error) {
  if (error === undefined) return;
  const { code, field, range } = error;
  const value = error.value === undefined ? '' : formatNumber(error.value);
  const message = `${field} must be ${range}${value && `, got ${clip(value)}`}`;
  throw new LinregError({ code, field, value, range, message });
}
