// A chart: a picture with its legend, its one-sentence summary, and its numbers as a table and as files.

import { debounce, h, setAttribute, setText } from '../dom.js';
import { ChartTable } from './chart_table.js';
import { FileButtons } from './files.js';
import { Legend } from './legend.js';
import { Stage } from './stage.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Picture } from './picture.js' */
/** @import { Hands } from './stage.js' */

// Milliseconds. The sentence is seen as the run goes, and heard once it holds: else a running chart would talk all the time.
const summaryPace = 1000;
const summaryDelay = 900;
const tableDelay = 200; // its numbers are read at rest: not while one step follows another

export class Chart {
  #t;
  #legend = new Legend();
  #summary = h('p', { class: 'summary', role: 'status' });
  #table;
  #details;
  #stage;
  /** @type {Picture | undefined} */ #picture;
  #reading = '';
  #written = 0;
  #tell = debounce(() => this.#say(), summaryDelay);
  #tellNumbers = debounce(() => this.#fillTable(), tableDelay);

  /**
   * @param {Translate} t
   * @param {{ id: string, title: string, signal: AbortSignal, controls?: Node[], hands?: Hands | undefined, notes?: Node[] }} what
   */
  constructor(t, { id, title, signal, controls = [], hands, notes = [] }) {
    this.#t = t;
    this.#stage = new Stage(t, {
      title,
      signal,
      hands,
      recoloured: () => this.#showLegend(),
      read: (text) => this.#read(text),
    });
    const region = {
      class: 'scroller',
      tabindex: 0,
      role: 'region',
      'aria-label': t('chart.table_of', { name: title }),
    };
    this.#table = new ChartTable(t, title);
    const files = new FileButtons(t, { id, title, picture: () => this.#picture });
    this.#details = h(
      'details',
      { class: 'numbers' },
      h('summary', {}, t('chart.show_table')),
      files.element,
      h('div', region, this.#table.element),
    );
    const header = h('figcaption', {}, h('h3', { id: `${id}-title` }, title), ...controls);
    this.element = h('figure', { class: 'chart', id, 'aria-labelledby': `${id}-title` });
    const hint = hands?.hint ? [hands.hint] : [];
    const said = [...hint, this.#summary, ...notes];
    this.element.append(header, this.#legend.element, this.#stage.element, ...said, this.#details);
    this.#details.addEventListener('toggle', () => this.#fillTable());
    addEventListener('beforeprint', () => this.#sayAll(), { signal });
  }

  get picture() {
    return this.#picture;
  }

  focus() {
    this.#stage.element.focus();
  }

  /** Where the values of the picture drawn last are. */
  get plot() {
    return this.#stage.plot;
  }

  /** Whether the summary says what is under the cursor. */
  get isRead() {
    return this.#reading !== '';
  }

  /** Of the picture, in pixels. */
  get size() {
    return this.#stage.size;
  }

  /** @param {Picture} picture @param {boolean} [settled] whether to say the summary at once */
  show(picture, settled = false) {
    this.#picture = { ...picture, number: this.#t.number };
    this.#stage.show(this.#picture);
    this.#showLegend();
    if (this.#stage.onPaper) return this.#sayAll();
    if (settled || this.#summary.textContent === '') return this.#say();
    if (performance.now() - this.#written > summaryPace) this.#write('off');
    this.#tell();
  }

  #say() {
    if (this.#summary.getAttribute('aria-live') === 'off') this.#summary.replaceChildren(); // what was seen is also heard
    this.#write('polite');
    if (this.#details.open) this.#tellNumbers();
  }

  /** At once, as paper does not wait. */
  #sayAll() {
    this.#say();
    this.#fillTable();
  }

  /** @param {'polite' | 'off'} live */
  #write(live) {
    this.#written = performance.now();
    if (!this.#picture) return;
    setAttribute(this.#summary, 'aria-live', live);
    setText(this.#summary, this.#reading || this.#picture.summary);
  }

  /** What is under the cursor takes the summary's place. @param {string} text */
  #read(text) {
    if (text === this.#reading) return;
    this.#reading = text;
    this.#write('polite');
  }

  #showLegend() {
    this.#legend.show(this.#picture?.marks ?? [], this.#stage.scheme);
  }

  #fillTable() {
    if (this.#details.open && this.#picture) this.#table.fill(this.#picture.table());
  }
}
