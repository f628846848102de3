// The rows of a minibatch as a table whose columns are filled by the phases of a step: what was drawn, what forward
// found, and what backward makes of it, down to the sums that are the gradient.

import { h } from '../dom.js';
import { reducedMotion } from '../motion.js';
import { math, name, number, over, row, sub } from './mathml.js';

/** @import { Translate } from '../../i18n/index.js' */

const mostCells = 1600;
const mostContributions = 8; // features whose share of the gradient has a column of its own
const missing = '–';

/** How many rows fit into a table that is quick to fill. @param {number} d */
export const rowsShown = (d) => Math.min(48, Math.max(6, Math.floor(mostCells / (d + 6))));

/**
 * @typedef {object} BatchContent
 * @property {ArrayLike<number>} rows their numbers
 * @property {ArrayLike<number>} features
 * @property {ArrayLike<number>} labels
 * @property {ArrayLike<number>} predictions empty before forward
 * @property {ArrayLike<number>} losses
 * @property {ArrayLike<number> | undefined} shares undefined before backward
 * @property {number | undefined} loss of the whole minibatch
 * @property {ArrayLike<number> | undefined} sums of the whole minibatch: weights, then the bias
 */

export class BatchTable {
  #t;
  #d;
  #width;
  #chosen;
  #table;
  /** @type {HTMLTableRowElement[]} */ #lines = [];
  /** @type {Text[][]} */ #cells = [];
  /** @type {Text[]} */ #foot = [];
  #body = h('tbody', {});

