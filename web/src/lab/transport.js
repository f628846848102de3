// The transport: run, pause, step on and back, reset, go to a step, and how fast.

import { mustBe, describe } from '../errors.js';
import { tell } from '../i18n/index.js';
import { Advice } from './advice.js';
import { debounce, h, setAttribute, setText } from './dom.js';
import { speeds } from './pace.js';
import { randomSeed } from './random_seed.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from './lab.js' */
/** @import { Speed } from './pace.js' */
/** @import { Stride } from './run.js' */

const saidFor = 3000; // milliseconds, so that it is not read out later as if it were news
const longestSlider = 100_000; // steps; of longer runs it covers what has been run

export class Transport {
  #lab;
  #t;
  /** @type {Record<string, HTMLButtonElement>} */ #buttons = {};
  #speed;
  #slider = h('input', { type: 'range', class: 'scrubber', id: 'scrubber', min: 0, step: 1 });
  #goTo = h('input', { type: 'text', class: 'value', id: 'go-to', inputmode: 'numeric', size: 7, autocomplete: 'off' });
  #problem = h('span', { class: 'problem', id: 'problem-go-to', role: 'alert' });
  #advice;
  #position = h('p', { class: 'position' });
  #state = h('p', { class: 'state', role: 'status' });
  /** What has been changed where the focus is not. */
  #changed = h('p', { class: 'visually-hidden', role: 'status' });
  #forget = debounce(() => setText(this.#changed, ''), saidFor);

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#speed = this.#makeSpeed();
    this.#advice = new Advice(lab, t, () => this.#buttons['toggle']?.focus());
    this.#listen();
    this.element = h(
      'div',
      { class: 'transport', 'data-part': 'transport', role: 'group', 'aria-label': t('transport.group') },
      this.#bar(),
      this.#slider,
      h(
        'div',
        { class: 'standing' },
        h('div', { class: 'told' }, this.#position, this.#state, this.#changed),
        h('label', { class: 'go-to', 'data-part': 'go_to' }, h('span', {}, t('transport.go_to')), this.#goTo),
        this.#advice.element,
      ),
      this.#problem,
    );
    const update = () => this.update();
    // First of all that is shown: then the run can be played, while the rest is still drawn.
    lab.watch(['settings', 'progress'], update, signal, { first: true });
    lab.attempt(update);
  }

  #bar() {
    const t = this.#t;
    const group = (/** @type {string} */ name, /** @type {string[]} */ ...actions) =>
      h(
        'div',
        { class: `strides ${name}`, role: 'group', 'aria-label': t(`transport.${name}`) },
        h('span', { class: 'direction', 'aria-hidden': 'true' }, t(`transport.${name}`)),
        ...actions.map((action) => this.#button(action)),
      );
    return h(
      'div',
      { class: 'buttons' },
      this.#button('toggle'),
      group('back', 'back_epoch', 'back_batch', 'back_phase'),
      group('forward', 'step_phase', 'step_batch', 'step_epoch'),
      h('div', { class: 'again' }, this.#button('reset'), this.#button('new_seed')),
      h('label', { class: 'speed', 'data-part': 'speed' }, h('span', {}, t('transport.speed')), this.#speed),
    );
  }

  #makeSpeed() {
    const t = this.#t;
    const select = h(
      'select',
      { id: 'speed' },
      ...speeds.map((speed) => h('option', { value: speed }, t(`transport.speed_${speed}`))),
    );
    select.addEventListener('change', () => {
      this.#lab.speed = /** @type {Speed} */ (select.value);
    });
    return select;
  }

  #listen() {
    this.#slider.setAttribute('aria-label', this.#t('transport.progress'));
    this.#slider.addEventListener('input', () => this.#lab.goTo(Number(this.#slider.value)));
    this.#goTo.setAttribute('aria-describedby', this.#problem.id);
    this.#goTo.addEventListener('change', () => this.#commit());
    this.#goTo.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#accept('');
      // What was refused may be right by now; what is new commits itself.
      if (key === 'Enter' && this.#goTo.hasAttribute('aria-invalid')) this.#commit();
    });
  }

