// The module's public face, in browsers and in Node.

import { curvature, leastSquares } from './data_analysis.js';
import { LinregError } from './errors.js';
import { loadWasm } from './load_wasm.js';
import { checkOptions } from './options.js';
import { Trainer } from './trainer.js';
import { Wasm, throwIfRefused } from './wasm_instance.js';

export { LinregError, Trainer };

// What the engine takes and gives, by names that a caller can import.
/** @typedef {import('./analysis.js').Curvature} Curvature */
/** @typedef {import('./analysis.js').LeastSquares} LeastSquares */
/** @typedef {import('./analysis.js').Optimum} Optimum */
/** @typedef {import('./analysis.js').Plane} Plane */
/** @typedef {import('./analysis.js').SurfaceValues} SurfaceValues */
/** @typedef {import('./data/check_data.js').GivenData} GivenData */
/** @typedef {import('./data/check_data.js').NumberList} NumberList */
/** @typedef {import('./data_analysis.js').DescentOptions} DescentOptions */
/** @typedef {import('./data_analysis.js').Rows} Rows */
/** @typedef {import('./errors.js').ErrorCode} ErrorCode */
/** @typedef {import('./errors.js').Text} Text */
/** @typedef {import('./load_wasm.js').LoadOptions} LoadOptions */
/** @typedef {import('./options.js').GivenOptions} GivenOptions */
/** @typedef {import('./options.js').Notice} Notice */
/** @typedef {import('./options.js').OptionName} OptionName */
/** @typedef {import('./options.js').Options} Options */
/** @typedef {import('./slices.js').SliceOptions} SliceOptions */
/** @typedef {import('./trainer.js').Parameters} Parameters */
/** @typedef {import('./trainer.js').Phase} Phase */
/** @typedef {import('./trainer.js').Status} Status */
/** @typedef {import('./trainer.js').TrainingOptions} TrainingOptions */

/** Makes trainers. Loaded once a page; trainers share nothing but the compiled code and its memory. */
export class Engine {
  #wasm;

  /** @param {Wasm} wasm @param {boolean} simd */
  constructor(wasm, simd) {
    this.#wasm = wasm;
    /** Whether the build with SIMD runs. The numbers are the same to the bit either way. */
    this.simd = simd;
  }

  /**
   * A trainer for any subset of the options; the rest is as in the notebook. `data` trains on real data instead of
   * synthetic ones: { features: n * d numbers, labels: n, names: d texts }.
   * Its memory lives outside the garbage collector's reach: call dispose() when done.
   * @param {GivenOptions} [given]
   * @returns {Trainer}
   * @throws {LinregError} invalid_option, invalid_data, out_of_memory
   */
  createTrainer(given = {}) {
    const { options, notices, data } = checkOptions(given);
    const answer = this.#wasm.call((module) => module.create_trainer(options, data));
    throwIfRefused(answer.error);
    return new Trainer(this.#wasm, answer.trainer, { options, notices, data });
  }

  /**
   * The least-squares fit of any data, to the digits that float64 holds, in slices that leave a page alive.
   * @param {Rows & SliceOptions} given { features, labels, d, intercept, names, onProgress, signal }
   * @returns {Promise<LeastSquares>}
   * @throws {LinregError} invalid_data, invalid_option, out_of_memory; the signal's reason when aborted
   */
  async leastSquares(given) {
    return leastSquares(this.#wasm, given);
  }

  /**
   * How a loss of any data curves at its optimum, and what SGD with the options given does there from weights of 0.
   * @param {Rows & SliceOptions & DescentOptions} given as leastSquares, and batch_size, drop_last, loss, reduction, delta
   *   (or beta), optimizer, lr, momentum, nesterov, weight_decay
   * @returns {Promise<Curvature>}
   * @throws {LinregError} as leastSquares
   */
  async curvature(given) {
    return curvature(this.#wasm, given);
  }
}

/**
 * @param {LoadOptions} [options]
 * @returns {Promise<Engine>}
 * @throws {LinregError} load_failed, invalid_option
 */
export async function loadEngine(options = {}) {
  const { module, simd } = await loadWasm(options);
  return new Engine(new Wasm(module), simd);
}
