// What was done to a run beside training it by its settings: an option changed, zero_grad left out, a label moved.

import { formatOption } from '../options.js';

/** @import { OptionName, Options } from '../options.js' */

/** From so many steps on. @typedef {{ name: string, from: number, value: unknown }} Deed */

/** The options that were changed on its way: its settings of now do not tell of them. */
export class Changes {
  /** The options with which the run began. @type {Options} */ #first;
  /** In the order in which they were made. @type {Deed[]} */ #list = [];

  /** @param {Options} options with which a run begins */
  constructor(options) {
    this.#first = options;
  }

  /** @returns {readonly Deed[]} */
  get list() {
    return this.#list;
  }

  /**
   * An option has another value from some step on than before it. How many epochs there are changes no step.
   * @param {OptionName} name @param {Options} options @param {number} from
   */
  note(name, options, from) {
    this.#list = this.#list.filter((change) => change.name !== name || change.from !== from);
    const value = formatOption(options[name]);
    if (name !== 'epochs' && value !== this.#before(name)) this.#list.push({ name, from, value });
  }

  /** The run goes back to a step: options that were changed after it are again as they were. @param {number} step */
  forget(step) {
    this.#list = this.#list.filter(({ from }) => from <= step);
  }

  /** @param {OptionName} name */
  #before(name) {
    return this.#list.filter((change) => change.name === name).at(-1)?.value ?? formatOption(this.#first[name]);
  }
}
