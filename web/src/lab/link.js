// The link: a run's settings, and the step it is at, in the URL's hash. Only what differs from the defaults is written,
// and always the seed. A number that is too large becomes the largest there may be, where there is one; whatever else
// cannot be used, a list with a bad number in it too, is replaced by its default. One notice names both.

import { clip } from '../errors.js';
import {
  defaultOptions,
  findOption,
  formatOption,
  optionTable,
  parseNumber,
  parseOption,
  stepsOf,
} from '../options.js';
import { completeOptions, sourceDefaults, syntheticNames } from '../data/source_options.js';
import { sources } from '../data/sources.js';
import { findLanguage } from '../i18n/index.js';
import { maxCells } from '../limits.js';
import { randomSeed } from './random_seed.js';

/** @import { OptionName, Options, OptionValue } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */
/** @import { Language, Translate } from '../i18n/index.js' */

/**
 * @typedef {object} Link
 * @property {Partial<Options>} options those the link gives, as a run has them
 * @property {Partial<Options>} asked the same as they were asked for: few rows cut a minibatch only while they are few
 * @property {Options} complete every option of the run, but for a seed that is to be chosen
 * @property {NamedSource} source
 * @property {number} step
 * @property {Language | undefined} language
 * @property {string[]} bad the parts that were not understood, clipped
 * @property {(OptionName | 'step')[]} clamped what was too large
 */

const maxLength = 16384; // 256 weights at full length need half of it
const maxParts = 64;

/**
 * @param {string} hash with or without its #
 * @returns {Link}
 */
export function readLink(hash) {
  /** @type {string[]} */
  const bad = [];
  return readParts(splitHash(hash, bad), bad);
}

/**
 * @param {Iterable<[string, string]>} parts names and values, as a link or an element's attributes give them
 * @param {string[]} [bad] parts that could not even be split
 * @returns {Link}
 */
export function readParts(parts, bad = []) {
  /** @type {Link} */
  const link = {
    options: {},
    asked: {},
    complete: defaultOptions(),
    source: 'synthetic',
    step: 0,
    language: undefined,
    bad,
    clamped: [],
  };
  for (const [name, text] of parts) {
    if (!readPart(link, name, text)) link.bad.push(clip(name));
  }
  dropUnused(link);
  dropRefused(link);
  return link;
}

/**
 * The settings that a link gives.
 * @param {Link} link @param {number} [seed] where it gives none: by default one chosen at random
 */
export function linkSettings({ asked, source }, seed = randomSeed()) {
  return { source, options: { ...sourceDefaults(source), seed, ...asked } };
}

const mostNamed = 5;

/**
 * What of a link cannot be used as it was given; no words when all can.
 * @param {Translate} t @param {Pick<Link, 'options' | 'step' | 'bad' | 'clamped'>} link
 */
export function linkNotice(t, { options, step, bad, clamped }) {
  const largest = clamped.map(
    (name) => `${name} = ${name === 'step' ? step : formatOption(/** @type {OptionValue} */ (options[name]))}`,
  );
  const told = Object.entries({ 'link.bad': [...new Set(bad)], 'link.clamped': largest });
  return told
    .flatMap(([key, parts]) => (parts.length > 0 ? t(key, { parts: few(t, parts) }) : []))
    .join(t('sentence.space'));
}

/** @param {Translate} t @param {string[]} parts */
const few = (t, parts) => parts.slice(0, mostNamed).join(t('sentence.comma')) + (parts.length > mostNamed ? '…' : '');

/**
 * The hash's names and values, the first of each name.
 * @param {string} hash @param {string[]} bad
 */
