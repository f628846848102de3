// The English wording of errors and notices. It stands apart from the page's texts, because the engine speaks it
// without a page; every other language has the same keys in its own table (i18n/).

/** @import { Text, TextParameter } from './errors.js' */

/** @type {Readonly<Record<string, string>>} */
export const messages = Object.freeze({
  'error.must_be': '{field} must be {range}, got {value}',
  'error.must': '{field} must be {range}',
  'error.unknown': 'there is no option {field}, only {range}',
  'name.unknown': 'there is no {field}, only {range}',
  'error.unreadable': '{field} must be {range}, but reading it failed',
  'error.disposed': 'this trainer was disposed of',
  'error.trapped': 'the engine stopped: most likely memory ran out',
  'error.load': 'the engine could not be loaded ({cause})',
  'error.file': '{file} could not be read ({cause})',
  'error.module': 'the file is not a module that this host can run ({cause})',
  'error.start': 'the module could not be started ({cause})',
  'error.policy': 'the page’s content security policy forbids WebAssembly',
  'error.host': 'this host has no WebAssembly',

  'hint.invalid_option': 'nothing has changed: give a value that is accepted',
  'hint.invalid_data': 'nothing has changed: correct what is named, or leave out its row',
  'hint.invalid_state': 'see to that first, and then call again',
  'hint.out_of_memory': 'use fewer rows or features, or dispose of trainers that are done with',
  'hint.trapped': 'load the engine again, and use fewer rows if it stops once more',
  'hint.load_failed': 'check the connection and the address of the file, and try again',
  'hint.unknown': 'check the spelling, or leave it out',
  'hint.unreadable': 'copy the values into a plain object first',
  'hint.disposed': 'create a new trainer',
  'hint.fixed': 'create a new trainer for it',
  'hint.policy': "add 'wasm-unsafe-eval' to script-src",
  'hint.host': 'use a current browser',

  'range.options': 'a plain object of options',
  'range.text': 'a string',
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
  'range.data_numbers': 'an array or a typed array of 1 to {max} finite numbers',
  'range.data_names': 'a list of 1 to {max} strings, one a feature',
  'range.data_width': 'n times d = {rows} times {columns} numbers long',
  'range.object': 'a plain object with {names}',
  'range.number': 'a number',
  'range.finite_number': 'a finite number',
  'range.finite_rows': 'a list of a multiple of {d} finite numbers, at most {max}',
  'range.predictable': 'a row whose prediction float64 can hold',
  'range.readable': 'a property that can be read',
  'range.function': 'a function',
  'range.signal': 'an AbortSignal',
  'range.bytes': 'the bytes of the .wasm, an ArrayBuffer or a view of one',
  'range.address': 'a string or a URL',
  'range.other_parameter': 'another parameter than x',
  'range.points': 'a whole number of at least 1, and width times height at most {max}',
  'range.interval': 'a list of two finite numbers, ascending',
  'range.width': 'a whole number from 1 to {max}, the features in a row',
  'range.names_width': 'a list of {d} strings, one a feature',
  'range.fixed': 'as it was when the run began',
  'range.units': "in units whose ratio to the features' is within float64's range",
  'range.float32': 'at most 3.4e38 in size unless standardize is on',
  'range.memory': 'few enough rows for the memory that is left',
  'range.memory_size': 'small enough for the memory that is left',
  'range.in_turn': 'called in its turn; the next part is {part}',
  'range.before_end': 'called before the run is finished; raise epochs or rewind',
  'range.before_divergence': 'called before the run diverges; rewind and lower lr',

  'notice.batch_size_clamped':
    'batch_size {value} is more than there are rows ({n}): every minibatch holds all of them',
  'notice.nothing_trains':
    'batch_size {value} is more than there are rows ({n}), and drop_last drops the only batch: nothing trains',
  'notice.nothing_changes': 'lr {value} is so small that next to nothing will change',
});

/**
 * A sentence in the language of `table`, or in English where that has no words for an error.
 * @param {Readonly<Record<string, string>>} table
 * @param {Text} text
 * @param {(value: number) => string} [formatNumber]
 * @returns {string}
 */
export function say(table, { key, params = {} }, formatNumber = String) {
  const template = table[key] ?? messages[key];
  if (template === undefined) throw new Error(`no text for ${key}`);
  /** @param {TextParameter | undefined} value */
  const fill = (value) => {
    if (typeof value === 'object') return say(table, value, formatNumber);
    return typeof value === 'number' ? formatNumber(value) : String(value);
  };
  return template.replace(/\{(\w+)\}/g, (_, name) => fill(params[name]));
}

/**
 * The sentence whose English wording a text is, for other languages: the core words its ranges as this table does.
 * @param {string} text
 * @returns {Text | string} the text itself where the table has no such sentence
 */
export function recognise(text) {
  for (const [key, template] of Object.entries(messages)) {
    const names = Array.from(template.matchAll(/\{(\w+)\}/g), ([, name]) => String(name));
    const pattern = template.replace(/[.()]/g, '\\$&').replace(/\{\w+\}/g, '(\\S+)');
    const values = new RegExp(`^${pattern}$`).exec(text)?.slice(1);
    if (values) return { key, params: Object.fromEntries(names.map((name, i) => [name, String(values[i])])) };
  }
  return text;
}
