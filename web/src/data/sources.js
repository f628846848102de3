// Where the training data come from: the notebook's synthetic data, a bundled real data set, or a small made one.

import cars from './cars.json' with { type: 'json' };
import { findMade, makeRows } from './made.js';

/** @import { MadeSource } from './made.js' */

/**
 * @typedef {object} RealData
 * @property {Float64Array} features n * d, row-major
 * @property {Float64Array} labels n
 * @property {string[]} names d
 * @property {string} label_name
 * @property {number} rows rows of the source
 * @property {number} dropped how many of them miss a value and were left out
 * @property {[row: number, to: number, from: number][]} [moved] labels that the reader has moved
 */

/** What a link can name. @typedef {'synthetic' | 'cars' | MadeSource} NamedSource */
/** `edited`: the reader has moved labels; only the lab has those data. @typedef {NamedSource | 'edited'} Source */

/** @type {readonly NamedSource[]} */
export const sources = Object.freeze(['synthetic', 'cars', 'valley', 'outliers', 'sorted']);

/**
 * @param {NamedSource} source
 * @returns {RealData | undefined} undefined for synthetic data
 */
export function realData(source) {
  if (source === 'synthetic') return undefined;
  const small = findMade(source);
  if (small) return makeRows(small);
  return { ...cars, features: Float64Array.from(cars.features), labels: Float64Array.from(cars.labels) };
}
