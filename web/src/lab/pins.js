// Pinned runs: what was reached, kept to be compared with the run of now.

/** @import { Options } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */
/** @import { Trainer } from '../trainer.js' */
/** @import { Alteration } from './alterations.js' */
/** @import { Lab } from './lab.js' */

/** @typedef {'pin1' | 'pin2' | 'pin3' | 'pin4' | 'pin5' | 'pin6'} PinTone */

/**
 * @typedef {object} Pin
 * @property {number} number from 1 to 6; a number that is free again is given again
 * @property {PinTone} tone
 * @property {Options} options
 * @property {NamedSource} base
 * @property {Alteration[]} alterations
 * @property {boolean} compared whether it is one of several runs that were compared, and not pinned by hand
 * @property {number} step
 * @property {Trainer['history']} history losses and path
 * @property {Trainer['coefficients']} model that it reached, in the data's own units
 */

const mostPins = 6;

/** `lab` emits `pins` when they change. */
export class Pins {
  #lab;
  /** @type {Pin[]} */ #list = [];
  /** Those of the reader's own that had to make room. @type {readonly Pin[]} */
  dropped = [];

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

  /** Keeps the run of now. @param {{ compared?: boolean }} [how] */
  add({ compared = false } = {}) {
    const { trainer, options, base, alterations, step } = this.#lab;
    if (!trainer || !this.open) return;
    const reached = this.#lab.attempt(() => ({ history: trainer.history, model: trainer.coefficients }));
    if (!reached) return;
    const numbers = Array.from({ length: mostPins }, (_, i) => i + 1);
    const number = numbers.find((free) => this.#list.every((pin) => pin.number !== free)) ?? mostPins;
    const tone = /** @type {PinTone} */ (`pin${number}`);
    this.#list = [...this.#list, { number, tone, options, base, alterations, compared, step, ...reached }];
    this.#list.sort((a, b) => a.number - b.number);
    this.#lab.emit('pins');
  }

  /** @param {Pin} pin */
  remove(pin) {
    this.#keep(this.#list.filter((other) => other !== pin));
  }

  clear() {
    this.#keep([]);
  }

  /** Makes room for runs to compare: those compared before go, and of the reader's own as many as have to. @param {number} count */
  makeRoom(count) {
    const own = this.#list.filter(({ compared }) => !compared);
    const kept = own.slice(0, mostPins - count);
    this.#keep(kept, own.slice(kept.length));
  }

  /** Those of a lab that this one stands for. @param {readonly Pin[]} list */
  adopt(list) {
    this.#keep([...list]);
  }

  /** @param {Pin[]} list @param {Pin[]} [dropped] */
  #keep(list, dropped = []) {
    this.#list = list;
    this.dropped = dropped;
    this.#lab.emit('pins');
  }
}
