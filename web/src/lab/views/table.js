// The parameters as a table: what they should be, what they are, and how far off, with the notebook's signs.

import { h, setText } from '../dom.js';
import { parameterList } from '../parameters.js';
import { inSight, pauseOf } from './in_sight.js';
import { KnownOptimum } from './known_optimum.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */

const smallest = 5e-5; // below this four decimals would show nothing
const mostLetters = 12; // of a name that fits its column in any script

/** A column, and its numbers: those of the weights, then the bias's. @typedef {{ title: string, values: (number | undefined)[] }} Column */

export class TableView {
  #lab;
  #t;
  /** It takes its time where there are many rows; until then its columns are empty. */ #optimum;
  #note = h('p', { class: 'table-note' });
  #table = h('table', { class: 'parameters' });
  /** @type {Text[][]} */ #cells = [];
  #key = '';

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#optimum = new KnownOptimum(lab, signal, () => lab.attempt(() => this.#show()));
    const title = t('view.table');
    this.element = h(
      'div',
      { class: 'table-view' },
      h('h3', {}, title),
      h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': title }, this.#table),
      this.#note,
    );
    const show = () => this.#show();
    lab.watch('settings', show, signal); // of a new run, too
    lab.watch('progress', inSight(this.element, lab, signal, show, () => pauseOf(lab)), signal); // prettier-ignore
    lab.attempt(show);
  }

  #show() {
    const { trainer, data, options } = this.#lab;
    if (!trainer || !data) return;
    const columns = this.#columns();
    const names = [...data.names.map((name) => `w ${name}`), 'b'];
    this.#build(
      names,
      columns.map(({ title }) => title),
    );
    this.#cells.forEach((cells, row) => cells.forEach((text, i) => this.#set(text, columns[i]?.values[row])));
    const notes = [
      ...(options.standardize ? ['table.standardized'] : []),
      ...(this.#optimum.value?.unique === false ? ['table.many'] : []),
    ];
    setText(this.#note, notes.map((key) => this.#t(key)).join(this.#t('sentence.space')));
  }

  /** @param {Text} text @param {number | undefined} value */
  #set(text, value) {
    const data = this.#t.cell(value, smallest, 4);
    if (text.data !== data) text.data = data;
  }

  /** @returns {Column[]} */
  #columns() {
    const { trainer, options, base } = this.#lab;
    if (!trainer) return [];
    const now = parameterList(trainer.coefficients);
    const truth = base === 'synthetic' ? [...options.true_w, options.true_b] : undefined;
    const fit = this.#optimum.value?.coefficients;
    const optimum = fit && parameterList(fit);
    const errors = fit?.weight_se && parameterList({ weight: fit.weight_se, bias: fit.bias_se });
    /** @param {string} name @param {readonly (number | null | undefined)[] | null | undefined} values @returns {Column} */
    const column = (name, values) => ({
      title: this.#t(`table.${name}`),
      values: now.map((_, i) => values?.[i] ?? undefined),
    });
    const off = (/** @type {number[] | undefined} */ from) => from?.map((value, i) => value - Number(now[i]));
    // What a narrow table has no room for stands last.
    return [
      column('now', now),
      ...(truth ? [column('truth', truth), column('error', off(truth))] : []),
      column(options.loss === 'mse' ? 'squares' : 'optimum', optimum),
      column('gradient', parameterList(trainer.gradient)),
      column('distance', off(optimum)),
      ...(options.loss === 'mse' ? [column('se', errors)] : []),
    ];
  }

  /** @param {string[]} names of the parameters @param {string[]} titles of the columns */
  #build(names, titles) {
    const key = JSON.stringify([names, titles]);
    if (key === this.#key) return;
    this.#key = key;
    this.#cells = names.map(() => titles.map(() => document.createTextNode('')));
    const head = [this.#t('table.parameter'), ...titles].map((title) => h('th', { scope: 'col' }, title));
    const row = (/** @type {string} */ name, /** @type {number} */ i) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row', class: name.length > mostLetters && 'long' }, name),
        ...(this.#cells[i] ?? []).map((text) => h('td', {}, text)),
      );
    this.#table.replaceChildren(h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...names.map(row)));
  }
}
