// The buttons that pin the run of now and take pinned runs away, and a pinned run's name.

import { h, setAttribute, setText } from '../dom.js';
import { differences, lacking } from '../differences.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */
/** @import { Alteration } from '../alterations.js' */
/** @import { Pin } from '../pins.js' */

const mostNamed = 3; // differences; the rest is counted

/**
 * What tells a pinned run from the run of now, such as `1: lr 0.03 → 0.3`.
 * @param {Pin} pin @param {Lab} lab @param {Translate} t
 */
export function pinLabel(pin, lab, t) {
  const settings = differences(pin, lab).map(({ name, then, now }) => `${name} ${listed(then)} → ${listed(now)}`);
  const own = lacking(pin.alterations, lab.alterations).map((alteration) => wordsOf(alteration, t));
  const later = lacking(lab.alterations, pin.alterations).map((alteration) => wordsOf(alteration, t));
  const laterOnly = later.filter((what) => !own.includes(what)).map((what) => t('pins.now', { what }));
  const found = [...new Set([...own, ...laterOnly, ...settings])];
  if (found.length === 0) return t('pins.same', { number: pin.number, step: pin.step });
  const named = found.slice(0, mostNamed);
  if (found.length > mostNamed) named.push(t('pins.more', { count: found.length - mostNamed }));
  return t('pins.differs', { number: pin.number, what: named.join(t('sentence.comma')) });
}

/** A list within a list. @param {string} text */
const listed = (text) => (text.includes(',') ? `[${text}]` : text);

/** @param {Alteration} alteration @param {Translate} t */
const wordsOf = ({ name }, t) =>
  name === 'labels' ? t('pins.labels') : name === 'zero_grad' ? t('pins.zero_grad') : t('pins.changed', { name });

export class PinBar {
  #lab;
  #t;
  #add;
  #list = h('span', { class: 'pins' });
  #dropped = h('span', { role: 'status' });

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#add = h('button', { type: 'button', 'data-action': 'pin' }, t('pins.add'));
    this.#add.addEventListener('click', () => lab.pins.add());
    this.element = h('div', { class: 'pin-bar' }, this.#add, this.#list, this.#dropped);
    lab.watch(['pins', 'settings'], () => this.#fill(), signal);
    lab.watch('progress', () => this.#update(), signal);
    lab.attempt(() => this.#fill());
  }

  #update() {
    setAttribute(this.#add, 'aria-disabled', !this.#lab.pins.open); // and keeps the focus
  }

  #fill() {
    this.#update();
    const { pins } = this.#lab;
    const { length } = pins.dropped;
    setText(this.#dropped, length > 0 ? this.#t('pins.dropped', { count: length }) : '');
    const focused = this.#list.matches(':focus-within');
    const buttons = pins.list.map((pin) =>
      this.#button(String(pin.number), pinLabel(pin, this.#lab, this.#t), () => pins.remove(pin)),
    );
    if (buttons.length > 1) buttons.push(this.#button(this.#t('pins.clear'), '', () => pins.clear()));
    this.#list.replaceChildren(...buttons);
    if (focused) (buttons[0] ?? this.#add).focus();
  }

  /** @param {string} text @param {string} label of the pinned run that it removes @param {() => void} act */
  #button(text, label, act) {
    const button = h('button', { type: 'button', class: 'unpin' });
    if (label !== '') button.setAttribute('aria-label', this.#t('pins.remove', { label }));
    setText(button, label === '' ? text : `× ${text}`);
    button.addEventListener('click', act);
    return button;
  }
}
