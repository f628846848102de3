// Pinned runs: what was reached, kept to be compared with the run of now.

import { formatOption, optionTable } from '../options.js';

/** @import { OptionName, Options } from '../options.js' */
/** @import { Source } from '../data/sources.js' */
/** @import { Trainer } from '../trainer.js' */
/** @import { Lab } from './lab.js' */

/** @typedef {'pin1' | 'pin2' | 'pin3' | 'pin4' | 'pin5' | 'pin6'} PinTone */

/**
 * @typedef {object} Pin
 * @property {number} number from 1 to 6; a number that is free again is given again
 * @property {PinTone} tone
 * @property {Options} options
 * @property {Source} source
 * @property {number} step
 * @property {Trainer['history']} history losses and path
 */

export const mostPins = 6;

/** `lab` emits `pins` when they change. */
export class Pins {
  #lab;
  /** @type {Pin[]} */ #list = [];

  /** @param {Lab} lab */
  constructor(lab) {
    this.#lab = lab;
  }

  /** In the order of their numbers. @returns {readonly Pin[]} */
  get list() {
    return this.#list;
  }

  /** Whether the run of now can be pinned. */
  get open() {
    return this.#lab.step > 0 && this.#list.length < mostPins;
  }

  /** Keeps the run of now. */
  add() {
    const { trainer, options, source, step } = this.#lab;
    if (!trainer || !this.open) return;
    const history = this.#lab.attempt(() => trainer.history);
    if (!history) return;
    const number = [1, 2, 3, 4, 5, 6].find((free) => this.#list.every((pin) => pin.number !== free)) ?? mostPins;
    const tone = /** @type {PinTone} */ (`pin${number}`);
    this.#list = [...this.#list, { number, tone, options, source, step, history }];
    this.#list.sort((a, b) => a.number - b.number);
    this.#changed();
  }

  /** @param {Pin} pin */
  remove(pin) {
    this.#list = this.#list.filter((other) => other !== pin);
    this.#changed();
  }

  clear() {
    this.#list = [];
    this.#changed();
  }

  #changed() {
    this.#lab.dispatchEvent(new Event('pins'));
  }
}

/**
 * The settings in which a pinned run differs from the run of now, as text.
 * @param {Pin} pin @param {{ options: Options, source: Source }} now
 * @returns {{ name: OptionName | 'data', then: string, now: string }[]}
 */
export function differences(pin, now) {
  /** @type {{ name: OptionName | 'data', then: string, now: string }[]} */
  const found = pin.source === now.source ? [] : [{ name: 'data', then: pin.source, now: now.source }];
  for (const { name } of optionTable) {
    const [before, after] = [formatOption(pin.options[name]), formatOption(now.options[name])];
    if (before !== after) found.push({ name, then: before, now: after });
  }
  return found;
}
