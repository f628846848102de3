// The one table of options. Controls, the link's hash, attributes, the code listing and the API all read it, so that a
// value is accepted, refused and worded the same wherever it comes from. Names and defaults are the notebook's.

import { describe, describeList, formatNumber, mustBe, oneOf, unknownName, unreadable, wholeFrom } from './errors.js';
import { maxCells, maxFeatures, maxRows } from './limits.js';
import { messages, say } from './messages.js';
import { asObject } from './properties.js';
import { checkData, dataRange } from './data/check_data.js';

/** @import { Text } from './errors.js' */
/** @import { CheckedData, GivenData, NumberList } from './data/check_data.js' */

/** @typedef {number | boolean | string | readonly number[]} OptionValue */

/**
 * @typedef {object} Option
 * @property {OptionName} name
 * @property {'integer' | 'number' | 'numbers' | 'boolean' | 'choice'} kind
 * @property {OptionValue} default
 * @property {Text} range what is accepted
 * @property {readonly string[]} choices the accepted words of a choice, else empty
 * @property {number} [max] the largest number, where there is one
 * @property {boolean} live whether it may change between two steps of a run
 * @property {(value: unknown) => boolean} accepts
 */

/**
 * @typedef {object} Options every option, as trainer.options has them
 * @property {number} seed
 * @property {number[]} true_w
 * @property {number} true_b
 * @property {number} n
 * @property {number} noise
 * @property {number} batch_size
 * @property {boolean} shuffle
 * @property {boolean} drop_last
 * @property {'normal' | 'default' | 'zeros'} init
 * @property {number} init_std
 * @property {'mse' | 'l1' | 'huber' | 'smooth_l1'} loss
 * @property {'mean' | 'sum'} reduction
 * @property {number} delta
 * @property {'sgd' | 'adam'} optimizer
 * @property {number} lr
 * @property {number} momentum
 * @property {boolean} nesterov
 * @property {number} weight_decay
 * @property {number} epochs
 * @property {boolean} standardize
 */

/** @typedef {keyof Options} OptionName */
/** The options that one number, word or flag is. @typedef {Omit<Options, 'true_w'>} SingleOptions */
/**
 * Any of the options, as a caller has them; undefined is as if left out.
 * @typedef {{ [Name in keyof SingleOptions]?: SingleOptions[Name] | undefined } & { true_w?: NumberList | undefined, beta?: number | undefined, data?: GivenData | undefined }} GivenOptions
 */
/** @typedef {{ field: OptionName, text: Text, message: string }} Notice */

const largestInteger = Number.MAX_SAFE_INTEGER;
const largest = 1e30; // float32 ends at 3.4e38; beyond this nothing trains
const unnoticeable = 1e-20; // a smaller lr changes no float32 parameter of the sizes that occur

/** @type {(value: unknown) => value is number} */
const isFinite = (value) => typeof value === 'number' && Math.abs(value) <= largest;

/**
 * @param {OptionName} name
 * @param {Pick<Option, 'kind' | 'default' | 'range' | 'max' | 'accepts'> & { choices?: readonly string[], live?: boolean }} rest
 * @returns {Option}
 */
const option = (name, rest) => Object.freeze({ choices: [], live: false, ...rest, name });

/** @param {OptionName} name @param {number} value @param {number} min @param {number} max @param {object} [more] */
const whole = (name, value, min, max, more = {}) =>
  option(name, {
    kind: 'integer',
    default: value,
    max,
    range: wholeFrom(min, max),
    accepts: (v) => Number.isInteger(v) && Number(v) >= min && Number(v) <= max,
    ...more,
  });

/** @param {OptionName} name @param {number} value @param {number} min @param {object} [more] */
const real = (name, value, min, more = {}) =>
  option(name, {
    kind: 'number',
    default: value,
    max: largest,
    range: { key: 'range.finite', params: { min: formatNumber(min), max: formatNumber(largest) } },
    accepts: (v) => isFinite(v) && v >= min,
    ...more,
  });

/** @param {OptionName} name @param {boolean} value @param {object} [more] */
const flag = (name, value, more = {}) =>
  option(name, {
    kind: 'boolean',
    default: value,
    range: { key: 'range.boolean' },
    accepts: (v) => typeof v === 'boolean',
    ...more,
  });

/** @param {OptionName} name @param {string[]} choices the first is the default @param {object} [more] */
const choice = (name, choices, more = {}) =>
  option(name, {
    kind: 'choice',
    default: choices[0] ?? '',
    choices: Object.freeze(choices),
    range: oneOf(choices),
    accepts: (v) => typeof v === 'string' && choices.includes(v),
    ...more,
  });

const live = { live: true };
const rowsRange = {
  key: 'range.rows',
  params: { min: '1', max: formatNumber(maxRows), cells: formatNumber(maxCells) },
};
const elementRange = { key: 'range.finite', params: { min: formatNumber(-largest), max: formatNumber(largest) } };

