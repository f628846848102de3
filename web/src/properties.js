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
        return [name, object.keys.includes(name) ? Reflect.get(object.object, name) : undefined];
      } catch {
        throw unreadable(code, name, { key: 'range.readable' });
      }
    }),
  );
}

/**
 * A plain object and the names of its own. Undefined for what cannot be read, and for anything else: a Promise that was
 * not awaited, a Map or a class's instance has no names of its own, and would count as if nothing were given.
 * @param {unknown} given
 * @returns {{ object: object, keys: PropertyKey[] } | undefined}
 */
export function asObject(given) {
  try {
    if (typeof given !== 'object' || given === null || !isRoot(Reflect.getPrototypeOf(given))) return undefined;
    return { object: given, keys: Reflect.ownKeys(given) };
  } catch {
    return undefined;
  }
}

/** Whether a prototype is none, or Object.prototype, also another frame's. @param {object | null} prototype */
const isRoot = (prototype) =>
  prototype === null || (Reflect.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'));
