// What attributes, and the address of a frame, say of a lab, and how it is written.

import { clip } from '../errors.js';
import { formatOption, optionNames } from '../options.js';

/** @import { OptionValue } from '../options.js' */

/** What sets up the run. */
export const settingNames = Object.freeze([...optionNames, 'beta', 'data', 'step']);
/** Attributes that say yes by being there. */
export const flags = Object.freeze(['readonly', 'autoplay']);

/** Whether a flag is set: where it stands, unless its word is false. @param {string | null} text */
export const isSet = (text) => text !== null && text.trim().toLowerCase() !== 'false';

/** The names of a list; an empty text has none. @param {string | null} text */
export const splitNames = (text) => (text ?? '').split(',').flatMap((name) => name.trim() || []);

/** The words of an attribute that mean nothing, as a notice names them. @param {string} name @param {string[]} given @param {readonly string[]} known */
export const unknownWords = (name, given, known) =>
  given.flatMap((word) => (known.includes(word) ? [] : clip(`${name}=${word}`)));

/** The attributes that set up an element's run. @param {HTMLElement} element @returns {[string, string][]} */
export const settingsOf = (element) =>
  settingNames.flatMap((name) => {
    const text = element.getAttribute(name);
    return text === null ? [] : [/** @type {[string, string]} */ ([name, text])];
  });

/**
 * Writes a value as the attribute of this name: lists with commas, a flag by being there. What is no value takes it away.
 * @param {HTMLElement} element @param {string} name @param {unknown} value
 */
export function writeAttribute(element, name, value) {
  const isDown = flags.includes(name) && typeof value !== 'string' && !value;
  if (value === undefined || value === null || isDown) element.removeAttribute(name);
  else element.setAttribute(name, textOf(flags.includes(name) && value === true ? '' : value));
}

/** @param {{}} value */
const textOf = (value) =>
  typeof value === 'object'
    ? Array.from(/** @type {[]} */ (value)).join(',')
    : formatOption(/** @type {OptionValue} */ (value));
