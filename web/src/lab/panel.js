// The inside of a lab in one language: transport, views, settings, and the keys for them.

import { embedDialog } from '../embed/dialog.js';
import { tellWithHint } from '../i18n/index.js';
import { h, setText } from './dom.js';
import { helpDialog } from './help.js';
import { actionOf, repeats } from './keys.js';
import { leaveOut } from './parts.js';
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
  #lab;
  #t;

  /**
   * @param {Lab} lab @param {Translate} t
   * @param {{ shown: readonly string[], changed: (shown: string[]) => void, hidden: readonly string[], banners: Node[] }} what
   */
  constructor(lab, t, { shown, changed, hidden, banners }) {
    const { signal } = this.#abort;
    this.#lab = lab;
    this.#t = t;
    this.#transport = new Transport(lab, t, signal);
    this.views = new ViewArea(lab, t, signal, { shown, changed });
    const settings = new Settings(lab, t, signal);
    const pinned = h('span', { class: 'visually-hidden', role: 'status' });
    lab.watch('pins', () => setText(pinned, t('pins.count', { count: lab.pins.list.length })), signal);
    const refused = h('p', { class: 'problem refused', role: 'alert' });
    /** @type {{ options?: unknown, trainer?: unknown }} of the run that was there when it was refused */ let then = {};
    const showRefusal = (/** @type {Event} */ event) => {
      then = { options: lab.options, trainer: lab.trainer };
      setText(refused, tellWithHint(t, /** @type {CustomEvent} */ (event).detail));
    };
    const forgetRefusal = () => {
      if (lab.options !== then.options || lab.trainer !== then.trainer) setText(refused, '');
    };
    lab.addEventListener('refused', showRefusal, { signal });
    lab.addEventListener('settings', forgetRefusal, { signal });
    this.element = h(
      'div',
      // Within reach of a click, so that the keys work once the reader has clicked anywhere in the lab. From left to right
      // as its languages are, on pages of another direction too.
      { class: 'lab', role: 'region', 'aria-label': t('lab.name'), tabindex: -1, dir: 'ltr' },
      h('h2', { class: 'visually-hidden' }, t('lab.name')),
      pinned,
      ...banners,
      refused,
      this.#transport.element,
      h(
        'div',
        { class: 'tools' },
        this.views.chooser,
        h(
          'div',
          {},
          new Sound(lab, t, signal).element,
          !lab.locked && this.#opener('situations', t('preset.button'), () => this.#presetDialog()),
          this.#opener('embed', t('embed.button'), () => this.#embedDialog(hidden)),
          this.#opener('keys', t('help.button'), () => this.#helpDialog()),
        ),
      ),
      h('div', { class: 'body' }, this.views.element, settings.element),
    );
    leaveOut(this.element, hidden);
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  /**
   * A button that opens a dialog. What may never be opened is not made before.
   * @param {string} part @param {string} text @param {() => HTMLDialogElement} make
   */
  #opener(part, text, make) {
    const what = { type: 'button', class: 'quiet', id: `${part}-button`, 'data-part': part, 'aria-haspopup': 'dialog' };
    const button = h('button', what, text);
    button.addEventListener('click', () => this.#open(make()));
    return button;
  }

  /** @param {HTMLDialogElement} dialog */
  #open(dialog) {
    dialog.addEventListener('close', () => dialog.remove());
    this.element.append(dialog);
    dialog.showModal();
  }

  /** @param {readonly string[]} hidden @returns {HTMLDialogElement} */
  #embedDialog(hidden) {
    const { height } = this.element.getBoundingClientRect();
    return embedDialog(this.#lab, this.#t, { views: this.views.shown, hidden, height: Math.ceil(height) });
  }

  #presetDialog() {
    const [lab, t] = [this.#lab, this.#t];
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
    if (action === undefined || this.element.querySelector('dialog[open]')) return;
    event.preventDefault();
    if (event.repeat && !repeats(action)) return;
    if (action !== 'help' && action !== 'sweep') this.#transport.act(action);
    else if (!this.#offers(action)) return;
    else if (action === 'sweep') this.#sweep();
    else this.#open(this.#helpDialog());
  }

  /** Whether the key of an action does anything, now or later. @param {string} action @returns {boolean} */
  #offers(action) {
    const isLeftOut = (/** @type {string} */ part) =>
      this.element.querySelector(`[data-part=${part}].left-out`) !== null;
    if (action === 'help') return !isLeftOut('keys');
    if (action === 'sweep') return this.views.shown.includes('sweep') || !isLeftOut('views');
    return this.#transport.offers(action);
  }

  #helpDialog() {
    return helpDialog(this.#t, (action) => this.#offers(action));
  }

  /** A sweep that goes on unseen is only shown. */
  #sweep() {
    const isSeen = this.views.shown.includes('sweep');
    if (!isSeen) this.views.toggle('sweep');
    if (!isSeen && this.#lab.sweep.running) return;
    /** @type {HTMLElement | null} */ (this.views.element.querySelector('[data-action=sweep]'))?.click();
  }

  focus() {
    this.#transport.act('focus');
  }

  dispose() {
    this.#abort.abort();
    this.element.remove();
  }
}
