// The views that are shown, and the buttons that choose them. A view that is not shown does not exist.

import { h } from './dom.js';
import { views } from './views/index.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from './lab.js' */

export class ViewArea {
  #lab;
  #t;
  #signal;
  #changed;
  /** @type {Map<string, HTMLButtonElement>} */ #buttons = new Map();
  /** @type {Map<string, { element: HTMLElement, abort: AbortController }>} */ #shown = new Map();
  #grid = h('div', { class: 'views' });

  /**
   * @param {Lab} lab @param {Translate} t @param {AbortSignal} signal
   * @param {{ shown: readonly string[], changed: (shown: string[]) => void }} choice the views to show, and whom to tell of another choice
   */
  constructor(lab, t, signal, { shown, changed }) {
    this.#lab = lab;
    this.#t = t;
    this.#signal = signal;
    this.#changed = changed;
    signal.addEventListener('abort', () => this.#shown.forEach(({ abort }) => abort.abort()));
    this.chooser = h(
      'div',
      { class: 'chooser', 'data-part': 'views', role: 'group', 'aria-label': t('lab.views') },
      ...views.map(({ name }) => this.#button(name)),
    );
    this.element = this.#grid;
    this.show(shown);
  }

  /** The names of the views that are shown, in the order of the list. */
  get shown() {
    return views.map(({ name }) => name).filter((name) => this.#shown.has(name));
  }

  /** @param {string} name */
  #button(name) {
    const button = h('button', { type: 'button', 'data-view': name }, this.#t(`view.${name}`));
    button.addEventListener('click', () => this.toggle(name));
    this.#buttons.set(name, button);
    return button;
  }

  /** Shows a view, or hides it; the last one stays. @param {string} name */
  toggle(name) {
    const others = [...this.#shown.keys()].filter((other) => other !== name);
    const wanted = this.#shown.has(name) ? others : [...others, name];
    if (wanted.length === 0) return;
    this.show(wanted);
    this.#changed([...this.#shown.keys()]);
  }

  /** @param {readonly string[]} names */
  show(names) {
    for (const [name, { abort, element }] of this.#shown) {
      if (names.includes(name)) continue;
      abort.abort();
      element.remove();
      this.#shown.delete(name);
    }
    for (const { name, View } of views) if (names.includes(name) && !this.#shown.has(name)) this.#make(name, View);
    // In the order of the list, whichever came first; those that stay in place are not touched.
    let before = this.#grid.firstElementChild;
    for (const { name } of views) {
      const element = this.#shown.get(name)?.element;
      if (!element) continue;
      if (element === before) before = before.nextElementSibling;
      else this.#grid.insertBefore(element, before);
    }
    for (const [name, button] of this.#buttons) button.setAttribute('aria-pressed', String(this.#shown.has(name)));
    this.#grid.dataset['count'] = String(this.#shown.size);
  }

  /** @param {string} name @param {import('./views/index.js').ViewClass} View */
  #make(name, View) {
    const abort = new AbortController();
    if (this.#signal.aborted) abort.abort();
    const { element } = new View(this.#lab, this.#t, abort.signal);
    element.dataset['view'] = name;
    this.#shown.set(name, { element, abort });
  }
}
