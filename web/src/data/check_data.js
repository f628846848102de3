// Checks real data before it is trained on: shapes, sizes, and that every cell is a finite number.

import { describe, formatNumber, mustBe, unreadable } from '../errors.js';
import { maxCells, maxFeatures, maxRows } from '../limits.js';
import { readProperties } from '../properties.js';

/** @import { Text } from '../errors.js' */

/** Numbers as a caller has them: a list, or a typed array of any but BigInts. @typedef {readonly number[] | (ArrayBufferView & ArrayLike<number>)} NumberList */

/**
 * @typedef {object} GivenData real data to train on
 * @property {NumberList} features n * d finite numbers, row-major
 * @property {NumberList} labels n
 * @property {readonly string[] | undefined} [names] of the features, d; left out, there is one feature
 * @property {string | undefined} [label_name]
 */

/**
 * @typedef {object} CheckedData copies, in the engine's layout
 * @property {Float64Array} features n * d, row-major
 * @property {Float64Array} labels n
 * @property {string[]} names d
 * @property {string} label_name
 * @property {boolean} drawn whether these are synthetic data in which something was changed: the run's random numbers
 *   then go on where they had come to with those
 * @property {number} n
 * @property {number} d
 */

const largest = 1e307; // twice this would overflow while the columns are centred
const toldNames = ['features', 'labels', 'names', 'label_name'];
const propertyNames = [...toldNames, 'drawn']; // which only a lab has a use for

/** What real data are. @type {Text} */
export const dataRange = { key: 'range.object', params: { names: toldNames.join(', ') } };

/**
 * @param {unknown} given { features, labels, names?, label_name?, drawn? }: names count the features in a row; without names there is one
 * @returns {CheckedData}
 * @throws {import('../errors.js').LinregError} invalid_data, with the array or the cell: "features[3][1]", rows from 0
 */
export function checkData(given) {
  const rows = readProperties(given, propertyNames, { field: 'data', code: 'invalid_data' });
  const labels = numbers('labels', rows['labels'], maxRows, (i) => `labels[${i}]`);
  const names = checkNames(rows['names']);
  const d = names.length;
  const features = numbers('features', rows['features'], maxCells, (i) => `features[${Math.floor(i / d)}][${i % d}]`);
  const n = labels.length;
  if (features.length !== n * d) {
    const params = { rows: formatNumber(n), columns: formatNumber(d) };
    throw refuse('features', { key: 'range.data_width', params }, formatNumber(features.length));
  }
  const drawn = rows['drawn'] ?? false;
  if (typeof drawn !== 'boolean') throw refuse('drawn', { key: 'range.boolean' }, describe(drawn));
  return { features, labels, names, label_name: checkName('label_name', rows['label_name'] ?? 'y'), drawn, n, d };
}

/** @param {string} field @param {Text} range @param {string} value */
const refuse = (field, range, value) => mustBe('invalid_data', field, range, value);

/**
 * A copy of 1 to max finite numbers.
 * @param {string} field @param {unknown} given @param {number} max
 * @param {(i: number) => string} cell
 */
function numbers(field, given, max, cell) {
  /** @type {Text} */
  const range = { key: 'range.data_numbers', params: { max: formatNumber(max) } };
  const values = copyNumbers(field, given, max, range);
  // A plain array may hold what Float64Array would silently turn into a number, so the values as given are checked.
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (typeof value !== 'number' || !(Math.abs(value) <= largest)) {
      throw refuse(
        cell(i),
        { key: 'range.finite', params: { min: formatNumber(-largest), max: formatNumber(largest) } },
        describe(value),
      );
    }
  }
  return new Float64Array(/** @type {ArrayLike<number>} */ (values));
}

/**
 * @param {string} field @param {unknown} given @param {number} max @param {Text} range
 * @returns {ArrayLike<unknown>}
 */
function copyNumbers(field, given, max, range) {
  let length = -1;
  try {
    const isList = Array.isArray(given) || (ArrayBuffer.isView(given) && !(given instanceof DataView));
    const list = /** @type {ArrayLike<unknown>} */ (given);
    length = isList ? list.length : -1;
    if (length >= 1 && length <= max) return given instanceof Float64Array ? given : Array.from(list);
  } catch {
    throw unreadable('invalid_data', field, range);
  }
  throw refuse(field, range, length < 0 ? describe(given) : `a list of ${length}`);
}

/** @param {unknown} given @returns {string[]} */
function checkNames(given) {
  if (given === undefined) return ['x1'];
  let names;
  try {
    names = Array.isArray(given) && given.length <= maxFeatures ? Array.from(given) : [];
  } catch {
    names = [];
  }
  if (names.length === 0)
    throw refuse('names', { key: 'range.data_names', params: { max: formatNumber(maxFeatures) } }, describe(given));
  return names.map((name, i) => checkName(`names[${i}]`, name));
}

/** @param {string} field @param {unknown} name */
function checkName(field, name) {
  if (typeof name !== 'string') throw refuse(field, { key: 'range.text' }, describe(name));
  return wellFormed(name);
}

/**
 * A text with a mark in the place of every half of a character, as toWellFormed() of newer hosts has it: the core's UTF-8 has
 * no place for a half, and would take the character after it along.
 * @param {string} text
 */
export const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, '\ufffd');
