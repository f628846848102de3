// Predictions for rows of the user's own.

import { describe, formatNumber, mustBe } from './errors.js';
import { maxCells } from './limits.js';

const shrink = 2 ** -600; // where sums overflow, they are formed of numbers so much smaller, which costs nothing there

/**
 * @param {{ weight: ArrayLike<number>, bias: number }} model
 * @param {unknown} features k * d finite numbers, row-major
 * @returns {Float64Array} k finite numbers
 * @throws {import('./errors.js').LinregError} invalid_data
 */
export function predict({ weight, bias }, features) {
  const d = weight.length;
  const values = finiteNumbers(features, d);
  return Float64Array.from({ length: values.length / d }, (_, row) => {
    const sum = (/** @type {number} */ scale) => {
      let y = bias * scale;
      for (let j = 0; j < d; ++j) y += Number(weight[j]) * (Number(values[row * d + j]) * scale);
      return y;
    };
    let y = sum(1);
    if (!Number.isFinite(y)) y = sum(shrink) / shrink;
    if (Number.isFinite(y)) return y;
    throw mustBe('invalid_data', `features[${row}]`, { key: 'range.predictable' }, formatNumber(y));
  });
}

/**
 * A copy of k * d finite numbers.
 * @param {unknown} given @param {number} d
 */
function finiteNumbers(given, d) {
  /** @type {unknown[]} */
  let values = [];
  try {
    const list = /** @type {ArrayLike<unknown>} */ (given);
    if (list.length <= maxCells) values = Array.from(list); // a longer one is not walked
  } catch {
    // It cannot be read: there are no values.
  }
  if (values.length === 0 || values.length % d !== 0) {
    const range = { key: 'range.finite_rows', params: { d: String(d) } };
    throw mustBe('invalid_data', 'features', range, `a list of ${values.length}`);
  }
  const bad = values.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
  if (bad < 0) return /** @type {number[]} */ (values);
  const cell = `features[${Math.floor(bad / d)}][${bad % d}]`;
  throw mustBe('invalid_data', cell, { key: 'range.finite_number' }, describe(values[bad]));
}
