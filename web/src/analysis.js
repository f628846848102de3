// What training approaches: least squares, the optimum of the loss, its curvature and its surface, as plain values.

import { describe, describeList, formatNumber, mustBe, oneOf, wholeFrom } from './errors.js';
import { readProperties } from './properties.js';
import { throwIfRefused } from './wasm_instance.js';

/** @import { Analysis as Handle, Surface } from './wasm/linreg-simd.mjs' */
/** @import { Options } from './options.js' */
/** @import { Wasm } from './wasm_instance.js' */

/** @typedef {{ weight: ArrayLike<number>, bias: number }} Model */

/**
 * @typedef {object} LeastSquares y = features weight + bias with the least sum of squares. Where columns are dependent, as
 *   far as float64 can tell, many weights have it, and the solution is that of minimum norm: the weights whose own sum of
 *   squares is least, as NumPy's lstsq gives for centred columns. The bias does not count; with gradient descent from zero it
 *   does, which so ends at other weights of the same loss unless the columns have mean 0.
 * @property {Float64Array} weight d
 * @property {number} bias
 * @property {(number | null)[] | null} weight_se standard errors; null without degrees of freedom, and for a constant column
 * @property {number | null} bias_se
 * @property {number} rank of the features with the intercept
 * @property {string[]} dependent names of columns that constant or earlier ones already explain
 * @property {boolean} unique whether there are none
 * @property {'unique' | 'minimum norm'} solution which one it is: the only one, or of many that of minimum norm
 * @property {number | null} r2 null where the labels are constant and without degrees of freedom
 * @property {number | null} residual_std
 * @property {number} condition of the centred, normalised, independent columns; an upper bound
 * @property {boolean} ill_conditioned above 1e8
 */

/**
 * @typedef {object} Optimum the weights with the least loss, solved in float64, without weight decay. Huber, SmoothL1 and
 *   L1 have no standard errors, r2 and residual_std here: those are null.
 * @property {Float64Array} weight in the units that training sees
 * @property {number} bias
 * @property {number} loss of all data there, reduced as the options say: no weights have less
 * @property {{ weight: Float64Array, bias: number, weight_se: (number | null)[] | null, bias_se: number | null }} coefficients
 *   in the data's own units
 * @property {number} rank
 * @property {string[]} dependent
 * @property {boolean} unique
 * @property {'unique' | 'minimum norm'} solution as in LeastSquares
 * @property {number | null} r2
 * @property {number | null} residual_std in the data's own units
 * @property {number} condition
 * @property {boolean} ill_conditioned
 * @property {number | null} expected_loss what `loss` is on average over synthetic data with this noise; null for real data
 * @property {number | null} noise_loss what the loss of the true weights is on average over such data, sigma^2 for MSE: somewhat
 *   above expected_loss, as nothing was fitted; null likewise
 */

/**
 * @typedef {object} Curvature of the training loss at the optimum, over the parameters (weights, then bias), and what
 *   follows from it for SGD with the options of now. L1 is flat almost everywhere, and Adam has no such rates: null.
 * @property {Float64Array} eigenvalues of the Hessian, ascending
 * @property {Float64Array} directions as many rows of as many numbers; row i is the direction of eigenvalue i
 * @property {number | null} condition largest over smallest eigenvalue; null where a direction is flat
 * @property {number | null} largest_stable_lr full-batch descent converges to the optimum below it, and above it diverges:
 *   with MSE until the numbers overflow; with Huber and SmoothL1, whose gradients have a bound, until it bounces to and fro
 *   at a distance from the optimum
 * @property {number | null} mean_square_stable_lr below it, descent on minibatches drawn independently of each other converges
 *   in mean square to a region around the optimum; sufficient, not sharp. Shuffled epochs come close to that, but with
 *   momentum and few minibatches an epoch may diverge a little below it; for rows in a fixed order it does not hold
 * @property {number | null} predicted_epochs from the initial model until the loss is within 1% of the optimum's and stays
 *   there, without the scatter of minibatches; where float32 cannot tell the optimum's loss from 0, until it is within 1% of
 *   the loss at the start; null where that never happens
 * @property {number | null} excess how far above the optimum's the loss stays at this lr, as a share; MSE only
 */

