// The element's attributes as properties: `element.lr = 0.1` writes the attribute lr, and reading it reads that.

import { findOption, formatOption, optionNames, parseOption } from '../options.js';
import { sources } from '../data/sources.js';
import { sourceDefaults } from './link.js';

/** @import { OptionName, Options, OptionValue } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */

/**
 * What an author sets an element up with. What is no value of its kind is written all the same, and told of like any bad
 * attribute; read, it is the default that takes its place.
 * @typedef {Options & { data: NamedSource, hide: string[], theme: string, readonly: boolean, autoplay: boolean }} Reflected
 */

/** Where there is no page (in Node) the class can be imported, not used. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

class Reflecting extends Base {
  constructor() {
    super();
    // A page's script may have set them before this class was there.
    for (const name of [...reflected, 'view']) {
      if (!Object.hasOwn(this, name)) continue;
      const early = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, early);
    }
  }
}

/** @param {HTMLElement} element @returns {NamedSource} */
const sourceOf = (element) => sources.find((name) => name === element.getAttribute('data')) ?? 'synthetic';

/** @param {HTMLElement} element @param {OptionName} name @returns {OptionValue} */
function optionOf(element, name) {
  const text = element.getAttribute(name);
  try {
    const value = text === null ? undefined : parseOption(name, text);
    if (value !== undefined && findOption(name)?.accepts(value)) return value;
  } catch {
    // Told of where the run is set up.
  }
  return sourceDefaults(sourceOf(element))[name];
}

/** @param {string} text */
const names = (text) => text.split(',').flatMap((name) => name.trim() || []);

/** How each is read. @type {Record<string, (element: HTMLElement) => unknown>} */
const readers = {
  ...Object.fromEntries(
    optionNames.map((name) => [name, (/** @type {HTMLElement} */ element) => optionOf(element, name)]),
  ),
  data: sourceOf,
  hide: (element) => names(element.getAttribute('hide') ?? ''),
  theme: (element) => element.getAttribute('theme') ?? 'auto',
  readonly: (element) => element.hasAttribute('readonly'),
  autoplay: (element) => element.hasAttribute('autoplay'),
};
const flags = Object.freeze(['readonly', 'autoplay']);

/** @param {string} name @param {unknown} value */
function attributeOf(name, value) {
  if (value === undefined || value === null) return undefined;
  if (flags.includes(name)) return value ? '' : undefined;
  return Array.isArray(value) ? value.join(',') : formatOption(/** @type {OptionValue} */ (value));
}

/** The names of the properties. */
export const reflected = Object.freeze(Object.keys(readers));

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
      const text = attributeOf(name, value);
      if (text === undefined) this.removeAttribute(name);
      else this.setAttribute(name, text);
    },
  });

/** An element with these properties; the properties are made above, so the type is given here. */
export const ReflectedElement = /** @type {{ new (): HTMLElement & Reflected, prototype: HTMLElement & Reflected }} */ (
  /** @type {unknown} */ (Reflecting)
);
