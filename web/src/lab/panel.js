// The inside of a lab in one language: transport, views, settings, and the keys for them.

import { h } from './dom.js';
import { helpDialog } from './help.js';
import { actionOf } from './keys.js';
import { Settings } from './settings.js';
import { Transport } from './transport.js';
import { ViewArea } from './view_area.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from './lab.js' */

export class Panel {
  #abort = new AbortController();
  #transport;
  #help;

  /**
   * @param {Lab} lab @param {Translate} t
   * @param {{ shown: readonly string[], changed: (shown: string[]) => void, banners: Node[] }} what
   */
  constructor(lab, t, { shown, changed, banners }) {
    const { signal } = this.#abort;
    this.#help = helpDialog(t);
    this.#transport = new Transport(lab, t, signal);
    this.views = new ViewArea(lab, t, signal, { shown, changed });
    const settings = new Settings(lab, t, signal);
    this.element = h(
      'div',
      // Within reach of a click, so that the keys work once the reader has clicked anywhere in the lab.
      { class: 'lab', role: 'region', 'aria-label': t('lab.name'), tabindex: -1 },
      ...banners,
      this.#transport.element,
      h('div', { class: 'tools' }, this.views.chooser, this.#helpButton(t)),
      h('div', { class: 'body' }, this.views.element, settings.element),
      this.#help,
    );
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param {Translate} t */
  #helpButton(t) {
    const button = h(
      'button',
      { type: 'button', class: 'quiet', id: 'help-button', 'aria-haspopup': 'dialog' },
      t('help.button'),
    );
    button.addEventListener('click', () => this.#help.showModal());
    return button;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const action = actionOf(event);
    if (action === undefined || this.#help.open) return;
    event.preventDefault();
    if (action === 'help') this.#help.showModal();
    else this.#transport.act(action);
  }

  dispose() {
    this.#abort.abort();
    this.element.remove();
  }
}