/** @typedef {{ x: number, y: number, width: number, height: number, ranges: { x: [number, number], y: [number, number] } }} Plane */
/** @typedef {Plane & { at: 'optimum' | 'now' }} CheckedPlane */
/** @typedef {{ values: Float64Array, x: number, y: number, ranges: Plane['ranges'] }} SurfaceValues */

const turnFlops = 1e6; // well under a millisecond: the clock is read after each
const mostPoints = 2 ** 20;

/** One data set's answers, each computed when it is first asked for. The owner of its handle. */
export class Analysis {
  #wasm;
  #handle;
  #names;
  /** @type {Map<string, { key: string, value: any }>} */
  #last = new Map();

  /** @param {Wasm} wasm @param {Handle} handle @param {string[]} names of the features */
  constructor(wasm, handle, names) {
    this.#wasm = wasm;
    this.#handle = handle;
    this.#names = names;
  }

  // Each does a little of what the answers need and returns whether that is done.

  workOnFit() {
    return this.#wasm.call(() => this.#handle.run_fit(turnFlops));
  }
  /** @param {Options} options */
  work(options) {
    return this.#wasm.call(() => this.#handle.run(options, turnFlops));
  }
  progress() {
    return this.#wasm.call(() => this.#handle.progress());
  }
  /** Frees what is half done. */
  stop() {
    if (this.#wasm.alive) this.#wasm.call(() => this.#handle.stop());
  }

  /** @returns {LeastSquares} */
  leastSquares() {
    while (!this.workOnFit());
    return this.#fit();
  }

  /** @param {Options} options @param {boolean} synthetic @returns {Optimum} */
  optimum(options, synthetic) {
    const { loss, reduction, delta, noise, n } = options;
    return this.#answer('optimum', { loss, reduction, delta }, () => {
      this.#finish(options);
      const { weight, bias, own, mean_loss } = this.#handle.optimum();
      const { weight_se, bias_se, r2, residual_std, ...rest } = this.#fit();
      const squares = loss === 'mse';
      return {
        ...rest,
        weight,
        bias,
        loss: reduction === 'mean' ? mean_loss : mean_loss * n,
        coefficients: { ...own, weight_se: squares ? weight_se : null, bias_se: squares ? bias_se : null },
        r2: squares ? r2 : null,
        residual_std: squares ? residual_std : null,
        expected_loss: synthetic ? this.#handle.expected_loss(options, noise) : null,
        noise_loss: synthetic ? this.#handle.noise_loss(options, noise) : null,
      };
    });
  }

  /** @param {Options} options @param {Model} start @returns {Curvature} */
  curvature(options, start) {
    const { seed, true_w, true_b, noise, standardize, init, init_std, epochs, shuffle, ...matter } = options;
    return this.#answer('curvature', matter, () => {
      this.#finish(options);
      return this.#handle.curvature(options, start);
    });
  }

  /**
   * Work on a surface, for finishSurface or in slices. Call dispose when done with it.
   * @param {Options} options @param {CheckedPlane} plane @param {Model} at what is held
   */
  surface(options, { x, y, width, height, ranges }, at) {
    const [x_min, x_max] = ranges.x;
    const [y_min, y_max] = ranges.y;
    const grid = { x, y, width, height, x_min, x_max, y_min, y_max };
    while (!this.workOnFit());
    const handle = this.#wasm.call(() => {
      this.#throwIfFailed();
      return this.#handle.surface(options, grid, at);
    });
    return new SurfaceWork(this.#wasm, handle);
  }

  dispose() {
    if (this.#wasm.alive) this.#wasm.call(() => this.#handle.delete());
  }

  /** @param {Options} options */
  #finish(options) {
    while (!this.work(options));
    this.#throwIfFailed();
  }

  #throwIfFailed() {
    throwIfRefused(this.#handle.error());
  }

  /** @returns {LeastSquares} */
  #fit() {
    return this.#wasm.call(() => {
      this.#throwIfFailed();
      const { dependent, weight_se, n, ...rest } = this.#handle.fit();
      return {
        ...rest,
        solution: rest.unique ? 'unique' : 'minimum norm',
        dependent: Array.from(dependent, (column) => this.#names[column]),
        weight_se: n > rest.rank ? weight_se : null,
      };
    });
  }

  /**
   * A copy of what `compute` gave when it was last called for the same key.
   * @template T @param {string} name @param {object} matters @param {() => T} compute
   * @returns {T}
   */
  #answer(name, matters, compute) {
    const key = JSON.stringify(matters);
    let last = this.#last.get(name);
    if (last?.key !== key) {
      last = { key, value: this.#wasm.call(compute) };
      this.#last.set(name, last);
    }
    return structuredClone(last.value);
  }
}