  /** The step that the reader asked to go to. */
  #commit() {
    const text = this.#goTo.value.trim();
    if (text === '') return this.#accept('');
    const last = Number(this.#slider.max);
    const step = this.#t.whole(text);
    const total = Math.max(last, this.#lab.attempt(() => this.#lab.trainer?.total_steps) ?? 0);
    if (step <= total) {
      this.#accept('');
      return this.#lab.goTo(step);
    }
    const range = { key: 'range.whole', params: { min: '0', max: this.#t.number(total, 15, 0, 1e15) } };
    this.#goTo.setAttribute('aria-invalid', 'true');
    setText(this.#problem, tell(this.#t, mustBe('invalid_option', 'step', range, describe(text))));
  }

  /** @param {string} text */
  #accept(text) {
    this.#goTo.value = text;
    this.#goTo.removeAttribute('aria-invalid');
    setText(this.#problem, '');
  }

  /** @param {string} action */
  #button(action) {
    const button = h(
      'button',
      { type: 'button', class: action, 'data-action': action },
      this.#t(`transport.${action}`),
    );
    if (action === 'new_seed') button.dataset['part'] = 'seed';
    const stride = strides[action];
    if (stride) button.setAttribute('aria-label', this.#t(`help.${action}`));
    button.addEventListener('click', () => this.act(action));
    this.#buttons[action] = button;
    return button;
  }

  /** Whether an action has its button: the key of what is left out does nothing either. @param {string} action */
  offers(action) {
    const means = { go_to: this.#goTo, faster: this.#speed, slower: this.#speed, ...this.#buttons }[action];
    return !means?.closest('.left-out') && !(action === 'new_seed' && this.#lab.locked);
  }

  /** @param {string} action */
  act(action) {
    const lab = this.#lab;
    if (this.#needless()(action) || !this.offers(action)) return;
    const stride = strides[action];
    if (stride && action.startsWith('back')) lab.stepBack(stride);
    else if (stride) lab.stepOnce(stride);
    else this.#others[action]?.();
  }

  /** @type {Readonly<Record<string, () => void>>} */
  #others = Object.freeze({
    toggle: () => (this.#lab.playing ? this.#lab.pause() : this.#lab.tryTo(() => this.#lab.play())),
    reset: () => this.#lab.tryTo(() => this.#lab.reset()),
    new_seed: () => this.#newSeed(),
    pin: () => this.#lab.pins.add(),
    focus: () => this.#buttons['toggle']?.focus(),
    go_to: () => this.#goTo.focus(),
    faster: () => this.#changeSpeed(1),
    slower: () => this.#changeSpeed(-1),
  });

  #newSeed() {
    const lab = this.#lab;
    if (lab.tryTo(() => lab.change('seed', String(randomSeed())))) this.#tell('seed', String(lab.options.seed));
  }

  /** @param {1 | -1} by */
  #changeSpeed(by) {
    const now = speeds.indexOf(this.#lab.speed);
    this.#lab.speed = speeds[Math.max(0, Math.min(speeds.length - 1, now + by))] ?? this.#lab.speed;
    this.#speed.value = this.#lab.speed;
    this.#tell(this.#t('transport.speed'), this.#t(`transport.speed_${this.#lab.speed}`));
  }

  /** Said, as it is seen elsewhere. @param {string} name @param {string} value */
  #tell(name, value) {
    setText(this.#changed, this.#t('control.label', { name, meaning: value }));
    this.#forget();
  }

  /** Which actions with a button have nothing to do now; the buttons show it a frame later. */
  #needless() {
    const { status, ended, begun, locked } = this.#lab; // asked of the engine once for all of them
    return (/** @type {string} */ action) => {
      if (!this.#buttons[action]) return false;
      if (status === 'loading') return true;
      if (action.startsWith('step')) return ended;
      if (action.startsWith('back') || action === 'reset') return !begun;
      return action === 'new_seed' && locked;
    };
  }

  update() {
    const { playing, status, step, trainer } = this.#lab;
    const isNeedless = this.#needless();
    for (const [action, button] of Object.entries(this.#buttons))
      setAttribute(button, 'aria-disabled', isNeedless(action));
    const toggle = this.#buttons['toggle'];
    const word = this.#t(playing ? 'transport.pause' : 'transport.toggle');
    // Not setText: in the middle of its button another word in the same node would count as one that moves.
    if (toggle && toggle.textContent !== word) toggle.textContent = word;
    if (toggle?.classList.contains('playing') !== playing) toggle?.classList.toggle('playing', playing);
    this.#speed.value = this.#lab.speed;
    // What gives way to the advice takes no focus with it.
    const isLeft = status === 'diverged' && this.#goTo.matches(':focus');

    const total = trainer?.total_steps ?? 0;
    const epochs = this.#lab.options.epochs;
    const position = { step, total, epoch: trainer?.epoch ?? 0, epochs };
    setText(this.#position, trainer ? this.#t('transport.position', position) : ''); // of how many is not known yet
    this.#showSlider(step, total);
    this.#advice.update();
    setText(this.#state, this.#stateText());
    setAttribute(this.element, 'data-status', status);
    setAttribute(this.element, 'data-phase', trainer?.phase ?? 'step');
    setAttribute(this.element, 'data-playing', playing);
    if (isLeft) this.#advice.focus();
  }

  /** @param {number} step @param {number} total */
  #showSlider(step, total) {
    const slider = this.#slider;
    setAttribute(slider, 'max', Math.max(1, total <= longestSlider ? total : this.#lab.furthest));
    slider.value = String(step);
    slider.disabled = total === 0;
    setAttribute(slider, 'aria-valuetext', this.#position.textContent ?? '');
    slider.style.setProperty('--done', `${(100 * step) / Number(slider.max)}%`);
    slider.style.setProperty('--furthest', `${(100 * this.#lab.furthest) / Number(slider.max)}%`);
  }

  #stateText() {
    const { playing, status, changed, forgot, forgetsZeroGrad } = this.#lab;
    if (playing || status === 'loading') return this.#stage();
    const unkept = Object.entries({
      'state.altered': changed,
      'state.forgot': forgot,
      'state.forgets': forgetsZeroGrad && !forgot,
    });
    return [this.#stage(), ...unkept.flatMap(([key, is]) => (is ? this.#t(key) : []))].join(this.#t('sentence.space'));
  }

  /** Where the run is. */
  #stage() {
    const { playing, status, begun, leavesOut, trainer, situation, unavailable } = this.#lab;
    if (unavailable) return ''; // that is told elsewhere
    if (status === 'diverged') return this.#advice.reason;
    const phase = trainer?.phase ?? 'step';
    if (phase !== 'step' && (!playing || this.#lab.speed === 'phase'))
      return this.#t(leavesOut && phase === 'forward' ? 'state.phase_forward_piles' : `state.phase_${phase}`);
    if (playing) return this.#t('state.playing');
    const paused = status === 'finished' || status === 'loading' ? status : begun ? 'paused' : 'ready';
    if (situation && (paused === 'ready' || paused === 'finished')) return this.#t(`watch.${situation}`);
    return this.#t(`state.${paused}`);
  }
}

/** The actions that go on or back. @type {Readonly<Record<string, Stride>>} */
const strides = Object.freeze({
  step_phase: 'phase',
  step_batch: 'batch',
  step_epoch: 'epoch',
  back_phase: 'phase',
  back_batch: 'batch',
  back_epoch: 'epoch',
});
