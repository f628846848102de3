// The microscope: one step of minibatch SGD with every number in its place, phase by phase. Room is kept for what is not
// computed yet, so that nothing moves when a phase fills it in.

import { h, setText } from '../dom.js';
import { parameterList } from '../parameters.js';
import { overflowOf } from '../phases.js';
import { BatchTable, rowsShown } from './batch_table.js';
import { inSight, pauseOf } from './in_sight.js';
import { PhaseBar } from './phase_bar.js';
import {
  gradientFormula,
  lossBranch,
  lossFormula,
  predictionFormula,
  residualFormula,
  residualPrecision,
  shareFormula,
  shownTerms,
  stepFormulas,
  stepValues,
} from './step_formulas.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */
/** @import { Parameters, Phase, Trainer, TrainingOptions } from '../../trainer.js' */
/** @import { BatchContent } from './batch_table.js' */
/** @import { Formula } from './mathml.js' */
/** @import { Which } from './step_formulas.js' */

const mostParameters = 4; // whose formulas are written out, beside the bias

/** @typedef {NonNullable<Trainer['batch']>} Batch */

export class MicroscopeView {
  #lab;
  #t;
  #bar;
  #line = 0;
  #size = h('p', { class: 'batch-size' });
  #rowChoice = h('select', {});
  #rows = h('div', { class: 'batch-rows' });
  #one = h('div', { class: 'formulas long' });
  #gradients = h('div', { class: 'formulas' });
  #steps = h('div', { class: 'formulas' });
  #fewer = h('p', { class: 'fewer' });
  #over = h('p', { class: 'overflow' });
  /** @type {BatchTable | undefined} */ #table;
  /** @type {Formula[]} */ #rowFormulas = [];
  /** @type {{ which: Which, gradient: Formula, steps: Formula[] }[]} */ #parameters = [];
  /** What the table and the formulas were made for. */
  #tableKey = '';
  #rowKey = '';
  #stepKey = '';

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#bar = new PhaseBar(lab, t);
    this.#rowChoice.addEventListener('change', () => this.#choose(this.#rowChoice.selectedIndex));
    const part = (/** @type {string} */ name, /** @type {Node[]} */ ...content) =>
      h('div', { class: `part ${name}` }, h('h4', {}, t(`microscope.${name}`)), ...content);
    const choice = h('label', { class: 'row-choice' }, h('span', {}, t('microscope.one_row')), this.#rowChoice);
    this.element = h(
      'div',
      { class: 'microscope' },
      h('h3', {}, t('view.microscope')),
      this.#bar.element,
      part('minibatch', this.#size, this.#rows, h('p', { class: 'share-note' }, t('microscope.share_note'))),
      h('div', { class: 'part' }, h('h4', {}, choice), this.#scroller('microscope.one_row', this.#one)),
      part('gradient', this.#scroller('microscope.gradient', this.#gradients)),
      part('step', this.#scroller('microscope.step', this.#steps), this.#fewer, this.#over),
    );
    const showBar = inSight(this.#bar.element, lab, signal, () => this.#bar.update());
    const show = inSight(this.element, lab, signal, () => this.#show(), () => pauseOf(lab)); // prettier-ignore
    for (const draw of [showBar, show]) {
      lab.watch(['settings', 'progress'], draw, signal);
      lab.attempt(draw);
    }
  }

  /** Long formulas scroll in a box of their own. @param {string} title @param {HTMLElement} content */
  #scroller(title, content) {
    return h('div', { class: 'formula-box', tabindex: 0, role: 'region', 'aria-label': this.#t(title) }, content);
  }

  /** @param {number} line */
  #choose(line) {
    this.#line = line;
    this.#lab.attempt(() => this.#show());
  }

  #show() {
    const { trainer, data } = this.#lab;
    if (!trainer || !data) return;
    const { phase, step_start: start } = trainer;
    const batch = trainer.firstRows(rowsShown(data.d));
    const { training } = start;
    this.#makeTable(training);
    this.#makeStepFormulas(training, data.d);
    const forwarded = batch !== null && phase !== 'draw';
    const backwarded = forwarded && (phase === 'backward' || phase === 'step');
    const carried = parameterList(start.carried);
    const gradient = parameterList(trainer.gradient);
    const sums = backwarded ? gradient.map((g, i) => g - Number(carried[i])) : undefined;
    const expected = Math.min(training.batch_size, data.n, rowsShown(data.d));
    const lines = Math.max(1, expected, Math.min(batch?.rows.length ?? 0, rowsShown(data.d)));
    this.#line = Math.min(this.#line, lines - 1);
    /** @type {BatchContent | undefined} */
    const content = batch
      ? { ...batch, shares: backwarded ? batch.shares : undefined, loss: forwarded ? batch.loss : undefined, sums }
      : undefined;
    this.#table?.show(content, lines, this.#line);
    this.#showChoice(batch, lines);
    this.#showRow(start.parameters, training, content, batch?.size);
    this.#showSteps(trainer, start, batch !== null && phase === 'step', {
      carried,
      gradient: backwarded ? gradient : undefined,
      sums,
    });
    setText(this.#size, this.#sizeText(batch));
    this.#showPhase(batch ? phase : undefined, this.#lab.playing);
  }

  /** Where the step stands; what it has just filled in is brought into sight. @param {Phase | undefined} phase @param {boolean} playing */
  #showPhase(phase, playing) {
    if (this.element.dataset['phase'] === (phase ?? '')) return;
    this.element.dataset['phase'] = phase ?? '';
    if (phase && !playing) this.#table?.reveal(phase);
  }

  /** @param {Batch | null} batch */
  #sizeText(batch) {
    if (!batch) return this.#t('microscope.none');
    const [size, shown] = [batch.size, Math.min(batch.rows.length, rowsShown(this.#lab.data?.d ?? 1))];
    if (shown < size) return this.#t('microscope.first_rows', { size, shown, n: this.#lab.options.n });
    return this.#t('microscope.all_rows', { size, n: this.#lab.options.n });
  }

  // --- The rows ---

  /** @param {TrainingOptions} training */
  #makeTable({ reduction }) {
    const { names, label_name } = /** @type {NonNullable<Lab['data']>} */ (this.#lab.data);
    const key = JSON.stringify([names, label_name, reduction]);
    if (key === this.#tableKey) return;
    this.#tableKey = key;
    const chosen = (/** @type {number} */ line) => this.#choose(line);
    this.#table = new BatchTable(this.#t, { names, label: label_name, reduction, chosen });
    this.#rows.replaceChildren(this.#table.element);
  }

  /** @param {Batch | null} batch @param {number} lines */
  #showChoice(batch, lines) {
    const { options } = this.#rowChoice;
    while (options.length > lines) options.remove(options.length - 1);
    while (options.length < lines) this.#rowChoice.append(h('option', {}));
    for (let i = 0; i < lines; ++i) {
      const row = batch?.rows[i];
      setText(/** @type {Element} */ (options[i]), row === undefined ? '–' : String(row));
    }
    if (this.#rowChoice.selectedIndex !== this.#line) this.#rowChoice.selectedIndex = this.#line;
  }

  /**
   * @param {Parameters} parameters @param {TrainingOptions} training @param {BatchContent | undefined} batch
   * @param {number | undefined} rows in the minibatch
   */
  #showRow(parameters, training, batch, rows) {
    const d = parameters.weight.length;
    this.#one.classList.toggle('wide', d > 2);
    const i = this.#line;
    const [prediction, label] = [batch?.predictions[i], batch?.labels[i]];
    const residual = prediction === undefined || label === undefined ? undefined : prediction - label;
    const branch = lossBranch(training, residual);
    const key = JSON.stringify([d, training.loss, training.reduction, branch]);
    if (key !== this.#rowKey) {
      this.#rowKey = key;
      this.#rowFormulas = [
        predictionFormula(d),
        residualFormula(),
        lossFormula(training, branch),
        shareFormula(training, branch),
      ];
      this.#one.replaceChildren(...this.#rowFormulas.map(({ element }) => element));
    }
    const terms = shownTerms(d).flatMap((j) => [
      [`w${j}`, prediction === undefined ? undefined : parameters.weight[j]],
      [`x${j}`, batch?.features[i * d + j]],
    ]);
    const bias = prediction === undefined ? undefined : parameters.bias;
    const known = { ...Object.fromEntries(terms), bias, prediction, label, residual, delta: training.delta };
    const share = batch?.shares?.[i];
    const digits = residual === undefined ? undefined : residualPrecision(Number(prediction), Number(label));
    this.#rowFormulas.forEach((formula, at) =>
      formula.set(
        at === 3 && share === undefined ? {} : { ...known, rows, loss: batch?.losses[i], share }, // backward's comes later
        this.#t.number,
        at === 1 ? digits : undefined,
      ),
    );
  }

  // --- The parameters ---

  /** @param {TrainingOptions} training @param {number} d */
  #makeStepFormulas(training, d) {
    const { optimizer, momentum, nesterov, weight_decay } = training;
    const key = JSON.stringify([d, optimizer, momentum !== 0, nesterov, weight_decay !== 0]);
    if (key === this.#stepKey) return;
    this.#stepKey = key;
    const weights = Array.from({ length: Math.min(d, mostParameters) }, (_, j) => j);
    this.#parameters = [...weights, /** @type {const} */ ('b')].map((which) => ({
      which,
      gradient: gradientFormula(which),
      steps: stepFormulas(training, which),
    }));
    this.#steps.classList.toggle('long', optimizer === 'adam');
    this.#gradients.replaceChildren(...this.#parameters.map(({ gradient }) => gradient.element));
    this.#steps.replaceChildren(
      ...this.#parameters.map(({ steps }) => h('div', { class: 'lines' }, ...steps.map(({ element }) => element))),
    );
    setText(this.#fewer, d > mostParameters ? this.#t('microscope.fewer', { shown: mostParameters, d }) : '');
  }

