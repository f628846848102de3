// The element's attributes as properties: `element.lr = 0.1` writes the attribute lr, and reading it reads what that comes
// to in the run.

import { optionNames } from '../options.js';
import { isSet, settingsOf, writeAttribute } from './attributes.js';
import { readParts } from './link.js';

/** @import { Options } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */
/** @import { LinregLab } from './element.js' */
/** @import { Lab } from './lab.js' */
/** @import { LabDetails } from './events.js' */

/**
 * What an author sets an element up with. What is no value of its kind is written all the same, and told of like any bad
 * attribute; read, it is what takes its place.
 * @typedef {Options & { beta: number, data: NamedSource, theme: string, readonly: boolean, autoplay: boolean }} Reflected
 */
/** @typedef {HTMLElement & { readonly lab?: Lab | undefined }} Shown */
/**
 * How the events of a lab are heard, with what they tell; those of every element are heard as ever.
 * @typedef {{
 *   addEventListener<Type extends keyof LabDetails>(type: Type, listener: (this: LinregLab, event: CustomEvent<LabDetails[Type]>) => unknown, options?: boolean | AddEventListenerOptions): void,
 *   removeEventListener<Type extends keyof LabDetails>(type: Type, listener: (this: LinregLab, event: CustomEvent<LabDetails[Type]>) => unknown, options?: boolean | EventListenerOptions): void,
 * }} Heard
 */

export const themes = Object.freeze(['auto', 'light', 'dark']);

/** Where there is no page (in Node) the class can be imported, not used. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

class Reflecting extends Base {
  constructor() {
    super();
    // A page's script may have set them before this class was there.
    for (const name of [...Object.keys(readers), 'view', 'hide', 'step']) {
      if (!Object.hasOwn(this, name)) continue;
      const early = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, early);
    }
  }
}

/**
 * The settings that the attributes give. A seed that they do not give is the run's own.
 * @param {Shown} element @returns {Record<string, unknown>}
 */
function settings(element) {
  const { options, complete, source } = readParts(settingsOf(element));
  const seed = options.seed ?? element.lab?.options.seed ?? complete.seed;
  return { ...complete, seed, beta: complete.delta, data: source };
}

/** How each is read. @type {Record<string, (element: Shown) => unknown>} */
const readers = {
  ...Object.fromEntries(
    [...optionNames, 'beta', 'data'].map((name) => [name, (/** @type {Shown} */ element) => settings(element)[name]]),
  ),
  theme: (element) => themes.find((theme) => theme === element.getAttribute('theme')) ?? 'auto',
  readonly: (element) => isSet(element.getAttribute('readonly')),
  autoplay: (element) => isSet(element.getAttribute('autoplay')),
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

/** @typedef {Heard & HTMLElement & Reflected} ReflectedElement the first overload that fits counts, so what is heard stands first */
/** An element with these properties; the properties are made above, so the type is given here. */
export const ReflectedElement = /** @type {{ new (): ReflectedElement, prototype: ReflectedElement }} */ (
  /** @type {unknown} */ (Reflecting)
);
