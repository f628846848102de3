// A run of the notebook's training loop: the handle's one owner, and plain values for all that it shows.

import { describe, LinregError, mustBe, oneOf, wholeFrom } from './errors.js';
import { checkOptions, formatOption, optionTable } from './options.js';
import { predict } from './predict.js';
import { readProperties } from './properties.js';
import { Approach } from './approach.js';
import { copiedWhenRead, logLines, readLosses, readPath } from './history.js';
import { throwIfRefused } from './wasm_instance.js';

/** @import { Curvature, Optimum, Plane, SurfaceValues } from './analysis.js' */
/** @import { SliceOptions } from './slices.js' */
/** @import { Trainer as Handle } from './wasm/linreg-simd.mjs' */
/** @import { GivenOptions, Notice, Options } from './options.js' */
/** @import { Wasm } from './wasm_instance.js' */

/** @typedef {typeof statuses[number]} Status */
/** @typedef {typeof phases[number]} Phase */
/** @typedef {{ weight: Float32Array, bias: number }} Parameters */
/** @typedef {Pick<Options, 'batch_size' | 'shuffle' | 'drop_last' | 'loss' | 'reduction' | 'delta' | 'optimizer' | 'lr' | 'momentum' | 'nesterov' | 'weight_decay' | 'epochs'>} TrainingOptions */

export const statuses = Object.freeze(/** @type {const} */ (['ready', 'running', 'finished', 'diverged']));
/** The phases of a step, in the notebook's order. */
export const phases = Object.freeze(/** @type {const} */ (['draw', 'forward', 'zero_grad', 'backward', 'step']));

/**
 * Every array is a copy, taken when the property is read. After dispose() every property but `notices` and every method but
 * dispose() itself throws invalid_state.
 */
export class Trainer {
  #wasm;
  /** @type {Handle | undefined} */
  #handle;
  /** @type {Options} */
  #options;
  /** Rows a millisecond, as measured by run. */
  #pace = 1000;
  #approach;
  /** As they were read last, until the run moves. @type {ReturnType<typeof readLosses> | undefined} */ #losses;

