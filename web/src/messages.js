// The English wording of errors and notices. It stands apart from the page's texts, because the engine speaks it
// without a page; every other language has the same keys in its own table (i18n/).

/** @import { Text, TextParameter } from './errors.js' */

/** @type {Readonly<Record<string, string>>} */
export const messages = Object.freeze({
  'error.must_be': '{field} must be {range}, got {value}',
  'error.unknown': 'there is no option {field}, only {range}',
  'error.unreadable': '{field} must be {range}, but reading it failed',

  'range.options': 'a plain object of options',
  'range.text': 'text',
  'range.finite': 'a finite number from {min} to {max}',
  'range.above': 'a finite number above {min}, at most {max}',
  'range.below_one': 'a number from 0 up to, but not including, 1',
  'range.whole': 'a whole number from {min} to {max}',
  'range.at_least': 'a whole number of at least {min}',
  'range.rows': 'a whole number from {min} to {max}, and n times d at most {cells}',
  'range.boolean': 'true or false',
  'range.one_of': 'one of {names}',
  'range.list': 'a list of {min} to {max} numbers, each {element}',
  'range.nesterov': 'off unless optimizer is sgd and momentum is above 0',
  'range.standardize': 'off unless data is given',
  'range.beta': 'left out when delta is given: it is the same option',
  'range.data': 'an object with features, labels and names',
  'range.data_numbers': 'a Float64Array or an array of 1 to {max} finite numbers',
  'range.data_names': 'a list of 1 to {max} texts, one a feature',
  'range.data_width': 'n times d = {rows} times {columns} numbers long',
  'range.object': 'an object with {names}',
  'range.number': 'a number',
  'range.readable': 'a property that can be read',
  'range.function': 'a function',
  'range.signal': 'an AbortSignal',
  'range.other_parameter': 'another parameter than x',
  'range.points': 'a whole number of at least 1, and width times height at most {max}',
  'range.interval': 'a list of two finite numbers, ascending',
  'range.width': 'a whole number from 1 to {max}, the features in a row',
  'range.names_width': 'a list of {d} texts, one a feature',

  'notice.batch_size_clamped': 'batch_size {value} is more than the {n} rows there are: every batch is all of them',
  'notice.nothing_trains':
    'batch_size {value} is more than the {n} rows there are, and drop_last drops the only batch: nothing trains',
  'notice.nothing_changes': 'lr {value} is so small that nothing will change',
});

/**
 * A sentence in the language of `table`.
 * @param {Readonly<Record<string, string>>} table
 * @param {Text} text
 * @param {(value: number) => string} [formatNumber]
 * @returns {string}
 */
export function say(table, { key, params = {} }, formatNumber = String) {
  const template = table[key];
  if (template === undefined) throw new Error(`no text for ${key}`);
  /** @param {TextParameter | undefined} value */
  const fill = (value) => {
    if (typeof value === 'object') return say(table, value, formatNumber);
    return typeof value === 'number' ? formatNumber(value) : String(value);
  };
  return template.replace(/\{(\w+)\}/g, (_, name) => fill(params[name]));
}
