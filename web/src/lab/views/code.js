// The code: the notebook's cells for exactly these settings. While one steps phase by phase, the line that was run last
// is marked; a value that is changed in the code changes the setting.

import { copyButton } from '../copy.js';
import { h } from '../dom.js';
import { Listing } from '../listing.js';
import { cells, contextOf, phaseLines, scriptCode } from '../notebook.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */

const prefix = 'view-'; // the settings have controls of the same options

export class CodeView {
  #lab;
  #listings;
  #box;
  /** @type {Element | undefined} */ #marked;

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    const context = () => contextOf(lab, t);
    this.#listings = cells.map((cell, i) => new Listing(cell, i + 1, lab, t, context, prefix));
    this.#box = h('div', { class: 'cells' }, ...this.#listings.map(({ element }) => element));
    const copy = copyButton(t, t('copy.script'), t('copy.short'), () => scriptCode(context()));
    this.element = h(
      'div',
      { class: 'code-view' },
      h('div', { class: 'view-head' }, h('h3', {}, t('view.code')), copy),
      this.#box,
    );
    const update = () => this.#listings.forEach((listing) => listing.update());
    lab.watch('settings', update, signal);
    lab.watch(['settings', 'progress'], () => this.#mark(), signal);
    lab.attempt(update);
    lab.attempt(() => this.#mark());
  }

  /** Marks the line that was run last. */
  #mark() {
    const { trainer, playing, speed, begun } = this.#lab;
    const train = this.#listings[cells.findIndex(({ id }) => id === 'train')];
    const phase = trainer?.phase ?? 'step';
    // At a higher speed no line stays for long enough to be seen.
    const line = begun && (!playing || speed === 'phase') ? train?.lineOf(phaseLines[phase]) : undefined;
    if (line === this.#marked) return;
    this.#marked?.classList.remove('current');
    this.#marked?.removeAttribute('aria-current');
    this.#marked = line;
    line?.classList.add('current');
    line?.setAttribute('aria-current', 'step');
    if (line) this.#bringIntoSight(/** @type {HTMLElement} */ (line));
  }

  /** Scrolls the box of the cells, never the page. @param {HTMLElement} line */
  #bringIntoSight(line) {
    const [box, place] = [this.#box.getBoundingClientRect(), line.getBoundingClientRect()];
    const margin = 2 * place.height;
    if (place.top < box.top + margin) this.#box.scrollTop += place.top - box.top - box.height / 2;
    else if (place.bottom > box.bottom - margin) this.#box.scrollTop += place.bottom - box.bottom + box.height / 2;
  }
}