  /**
   * @param {Translate} t
   * @param {{ names: string[], label: string, reduction: 'mean' | 'sum', chosen: (line: number) => void }} what
   */
  constructor(t, { names, label, reduction, chosen }) {
    this.#t = t;
    this.#d = names.length;
    this.#chosen = chosen;
    this.#width = names.length + 5 + this.#contributions;
    const foot = h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('span', { class: 'visually-hidden' }, t('microscope.all'))),
      ...this.#footCells(reduction),
    );
    const columns = h('colgroup', {}, h('col', { class: 'row' }), h('col', { span: this.#width }));
    this.#table = h(
      'table',
      { class: names.length > mostContributions ? 'minibatch many' : 'minibatch' },
      columns,
      this.#head(names, label),
      this.#body,
      h('tfoot', {}, foot),
    );
    this.#table.style.setProperty('--columns', String(this.#width));
    this.element = h(
      'div',
      { class: 'scroller rows', tabindex: 0, role: 'region', 'aria-label': t('microscope.rows') },
      this.#table,
      names.length > mostContributions &&
        h('p', { class: 'on-paper' }, t('microscope.on_paper', { shown: mostContributions, d: names.length })),
    );
    new ResizeObserver(() => this.#makeRoom()).observe(this.element, { box: 'border-box' });
  }

  get #contributions() {
    return this.#d <= mostContributions ? this.#d : 0;
  }

  /** @param {string[]} names @param {string} label */
  #head(names, label) {
    const t = this.#t;
    const group = (/** @type {string} */ phase, /** @type {number} */ span) =>
      h(
        'th',
        { scope: 'colgroup', colspan: span, class: `group ${phase}` },
        h('span', {}, t(`microscope.phase_${phase}`)),
      );
    const column = (/** @type {string} */ text, /** @type {Node[]} */ ...more) =>
      h('th', { scope: 'col', title: text }, text, ...more);
    const formula = (/** @type {string} */ label, /** @type {Element} */ inside) =>
      h(
        'th',
        { scope: 'col' },
        h('span', { class: 'visually-hidden' }, label),
        h('span', { 'aria-hidden': 'true' }, math('math', inside)),
      );
    const share = (/** @type {string} */ text, /** @type {number} */ j) =>
      formula(`${t('microscope.share')} × ${text}`, row(name('s'), '\u2062', sub(name('x'), number(j + 1))));
    return h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('td', {}),
        group('draw', names.length + 1),
        group('forward', 3),
        group('backward', 1 + this.#contributions),
      ),
      h(
        'tr',
        {},
        column(t('chart.row')),
        ...names.map((text) => column(text)),
        column(label),
        formula(t('microscope.prediction'), over(name('y'), '^')),
        formula(t('microscope.residual'), row(over(name('y'), '^'), '−', name('y'))),
        column(t('microscope.loss')),
        column(t('microscope.share'), document.createTextNode(' '), math('math', name('s'))),
        ...names.slice(0, this.#contributions).map(share),
      ),
    );
  }

  /** The loss under the losses, the gradient under the shares. @param {'mean' | 'sum'} reduction */
  #footCells(reduction) {
    const sum = () => h('span', { class: 'reduction' }, '∑');
    return Array.from({ length: this.#width }, (_, i) => {
      const text = document.createTextNode('');
      this.#foot.push(text);
      const loss = this.#d + 3;
      if (i === loss - 1) return h('td', { class: 'reduction' }, reductionSign(reduction, this.#t));
      return h('td', {}, i > loss && sum(), text);
    });
  }

  /** @param {number} count of lines */
  #resize(count) {
    while (this.#lines.length > count) {
      this.#lines.pop()?.remove();
      this.#cells.pop();
    }
    while (this.#lines.length < count) {
      const index = this.#lines.length;
      const texts = Array.from({ length: this.#width + 1 }, () => document.createTextNode(''));
      const [first, ...rest] = texts;
      const line = h('tr', {}, h('th', { scope: 'row' }, first), ...rest.map((text) => h('td', {}, text)));
      line.addEventListener('click', () => this.#chosen(index));
      this.#lines.push(line);
      this.#cells.push(texts);
      this.#body.append(line);
    }
  }

  /**
   * @param {BatchContent | undefined} content without it, dashes
   * @param {number} lines to show, so that the table keeps its height while nothing is drawn
   * @param {number} chosen the line that is looked at more closely
   */
  show(content, lines, chosen) {
    this.#resize(lines);
    for (let i = 0; i < lines; ++i) {
      this.#lines[i]?.classList.toggle('chosen', i === chosen);
      const values = content && i < content.rows.length ? this.#values(content, i) : [];
      this.#cells[i]?.forEach((text, j) => setData(text, j === 0 ? rowNumber(values[0]) : this.#t.cell(values[j])));
    }
    this.#foot.forEach((text, j) => setData(text, this.#footText(content, j)));
  }

  /** Scrolls to the columns that a phase fills, until they stand beside the numbers of the rows. @param {string} phase */
  reveal(phase) {
    const left = this.#start(phase);
    if (left === undefined) return;
    this.#makeRoom();
    this.element.scrollTo({ left, behavior: reducedMotion() ? 'auto' : 'smooth' });
  }

  /** How far a phase's columns are from the numbers of the rows, which stay. @param {string} phase */
  #start(phase) {
    const group = /** @type {HTMLElement | null} */ (this.element.querySelector(`.group.${phase}`));
    const header = this.#lines[0]?.firstElementChild?.getBoundingClientRect().width ?? 0;
    return group ? group.offsetLeft - header : undefined;
  }

  /** Without room behind them the last columns would leave half a column, half a number, beside the first. */
  #makeRoom() {
    const { clientWidth, style } = this.element;
    const { offsetWidth } = this.#table;
    const room = offsetWidth > clientWidth ? (this.#start('backward') ?? 0) + clientWidth - offsetWidth : 0;
    style.setProperty('--room', `${Math.max(0, room)}px`);
  }

  /** @param {BatchContent} content @param {number} i */
  #values({ rows, features, labels, predictions, losses, shares }, i) {
    const x = Array.from({ length: this.#d }, (_, j) => features[i * this.#d + j]);
    const [prediction, label, share] = [predictions[i], labels[i], shares?.[i]];
    const residual = prediction === undefined || label === undefined ? undefined : prediction - label;
    const contributions = x
      .slice(0, this.#contributions)
      .map((value) => (share === undefined ? undefined : share * Number(value)));
    return [rows[i], ...x, label, prediction, residual, losses[i], share, ...contributions];
  }

  /** @param {BatchContent | undefined} content @param {number} j */
  #footText(content, j) {
    const loss = this.#d + 3;
    if (j < loss) return '';
    if (j === loss) return this.#t.cell(content?.loss);
    return this.#t.cell(content?.sums?.[j === loss + 1 ? this.#d : j - loss - 2]);
  }
}

/** How the losses of the rows become one. @param {'mean' | 'sum'} reduction @param {Translate} t */
export const reductionSign = (reduction, t) => (reduction === 'mean' ? t('microscope.mean') : '∑');

/** @param {Text} text @param {string} data */
function setData(text, data) {
  if (text.data !== data) text.data = data;
}

/** @param {number | undefined} value */
const rowNumber = (value) => (value === undefined ? missing : String(value));
