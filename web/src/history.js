// What a run leaves behind, as plain lists.

import { fixed } from './printf.js';

/** @import { Trainer as Handle } from './wasm/linreg-simd.mjs' */

/** @param {Handle} handle */
export function readLosses(handle) {
  const losses = handle.losses();
  const epochs = handle.epochs();
  return {
    /** The number, from 1, of the step of each loss. */
    steps: numbers(losses, 1, 1),
    losses: /** @type {Float32Array} */ (losses.values),
    /** The number, from 1, of each finished epoch that is kept. */
    epochs: numbers(epochs, 2, 1),
    /** Steps done when it ended, and the whole data's loss then. */
    epoch_steps: columns(epochs.values, 2, 0, Float64Array),
    epoch_losses: columns(epochs.values, 2, 1, Float32Array),
  };
}

/**
 * The same lists, each copied when it is first asked for: whoever writes into them changes only their own.
 * @template {Record<string, Float32Array | Float64Array>} T
 * @param {T} lists
 * @returns {T}
 */
export function copiedWhenRead(lists) {
  const result = {};
  for (const [name, list] of Object.entries(lists)) {
    const seen = { enumerable: true, configurable: true };
    const keep = (/** @type {unknown} */ value) => {
      Object.defineProperty(result, name, { ...seen, writable: true, value });
      return value;
    };
    Object.defineProperty(result, name, { ...seen, get: () => keep(list.slice()), set: keep });
  }
  return /** @type {T} */ (result);
}

/**
 * The lines that the notebook prints for its epochs.
 * @param {Pick<ReturnType<typeof readLosses>, 'epochs' | 'epoch_losses'>} losses @param {number} [most] the last ones
 */
export function logLines({ epochs, epoch_losses }, most = Infinity) {
  const first = Math.max(0, epochs.length - most);
  return Array.from(
    epochs.subarray(first),
    (epoch, i) => `epoch ${epoch}, loss ${fixed(Number(epoch_losses[first + i]), 6)}`,
  );
}

/** Parameters after each step; step 0 is the initial model. @param {Handle} handle */
export function readPath(handle) {
  const path = handle.path();
  const { values } = path;
  const width = handle.d() + 1;
  return {
    steps: numbers(path, width, 0),
    weight: columns(values, width, 0, Float32Array, width - 1),
    bias: columns(values, width, width - 1, Float32Array),
  };
}

/**
 * The numbers of the rows that are kept: evenly spaced, and the last.
 * @param {{ stride: number, last: number, values: Float32Array | Float64Array }} record @param {number} width of a row
 * @param {0 | 1} first what is counted from
 */
function numbers({ stride, last, values }, width, first) {
  const list = new Float64Array(values.length / width);
  for (let i = 0; i < list.length; ++i) list[i] = first + i * stride;
  if (list.length > 0) list[list.length - 1] = first + last;
  return list;
}

/**
 * Some neighbouring columns of a matrix, row by row. Plain loops: this is read in every frame of a run.
 * @template {Float32Array | Float64Array} T
 * @param {Float32Array | Float64Array} matrix row-major @param {number} width of its rows @param {number} first column
 * @param {new (length: number) => T} List @param {number} [count] of columns
 */
function columns(matrix, width, first, List, count = 1) {
  const rows = matrix.length / width;
  const chosen = new List(rows * count);
  for (let row = 0; row < rows; ++row) {
    for (let j = 0; j < count; ++j) chosen[row * count + j] = /** @type {number} */ (matrix[row * width + first + j]);
  }
  return chosen;
}
