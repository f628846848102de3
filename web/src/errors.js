// The one error class of the module. Every refusal, whatever layer found it, reaches the caller as a LinregError.

import { messages, say } from './messages.js';

/**
 * A sentence that can be said in every language: a key of the text tables and what to put into it.
 * A parameter may itself be such a sentence.
 * @typedef {{ key: string, params?: Record<string, TextParameter> }} Text
 * @typedef {string | number | Text} TextParameter
 */

/** @typedef {'invalid_option' | 'invalid_data' | 'invalid_state' | 'out_of_memory' | 'load_failed' | 'trapped'} ErrorCode */

/**
 * A request that was refused. Nothing has changed, and the next valid request works; but after `trapped` the engine has to be
 * loaded again. Any call may throw `trapped`.
 */
export class LinregError extends Error {
  /**
   * @param {object} what
   * @param {ErrorCode} what.code
   * @param {Text} [what.text] what is wrong, in one sentence
   * @param {string} [what.message] the same in English, where there is no text
   * @param {string} [what.field] the option, argument or method that was refused
   * @param {string} [what.value] what was given, as text
   * @param {string | Text} [what.range] what is accepted
   */
  constructor({ code, text, message = text ? say(messages, text) : code, field = '', value = '', range = '' }) {
    super(message);
    this.name = 'LinregError';
    this.code = code;
    this.field = field;
    this.value = clip(value);
    this.range = typeof range === 'string' ? range : say(messages, range);
    /** The message for other languages. */
    this.text = text;
    /** What to do next, for other languages. */
    this.hintText = hintFor(code, [range, text]);
    /** What to do next, in English. */
    this.hint = say(messages, this.hintText);
  }
}

/**
 * The most particular hint that there is: what was said, else what kind of error it is, has a hint of its name.
 * @param {ErrorCode} code @param {(Text | string | undefined)[]} said
 * @returns {Text}
 */
function hintFor(code, said) {
  const names = said.map((text) => (typeof text === 'object' ? text.key.split('.')[1] : ''));
  const name = names.find((own) => `hint.${own}` in messages) ?? code;
  return { key: `hint.${name}` };
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
      return clip(
        JSON.stringify(value.slice(0, 80)).replaceAll(
          /(?! )[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]/gu,
          escaped,
        ),
      );
    case 'bigint':
      return 'a BigInt';
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    case 'number':
      return formatNumber(value);
    case 'object':
      return value === null ? 'null' : isList(value) ? 'an array' : 'an object';
    default:
      return String(value);
  }
}

/** A list as a message shows it, or its beginning. @param {unknown[]} list */
export const describeList = (list) => `[${list.slice(0, 9).map(describe).join(', ')}]`;

/** @param {object} value */
function isList(value) {
  try {
    return Array.isArray(value);
  } catch {
    return false; // a proxy that was revoked
  }
}

/** What a reader would not see, as its number. @param {string} character */
function escaped(character) {
  const number = Number(character.codePointAt(0)).toString(16);
  return number.length > 4 ? `\\u{${number}}` : `\\u${number.padStart(4, '0')}`;
}

/**
 * A number as messages, controls and links write it: 1e30, not 1e+30, in which a link would need an escape.
 * @param {number} value
 */
export function formatNumber(value) {
  return String(value).replace('e+', 'e');
}

/** A range. @param {number} min @param {number} max @returns {Text} */
export const wholeFrom = (min, max) => ({
  key: 'range.whole',
  params: { min: formatNumber(min), max: formatNumber(max) },
});

/** A range. @param {readonly string[]} names @returns {Text} */
export const oneOf = (names) => ({ key: 'range.one_of', params: { names: names.join(', ') } });

/**
 * The error of a value outside its range.
 * @param {ErrorCode} code
 * @param {string} field
 * @param {Text | string} range
 * @param {string} [value] none where it is a call that was refused
 */
export function mustBe(code, field, range, value) {
  const text =
    value === undefined
      ? { key: 'error.must', params: { field, range } }
      : { key: 'error.must_be', params: { field, range, value: clip(value) } };
  return new LinregError({ code, field, range, text, ...(value !== undefined && { value }) });
}

/**
 * What a request is refused with; undefined where it is not.
 * @param {() => void} request
 * @returns {LinregError | undefined}
 */
export function refusalOf(request) {
  try {
    request();
    return undefined;
  } catch (error) {
    if (!(error instanceof LinregError)) throw error;
    return error;
  }
}

/**
 * The error of a property whose getter throws.
 * @param {ErrorCode} code
 * @param {string} field
 * @param {Text} range
 */
export function unreadable(code, field, range) {
  return new LinregError({ code, field, range, text: { key: 'error.unreadable', params: { field, range } } });
}

/**
 * The error of a name that means nothing.
 * @param {ErrorCode} code
 * @param {string} name
 * @param {readonly string[]} known
 * @param {string} [key] the sentence; its end finds the hint
 */
export function unknownName(code, name, known, key = 'name.unknown') {
  const text = { key, params: { field: describe(name), range: known.join(', ') } };
  return new LinregError({ code, field: clip(name), range: oneOf(known), text });
}
