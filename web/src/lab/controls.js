// The controls of the options. A control shows its option's value, sends what the reader enters to the lab, and shows
// the lab's answer beside itself: an error, or a notice.

import { refusalOf } from '../errors.js';
import { findOption, formatOption } from '../options.js';
import { tell } from '../i18n/index.js';
import { choiceCode } from './choice_code.js';
import { h, setAttribute, setText } from './dom.js';
import { afterPress, watchPresses } from './press.js';

/** @import { LinregError } from '../errors.js' */
/** @import { Translate } from '../i18n/index.js' */
/** @import { OptionName, Options } from '../options.js' */
/** @import { Lab } from './lab.js' */

/**
 * Which of an option's controls tells of its notices aloud, so that nothing is said twice.
 * @type {WeakMap<Lab, Map<OptionName, Control>>}
 */
const speakers = new WeakMap();

/** One control: an element to place, and one for its messages. */
class Control {
  /** What the entry was refused with, and the settings then. @type {{ refusal: LinregError, options: Options } | undefined} */
  #refused;

  /** @param {OptionName} name @param {Lab} lab @param {Translate} t @param {string} [prefix] of its ids */
  constructor(name, lab, t, prefix = '') {
    this.name = name;
    this.lab = lab;
    /** Whether the reader is at it: what is half written stays, whatever else changes. */
    this.typing = false;
    this.t = t;
    this.input = this.makeInput();
    this.input.id = `${prefix}option-${name}`;
    this.input.setAttribute('aria-label', t('control.label', { name, meaning: t(`option.${name}`) }));
    this.input.setAttribute('title', t(`option.${name}`));
    this.problem = h('span', { class: 'problem', id: `${prefix}problem-${name}`, role: 'alert' });
    this.notice = h('span', { class: 'notice', id: `${prefix}notice-${name}`, role: 'status' });
    this.input.setAttribute('aria-describedby', `${this.problem.id} ${this.notice.id}`);
    this.input.addEventListener('input', () => (this.typing = true));
    this.input.addEventListener('change', () => this.commit());
    watchPresses();
    this.input.addEventListener('blur', () => afterPress(() => this.#left()));
    this.input.addEventListener('keydown', (event) => {
      if (/** @type {KeyboardEvent} */ (event).key === 'Escape') this.leave();
    });
  }

  /** @returns {HTMLInputElement | HTMLSelectElement} */
  makeInput() {
    const { kind } = this.option;
    const numeric = kind === 'integer' ? 'numeric' : 'text';
    return h('input', {
      type: 'text',
      class: 'value',
      inputmode: numeric,
      autocomplete: 'off',
      spellcheck: 'false',
      maxlength: 8192,
    });
  }

  get option() {
    return /** @type {import('../options.js').Option} */ (findOption(this.name));
  }

  /** What is placed in the code. @returns {HTMLElement} */
  get element() {
    return this.input;
  }

  /** The text that the reader has entered. */
  get entered() {
    return this.input.value;
  }

  /** @param {string} text */
  write(text) {
    if (this.input.value !== text) this.input.value = text;
    this.fitWidth();
  }

  fitWidth() {
    setAttribute(this.input, 'size', Math.min(24, Math.max(2, this.input.value.length)));
  }

  /** Whether it is the one to speak: which the reader has used last, or else the first that asks. */
  claimsToSpeak() {
    const speaker = () => speakers.get(this.lab)?.get(this.name);
    if (!speaker()?.input.isConnected) this.speak();
    return speaker() === this;
  }

  speak() {
    const known = speakers.get(this.lab) ?? new Map();
    speakers.set(this.lab, known.set(this.name, this));
  }

  commit() {
    this.typing = false;
    this.speak();
    this.fitWidth();
    const refusal = refusalOf(() => this.lab.change(this.name, this.entered));
    if (refusal) this.complain(refusal);
    else this.show(); // the lab may have accepted the text in other words, or kept the value as it was
  }

  /** What was entered is as it was. */
  #left() {
    if (this.typing && !this.input.matches(':focus')) this.leave();
  }

  /** Back to the lab's value. */
  leave() {
    this.typing = false;
    this.show();
  }

  /** @param {LinregError} error */
  complain(error) {
    this.#refused = { refusal: error, options: this.lab.options };
    this.input.setAttribute('aria-invalid', 'true');
    setText(this.notice, '');
    setText(this.problem, tell(this.t, error));
  }

  /**
   * Brings the control up to date. A refused entry stays until it would be accepted or the option is set elsewhere; for want
   * of memory, until any setting is another.
   */
  update() {
    if (!this.refused) this.show();
  }

  get refused() {
    if (!this.#refused) return false;
    const { refusal, options } = this.#refused;
    const [then, now] = [options, this.lab.options].map((of) => formatOption(of[this.name]));
    if (then !== now) return false; // it was set elsewhere
    // Whether there is room now is known only once it is tried again.
    if (refusal.code === 'out_of_memory') return options === this.lab.options;
    return refusalOf(() => this.lab.check(this.name, this.entered)) !== undefined;
  }

  /** Shows the lab's value and notices; an error goes. */
  show() {
    this.#refused = undefined;
    this.input.removeAttribute('aria-invalid');
    setText(this.problem, '');
    if (!this.typing) this.write(formatOption(this.lab.options[this.name]));
    const notices = this.lab.noticesOf(this.name);
    setAttribute(this.notice, 'aria-live', this.claimsToSpeak() ? 'polite' : 'off');
    setText(this.notice, notices.map((notice) => tell(this.t, notice)).join(this.t('sentence.space')));
    this.input.disabled = this.lab.locked || !this.lab.hasEngine;
  }
}

class ChoiceControl extends Control {
  /** @override */
  makeInput() {
    const words = choiceCode[this.name] ?? {};
    const option = (/** @type {string} */ choice) =>
      h('option', { value: choice }, words[choice] ?? this.t(`code.init_${choice}`));
    return h('select', { class: 'value' }, ...this.option.choices.map(option));
  }

  /** @override */
  fitWidth() {}
}

class FlagControl extends Control {
  #word = h('span', {}, '');
  /** @type {HTMLElement | undefined} */ #label;

  /** @override */
  makeInput() {
    return h('input', { type: 'checkbox' });
  }

  /** @override */
  get element() {
    this.#label ??= h('label', { class: 'value flag' }, this.input, this.#word);
    return this.#label;
  }

  /** @override */
  get entered() {
    return String(/** @type {HTMLInputElement} */ (this.input).checked);
  }

  /** @override @param {string} text */
  write(text) {
    /** @type {HTMLInputElement} */ (this.input).checked = text === 'true';
    setText(this.#word, text === 'true' ? 'True' : 'False');
  }

  /** @override @param {LinregError} error */
  complain(error) {
    super.complain(error);
    // A box that stayed ticked would claim what was refused.
    this.write(formatOption(this.lab.options[this.name]));
  }

  /** @override */
  fitWidth() {}
}

/**
 * The control of one option. Where several controls of an option stand in one tree, their ids need a prefix.
 * @param {OptionName} name @param {Lab} lab @param {Translate} t @param {string} [prefix]
 */
export function makeControl(name, lab, t, prefix) {
  const kinds = { choice: ChoiceControl, boolean: FlagControl, integer: Control, number: Control, numbers: Control };
  const kind = /** @type {import('../options.js').Option} */ (findOption(name)).kind;
  return new kinds[kind](name, lab, t, prefix);
}

/** @typedef {Control} OptionControl */