  /**
   * @param {Trainer} trainer @param {Trainer['step_start']} start @param {boolean} done whether the step is
   * @param {{ carried: number[], gradient: number[] | undefined, sums: number[] | undefined }} found
   */
  #showSteps(trainer, start, done, { carried, gradient, sums }) {
    const over = trainer.status === 'diverged' && done ? overflowOf(trainer) : undefined;
    const taken = done && (!over || over === 'all');
    const { training } = start;
    const t = trainer.step_count + (taken ? 0 : 1);
    const [before, momentum, variance] = [start.parameters, start.momentum, start.variance].map(parameterList);
    const after = parameterList(trainer);
    for (const { which, gradient: formula, steps } of this.#parameters) {
      const i = which === 'b' ? carried.length - 1 : which;
      formula.set({ carried: carried[i], sum: sums?.[i], gradient: gradient?.[i] }, this.#t.number);
      const known = {
        lr: training.lr,
        decay: training.weight_decay,
        factor: training.momentum,
        before: before?.[i],
        gradient: gradient?.[i],
        momentum: momentum?.[i],
        variance: variance?.[i],
        t,
      };
      const values = done
        ? stepValues(training, {
            before: Number(before?.[i]),
            gradient: Number(gradient?.[i]),
            momentum: Number(momentum?.[i]),
            variance: Number(variance?.[i]),
            t,
          })
        : known;
      // A step that was refused has changed nothing; what it would have come to is not a number to show.
      for (const line of steps) line.set({ ...values, after: taken ? after[i] : undefined }, this.#t.number);
    }
    setText(this.#over, over ? this.#t(`microscope.over_${over}`) : '');
  }
}
