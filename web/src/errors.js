// The one error class of the module. Every refusal, whatever layer found it, reaches the caller as a LinregError.

import { messages, say } from './messages.js';

/**
 * A sentence that can be said in every language: a key of the text tables and what to put into it.
 * A parameter may itself be such a sentence.
 * @typedef {{ key: string, params?: Record<string, TextParameter> }} Text
 * @typedef {string | number | Text} TextParameter
 */

/** @typedef {'invalid_option' | 'invalid_data' | 'invalid_state' | 'out_of_memory' | 'load_failed' | 'trapped'} ErrorCode */

/** A request that was refused. Nothing has changed; the next valid request works. */
export class LinregError extends Error {
  /**
   * @param {object} what
   * @param {ErrorCode} what.code
   * @param {string} what.message one English sentence
   * @param {string} [what.field] the option, argument or method that was refused
   * @param {string} [what.value] what was given, as text
   * @param {string} [what.range] what is accepted, in English
   * @param {string} [what.hint] what to do next, in English
   * @param {Text} [what.text] the message for other languages
   */
  constructor({ code, message, field = '', value = '', range = '', hint = '', text }) {
    super(message);
    this.name = 'LinregError';
    this.code = code;
    this.field = field;
    this.value = clip(value);
    this.range = range;
    this.hint = hint;
    this.text = text;
  }
}

/**
 * At most 40 characters of a text, so that no message grows with what was given.
 * @param {string} text
 */
export function clip(text) {
  const characters = Array.from(text.slice(0, 80));
  return text.length > 80 || characters.length > 40 ? `${characters.slice(0, 39).join('')}…` : text;
}

/**
 * A value as a message shows it. Runs no code of the value's own, so that a hostile value cannot throw from here.
 * @param {unknown} value
 */
export function describe(value) {
  switch (typeof value) {
    case 'string':
      return clip(JSON.stringify(value.slice(0, 80)));
    case 'bigint':
      return 'a BigInt';
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    case 'number':
      return formatNumber(value);
    case 'object':
      return value === null ? 'null' : 'an object';
    default:
      return String(value);
  }
}

/**
 * A number as messages, controls and links write it: 1e30, not 1e+30, in which a link would need an escape.
 * @param {number} value
 */
export function formatNumber(value) {
  return String(value).replace('e+', 'e');
}

/**
 * The error of a value outside its range.
 * @param {'invalid_option' | 'invalid_data'} code
 * @param {string} field
 * @param {Text} range
 * @param {string} value
 */
export function mustBe(code, field, range, value) {
  const text = { key: 'error.must_be', params: { field, range, value: clip(value) } };
  return new LinregError({ code, field, value, range: say(messages, range), message: say(messages, text), text });
}

/**
 * The error of a property whose getter throws.
 * @param {'invalid_option' | 'invalid_data'} code
 * @param {string} field
 * @param {Text} range
 */
export function unreadable(code, field, range) {
  const text = { key: 'error.unreadable', params: { field, range } };
  return new LinregError({ code, field, range: say(messages, range), message: say(messages, text), text });
}