  /**
   * Use engine.createTrainer.
   * @param {Wasm} wasm @param {Handle} handle
   * @param {{ options: Options, notices: Notice[], data?: unknown }} checked
   */
  constructor(wasm, handle, { options, notices, data }) {
    this.#wasm = wasm;
    this.#handle = handle;
    this.#options = options;
    this.#approach = new Approach(this, {
      wasm,
      call: (f) => this.#call(f),
      isSynthetic: data === undefined,
      isAlive: () => this.#handle !== undefined,
    });
    /** What was accepted with a remark, such as a batch_size over n. @type {readonly Notice[]} */
    this.notices = Object.freeze(notices);
  }

  /** @template T @param {(handle: Handle) => T} f @returns {T} */
  #call(f) {
    const handle = this.#handle;
    if (handle === undefined)
      throw new LinregError({ code: 'invalid_state', field: 'dispose', text: { key: 'error.disposed' } });
    return this.#wasm.call(() => f(handle));
  }

  /** What moves the run. @template T @param {(handle: Handle) => T} f @returns {T} */
  #move(f) {
    this.#losses = undefined;
    return this.#call(f);
  }

  /** What is checked of arguments comes after this. @throws {LinregError} invalid_state */
  #requireAlive() {
    this.#call(() => undefined);
  }

  // --- What the run is ---

  /** Every option, as now in force (or due with the next step). @returns {Options} */
  get options() {
    const training = this.#call((t) => t.training());
    return { ...this.#options, true_w: [...this.#options.true_w], ...training };
  }

  /** The rows that training reads. @returns {{ features: Float32Array, labels: Float32Array, n: number, d: number, names: string[] }} */
  get dataset() {
    return this.#call((t) => ({ features: t.features(), labels: t.labels(), n: t.n(), d: t.d(), names: t.names() }));
  }

  /** The notebook's next(iter(data_iter)). @returns {{ rows: Uint32Array, features: Float32Array, labels: Float32Array }} */
  get peek() {
    return this.#call((t) => t.peek());
  }

  /** As nn.Linear drew them. @returns {Parameters} */
  get default_init() {
    return this.#call((t) => t.default_init());
  }

  /** Where training starts. @returns {Parameters} */
  get initial() {
    return this.#call((t) => t.initial());
  }

  // --- Where it stands ---

  /** @returns {Status} */
  get status() {
    return this.#call((t) => /** @type {Status} */ (t.status()));
  }

  /** The part of a step done last; 'step' between two steps. @returns {Phase} */
  get phase() {
    return this.#call((t) => /** @type {Phase} */ (t.phase()));
  }

  get step_count() {
    return this.#call((t) => t.step_count());
  }

  /** Finished epochs. */
  get epoch() {
    return this.#call((t) => t.epoch());
  }

  get steps_per_epoch() {
    return this.#call((t) => t.steps_per_epoch());
  }

  get total_steps() {
    return this.#call((t) => t.total_steps());
  }

  /** @returns {Float32Array} */
  get weight() {
    return this.#call((t) => t.parameters().weight);
  }

  /** @returns {number} */
  get bias() {
    return this.#call((t) => t.parameters().bias);
  }

  /** The parameters in the data's own units. @returns {{ weight: Float64Array, bias: number }} */
  get coefficients() {
    return this.#call((t) => t.coefficients());
  }

  /** What backward has accumulated. @returns {Parameters} */
  get gradient() {
    return this.#call((t) => t.gradient());
  }

  /**
   * The minibatch drawn last; null before the first. Before forward its terms are empty and its loss 0. A row's share is
   * its factor in the gradient: the gradient is the sum of share * features, and of share for the bias.
   */
  get batch() {
    return this.firstRows(Infinity);
  }

  /**
   * As batch, with at least the first `most` of its rows; `size` and `loss` are those of all.
   * @param {number} most
   * @throws {LinregError} invalid_option
   */
  firstRows(most) {
    this.#requireAlive();
    if (!(Number.isInteger(most) || most === Infinity) || most < 0)
      throw mustBe('invalid_option', 'most', { key: 'range.at_least', params: { min: '0' } }, describe(most));
    /** @type {{ size: number, rows: Uint32Array, features: Float32Array, labels: Float32Array, predictions: Float32Array, losses: Float32Array, shares: Float32Array, loss: number }} */
    const batch = this.#call((t) => t.minibatch(most));
    return batch.size === 0 ? null : batch;
  }

  /**
   * What the step at hand starts from, or, between two steps, what the one done last started from: the options it goes
   * by, the parameters, the gradient that backward adds to (0 after zero_grad), and the optimizer's buffers (momentum is
   * SGD's buffer or Adam's exp_avg, variance Adam's exp_avg_sq; 0 where there is none).
   * @returns {{ training: TrainingOptions, parameters: Parameters, carried: Parameters, momentum: Parameters, variance: Parameters }}
   */
  get step_start() {
    return this.#call((t) => t.step_start());
  }

  /** The gradient of the whole data's loss where step_start stands, to set beside the minibatch's. @returns {Parameters} */
  get full_gradient() {
    return this.#call((t) => t.full_gradient());
  }

  /** The whole data's loss with the parameters of now. */
  loss() {
    return this.#call((t) => t.loss());
  }

  /** Predictions for the training rows, in the units that training sees. @returns {Float32Array} */
  get predictions() {
    return this.#call((t) => t.predictions());
  }

  /**
   * Predictions for rows of the user's own, in the data's own units.
   * @param {ArrayLike<number>} features k * d finite numbers, row-major, at most 2^24
   * @returns {Float64Array} k finite numbers
   * @throws {LinregError} invalid_data, with the row whose prediction float64 cannot hold
   */
  predict(features) {
    return predict(this.coefficients, features);
  }

  // --- What it approaches, for the options of now. Long data are analysed in slices by analyse(), else at once. ---

  /** The weights with the least loss. @returns {Optimum} @throws {LinregError} invalid_data where they overflow */
  get optimum() {
    return this.#approach.optimum;
  }

  /** How the loss curves there, and what follows for SGD. @returns {Curvature} @throws {LinregError} invalid_data */
  get curvature() {
    return this.#approach.curvature;
  }

  /** The curvature's mean_square_stable_lr; null where no rate diverges, and for Adam. @returns {number | null} */
  get stable_lr() {
    return this.curvature.mean_square_stable_lr;
  }

  /**
   * The loss over a plane of two parameters, row by row, y ascending; parameter j is weight j, parameter d the bias. The
   * others are held at the optimum or as they are now.
   * @param {Partial<Plane> & { at?: 'optimum' | 'now' }} plane
   * @returns {SurfaceValues}
   * @throws {LinregError} invalid_option, invalid_data
   */
  lossSurface(plane) {
    return this.#approach.lossSurface(plane);
  }

  /**
   * Computes in slices what optimum and curvature need, and lossSurface for a plane if one is given; they then answer at
   * once, until an option that matters to them changes.
   * @param {SliceOptions & { surface?: Partial<Plane> & { at?: 'optimum' | 'now' } }} [given]
   * @throws {LinregError} invalid_option, invalid_data; invalid_state when disposed of meanwhile; the signal's reason
   */
  async analyse(given = {}) {
    this.#requireAlive();
    await this.#approach.analyse(given);
  }

  // --- What it left behind ---

  /** Losses of the minibatches; in long runs an even choice of them (see history.steps). @returns {Float32Array} */
  get losses() {
    return this.#call((t) => t.losses().values);
  }

  /**
   * The recorded losses, of steps and of epochs. Where there are more than it has room for (thousands of either), an even
   * choice of them is kept, with the last step and the last epoch always among it. A list is copied when it is asked for.
   */
  get loss_history() {
    this.#requireAlive();
    this.#losses ??= this.#call(readLosses);
    return copiedWhenRead(this.#losses);
  }

  /** The recorded parameters, thinned alike. */
  get path() {
    return this.#call(readPath);
  }

  /** Both. */
  get history() {
    return { ...this.loss_history, path: this.path };
  }

  /**
   * The lines that the notebook prints, exactly. In runs of more epochs than loss_history has room for (thousands), those
   * of the epochs that it keeps.
   * @returns {string[]}
   */
  get log() {
    return logLines(this.loss_history);
  }

  // --- What can be done ---

  /**
   * One minibatch, one epoch, or one part of a step. Parts come in the notebook's order; zero_grad may be left out, and may come at
   * any time.
   * @param {'batch' | 'epoch' | Phase} [what]
   * @returns {Status}
   * @throws {LinregError} invalid_state when another part is due, or the run is over, in which 'batch' and 'epoch' do nothing;
   *   invalid_option when there is no such part
   */
  step(what = 'batch') {
    this.#move((t) => {
      if (what === 'batch') t.step_batch();
      else if (what === 'epoch') t.step_epoch();
      else if (phases.includes(what)) throwIfRefused(t[what]());
      else throw unknownPart(what);
    });
    return this.status;
  }

  /**
   * Trains for about so many milliseconds, at least one step; less when the run ends before, or has done `until` steps.
   * @param {{ milliseconds?: number, until?: number }} [budget] from 0 to 1000; from 0 to 2^53 - 1, or Infinity
   * @returns {Status}
   * @throws {LinregError} invalid_option
   */
  run(budget = {}) {
    this.#requireAlive();
    const { milliseconds = 6, until = Infinity } = readProperties(budget, ['milliseconds', 'until']);
    if (typeof milliseconds !== 'number' || !(milliseconds >= 0 && milliseconds <= 1000))
      throw mustBe('invalid_option', 'milliseconds', { key: 'range.finite', params: { min: '0', max: '1000' } }, describe(milliseconds)); // prettier-ignore
    if (typeof until !== 'number' || !(until >= 0 && (Number.isSafeInteger(until) || until === Infinity)))
      throw mustBe('invalid_option', 'until', wholeFrom(0, Number.MAX_SAFE_INTEGER), describe(until)); // prettier-ignore
    const end = performance.now() + milliseconds;
    let now = performance.now();
    do {
      // The clock is read a few times a millisecond, whatever a row costs.
      const rows = Math.max(1, Math.round((this.#pace * Math.min(1, end - now)) / 2));
      this.#move((t) => t.run(rows, until));
      const then = now;
      now = performance.now();
      const elapsed = Math.max(now - then, 0.005); // browsers blur the clock
      this.#pace = Math.min(1e9, Math.max(1, (this.#pace + rows / elapsed) / 2));
    } while (now < end && this.status === 'running' && this.step_count < until);
    return this.status;
  }

  /** Trains to the end without a pause; run() keeps a page alive. @returns {Status} */
  train() {
    this.#move((t) => t.train());
    return this.status;
  }

  /**
   * The state after `step` steps, to the bit. Options are again those of that time; what was set later is forgotten.
   * @param {number} step from 0 to step_count
   * @throws {LinregError} invalid_option
   */
  rewind(step) {
    const { step_count } = this;
    if (!(Number.isInteger(step) && step >= 0 && step <= step_count))
      throw mustBe('invalid_option', 'step', wholeFrom(0, step_count), describe(step));
    throwIfRefused(this.#move((t) => t.rewind(step)));
  }

  /**
   * Changes options between two steps; in the middle of a step, after it; shuffle from the next epoch on. Refused, nothing changes.
   * @param {GivenOptions} changes options that are `live` in the option table
   * @returns {readonly Notice[]}
   * @throws {LinregError} invalid_option, invalid_data
   */
  set(changes) {
    const before = this.options;
    const { options, notices, data } = checkOptions(changes, before);
    const fixedOption = optionTable.find(
      ({ name, live }) => !live && formatOption(options[name]) !== formatOption(before[name]),
    );
    const fixedField = data ? 'data' : fixedOption?.name;
    if (fixedField) throw mustBe('invalid_option', fixedField, { key: 'range.fixed' });
    throwIfRefused(this.#move((t) => t.set(options)));
    return notices;
  }

  /** Frees the memory. May be called twice, and after a trap, when there is nothing left to free. */
  dispose() {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#approach.dispose();
    if (handle !== undefined && this.#wasm.alive) this.#wasm.call(() => handle.delete());
  }
}

const strides = oneOf(['batch', 'epoch', ...phases]);

/** @param {unknown} what */
const unknownPart = (what) => mustBe('invalid_option', 'step', strides, describe(what));
