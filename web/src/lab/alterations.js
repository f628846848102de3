// What a run's settings do not tell of how it came about: options that were changed on its way, steps without zero_grad,
// labels that were moved.

import { formatOption, parseOption } from '../options.js';

/** @import { OptionName, Options } from '../options.js' */

/** `from`: the steps done before it takes effect. @typedef {{ name: string, from: number, value: unknown }} Alteration */

/** The options of a run that were changed on its way. */
export class Changes {
  /** The options with which the run began. @type {Options} */ #first;
  /** All of them, in the order in which they were made. @type {{ name: OptionName, from: number, value: string, place: number }[]} */
  #made = [];
  /** @type {Alteration[] | undefined} */ #list;

  /** @param {Options} options with which a run begins */
  constructor(options) {
    this.#first = options;
  }

  /** Those that made a difference: the last value from a step on, where it is another than before. @returns {readonly Alteration[]} */
  get list() {
    this.#list ??= this.#listed();
    return this.#list;
  }

  #listed() {
    const last = new Map(this.#made.map((change) => [`${change.name} ${change.from}`, change]));
    const changes = this.#made.filter((change) => last.get(`${change.name} ${change.from}`) === change);
    /** @type {Map<string, unknown>} */
    const before = new Map();
    return changes.flatMap(({ name, from, value }) => {
      const differs = value !== (before.get(name) ?? formatOption(this.#first[name]));
      before.set(name, value);
      return differs ? { name, from, value } : [];
    });
  }

  /** The values that count from a step on that has not begun. @param {number} step that is at hand @returns {Partial<Options>} */
  after(step) {
    const pending = this.#made.filter(({ from }) => from > step);
    return Object.fromEntries(pending.map(({ name, value }) => [name, parseOption(name, value)]));
  }

  /**
   * An option has another value from some step on than before it. How many epochs there are changes no step.
   * @param {OptionName} name @param {Options} options @param {number} from @param {number} place where it was changed, in steps:
   *   in the midst of one it counts from the next
   */
  note(name, options, from, place) {
    if (name !== 'epochs') this.#made.push({ name, from, value: formatOption(options[name]), place });
    this.#list = undefined;
  }

  /** The run goes back to a place: options that were changed after it are again as they were. @param {number} place in steps */
  forget(place) {
    this.#made = this.#made.filter((change) => change.place <= place);
    this.#list = undefined;
  }
}