export function splitHash(hash, bad) {
  /** @type {Map<string, string>} */
  const values = new Map();
  const body = hash.replace(/^#/, '');
  const parts = body.slice(0, maxLength).split('&', maxParts + 1);
  if (body.length > maxLength || parts.length > maxParts) bad.push(clip(parts.pop() ?? ''));
  for (const part of parts.filter((text) => text !== '')) {
    const [name, text] = decode(part);
    if (text === undefined || values.has(name))
      bad.push(clip(part)); // not the name alone: the first of it counts
    else values.set(name, text);
  }
  return values;
}

/** @param {string} part @returns {[string, string | undefined]} no text when the part is not name=text or has a bad escape */
function decode(part) {
  const at = part.indexOf('=');
  try {
    return at < 0 ? [part, undefined] : [decodeURIComponent(part.slice(0, at)), decodeURIComponent(part.slice(at + 1))];
  } catch {
    return [part, undefined];
  }
}

/** @param {Link} link @param {string} name @param {string} text @returns {boolean} whether it was understood */
function readPart(link, name, text) {
  switch (name) {
    case 'lang':
      link.language = findLanguage(text);
      return link.language !== undefined;
    case 'data': {
      const source = sources.find((known) => known === text);
      link.source = source ?? link.source;
      return source !== undefined;
    }
    case 'step': {
      const step = parseNumber(text);
      const isStep = Number.isInteger(step) && step >= 0;
      link.step = isStep ? Math.abs(step) : 0; // -0 is 0
      return isStep;
    }
    default:
      return readOption(link, name, text);
  }
}

/** @param {Link} link @param {string} name @param {string} text */
function readOption(link, name, text) {
  const option = findOption(name);
  if (option === undefined || option.name in link.options) return false;
  try {
    const given = parseOption(name, text);
    const value = typeof given === 'number' ? Math.min(given, option.max ?? Infinity) : given;
    if (!option.accepts(value)) return false;
    Object.assign(link.options, { [option.name]: given });
    clamp(link, option.name, value);
    return true;
  } catch {
    return false;
  }
}

/** @param {Link} link @param {OptionName} name @param {OptionValue} value instead of one that is given */
function clamp({ options, clamped }, name, value) {
  if (!(name in options) || options[name] === value) return;
  Object.assign(options, { [name]: value });
  if (!clamped.includes(name)) clamped.push(name);
}

/** What cannot be used is not cut either. @param {Link} link @param {OptionName} name */
function drop(link, name) {
  delete link.options[name];
  link.clamped = link.clamped.filter((other) => other !== name);
  link.bad.push(name);
}

/** Of data that are not synthetic there is nothing to make. @param {Link} link */
function dropUnused(link) {
  if (link.source === 'synthetic') return;
  for (const { name } of optionTable) if (syntheticNames.has(name) && name in link.options) drop(link, name);
}

/** Values that are fine alone but not together: the one that is refused goes, until the rest is accepted. @param {Link} link */
function dropRefused(link) {
  for (;;) {
    try {
      clampRows(link);
      const { options, notices } = completeOptions(link.source, link.options);
      link.asked = { ...link.options };
      link.complete = options;
      for (const { field } of notices) clamp(link, field, options[field]);
      clampStep(link, options);
      return;
    } catch (error) {
      const field = /** @type {OptionName} */ (/** @type {import('../errors.js').LinregError} */ (error).field);
      if (!(field in link.options)) return;
      drop(link, field);
    }
  }
}

/** As many rows as there may be of so many features. @param {Link} link */
function clampRows(link) {
  const { n, true_w = defaultOptions().true_w } = link.options;
  const most = Math.floor(maxCells / true_w.length);
  if (n !== undefined && n > most) clamp(link, 'n', most);
}

/** @param {Link} link @param {Options} options all of them */
function clampStep(link, options) {
  const steps = stepsOf(options);
  if (link.step <= steps) return;
  link.step = steps;
  link.clamped.push('step');
}

/**
 * What differs from the defaults, and the seed.
 * @param {{ options: Options, source: NamedSource }} state
 * @returns {[string, string][]} names and values
 */
export function settingParts({ options, source }) {
  const defaults = sourceDefaults(source);
  /** @type {[string, string][]} */
  const parts = source === 'synthetic' ? [] : [['data', source]];
  for (const { name } of optionTable) {
    if (source !== 'synthetic' && syntheticNames.has(name)) continue;
    const text = formatOption(options[name]).replaceAll(' ', '');
    if (name === 'seed' || text !== formatOption(defaults[name]).replaceAll(' ', '')) parts.push([name, text]);
  }
  return parts;
}

/**
 * @param {{ options: Options, source: NamedSource, step: number, language: Language | undefined }} state
 * @returns {string} with its #
 */
export function writeLink({ options, source, step, language }) {
  const parts = settingParts({ options, source });
  if (step > 0) parts.push(['step', String(step)]);
  if (language) parts.push(['lang', language]);
  return `#${parts.map(([name, text]) => `${name}=${text}`).join('&')}`;
}
