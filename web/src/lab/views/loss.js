// The loss: every minibatch's, thin, and every epoch's on all data, marked; with what can be reached at best.

import { h, setText } from '../dom.js';
import { KnownOptimum } from './known_optimum.js';
import { Chart } from './chart.js';
import { inSight } from './in_sight.js';
import { PinBar, pinLabel } from './pin_bar.js';
import { decades, extent } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */
/** @import { Pin } from '../pins.js' */
/** @import { Axis, Mark, Picture, Rule, Table, Track } from './picture.js' */

/** @typedef {{ steps: ArrayLike<number>, losses: ArrayLike<number>, epochs: ArrayLike<number>, epoch_steps: ArrayLike<number>, epoch_losses: ArrayLike<number> }} Losses */

/** @typedef {{ loss: number, noise_loss: number | null }} Floors */

/** @type {Losses} */
const none = { steps: [], losses: [], epochs: [], epoch_steps: [], epoch_losses: [] };
const mostMarks = 60;

export class LossView {
  #lab;
  #t;
  #log = h('input', { type: 'checkbox', checked: true });
  #chart;
  #optimum;
  #floors = h('p', { class: 'floors' });

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    const switches = h('label', { class: 'switch' }, this.#log, h('span', {}, t('loss.log')));
    this.#chart = new Chart(t, {
      id: 'chart-loss',
      title: t('view.loss'),
      signal,
      controls: [switches],
      notes: [this.#floors],
    });
    this.element = h('div', {}, this.#chart.element, new PinBar(lab, t, signal).element);
    this.#log.addEventListener('change', () => lab.attempt(() => this.#show()));
    this.#optimum = new KnownOptimum(lab, signal, () => lab.attempt(() => this.#show()));
    const show = inSight(this.element, lab, signal, () => this.#show());
    lab.watch(['progress', 'settings', 'pins'], show, signal);
    lab.watch('settings', () => this.#explain(), signal);
    this.#explain();
    lab.attempt(show);
  }

  /** What the lines are at which it could end: said from the start, so that nothing moves when they come. */
  #explain() {
    const lines = ['loss.about_floor', ...(this.#lab.source === 'synthetic' ? ['loss.about_noise'] : [])];
    setText(this.#floors, lines.map((key) => this.#t(key)).join(this.#t('sentence.space')));
  }

  #show() {
    const how = { log: this.#log.checked, optimum: this.#optimum.value };
    this.#chart.show(describeLoss(this.#lab, this.#t, how), !this.#lab.playing);
  }
}

/**
 * @param {Lab} lab
 * @param {Translate} t
 * @param {{ log?: boolean, optimum?: Floors | undefined }} [how] `optimum`: if it is known
 * @returns {Picture}
 */
export function describeLoss(lab, t, { log = true, optimum } = {}) {
  const history = /** @type {Losses} */ (lab.trainer?.loss_history ?? none);
  const pinned = lab.pins.list.map((pin) => pin.history);
  const all = [history, ...pinned].flatMap(({ losses, epoch_losses }) => [losses, epoch_losses]);
  const floors = optimum ? floorMarks(optimum, lab.options, t) : [];
  return {
    name: t(log ? 'loss.name' : 'loss.name_linear'),
    summary: summarize(lab, history, t),
    x: {
      label: t('loss.step'),
      scale: 'linear',
      domain: [0, Math.max(lastStep(lab), ...pinned.map(lastOf))],
      whole: true,
    },
    y: lossAxis([...all, floors.map(({ at }) => at)], log, t),
    marks: [...lab.pins.list.flatMap((pin) => pinMarks(pin, lab, t)), ...lossMarks(history, t), ...floors],
    track: track(history, t),
    table: () => makeTable(history, t),
  };
}

/** @param {ArrayLike<number>[]} lists @param {boolean} log @param {Translate} t @returns {Axis} */
function lossAxis(lists, log, t) {
  const label = t('loss.loss');
  if (log) return { label, ...decades(lists) };
  return { label, scale: 'linear', domain: [0, extent(lists)[1]] };
}

/** @param {Losses} history @param {Translate} t @returns {Mark[]} */
function lossMarks({ steps, losses, epoch_steps, epoch_losses }, t) {
  return [
    // So few are no line that could be seen.
    { kind: steps.length < 3 ? 'points' : 'line', tone: 'minibatch', label: t('loss.minibatch'), x: steps, y: losses },
    // Marks would hide each other where there are very many.
    {
      kind: epoch_steps.length > mostMarks ? 'line' : 'points',
      tone: 'epoch',
      label: t('loss.epoch'),
      x: epoch_steps,
      y: epoch_losses,
    },
  ];
}

/** @param {Pin} pin @param {Lab} lab @param {Translate} t @returns {Mark[]} */
function pinMarks(pin, lab, t) {
  const { tone } = pin;
  const { steps, losses, epoch_steps, epoch_losses } = pin.history;
  const label = pinLabel(pin, lab, t);
  const epochs = { tone, x: epoch_steps, y: epoch_losses };
  return [
    { kind: 'line', tone, label: '', x: steps, y: losses, thin: true },
    { kind: 'line', ...epochs, label },
    { kind: 'points', ...epochs, label: '' },
  ];
}

/** @param {Losses} history @returns {number} */
const lastOf = ({ steps }) => Number(steps[steps.length - 1] ?? 0);

/**
 * What no training gets below on these data, and what the true parameters come to, on average over data with this noise.
 * @param {Floors} optimum @param {Lab['options']} options @param {Translate} t
 * @returns {Rule[]}
 */
function floorMarks({ loss, noise_loss: noise }, { reduction, batch_size, n }, t) {
  // Summed over all rows they are many times what a minibatch can sum up to.
  const all = reduction === 'sum' && batch_size < n ? t('sentence.space') + t('loss.all_rows') : '';
  /** @type {Rule[]} */
  const rules = [
    { kind: 'rule', axis: 'y', tone: 'floor', at: loss, label: t('loss.floor', { loss: t.number(loss, 3) }) + all },
  ];
  if (noise !== null) {
    const label = t('loss.noise', { loss: t.number(noise, 3) }) + all;
    rules.push({ kind: 'rule', axis: 'y', tone: 'noise', at: noise, label });
  }
  return rules;
}

/** The right end of the axis: the whole run, or, for endless ones, some way ahead. @param {Lab} lab */
function lastStep({ trainer, step }) {
  const ahead = 2 ** Math.ceil(Math.log2(Math.max(step, 1000)));
  return Math.max(1, Math.min(trainer?.total_steps ?? 300, ahead));
}

/** @param {Losses} history @param {Translate} t @returns {Track} */
function track({ steps, losses, epochs, epoch_steps, epoch_losses }, t) {
  return {
    x: steps,
    y: losses,
    text: (i) => {
      const step = Number(steps[i]);
      let end = 0; // the first end of an epoch that is not before the step
      while (Number(epoch_steps[end]) < step) end += 1;
      const [first, before] = end > 0 ? [Number(epochs[end - 1]), Number(epoch_steps[end - 1])] : [0, 0];
      // Long runs keep only some ends, but always the last: those between are taken to be evenly spaced.
      const share = end < epochs.length ? (step - before) / (Number(epoch_steps[end]) - before) : 1;
      const epoch = first + Math.ceil(share * (Number(epochs[end] ?? first + 1) - first));
      const text = t('loss.readout', { step, epoch, loss: t.number(Number(losses[i]), 4) });
      if (epoch_steps[end] !== step) return text;
      return text + t('sentence.space') + t('loss.readout_epoch', { loss: t.number(Number(epoch_losses[end]), 4) });
    },
  };
}

/** @param {Lab} lab @param {Losses} history @param {Translate} t */
function summarize(lab, { losses, epoch_losses }, t) {
  if (losses.length === 0) return t('loss.none');
  const [first, last] = [t.number(Number(losses[0]), 3), t.number(Number(losses[losses.length - 1]), 3)];
  const text = losses.length === 1 ? t('loss.first', { last }) : t('loss.summary', { step: lab.step, first, last });
  if (epoch_losses.length === 0) return text;
  const loss = t.number(Number(epoch_losses[epoch_losses.length - 1]), 3);
  return text + t('sentence.space') + t('loss.summary_epoch', { loss });
}

/**
 * The minibatches, and after the last one of an epoch the epoch.
 * @param {Losses} history @param {Translate} t
 * @returns {Table}
 */
function makeTable({ steps, losses, epochs, epoch_steps, epoch_losses }, t) {
  const length = steps.length + epochs.length;
  /** Which row is which: minibatch i, or epoch -1 - i. */
  const order = new Int32Array(length);
  for (let row = 0, i = 0, j = 0; row < length; ++row) {
    const minibatch = j >= epochs.length || (i < steps.length && Number(steps[i]) <= Number(epoch_steps[j]));
    order[row] = minibatch ? i++ : -1 - j++;
  }
  return {
    columns: [t('loss.step'), t('loss.what'), t('loss.loss')],
    length,
    row: (row) => {
      const i = Number(order[row]);
      if (i >= 0) return [Number(steps[i]), t('loss.minibatch'), Number(losses[i])];
      const what = t('loss.epoch_number', { epoch: Number(epochs[-1 - i]) });
      return [Number(epoch_steps[-1 - i]), what, Number(epoch_losses[-1 - i])];
    },
  };
}
