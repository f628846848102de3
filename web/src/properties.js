// Objects that are not ours: a getter or a proxy may throw, and a misspelt name would silently do nothing.

import { describe, mustBe, unknownName, unreadable } from './errors.js';

/** @import { ErrorCode } from './errors.js' */

/**
 * The properties of an object, each read once, with undefined for what is missing.
 * @param {unknown} given @param {readonly string[]} names all that it may have
 * @param {{ field?: string, code?: ErrorCode }} [what] the object's name, and the code of what is refused of it
 * @returns {Record<string, unknown>}
 * @throws {import('./errors.js').LinregError} for a name that is not among them, too
 */
export function readProperties(given, names, { field = 'options', code = 'invalid_option' } = {}) {
  const object = asObject(given);
  if (!object) throw mustBe(code, field, { key: 'range.object', params: { names: names.join(', ') } }, describe(given));
  const unknown = object.keys.find((key) => !names.includes(String(key)));
  if (unknown !== undefined) throw unknownName(code, String(unknown), names);
  return Object.fromEntries(
    names.map((name) => {
      try {
        return [name, Reflect.get(object.object, name)];
      } catch {
        throw unreadable(code, name, { key: 'range.readable' });
      }
    }),
  );
}

/**
 * An object that may hold named values, and the names of its own; undefined for a list and for what cannot be read.
 * @param {unknown} given
 * @returns {{ object: object, keys: PropertyKey[] } | undefined}
 */
export function asObject(given) {
  try {
    if (typeof given !== 'object' || given === null || Array.isArray(given) || ArrayBuffer.isView(given))
      return undefined;
    return { object: given, keys: Reflect.ownKeys(given) };
  } catch {
    return undefined;
  }
}