/** A surface on its way. */
class SurfaceWork {
  #wasm;
  #handle;

  /** @param {Wasm} wasm @param {Surface} handle */
  constructor(wasm, handle) {
    this.#wasm = wasm;
    this.#handle = handle;
  }
  work() {
    return this.#wasm.call(() => this.#handle.run(turnFlops));
  }
  progress() {
    return this.#wasm.call(() => this.#handle.progress());
  }
  /** When done. @returns {Float64Array} */
  values() {
    const { values, error } = this.#wasm.call(() => this.#handle.take());
    throwIfRefused(error);
    return values;
  }
  dispose() {
    if (this.#wasm.alive) this.#wasm.call(() => this.#handle.delete());
  }
}

/**
 * A plane of two parameters, checked. Parameter j is weight j, parameter d the bias.
 * @param {unknown} given { x, y, width, height, ranges: { x: [from, to], y: [from, to] }, at }
 * @param {number} d
 * @returns {CheckedPlane} a copy
 * @throws {import('./errors.js').LinregError} invalid_option
 */
export function checkPlane(given, d) {
  const {
    x,
    y,
    width = 64,
    height = 64,
    ranges,
    at = 'optimum',
  } = readProperties(given, ['x', 'y', 'width', 'height', 'ranges', 'at']);
  const plane = {
    x: checkWhole('x', x, 0, d),
    y: checkWhole('y', y, 0, d),
    width: checkWhole('width', width, 1, mostPoints),
    height: checkWhole('height', height, 1, mostPoints),
  };
  if (plane.x === plane.y) throw refuse('y', { key: 'range.other_parameter' }, y);
  if (plane.width * plane.height > mostPoints)
    throw refuse('height', { key: 'range.points', params: { max: formatNumber(mostPoints) } }, height);
  if (at !== 'optimum' && at !== 'now') throw refuse('at', oneOf(['optimum', 'now']), at);
  const ends = readProperties(ranges, ['x', 'y'], { field: 'ranges' });
  return { ...plane, at, ranges: { x: checkEnds('ranges.x', ends.x), y: checkEnds('ranges.y', ends.y) } };
}

/** @param {string} field @param {unknown} value @param {number} min @param {number} max */
function checkWhole(field, value, min, max) {
  if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) return Number(value);
  throw refuse(field, wholeFrom(min, max), value);
}

/** @param {string} field @param {unknown} given @returns {[number, number]} */
function checkEnds(field, given) {
  /** @type {unknown[]} */
  let ends = [];
  try {
    if (Array.isArray(given) && given.length === 2) ends = Array.from(given);
  } catch {
    // It cannot be read: there are no ends.
  }
  const [from, to] = ends;
  if (Number.isFinite(from) && Number.isFinite(to) && Number(from) <= Number(to)) return [Number(from), Number(to)];
  const value = ends.length < 2 ? describe(given) : describeList(ends);
  throw mustBe('invalid_option', field, { key: 'range.interval' }, value);
}

/** @param {string} field @param {import('./errors.js').Text} range @param {unknown} value */
const refuse = (field, range, value) => mustBe('invalid_option', field, range, describe(value));
