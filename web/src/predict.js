// Predictions for rows of the user's own.

import { describe, formatNumber, mustBe, unreadable } from './errors.js';
import { maxCells } from './limits.js';

const shrink = 2 ** -600; // where sums overflow, they are formed of numbers so much smaller, which costs nothing there

/**
 * @param {{ weight: ArrayLike<number>, bias: number }} model
 * @param {unknown} features k * d finite numbers, row-major, at most 2^24
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
  const values = copyRows(given, d);
  const bad = values.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
  if (bad < 0) return /** @type {number[]} */ (values);
  const cell = `features[${Math.floor(bad / d)}][${bad % d}]`;
  throw mustBe('invalid_data', cell, { key: 'range.finite_number' }, describe(values[bad]));
}

/** @param {unknown} given @param {number} d @returns {unknown[]} k * d of whatever they are */
function copyRows(given, d) {
  const range = { key: 'range.finite_rows', params: { d: String(d), max: formatNumber(maxCells) } };
  let length;
  try {
    length = lengthOf(given);
    // A longer one is not walked.
    if (length !== undefined && length > 0 && length <= maxCells && length % d === 0)
      return Array.from(/** @type {ArrayLike<unknown>} */ (given));
  } catch {
    throw unreadable('invalid_data', 'features', range);
  }
  throw mustBe('invalid_data', 'features', range, length === undefined ? describe(given) : `a list of ${length}`);
}

/** Of a list, or of what is like one. @param {unknown} given */
function lengthOf(given) {
  const length = typeof given === 'object' && given !== null ? Reflect.get(given, 'length') : undefined;
  return typeof length === 'number' ? length : undefined;
}
