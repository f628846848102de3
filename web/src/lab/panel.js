// The inside of a lab in one language: transport, views, settings, and the keys for them.

import { h } from './dom.js';
import { helpDialog } from './help.js';
import { actionOf } from './keys.js';
import { presetList } from './presets.js';
import { Settings } from './settings.js';
import { Sound } from './sound.js';
import { Transport } from './transport.js';
import { ViewArea } from './view_area.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from './lab.js' */

export class Panel {
  #abort = new AbortController();
  #transport;
  #help;
  #presets;

  /**
   * @param {Lab} lab @param {Translate} t
   * @param {{ shown: readonly string[], changed: (shown: string[]) => void, banners: Node[] }} what
   */
  constructor(lab, t, { shown, changed, banners }) {
    const { signal } = this.#abort;
    this.#help = helpDialog(t);
    this.#presets = this.#presetDialog(lab, t);
    this.#transport = new Transport(lab, t, signal);
    this.views = new ViewArea(lab, t, signal, { shown, changed });
    const settings = new Settings(lab, t, signal);
    this.element = h(
      'div',
      // Within reach of a click, so that the keys work once the reader has clicked anywhere in the lab.
      { class: 'lab', role: 'region', 'aria-label': t('lab.name'), tabindex: -1 },
      h('h2', { class: 'visually-hidden' }, t('lab.name')),
      ...banners,
      this.#transport.element,
      h(
        'div',
        { class: 'tools' },
        this.views.chooser,
        h(
          'div',
          { class: 'dialogs' },
          new Sound(lab, t, signal).element,
          opener('situations-button', t('preset.button'), this.#presets),
          opener('help-button', t('help.button'), this.#help),
        ),
      ),
      h('div', { class: 'body' }, this.views.element, settings.element),
      this.#help,
      this.#presets,
    );
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param {Lab} lab @param {Translate} t */
  #presetDialog(lab, t) {
    const close = h('button', { type: 'button' }, t('help.close'));
    const dialog = h(
      'dialog',
      { id: 'situations', 'aria-labelledby': 'situations-title' },
      h('h2', { id: 'situations-title' }, t('preset.title')),
      presetList(lab, t, {
        chosen: () => {
          dialog.close();
          this.#transport.act('focus');
        },
      }),
      close,
    );
    close.addEventListener('click', () => dialog.close());
    return dialog;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const action = actionOf(event);
    if (action === undefined || this.#help.open || this.#presets.open) return;
    event.preventDefault();
    if (action === 'help') this.#help.showModal();
    else this.#transport.act(action);
  }

  focus() {
    this.#transport.act('focus');
  }

  dispose() {
    this.#abort.abort();
    this.element.remove();
  }
}

/** @param {string} id @param {string} text @param {HTMLDialogElement} dialog */
function opener(id, text, dialog) {
  const button = h('button', { type: 'button', class: 'quiet', id, 'aria-haspopup': 'dialog' }, text);
  button.addEventListener('click', () => dialog.showModal());
  return button;
}
