// Where a lab's data come from: a source that a link can name, or that source's data in which the reader has moved labels.

import { pickData } from '../data/source_options.js';
import { realData } from '../data/sources.js';

/** @import { NamedSource, RealData, Source } from '../data/sources.js' */
/** @import { GivenOptions } from '../options.js' */

export class Origin {
  /**
   * @param {NamedSource} base where the data came from before labels were moved
   * @param {RealData} [edited] the data since then
   */
  constructor(base, edited) {
    this.base = base;
    this.edited = edited;
    /** None for synthetic data. */
    this.real = edited ?? realData(base);
    Object.freeze(this);
  }

  /** @returns {Source} */
  get source() {
    return this.edited ? 'edited' : this.base;
  }

  /** The data as they were before labels were moved. @returns {Origin} */
  get untouched() {
    return this.edited ? new Origin(this.base) : this;
  }

  /** Whether these are synthetic data in which labels were moved: as data, they do not tell of the weights behind them. */
  get hidesWeights() {
    return this.edited !== undefined && this.base === 'synthetic';
  }

  /** The options with the data. @param {GivenOptions} options @returns {GivenOptions} */
  given(options) {
    const { real } = this;
    if (!real) return options;
    const data = { ...pickData(real), drawn: this.hidesWeights }; // of which callers of the engine are told nothing
    return { ...options, data };
  }
}