/** The table, in the order of the notebook. @type {readonly Option[]} */
export const optionTable = Object.freeze([
  whole('seed', 0, 0, largestInteger),
  option('true_w', {
    kind: 'numbers',
    default: Object.freeze([2, -3.4]),
    range: { key: 'range.list', params: { min: '1', max: formatNumber(maxFeatures), element: elementRange } },
    accepts: (v) => Array.isArray(v) && v.length >= 1 && v.length <= maxFeatures && v.every(isFinite),
  }),
  real('true_b', 4.2, -largest),
  whole('n', 1000, 1, maxRows, { range: rowsRange }),
  real('noise', 0.01, 0),
  flag('standardize', false),
  whole('batch_size', 10, 1, Infinity, { ...live, range: { key: 'range.at_least', params: { min: '1' } } }),
  flag('shuffle', true, live),
  flag('drop_last', false, live),
  choice('init', ['normal', 'default', 'zeros']),
  real('init_std', 0.01, 0),
  choice('loss', ['mse', 'l1', 'huber', 'smooth_l1'], live),
  choice('reduction', ['mean', 'sum'], live),
  real('delta', 1, Number.MIN_VALUE, {
    ...live,
    range: { key: 'range.above', params: { min: '0', max: formatNumber(largest) } },
  }),
  choice('optimizer', ['sgd', 'adam']),
  real('lr', 0.03, 0, live),
  option('momentum', {
    kind: 'number',
    default: 0,
    range: { key: 'range.below_one' },
    accepts: (v) => isFinite(v) && v >= 0 && v < 1,
    ...live,
  }),
  flag('nesterov', false, live),
  real('weight_decay', 0, 0, live),
  whole('epochs', 3, 1, largestInteger, live),
]);

/** @type {Map<string, Option>} */
const byName = new Map(optionTable.map((entry) => [entry.name, entry]));
const aliases = new Map([['beta', 'delta']]);

/** @type {readonly OptionName[]} */
export const optionNames = Object.freeze(optionTable.map(({ name }) => name));

/** @param {string} name @returns {Option | undefined} */
export const findOption = (name) => byName.get(aliases.get(name) ?? name);

/** The notebook's settings. @returns {Options} */
export function defaultOptions() {
  const entries = optionTable.map((entry) => [entry.name, copy(entry.default)]);
  return Object.fromEntries(entries);
}

/** @param {unknown} value */
const copy = (value) => (Array.isArray(value) ? value.slice() : value);

/**
 * The value as text; parseOption reads it back.
 * @param {OptionValue} value
 */
