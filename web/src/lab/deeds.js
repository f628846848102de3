// What was done to a run beside training it by its settings: an option changed, zero_grad left out, a label moved.

import { formatOption } from '../options.js';

/** @import { OptionName, Options } from '../options.js' */

/** From so many steps on. @typedef {{ name: string, from: number, value: unknown }} Deed */

/** The options that were changed on its way: its settings of now do not tell of them. */
export class Changes {
  /** The options with which the run began. @type {Options} */ #first;
  /** In the order in which they were made, and each with where. @type {{ deed: Deed, place: number }[]} */ #made = [];

  /** @param {Options} options with which a run begins */
  constructor(options) {
    this.#first = options;
  }

  /** @returns {readonly Deed[]} */
  get list() {
    return this.#made.map(({ deed }) => deed);
  }

  /**
   * An option has another value from some step on than before it. How many epochs there are changes no step.
   * @param {OptionName} name @param {Options} options @param {number} from @param {number} place where it was changed, in steps:
   *   in the midst of one it counts from the next
   */
  note(name, options, from, place) {
    this.#made = this.#made.filter(({ deed }) => deed.name !== name || deed.from !== from);
    const value = formatOption(options[name]);
    if (name !== 'epochs' && value !== this.#before(name)) this.#made.push({ deed: { name, from, value }, place });
  }

  /** The run goes back to a place: options that were changed after it are again as they were. @param {number} place in steps */
  forget(place) {
    this.#made = this.#made.filter((change) => change.place <= place);
  }

  /** @param {OptionName} name */
  #before(name) {
    return this.list.filter((change) => change.name === name).at(-1)?.value ?? formatOption(this.#first[name]);
  }
}
