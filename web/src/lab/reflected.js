// The element's attributes as properties: `element.lr = 0.1` writes the attribute lr, and reading it reads that.

import { optionNames } from '../options.js';
import { isUp, settingsOf, splitNames, writeAttribute } from './attributes.js';
import { readParts, sourceDefaults } from './link.js';

/** @import { Options } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */

/**
 * What an author sets an element up with. What is no value of its kind is written all the same, and told of like any bad
 * attribute; read, it is what takes its place.
 * @typedef {Options & { data: NamedSource, hide: string[], theme: string, readonly: boolean, autoplay: boolean }} Reflected
 */

/** Where there is no page (in Node) the class can be imported, not used. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

class Reflecting extends Base {
  constructor() {
    super();
    // A page's script may have set them before this class was there.
    for (const name of [...Object.keys(readers), 'view', 'step']) {
      if (!Object.hasOwn(this, name)) continue;
      const early = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, early);
    }
  }
}

/** The settings that the attributes give. @param {HTMLElement} element @returns {Record<string, unknown>} */
function settings(element) {
  const { options, source } = readParts(settingsOf(element));
  return { ...sourceDefaults(source), ...options, data: source };
}

/** How each is read. @type {Record<string, (element: HTMLElement) => unknown>} */
const readers = {
  ...Object.fromEntries(
    [...optionNames, 'data'].map((name) => [name, (/** @type {HTMLElement} */ element) => settings(element)[name]]),
  ),
  hide: (element) => splitNames(element.getAttribute('hide')),
  theme: (element) => element.getAttribute('theme') ?? 'auto',
  readonly: (element) => isUp(element.getAttribute('readonly')),
  autoplay: (element) => isUp(element.getAttribute('autoplay')),
};

for (const [name, read] of Object.entries(readers))
  Object.defineProperty(Reflecting.prototype, name, {
    configurable: true,
    enumerable: true,
    /** @this {HTMLElement} */
    get() {
      return read(this);
    },
    /** @this {HTMLElement} @param {unknown} value */
    set(value) {
      writeAttribute(this, name, value);
    },
  });

/** An element with these properties; the properties are made above, so the type is given here. */
export const ReflectedElement = /** @type {{ new (): HTMLElement & Reflected, prototype: HTMLElement & Reflected }} */ (
  /** @type {unknown} */ (Reflecting)
);