export function formatOption(value) {
  if (Array.isArray(value)) return value.map(formatNumber).join(', ');
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

const booleans = new Map([
  ['true', true],
  ['false', false],
]);
const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** @param {string} text @returns {number} NaN if the text is not a plain finite number */
export function parseNumber(text) {
  const trimmed = text.trim();
  // A pattern on a very long text would cost time for nothing.
  const value = trimmed.length <= 400 && plainNumber.test(trimmed) ? Number(trimmed) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** @param {string} text @returns {number[] | undefined} */
function parseNumbers(text) {
  const inner = text.trim().replace(/^\[([^]*)\]$/, '$1');
  const values = inner.split(',', maxFeatures + 1).map(parseNumber);
  return values.some(Number.isNaN) ? undefined : values;
}

/**
 * Reads a value from text: a control's, an attribute's, the link's. Whether the value is in range is checkOptions'
 * to say; here only what is no value of the option's kind at all is refused.
 * @param {string} name
 * @param {string} text
 * @returns {OptionValue}
 */
export function parseOption(name, text) {
  const entry = findOption(name);
  if (entry === undefined) throw unknownOption(name);
  const value = parseKind(entry.kind, text);
  if (value === undefined || Number.isNaN(value))
    throw mustBe('invalid_option', entry.name, entry.range, describe(text));
  return value;
}

/** @param {Option['kind']} kind @param {string} text */
function parseKind(kind, text) {
  switch (kind) {
    case 'integer':
    case 'number':
      return parseNumber(text);
    case 'numbers':
      return parseNumbers(text);
    case 'boolean':
      return booleans.get(text.trim().toLowerCase());
    case 'choice':
      return text.trim();
  }
}

/**
 * Checks any subset of the options and completes it with a run's own options, or the notebook's defaults.
 * `given.data` is real data: { features, labels, names }; then n is its number of rows.
 * @param {unknown} [given]
 * @param {Options} [run] its data are made: what they are made of, the run itself says is fixed
 * @returns {{ options: Options, notices: Notice[], data?: CheckedData }} values are copies
 * @throws {LinregError} invalid_option or invalid_data, for the first thing that is refused
 */
export function checkOptions(given = {}, run) {
  const base = run ?? defaultOptions();
  const options = { ...base, true_w: [...base.true_w] };
  const { data: givenData, ...rest } = readGiven(given);
  for (const entry of optionTable) {
    if (!Object.hasOwn(rest, entry.name)) continue;
    Object.assign(options, { [entry.name]: checkValue(entry, rest[entry.name]) });
  }
  const data = givenData === undefined ? undefined : checkData(givenData);
  // What describes synthetic data means nothing beside real data, so it cannot be in the way either.
  if (data) Object.assign(options, { n: data.n, true_w: defaultOptions().true_w });
  checkTogether(options, data === undefined && run === undefined);
  return { options, notices: clampBatch(options).concat(noticeLr(options)), ...(data && { data }) };
}

/** The steps of a run, from its beginning to its end. @param {Options} options */
export const stepsOf = ({ n, batch_size, epochs, drop_last }) =>
  epochs * (drop_last ? Math.floor(n / batch_size) : Math.ceil(n / batch_size));

/**
 * The given names with their values, each read once.
 * @param {unknown} given
 * @returns {Record<string, unknown>}
 */
function readGiven(given) {
  /** @type {Record<string, unknown>} */
  const values = Object.create(null);
  const plain = asObject(given);
  if (!plain) throw mustBe('invalid_option', 'options', { key: 'range.options' }, describe(given));
  for (const key of plain.keys) {
    const entry = typeof key === 'string' ? findOption(key) : undefined;
    if (entry === undefined && key !== 'data') throw unknownOption(String(key));
    const name = entry === undefined ? 'data' : entry.name;
    const value = read(plain.object, String(key), entry?.range ?? dataRange);
    if (value === undefined) continue;
    if (name in values) throw mustBe('invalid_option', 'beta', { key: 'range.beta' }, describe(value));
    values[name] = value;
  }
  return values;
}

/**
 * One property of an object that is not ours: a getter or a proxy may throw.
 * @param {object} object @param {string} key @param {Text} range
 * @returns {unknown}
 */
function read(object, key, range) {
  try {
    const value = Reflect.get(object, key);
    // A list is copied at once, for the same reason: what is checked is what is used.
    return Array.isArray(value) ? copyList(value) : ArrayBuffer.isView(value) ? copyView(value) : value;
  } catch {
    throw unreadable(key === 'data' ? 'invalid_data' : 'invalid_option', key, range);
  }
}

/** Holes become undefined, and a list that is too long anyway is not walked. @param {unknown[]} list */
const copyList = (list) => Array.from({ length: Math.min(list.length, maxFeatures + 1) }, (_, i) => list[i]);

/** @param {ArrayBufferView} view */
const copyView = (view) =>
  view instanceof DataView ? view : Array.from(/** @type {any} */ (view).subarray(0, maxFeatures + 1));

/** @param {Option} entry @param {unknown} value */
function checkValue(entry, value) {
  if (entry.accepts(value)) return Array.isArray(value) ? value.map(positiveZero) : positiveZero(value);
  const got = Array.isArray(value) ? describeNumbers(entry, value) : describe(value);
  throw mustBe('invalid_option', entry.name, entry.range, got);
}

/** -0 and 0 train alike but would be two links. @param {unknown} value */
const positiveZero = (value) => (value === 0 ? 0 : value);

/** The first bad element, or the list. @param {Option} entry @param {unknown[]} list */
function describeNumbers({ kind, name }, list) {
  const bad = kind === 'numbers' ? list.findIndex((element) => !isFinite(element)) : -1;
  return bad >= 0 ? `${name}[${bad}] = ${describe(list[bad])}` : describeList(list);
}

/**
 * What no single value can tell.
 * @param {Options} options @param {boolean} isMade whether synthetic data are to be made of them
 */
function checkTogether(options, isMade) {
  if (isMade && options.n * options.true_w.length > maxCells) throw refuse(options, 'n');
  if (isMade && options.standardize) throw refuse(options, 'standardize', 'range.standardize');
  if (options.nesterov && !(options.momentum > 0 && options.optimizer === 'sgd'))
    throw refuse(options, 'nesterov', 'range.nesterov');
}

/** @param {Options} options @param {OptionName} name @param {string} [range] */
function refuse(options, name, range) {
  return mustBe('invalid_option', name, range ? { key: range } : rowsRange, describe(options[name]));
}

/**
 * A batch of more rows than there are is a batch of all of them, unless drop_last drops it.
 * @param {Options} options its batch_size is changed
 * @returns {Notice[]}
 */
function clampBatch(options) {
  const { batch_size, n, drop_last } = options;
  if (batch_size <= n) return [];
  const key = drop_last ? 'notice.nothing_trains' : 'notice.batch_size_clamped';
  if (!drop_last) options.batch_size = n;
  return [notice('batch_size', { key, params: { value: formatNumber(batch_size), n: formatNumber(n) } })];
}

/** @param {Options} options @returns {Notice[]} */
function noticeLr({ lr }) {
  return lr < unnoticeable
    ? [notice('lr', { key: 'notice.nothing_changes', params: { value: formatNumber(lr) } })]
    : [];
}

/** @param {OptionName} field @param {Text} text @returns {Notice} */
const notice = (field, text) => ({ field, text, message: say(messages, text) });

/** @param {string} name */
const unknownOption = (name) => unknownName('invalid_option', name, optionNames, 'error.unknown');
