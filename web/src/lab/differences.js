// What tells two runs apart: their settings, and what else was done to them.

import { syntheticNames } from '../data/source_options.js';
import { formatOption, optionTable } from '../options.js';

/** @import { OptionName, Options } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */
/** @import { Alteration } from './alterations.js' */

/**
 * The settings in which one run differs from another, as text. What synthetic data are made of says nothing of other data.
 * @param {{ options: Options, base: NamedSource }} pin @param {{ options: Options, base: NamedSource }} now
 * @returns {{ name: OptionName | 'data', then: string, now: string }[]}
 */
export function differences(pin, now) {
  /** @type {{ name: OptionName | 'data', then: string, now: string }[]} */
  const found = pin.base === now.base ? [] : [{ name: 'data', then: pin.base, now: now.base }];
  const areSynthetic = pin.base === 'synthetic' && now.base === 'synthetic';
  for (const { name } of optionTable) {
    if (syntheticNames.has(name) && !areSynthetic) continue;
    const [before, after] = [formatOption(pin.options[name]), formatOption(now.options[name])];
    if (before !== after) found.push({ name, then: before, now: after });
  }
  return found;
}

/**
 * Whether two runs have the same rows, but for labels that were moved.
 * @param {{ options: Options, base: NamedSource }} pin @param {{ options: Options, base: NamedSource }} now
 */
export function haveSameRows(pin, now) {
  const isOfRows = (/** @type {string} */ name) => name === 'data' || name === 'seed' || syntheticNames.has(name);
  return !differences(pin, now).some(({ name }) => isOfRows(name) && (name !== 'seed' || now.base === 'synthetic'));
}

/** Those alterations that are not among others. @param {readonly Alteration[]} alterations @param {readonly Alteration[]} others */
export const lacking = (alterations, others) =>
  alterations.filter((a) => !others.some((b) => a.name === b.name && a.from === b.from && a.value === b.value));
