// A chart: a picture on a canvas with a legend, its one-sentence summary, and its numbers as a table.

import { coalesce, debounce, h, setText } from '../dom.js';
import { drawPicture, drawSample, schemeOf } from './canvas.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Picture } from './picture.js' */

const summaryDelay = 900; // milliseconds without a change, so that a running chart does not talk all the time

export class Chart {
  #canvas = h('canvas', { class: 'plot', role: 'img' });
  #legend = h('ul', { class: 'legend' });
  #summary = h('p', { class: 'summary', role: 'status' });
  #table = h('table', {});
  #details;
  /** @type {Picture | undefined} */ #picture;
  #legendKey = '';
  #draw = coalesce(() => {
    if (!this.#picture) return;
    drawPicture(this.#canvas, this.#picture);
    this.#showLegend(this.#picture);
  });
  #tell = debounce(() => this.#say(), summaryDelay);

  /**
   * @param {Translate} t
   * @param {{ id: string, title: string, signal: AbortSignal, controls?: Node[] }} what
   */
  constructor(t, { id, title, signal, controls = [] }) {
    this.#details = h(
      'details',
      { class: 'numbers' },
      h('summary', {}, t('chart.show_table')),
      h(
        'div',
        { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': t('chart.table_of', { name: title }) },
        this.#table,
      ),
    );
    this.#table.append(h('caption', {}, title));
    const header = h('figcaption', {}, h('h3', { id: `${id}-title` }, title), ...controls);
    this.element = h('figure', { class: 'chart', id, 'aria-labelledby': `${id}-title` });
    this.element.append(header, this.#legend, this.#canvas, this.#summary, this.#details);
    this.#details.addEventListener('toggle', () => this.#fillTable());

    const observer = new ResizeObserver(this.#draw);
    observer.observe(this.#canvas);
    signal.addEventListener('abort', () => observer.disconnect());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.#draw, { signal });
  }

  /** @param {Picture} picture @param {boolean} [settled] whether to say the summary at once */
  show(picture, settled = false) {
    this.#picture = picture;
    this.#draw();
    if (this.#canvas.getAttribute('aria-label') !== picture.name) this.#canvas.setAttribute('aria-label', picture.name);
    if (settled || this.#summary.textContent === '') this.#say();
    else this.#tell();
  }

  #say() {
    if (!this.#picture) return;
    setText(this.#summary, this.#picture.summary);
    this.#fillTable();
  }

  /** @param {Picture} picture */
  #showLegend({ marks }) {
    const scheme = schemeOf(this.#canvas);
    const shown = marks.filter(({ label }) => label !== '');
    const key = [scheme, ...shown.map(({ tone, kind, label }) => `${tone} ${kind} ${label}`)].join('\n');
    if (key === this.#legendKey) return;
    this.#legendKey = key;
    const samples = shown.map(() => h('canvas', { class: 'swatch', 'aria-hidden': 'true' }));
    this.#legend.replaceChildren(...samples.map((sample, i) => h('li', {}, sample, shown[i]?.label)));
    for (const [i, mark] of shown.entries()) drawSample(/** @type {HTMLCanvasElement} */ (samples[i]), mark, scheme);
  }

  #fillTable() {
    if (!this.#details.open || !this.#picture) return;
    const { columns, rows } = this.#picture.table();
    const head = h('thead', {}, h('tr', {}, ...columns.map((text) => h('th', { scope: 'col' }, text))));
    const body = h('tbody', {}, ...rows.map((cells) => h('tr', {}, ...cells.map((text) => h('td', {}, text)))));
    this.#table.replaceChildren(...[this.#table.caption, head, body].filter((part) => part !== null));
  }
}
