// The sweep: the loss at the end of training against one option. A point opens its run's settings.

import { tellWithHint } from '../../i18n/index.js';
import { formatOption } from '../../options.js';
import { h, setText } from '../dom.js';
import { coalesce } from '../frames.js';
import { isSwept, sweepValues, sweptOptions } from '../sweep.js';
import { Chart } from './chart.js';
import { KnownOptimum } from './known_optimum.js';
import { decades, extent } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */
/** @import { SweepResult, SweptOption } from '../sweep.js' */
/** @import { Axis, Mark, Picture } from './picture.js' */

export class SweepView {
  #lab;
  #t;
  #sweep;
  #optimum;
  #chart;
  #name;
  #start = h('button', { type: 'button', 'data-action': 'sweep' });
  #bar = h('progress', { max: 1, value: 0 });
  #note = h('p', { class: 'hint', role: 'status' });

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#sweep = lab.sweep;
    const redraw = coalesce(() => lab.attempt(() => this.#show()));
    this.#optimum = new KnownOptimum(lab, signal, redraw);
    const options = sweptOptions.map((name) => h('option', { value: name }, t(`option.${name}`)));
    this.#name = h('select', { id: 'sweep-option', 'aria-label': t('sweep.option') }, ...options);
    this.#name.value = this.#sweep.name;
    this.#start.addEventListener('click', () => this.#toggle());
    this.#bar.setAttribute('aria-label', t('sweep.progress'));
    this.#chart = new Chart(t, {
      id: 'chart-sweep',
      title: t('view.sweep'),
      signal,
      controls: [h('div', { class: 'switches' }, this.#name, this.#start), this.#bar],
      hands: { hint: this.#note, words: this.#note, choose: (i) => this.#open(i) },
    });
    this.element = this.#chart.element;
    this.#sweep.addEventListener('change', redraw, { signal });
    lab.watch('settings', () => this.#show(), signal);
    lab.attempt(() => this.#show());
  }

  #toggle() {
    if (this.#sweep.running) this.#sweep.cancel();
    else if (this.#lab.trainer) this.#sweep.start(/** @type {SweptOption} */ (this.#name.value));
  }

  #show() {
    const t = this.#t;
    const { running, progress, results, stale, refused } = this.#sweep;
    for (const option of this.#name.options) option.disabled = !isSwept(option.value, this.#lab.options);
    if (this.#name.selectedOptions[0]?.disabled) this.#name.selectedIndex = 0;
    setText(this.#start, t(running ? 'sweep.cancel' : 'sweep.start'));
    this.#bar.value = progress;
    const done = results.length > 0 && !this.#lab.locked;
    const note = t(stale ? 'sweep.stale' : done ? 'sweep.hint' : 'sweep.about');
    const more = this.#lab.forgetsZeroGrad ? note + t('sentence.space') + t('sweep.clears') : note;
    setText(this.#note, refused ? tellWithHint(t, refused) : more);
    // What is the lowest possible with the settings of now was perhaps not with those of the sweep.
    const about = { name: this.#sweep.name, results, floor: stale ? undefined : this.#optimum.value?.loss };
    this.#chart.show(describeSweep(this.#lab, about, t), !running);
  }

  /** @param {number} i of the results */
  #open(i) {
    const result = this.#sweep.results[i];
    if (!result || this.#lab.locked) return;
    this.#lab.tryTo(() => this.#lab.restartWith(this.#sweep.name, formatOption(result.value)));
  }
}

/**
 * @param {Lab} lab @param {{ name: SweptOption, results: readonly SweepResult[], floor?: number | undefined }} sweep
 * @param {Translate} t
 * @returns {Picture}
 */
export function describeSweep(lab, { name, results, floor }, t) {
  const values = results.map(({ value }) => value);
  const losses = results.map(({ loss }) => loss);
  const ahead = sweepValues(name, lab.options);
  const good = results.filter(({ diverged }) => !diverged);
  const bad = results.filter(({ diverged }) => diverged);
  const label = t(`option.${name}`);
  return {
    name: t('sweep.name', { option: label }),
    summary: summarize(name, results, t),
    x: valueAxis(name, label, [...values, ...ahead]),
    y: { label: t('sweep.loss'), ...decades([losses, floor === undefined ? [] : [floor]]) },
    marks: [...floorMark(floor, t), nowMark(lab, name, t), ...resultMarks(good, bad, t)],
    track: { x: values, y: losses, plane: true, text: (i) => readResult(name, results[i], t) },
    table: () => ({
      columns: [label, t('sweep.loss')],
      length: results.length,
      row: (i) => [Number(values[i]), results[i]?.diverged ? t('sweep.diverged_short') : Number(losses[i])],
    }),
  };
}

/** @param {SweptOption} name @param {string} label @param {number[]} values @returns {Axis} */
function valueAxis(name, label, values) {
  if (name === 'momentum') return { label, scale: 'linear', domain: extent([values]) };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return { label, scale: 'log', domain: [low / 1.5, high * 1.5] };
}

/** @param {number | undefined} at @param {Translate} t @returns {Mark[]} */
function floorMark(at, t) {
  return at === undefined
    ? []
    : [{ kind: 'rule', axis: 'y', tone: 'floor', at, label: t('loss.floor', { loss: t.number(at, 3) }) }];
}

/** @param {Lab} lab @param {SweptOption} name @param {Translate} t @returns {Mark} */
function nowMark({ options }, name, t) {
  const value = formatOption(options[name]);
  return { kind: 'rule', axis: 'x', tone: 'ideal', at: options[name], label: t('sweep.now', { name, value }) };
}

/** @param {SweepResult[]} good @param {SweepResult[]} bad @param {Translate} t @returns {Mark[]} */
function resultMarks(good, bad, t) {
  const x = good.map(({ value }) => value);
  const y = good.map(({ loss }) => loss);
  /** @type {Mark[]} */
  const marks = [
    { kind: 'line', tone: 'sweep', label: '', x, y },
    { kind: 'points', tone: 'sweep', label: t('sweep.results'), x, y },
  ];
  const top = bad.map(() => Infinity);
  if (bad.length > 0)
    marks.push({
      kind: 'points',
      tone: 'diverged',
      label: t('sweep.diverged_short'),
      x: bad.map(({ value }) => value),
      y: top,
    });
  return marks;
}

/** @param {SweptOption} name @param {SweepResult | undefined} result @param {Translate} t */
function readResult(name, result, t) {
  if (!result) return '';
  const value = formatOption(result.value);
  if (result.diverged) return t('sweep.diverged', { name, value, step: result.step });
  return t('sweep.readout', { name, value, loss: t.number(result.loss, 4) });
}

/** @param {SweptOption} name @param {readonly SweepResult[]} results @param {Translate} t */
function summarize(name, results, t) {
  const good = results.filter(({ diverged }) => !diverged);
  if (results.length === 0) return t('sweep.none');
  if (good.length === 0) return t('sweep.all_diverged', { count: results.length });
  const best = good.reduce((a, b) => (b.loss < a.loss ? b : a));
  const text = t('sweep.summary', {
    count: results.length,
    name,
    value: formatOption(best.value),
    loss: t.number(best.loss, 3),
  });
  const [bad, rose] = [results.length - good.length, good.filter((result) => result.rose).length];
  const more = Object.entries({ 'sweep.summary_diverged': bad, 'sweep.summary_rose': rose });
  return [text, ...more.flatMap(([key, count]) => (count > 0 ? t(key, { count }) : []))].join(t('sentence.space'));
}
