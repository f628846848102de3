// Settings that the data of now hide: a minibatch of more rows than there are, and n and true_w while the data are real.
// With other data they count again.

import { sourceDefaults } from '../data/source_options.js';

/** @import { GivenOptions, Options } from '../options.js' */
/** @import { NamedSource } from '../data/sources.js' */

export class Requested {
  /** The settings with which synthetic data were last there. @type {Pick<Options, 'n' | 'true_w'>} */ #synthetic;
  /** The minibatch that was last asked for. */
  batch_size;

  /** @param {GivenOptions} options */
  constructor({ batch_size }) {
    const defaults = sourceDefaults('synthetic');
    this.#synthetic = defaults;
    this.batch_size = batch_size ?? defaults.batch_size;
  }

  /** An option was asked for. @param {string} name @param {unknown} value */
  note(name, value) {
    if (name === 'batch_size') this.batch_size = Number(value);
  }

  /** For data of another number of rows: the minibatch as it was before the data of now cut it. @param {Options} options */
  uncut({ batch_size, n }) {
    return { batch_size: batch_size === n ? Math.max(this.batch_size, n) : batch_size };
  }

  /**
   * The options of now with the data of another source.
   * @param {NamedSource} source @param {{ options: Options, base: NamedSource }} now
   * @returns {GivenOptions}
   */
  optionsFor(source, { options, base }) {
    if (base === 'synthetic') this.#synthetic = options;
    const { n, true_w } = this.#synthetic;
    const { standardize } = sourceDefaults(source);
    return { ...options, ...this.uncut(options), standardize, ...(source === 'synthetic' && { n, true_w }) };
  }
}
