// The page's texts in every language. A further language is one JSON file, imported and listed here.

import en from './en.json' with { type: 'json' };
import zhCN from './zh-CN.json' with { type: 'json' };
import { say } from '../messages.js';
import { numbersOf } from './numbers.js';

/** @import { Text, TextParameter } from '../errors.js' */
/** @import { Numbers } from './numbers.js' */

/** @typedef {string} Language as its table names it, such as zh-CN */
/** Texts, and numbers, as the language writes them. @typedef {((key: string, params?: Record<string, TextParameter>) => string) & Numbers} Translate */

/** @param {readonly Record<string, string>[]} tables of texts; where one lacks an error's words, they are English */
export const languagesOf = (tables) =>
  tables.map((table) => ({
    code: /** @type {Language} */ (table['language.code']),
    name: String(table['language.name']),
    table,
  }));

export const languages = Object.freeze(languagesOf([en, zhCN]));

/**
 * @param {Language} language
 * @returns {Translate}
 */
export function translator(language, known = languages) {
  const { table } = known.find(({ code }) => code === language) ?? /** @type {typeof known[0]} */ (known[0]);
  const numbers = numbersOf(language);
  const write = (/** @type {number} */ value) => numbers.number(value, 6, 0, Infinity);
  return Object.assign(
    (/** @type {string} */ key, /** @type {Record<string, TextParameter> | undefined} */ params) =>
      say(table, { key, ...(params && { params }) }, write),
    numbers,
  );
}

/**
 * An error or a notice in the page's language; without a translation, its own English words.
 * @param {Translate} t
 * @param {{ text?: Text | undefined, message: string }} told
 */
export function tell(t, { text, message }) {
  return text ? t(text.key, text.params) : message;
}

/**
 * An error in the page's language, and what to do next.
 * @param {Translate} t @param {{ text?: Text | undefined, message: string, hintText: Text }} error
 */
export function tellWithHint(t, error) {
  const { key, params } = error.hintText;
  return t('sentence.with_hint', { cause: tell(t, error), hint: t(key, params) });
}

/**
 * The first language that the reader prefers and the page has.
 * @param {readonly string[]} preferred as navigator.languages has them
 * @returns {Language}
 */
export function pickLanguage(preferred, known = languages) {
  for (const tag of preferred) {
    const found = findLanguage(tag, known);
    if (found) return found;
  }
  return 'en';
}

/** The language of a tag, or one near it. @param {string} tag @returns {Language | undefined} */
export function findLanguage(tag, known = languages) {
  const exact = known.find(({ code }) => code.toLowerCase() === tag.toLowerCase());
  const near = known.find(({ code }) => code.split('-')[0] === tag.toLowerCase().split('-')[0]);
  return (exact ?? near)?.code;
}
