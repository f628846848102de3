// The numbers of a chart as a table. Its cells stay: what a step changes are some of their texts, and to make hundreds of
// rows anew takes longer than all the rest of what is shown of it.

import { h, setText } from '../dom.js';
import { sample } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Table } from './picture.js' */

const mostRows = 400; // the notebook’s 300 steps and its epochs, whole; the CSV file has them all

/** @typedef {{ text: Text, value: string | number | undefined }} Cell */

export class ChartTable {
  #t;
  #sampled = h('span', {});
  #head = h('thead', {});
  #body = h('tbody', {});
  /** @type {Cell[][]} */ #rows = [];
  #key = '';

  /** @param {Translate} t @param {string} title */
  constructor(t, title) {
    this.#t = t;
    this.element = h('table', {}, h('caption', {}, title, ' ', this.#sampled), this.#head, this.#body);
  }

  /** @param {Table} table */
  fill({ columns, length, row }) {
    const shown = sample(length, mostRows);
    this.#name(columns);
    this.#make(shown.length, columns.length);
    shown.forEach((i, line) => row(i).forEach((value, column) => this.#set(this.#rows[line]?.[column], value)));
    setText(this.#sampled, shown.length < length ? this.#t('chart.sampled', { shown: shown.length, n: length }) : '');
  }

  /** @param {string[]} columns */
  #name(columns) {
    const key = columns.join('\n');
    if (key === this.#key) return;
    this.#key = key;
    this.#head.replaceChildren(h('tr', {}, ...columns.map((text) => h('th', { scope: 'col' }, text))));
    this.#body.replaceChildren();
    this.#rows = [];
  }

  /** As many rows as there are to show. @param {number} count @param {number} columns */
  #make(count, columns) {
    for (const _ of this.#rows.splice(count)) this.#body.lastElementChild?.remove();
    const more = Array.from({ length: count - this.#rows.length }, () => Array.from({ length: columns }, makeCell));
    this.#rows.push(...more);
    this.#body.append(...more.map((cells) => h('tr', {}, ...cells.map(({ text }) => h('td', {}, text)))));
  }

  /** @param {Cell | undefined} cell @param {string | number} value */
  #set(cell, value) {
    if (!cell || Object.is(cell.value, value)) return;
    cell.value = value;
    cell.text.data = typeof value === 'number' ? this.#t.number(value) : value;
  }
}

/** @returns {Cell} */
const makeCell = () => ({ text: document.createTextNode(''), value: undefined });
