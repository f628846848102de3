// The lesson: the notebook's cells in order, each with its words, its code and what comes of it.

import { h, rich, setText } from '../lab/dom.js';
import '../lab/define.js';
import { Chart } from '../lab/views/chart.js';
import { describeData } from '../lab/views/data.js';
import { inSight } from '../lab/views/in_sight.js';
import { makeFooter, makeHeader, sourceSwitch } from './header.js';
import { Listing } from '../lab/listing.js';
import { presetList } from '../lab/presets.js';
import { cells, contextOf } from '../lab/notebook.js';
import { errorsText, logText, parametersText, peekText } from './outputs.js';

/** @import { Language, Translate } from '../i18n/index.js' */
/** @import { Lab, LabData } from '../lab/lab.js' */
/** @import { LinregLab } from '../lab/element.js' */

const mostReserved = 10; // lines of the log; more of them scroll
const logPause = 200; // milliseconds between two printings of a long log

export class Page {
  #lab;
  #t;
  #abort = new AbortController();
  /** @type {Map<string, Listing>} */ #listings = new Map();
  /** @type {Map<string, HTMLPreElement>} */ #outputs = new Map();
  #feature;
  #data;

  /**
   * @param {Lab} lab @param {Translate} t
   * @param {{ language: Language, setLanguage: (language: Language) => void, banners: Node[], shown?: LinregLab | undefined }} page
   *   `shown`: the element of the page before this one, which keeps what the reader chose in it
   */
  constructor(lab, t, { language, setLanguage, banners, shown = h('linreg-lab') }) {
    this.#lab = lab;
    this.#t = t;
    const { signal } = this.#abort;
    this.#feature = h('select', { id: 'feature', 'aria-label': t('data.feature') });
    this.#feature.addEventListener('change', () => this.#drawData());
    this.#data = new Chart(t, { id: 'chart-data', title: t('data.title'), signal, controls: [this.#feature] });
    this.labElement = shown;
    shown.lab = lab;
    shown.lang = language;

    const header = makeHeader(t, { language, setLanguage, context: () => contextOf(lab, t) });
    header.append(...banners);
    const main = h('main', { id: 'lesson' }, ...this.#sections());
    this.element = h('div', { class: 'page' }, header, main, makeFooter(t));

    lab.addEventListener('settings', () => this.#showSettings(), { signal }); // of a new run, too
    lab.addEventListener('run', () => lab.attempt(() => this.#showRun()), { signal });
    this.#showSettings();
    lab.attempt(() => this.#showRun());
    this.#follow('errors', () => errorsText(lab, t));
    this.#follow('train', () => lab.trainer && logText(lab.trainer, t));
  }

  dispose() {
    this.#abort.abort();
    this.element.remove();
  }

  #sections() {
    return [
      this.#section(
        'data',
        [sourceSwitch(this.#lab, this.#t, this.#abort.signal), this.#listing('data')],
        [this.#data.element],
      ),
      this.#section(
        'minibatch',
        [this.#listing('loader'), this.#words('peek'), this.#listing('peek')],
        [this.#output('peek')],
      ),
      this.#section(
        'model',
        [this.#listing('net'), this.#words('init'), this.#listing('init')],
        [this.#output('net'), this.#output('init')],
      ),
      this.#section(
        'training',
        [this.#listing('loss'), this.#words('optimizer'), this.#listing('optimizer')],
        [this.#words('train'), this.#listing('train'), this.#output('train')],
        this.labElement,
      ),
      this.#section('errors', [this.#listing('errors')], [this.#output('errors')]),
      this.#section(
        'presets',
        [],
        [],
        presetList(this.#lab, this.#t, { linked: true, chosen: () => this.labElement.focus() }),
      ),
    ];
  }

  /** @param {string} id @param {Node[]} left @param {Node[]} right @param {...Node} below over both columns */
  #section(id, left, right, ...below) {
    const title = h('h2', { id: `${id}-title` }, this.#t(`section.${id}`));
    return h(
      'section',
      { class: `section ${id}`, id, 'aria-labelledby': title.id },
      h('div', { class: 'words' }, title, this.#words(id), ...left),
      h('div', { class: 'results' }, ...right),
      ...below,
    );
  }

  /** @param {string} id */
  #words(id) {
    const { base: source } = this.#lab;
    const made = source !== 'cars' && source !== 'synthetic';
    const data = source === 'synthetic' ? 'words.data' : `words.data_${source}`;
    const errors = made ? 'words.errors_made' : source === 'cars' ? 'words.errors_cars' : 'words.errors';
    const key = id === 'data' ? data : id === 'errors' ? errors : `words.${id}`;
    return h('p', { class: 'prose', 'data-words': id }, ...rich(this.#t(key)));
  }

  /** @param {string} id */
  #listing(id) {
    const number = cells.findIndex((cell) => cell.id === id);
    const listing = new Listing(/** @type {typeof cells[0]} */ (cells[number]), number + 1, this.#lab, this.#t, () =>
      contextOf(this.#lab, this.#t),
    );
    this.#listings.set(id, listing);
    return listing.element;
  }

  /** @param {string} id of the cell */
  #output(id) {
    const number = cells.findIndex((cell) => cell.id === id) + 1;
    const text = h('pre', {
      class: `printed ${id}`,
      id: `output-${id}`,
      tabindex: 0,
      role: 'region',
      'aria-label': this.#t('cell.output', { number }),
    });
    this.#outputs.set(id, text);
    return h('div', { class: 'output' }, h('span', { class: 'prompt' }, this.#t('cell.out', { number })), text);
  }

  #showSettings() {
    for (const listing of this.#listings.values()) listing.update();
    // The lines to come have their place before they are printed.
    const lines = Math.min(mostReserved, Math.max(3, this.#lab.options.epochs));
    this.#outputs.get('train')?.style.setProperty('--lines', String(lines));
  }

  /** All that a new trainer changes, and that its steps do not. */
  #showRun() {
    const { trainer, data } = this.#lab;
    for (const id of ['data', 'errors']) {
      const [shown, words] = [this.element.querySelector(`[data-words=${id}]`), this.#words(id)];
      if (shown?.textContent !== words.textContent) shown?.replaceWith(words);
    }
    if (!trainer || !data) return;
    this.#print('peek', peekText(trainer));
    this.#print('net', parametersText(trainer.default_init));
    this.#print('init', parametersText(trainer.initial));
    this.#fillFeatures(data);
    this.#drawData();
  }

  /** Prints what a step changes, in sight. @param {'errors' | 'train'} id @param {() => string | undefined} text */
  #follow(id, text) {
    const output = this.#outputs.get(id);
    if (!output) return;
    const lab = this.#lab;
    const { signal } = this.#abort;
    const print = () => {
      if (lab.trainer) this.#print(id, text() ?? '');
    };
    // Thousands of lines a second cannot be read, only cost time.
    const pause = () => (Number(lab.trainer?.epoch) > mostReserved ? logPause : 0);
    lab.watch('progress', inSight(output, lab, signal, print, pause), signal);
    lab.attempt(print);
  }

  /** @param {string} id @param {string} text */
  #print(id, text) {
    const output = this.#outputs.get(id);
    if (!output || output.textContent === text) return;
    if (id !== 'train') return setText(output, text);
    // Only the log grows, and asking where it stands has the browser lay out the page.
    const atEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 4;
    setText(output, text);
    if (atEnd) output.scrollTop = output.scrollHeight;
  }

  /** @param {LabData} data */
  #fillFeatures({ names }) {
    const { options, selectedIndex } = this.#feature;
    if (names.join('\n') === Array.from(options, ({ text }) => text).join('\n')) return;
    this.#feature.replaceChildren(...names.map((name, i) => h('option', { value: i }, name)));
    this.#feature.selectedIndex = Math.max(0, Math.min(selectedIndex, names.length - 1));
  }

  #drawData() {
    const { data } = this.#lab;
    if (data) this.#data.show(describeData(data, this.#feature.selectedIndex, this.#t), true);
  }
}
