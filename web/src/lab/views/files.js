// The buttons that save a chart: its picture as SVG or PNG, its numbers as CSV.

import { csvText } from '../../export/csv.js';
import { picturePng, pictureSvg } from '../../export/picture.js';
import { saveFile } from '../../export/save.js';
import { h, setText } from '../dom.js';
import { drawNow } from '../frames.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Picture } from './picture.js' */

const sheet = { width: 800, height: 480 };

/** @type {Record<string, (picture: Picture, title: string) => Promise<Blob | undefined>>} */
const makers = {
  svg: async (picture, title) => new Blob([pictureSvg(picture, { ...sheet, title })], { type: 'image/svg+xml' }),
  png: (picture, title) => picturePng(picture, { ...sheet, title }),
  csv: async (picture) => new Blob(await csvText(picture.table()), { type: 'text/csv;charset=utf-8' }),
};

export class FileButtons {
  #t;
  #what;
  #note = h('p', { class: 'saved', role: 'status' });

  /** @param {Translate} t @param {{ id: string, title: string, picture: () => Picture | undefined }} what */
  constructor(t, what) {
    this.#t = t;
    this.#what = what;
    const buttons = Object.keys(makers).map((kind) => {
      const label = t('chart.save_as', { name: what.title, kind: kind.toUpperCase() });
      const button = h('button', { type: 'button', 'aria-label': label, 'data-save': kind }, kind.toUpperCase());
      button.addEventListener('click', () => this.#save(kind));
      return button;
    });
    this.element = h('div', { class: 'files' }, h('span', {}, t('chart.save')), ...buttons, this.#note);
  }

  /** @param {string} kind */
  async #save(kind) {
    drawNow();
    const picture = this.#what.picture();
    if (!picture) return;
    const name = `linreg-${this.#what.id.replace(/^chart-/, '')}.${kind}`;
    setText(this.#note, '');
    try {
      const blob = await makers[kind]?.(picture, this.#what.title);
      if (!blob) throw new Error('the browser made no file');
      saveFile(blob, name);
      // A frame that may not save files is not told so: the reader can see whether one came.
      setText(this.#note, this.#t(parent === window ? 'chart.saved' : 'chart.saved_in_frame', { name }));
    } catch {
      setText(this.#note, this.#t('chart.save_refused', { name }));
    }
  }
}
