// The transport: run, pause, step, step back, reset, and how fast. Its keys work while the focus is in it.

import { formatOption } from '../options.js';
import { h, setText } from './dom.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab, Speed } from './lab.js' */

/** Keys and what they do; the help dialog shows this list. */
export const keys = Object.freeze([
  { key: ' ', shift: false, action: 'toggle', shown: 'Space' },
  { key: 'ArrowRight', shift: false, action: 'step_batch', shown: '→' },
  { key: 'ArrowRight', shift: true, action: 'step_epoch', shown: 'Shift + →' },
  { key: 'ArrowLeft', shift: false, action: 'step_back', shown: '←' },
  { key: 'Home', shift: false, action: 'reset', shown: 'Home' },
]);

/** @type {readonly Speed[]} */
const speeds = ['slow', 'normal', 'fast'];

export class Transport {
  #lab;
  #t;
  /** @type {Record<string, HTMLButtonElement>} */ #buttons = {};
  #speed;
  #bar = h('progress', { max: 1, value: 0 });
  #position = h('p', { class: 'position' });
  #state = h('p', { class: 'state', role: 'status' });

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#speed = this.#makeSpeed();
    this.#bar.setAttribute('aria-label', t('transport.progress'));
    const buttons = ['toggle', 'step_batch', 'step_epoch', 'step_back', 'reset', 'new_seed'].map((action) =>
      this.#button(action),
    );
    const label = t('transport.group');
    this.element = h('div', {
      class: 'transport',
      role: 'group',
      'aria-label': label,
      tabindex: 0,
      'aria-keyshortcuts': 'Space ArrowRight ArrowLeft Home',
    });
    this.element.append(
      h('div', { class: 'buttons' }, ...buttons),
      this.#bar,
      h(
        'div',
        { class: 'standing' },
        this.#position,
        h('label', { class: 'speed' }, h('span', {}, t('transport.speed')), this.#speed),
      ),
      this.#state,
    );
    this.element.addEventListener('keydown', (event) => this.#key(event));
    lab.watch('progress', () => this.update(), signal);
    lab.attempt(() => this.update());
  }

  #makeSpeed() {
    const t = this.#t;
    const select = h(
      'select',
      { id: 'speed' },
      ...speeds.map((speed) => h('option', { value: speed }, t(`transport.speed_${speed}`))),
    );
    select.value = this.#lab.speed;
    select.addEventListener('change', () => {
      this.#lab.speed = /** @type {Speed} */ (select.value);
    });
    return select;
  }

  /** @param {string} action */
  #button(action) {
    const button = h(
      'button',
      { type: 'button', class: action, 'data-action': action },
      this.#t(`transport.${action}`),
    );
    button.addEventListener('click', () => this.#act(action));
    this.#buttons[action] = button;
    return button;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const found = keys.find(({ key, shift }) => key === event.key && shift === event.shiftKey);
    const target = /** @type {HTMLElement} */ (event.target);
    if (!found || event.ctrlKey || event.altKey || event.metaKey || target instanceof HTMLSelectElement) return;
    if (event.key === ' ' && target instanceof HTMLButtonElement) return; // Space presses the button itself
    event.preventDefault();
    this.#act(found.action);
  }

  /** @param {string} action */
  #act(action) {
    const lab = this.#lab;
    if (this.#buttons[action]?.getAttribute('aria-disabled') === 'true') return;
    switch (action) {
      case 'toggle':
        return lab.playing ? lab.pause() : lab.play();
      case 'step_batch':
        return lab.stepOnce('batch');
      case 'step_epoch':
        return lab.stepOnce('epoch');
      case 'step_back':
        return lab.stepBack();
      case 'reset':
        return lab.reset();
      case 'new_seed':
        return lab.change('seed', String(randomSeed()));
    }
  }

  update() {
    const { playing, status, step, ended, trainer } = this.#lab;
    const loading = status === 'loading';
    const disabled = {
      toggle: loading,
      step_batch: ended,
      step_epoch: ended,
      step_back: step === 0,
      reset: step === 0,
      new_seed: loading,
    };
    for (const [action, off] of Object.entries(disabled))
      this.#buttons[action]?.setAttribute('aria-disabled', String(off || loading));
    const toggle = this.#buttons['toggle'];
    if (toggle) setText(toggle, this.#t(playing ? 'transport.pause' : 'transport.toggle'));
    toggle?.classList.toggle('playing', playing);
    const total = trainer?.total_steps ?? 0;
    this.#bar.value = total > 0 ? step / total : 0;
    setText(
      this.#position,
      this.#t('transport.position', { step, total, epoch: trainer?.epoch ?? 0, epochs: this.#lab.options.epochs }),
    );
    setText(this.#state, this.#stateText());
    this.element.dataset['status'] = status;
    this.element.dataset['playing'] = String(playing);
  }

  #stateText() {
    const { playing, status, step, altered, options } = this.#lab;
    if (status === 'diverged') return this.#t('state.diverged', { step, lr: formatOption(options.lr) });
    if (playing) return this.#t('state.playing');
    const paused = status === 'finished' || status === 'loading' ? status : step === 0 ? 'ready' : 'paused';
    return this.#t(`state.${altered && paused === 'paused' ? 'altered' : paused}`);
  }
}

/** Any 32-bit seed: more PyTorch does not tell apart, and a short one is easier to read out. */
export function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
