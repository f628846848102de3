// Which learning rates are stable here, and, after a run has diverged, where it was still good. The engine's analysis of
// the curvature is done in the background, whenever what it depends on has changed.

import { formatOption } from '../options.js';
import { rateInOrder } from './rate_in_order.js';

/** @import { GivenOptions, Notice, Options } from '../options.js' */
/** @import { Curvature } from '../analysis.js' */
/** @import { Trainer } from '../trainer.js' */

/**
 * @typedef {object} Bounds
 * @property {number} curvature of the loss that a step meets, in its steepest direction
 * @property {number} largest rates above it diverge from the optimum
 * @property {number} contained rates below it diverge to a distance at most: no gradient of the loss grows beyond a bound,
 *   only that of weight decay does; 0 for the squared error
 * @property {number} sure up to about this rate minibatches stay stable, too: proved where they are drawn independently of each
 *   other, tried out where the rows come in a fixed order
 * @property {boolean} tried whether `sure` was tried out
 * @property {number} advised a rate well below
 */

/** The options that bear on which rates are stable. @type {readonly import('../options.js').OptionName[]} */
const bearing = ['loss', 'delta', 'reduction', 'momentum', 'nesterov', 'weight_decay', 'batch_size', 'optimizer', 'shuffle', 'drop_last']; // prettier-ignore
const patience = 30; // milliseconds in which what has changed is drawn first, and may change again

export class Stability {
  #changed;
  #make;
  #key = '';
  #trainer;
  /** @type {AbortController | undefined} */ #work;
  /** What is known of the present settings; undefined before it is, and where there are no such rates. @type {Bounds | undefined} */
  bounds;

  /**
   * @param {() => void} changed called when the bounds are known, or known to be none
   * @param {(given: GivenOptions) => Trainer | undefined} make makes a trainer for whoever asks to dispose of
   */
  constructor(changed, make) {
    this.#changed = changed;
    this.#make = make;
    this.#trainer = /** @type {Trainer | undefined} */ (undefined);
  }

  /**
   * Looks at a trainer; does nothing if it has done so with the same options.
   * @param {Trainer | undefined} trainer @param {Options} options
   */
  async look(trainer, options) {
    const key = bearing.map((name) => options[name]).join();
    if (trainer === this.#trainer && key === this.#key) return;
    this.#trainer = trainer;
    this.#key = key;
    this.#work?.abort();
    this.#work = new AbortController();
    this.bounds = undefined;
    if (!trainer) return;
    const { signal } = this.#work;
    await new Promise((resolve) => setTimeout(resolve, patience));
    try {
      await trainer.analyse({ signal });
      if (!signal.aborted) this.bounds = readBounds(trainer, options);
    } catch {
      // Without the analysis there is no advice; an engine that broke meanwhile is told of by the next call of the lab.
    }
    if (signal.aborted) return;
    this.#changed();
    await this.#tryOut(trainer, options, signal);
  }

  /** On rows in a fixed order, which takes a while. @param {Trainer} trainer @param {Options} options @param {AbortSignal} signal */
  async #tryOut(trainer, options, signal) {
    const { bounds } = this;
    if (!bounds) return;
    try {
      const sure = await rateInOrder(this.#make, trainer, options, bounds.largest, signal);
      if (sure === undefined || signal.aborted) return;
      this.bounds = { ...bounds, sure, tried: true, advised: roundDown(sure / 2, 1) };
      this.#changed();
    } catch {
      // No trial could be made, or others are wanted by now: what was known before stays.
    }
  }

  stop() {
    this.#work?.abort();
  }

  /** A remark on a learning rate that is too large for the present settings. @param {Options} options @returns {Notice[]} */
  notices({ lr, batch_size }) {
    const { bounds } = this;
    if (!bounds || lr <= bounds.sure) return [];
    const certain = lr > bounds.largest;
    const bounces = lr < bounds.contained;
    const unsure = bounds.tried ? 'notice.lr_unsure_in_order' : 'notice.lr_unsure';
    const keys = bounces ? ['notice.lr_overshoots', 'notice.lr_may_overshoot'] : ['notice.lr_diverges', unsure];
    const key = String(keys[certain ? 0 : 1]);
    const bound = roundDown(certain ? bounds.largest : bounds.sure, 3);
    const params = { lr: formatOption(lr), bound, batch_size };
    return [{ field: 'lr', text: { key, params }, message: '' }];
  }
}

/** @param {Trainer} trainer @param {Options} options @returns {Bounds | undefined} */
function readBounds(trainer, options) {
  const { curvature } = trainer;
  if (!curvature.largest_stable_lr || !curvature.mean_square_stable_lr) return undefined;
  const largest = largestRate(curvature, options);
  const sure = Math.min(curvature.mean_square_stable_lr, largest);
  return {
    curvature: Number(curvature.eigenvalues.at(-1)) * shareOfStep(options),
    largest,
    contained: options.loss === 'mse' ? 0 : largestRate(curvature, options, 0), // where weight decay is all that curves
    sure,
    tried: false,
    advised: roundDown(sure / 2, 1),
  };
}

/** A sum over a minibatch is as much flatter than the sum over all rows as it has fewer of them. @param {Options} options */
const shareOfStep = ({ reduction, batch_size, n }) => (reduction === 'sum' ? Math.min(1, batch_size / n) : 1);

/**
 * The largest rate at which steps are stable in a direction: in inverse proportion to how much the loss that a step meets and
 * its weight decay curve there.
 * @param {Pick<Curvature, 'eigenvalues' | 'largest_stable_lr'>} curvature which tells it for all data and the steepest direction
 * @param {Options} options @param {number} [curve] of the loss of all data in that direction; without it in the steepest
 */
export function largestRate({ eigenvalues, largest_stable_lr }, options, curve = Number(eigenvalues.at(-1))) {
  const { weight_decay } = options;
  const whole = Number(largest_stable_lr) * (Number(eigenvalues.at(-1)) + weight_decay);
  return whole / (curve * shareOfStep(options) + weight_decay);
}

/** Not upwards: what is said to be a bound should not be above it. @param {number} value @param {number} digits that matter */
export function roundDown(value, digits) {
  const power = 10 ** (Math.floor(Math.log10(value)) - digits + 1);
  return Number((Math.floor(value / power + 1e-9) * power).toPrecision(digits));
}

/** To three digits, for a sentence. @param {number} value */
export const round = (value) => Number(value.toPrecision(3));

/**
 * The step to go back to after a run has diverged: the last one from which the loss was no higher than at the start, and
 * among the lower quarter of all. A loss that only rose leads back to step 0.
 * @param {Trainer['loss_history']} history
 */
export function lastGoodStep({ steps, losses }) {
  const sorted = Array.from(losses).sort((a, b) => a - b);
  const bound = Math.min(sorted[Math.floor(sorted.length / 4)] ?? 0, losses[0] ?? 0);
  for (let i = losses.length - 1; i >= 0; --i) {
    // The loss of a step is that of the parameters before it.
    if (Number(losses[i]) <= bound) return Number(steps[i]) - 1;
  }
  return 0;
}
