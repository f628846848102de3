// Least squares and curvature of data of the caller's own, without a trainer: copied, solved in slices, freed.

import { Analysis } from './analysis.js';
import { LinregError, describe, formatNumber, mustBe, unreadable } from './errors.js';
import { maxCells, maxFeatures, maxRows } from './limits.js';
import { checkOptions } from './options.js';
import { wellFormed } from './data/check_data.js';
import { readProperties } from './properties.js';
import { checkSliceOptions, inSlices } from './slices.js';
import { throwIfRefused } from './wasm_instance.js';

/** @import { Curvature, LeastSquares } from './analysis.js' */
/** @import { NumberList } from './data/check_data.js' */
/** @import { GivenOptions } from './options.js' */
/** @import { SliceOptions } from './slices.js' */
/** @import { Wasm } from './wasm_instance.js' */

/**
 * @typedef {object} Rows n rows, which must not change before the promise is settled
 * @property {NumberList} features n * d finite numbers, row-major
 * @property {NumberList} labels n
 * @property {number} d features in a row
 * @property {boolean | undefined} [intercept] true if left out
 * @property {readonly string[] | undefined} [names] of the features, d; else x1 ... xd
 */
/** @typedef {{ features: ArrayLike<number>, labels: ArrayLike<number>, d: number, intercept: boolean, names: string[], n: number }} CheckedRows */

const rowNames = ['features', 'labels', 'd', 'intercept', 'names'];
const sliceNames = ['onProgress', 'signal'];
const descentNames = /** @type {const} */ (['batch_size', 'drop_last', 'loss', 'reduction', 'delta', 'beta', 'optimizer', 'lr', 'momentum', 'nesterov', 'weight_decay']); // prettier-ignore
/** @typedef {Pick<GivenOptions, typeof descentNames[number]>} DescentOptions what of the options matters to curvature */
const sliceCells = 2 ** 15;
const copyShare = 0.1; // of the progress

/**
 * @param {Wasm} wasm @param {Rows & SliceOptions} given
 * @returns {Promise<LeastSquares>}
 */
export async function leastSquares(wasm, given) {
  const values = readProperties(given, [...rowNames, ...sliceNames]);
  const rows = checkRows(values);
  const slices = checkSliceOptions(values);
  return analysed(wasm, rows, slices, (analysis) => analysis.workOnFit(), (analysis) => analysis.leastSquares()); // prettier-ignore
}

/**
 * @param {Wasm} wasm @param {Rows & SliceOptions & DescentOptions} given
 * @returns {Promise<Curvature>}
 */
export async function curvature(wasm, given) {
  const values = readProperties(given, [...rowNames, ...sliceNames, ...descentNames]);
  const rows = checkRows(values);
  const slices = checkSliceOptions(values);
  const descent = Object.fromEntries(descentNames.map((name) => [name, values[name]]));
  const { options } = checkOptions({ ...descent, n: rows.n });
  const start = { weight: new Float64Array(rows.d), bias: 0 };
  return analysed(wasm, rows, slices, (analysis) => analysis.work(options), (analysis) => analysis.curvature(options, start)); // prettier-ignore
}

/**
 * @template T
 * @param {Wasm} wasm @param {CheckedRows} rows @param {SliceOptions} slices
 * @param {(analysis: Analysis) => boolean} work @param {(analysis: Analysis) => T} answer
 * @returns {Promise<T>}
 */
async function analysed(wasm, rows, { onProgress, signal }, work, answer) {
  const { n, d } = rows;
  const { dataset, error } = wasm.call((module) => module.reserve_dataset(n, d));
  throwIfRefused(error);
  let analysis;
  try {
    const count = Math.max(1, Math.floor(sliceCells / d));
    let first = 0;
    const copy = () => {
      const last = Math.min(n, first + count);
      const features = copied(
        'features',
        rows.features,
        first * d,
        last * d,
        (i) => `[${Math.floor(i / d)}][${i % d}]`,
      );
      const labels = copied('labels', rows.labels, first, last, (i) => `[${i}]`);
      throwIfRefused(wasm.call(() => dataset.append(features, labels)));
      first = last;
      return first === n;
    };
    const report = onProgress ?? (() => {});
    await inSlices(copy, () => first / n, { onProgress: (progress) => report(progress * copyShare), signal });
    analysis = new Analysis(wasm, wasm.call((module) => module.analysis_of_dataset(dataset, rows.intercept)), rows.names); // prettier-ignore
    const solving = analysis;
    await inSlices(
      () => work(solving),
      () => solving.progress(),
      {
        onProgress: (progress) => report(copyShare + progress * (1 - copyShare)),
        signal,
      },
    );
    return answer(solving);
  } finally {
    analysis?.dispose();
    if (wasm.alive) wasm.call(() => dataset.delete());
  }
}

