// What of a run's options depends on where its data come from.

import { checkOptions, defaultOptions } from '../options.js';
import { realData } from './sources.js';

/** @import { GivenOptions, Options } from '../options.js' */
/** @import { NamedSource, RealData } from './sources.js' */

/** The options of which synthetic data are made. @type {ReadonlySet<string>} */
export const syntheticNames = new Set(['true_w', 'true_b', 'n', 'noise']);

/**
 * The defaults of a data source: the cars' columns are standardized.
 * @param {NamedSource} source
 * @returns {Options}
 */
export function sourceDefaults(source) {
  return { ...defaultOptions(), standardize: source === 'cars' };
}

/**
 * All options of a run on a source's data, checked.
 * @param {NamedSource} source @param {GivenOptions} options
 * @throws {import('../errors.js').LinregError}
 */
export function completeOptions(source, options) {
  const data = realData(source);
  const { standardize } = sourceDefaults(source);
  return checkOptions({ standardize, ...options, ...(data && { data: pickData(data) }) });
}

/**
 * What the engine takes of a real data set.
 * @param {RealData} data
 */
export function pickData({ features, labels, names, label_name }) {
  return { features, labels, names, label_name };
}