/**
 * Numbers first ... last - 1. Those of a Float64Array are checked by the core; a list may hold anything.
 * @param {'features' | 'labels'} field @param {ArrayLike<unknown>} list @param {number} first @param {number} last
 * @param {(i: number) => string} cell
 * @returns {Float64Array}
 */
function copied(field, list, first, last, cell) {
  try {
    if (list instanceof Float64Array) return list.subarray(first, last);
    return Float64Array.from({ length: last - first }, (_, k) => number(list[first + k], field + cell(first + k)));
  } catch (error) {
    if (error instanceof LinregError) throw error;
    throw unreadable('invalid_data', field, { key: 'range.data_numbers', params: { max: formatNumber(maxCells) } });
  }
}

/** @param {unknown} value @param {string} field */
function number(value, field) {
  if (typeof value === 'number') return value;
  throw mustBe('invalid_data', field, { key: 'range.number' }, describe(value));
}

/** @param {Record<string, unknown>} given @returns {CheckedRows} */
function checkRows({ features, labels, d, intercept = true, names }) {
  if (!(Number.isInteger(d) && Number(d) >= 1 && Number(d) <= maxFeatures))
    throw mustBe('invalid_data', 'd', { key: 'range.width', params: { max: formatNumber(maxFeatures) } }, describe(d));
  const width = Number(d);
  const n = listLength('labels', labels, maxRows);
  const cells = listLength('features', features, maxCells);
  if (cells !== n * width) {
    const params = { rows: formatNumber(n), columns: formatNumber(width) };
    throw mustBe('invalid_data', 'features', { key: 'range.data_width', params }, formatNumber(cells));
  }
  if (typeof intercept !== 'boolean')
    throw mustBe('invalid_data', 'intercept', { key: 'range.boolean' }, describe(intercept));
  return {
    features: /** @type {ArrayLike<number>} */ (features),
    labels: /** @type {ArrayLike<number>} */ (labels),
    d: width,
    n,
    intercept,
    names: checkNames(names, width),
  };
}

/** @param {string} field @param {unknown} given @param {number} max */
function listLength(field, given, max) {
  let length = -1;
  try {
    const isList = Array.isArray(given) || (ArrayBuffer.isView(given) && !(given instanceof DataView));
    if (isList) length = /** @type {ArrayLike<unknown>} */ (given).length;
  } catch {
    // It cannot be read: it has no length.
  }
  if (length >= 1 && length <= max) return length;
  const range = { key: 'range.data_numbers', params: { max: formatNumber(max) } };
  throw mustBe('invalid_data', field, range, length < 0 ? describe(given) : `a list of ${length}`);
}

/** @param {unknown} given @param {number} d @returns {string[]} */
function checkNames(given, d) {
  if (given === undefined) return Array.from({ length: d }, (_, j) => `x${j + 1}`);
  /** @type {unknown[]} */
  let names = [];
  try {
    if (Array.isArray(given) && given.length === d) names = Array.from(given);
  } catch {
    // They cannot be read: there are none.
  }
  if (names.length !== d)
    throw mustBe(
      'invalid_data',
      'names',
      { key: 'range.names_width', params: { d: formatNumber(d) } },
      describe(given),
    );
  return names.map((name, j) => {
    if (typeof name !== 'string') throw mustBe('invalid_data', `names[${j}]`, { key: 'range.text' }, describe(name));
    return wellFormed(name);
  });
}
