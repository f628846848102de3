// The five phases of a step as buttons: which are done, which comes next. Pressing one goes on up to it.

import { h, setAttribute, setText } from '../dom.js';
import { phases } from '../../trainer.js';
import { overflowOf } from '../phases.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Phase } from '../../trainer.js' */
/** @import { Lab } from '../lab.js' */

/** The notebook's words for the phases. @type {Readonly<Record<Phase, string>>} */
const phaseCode = Object.freeze({
  draw: 'X, y',
  forward: 'loss(net(X), y)',
  zero_grad: '.zero_grad()',
  backward: '.backward()',
  step: '.step()',
});
const last = phases.length - 1;

export class PhaseBar {
  #lab;
  #t;
  #buttons;
  #back;
  #forget = h('input', { type: 'checkbox' });
  #told = h('p', { class: 'told' }); // the transport announces where the run stands

  /** @param {Lab} lab @param {Translate} t */
  constructor(lab, t) {
    this.#lab = lab;
    this.#t = t;
    this.#buttons = phases.map((phase, i) => {
      const state = h('span', { class: 'visually-hidden' });
      const button = h(
        'button',
        { type: 'button', 'data-phase': phase },
        h('span', { class: 'name' }, t(`microscope.phase_${phase}`)),
        state,
        h('code', {}, phaseCode[phase]),
      );
      button.addEventListener('click', () => this.#press(i));
      return { button, state };
    });
    this.#back = h('button', { type: 'button', class: 'back' }, t('microscope.back'));
    this.#back.addEventListener('click', () => lab.begun && lab.stepBack('phase'));
    this.#forget.addEventListener('change', () => (lab.forgetsZeroGrad = this.#forget.checked));
    const forget = h('label', { class: 'forget' }, this.#forget, h('span', {}, t('microscope.forget')));
    this.element = h(
      'div',
      { class: 'phase-bar' },
      h(
        'ol',
        { class: 'phases', 'aria-label': t('microscope.phases') },
        ...this.#buttons.map(({ button }) => h('li', {}, button)),
      ),
      this.#told,
      h('div', { class: 'phase-tools' }, this.#back, forget),
    );
  }

  /** The number of the phase that comes next. */
  get #next() {
    const { trainer, leavesOut } = this.#lab;
    const done = trainer ? phases.indexOf(trainer.phase) : last;
    const next = (done + 1) % phases.length;
    return leavesOut && phases[next] === 'zero_grad' ? next + 1 : next;
  }

  /** Goes on up to a phase. @param {number} wanted */
  #press(wanted) {
    const lab = this.#lab;
    if (this.#buttons[wanted]?.button.getAttribute('aria-disabled') === 'true') return;
    lab.attempt(() => {
      for (let next = this.#next; next <= wanted && !lab.ended; next = this.#next) {
        lab.stepOnce('phase');
        if (next === last) break;
      }
      this.update();
      // So that pressing the same key again does what comes next.
      this.#buttons[this.#next]?.button.focus();
    });
  }

  update() {
    const { trainer, playing, ended, begun, step, status, locked, forgetsZeroGrad, leavesOut, leftOut } = this.#lab;
    const loading = status === 'loading';
    const between = !trainer || trainer.phase === 'step';
    const next = loading ? 0 : this.#next;
    const any = begun && (step > 0 || status === 'diverged'); // epochs without a minibatch have no phases
    this.#buttons.forEach(({ button, state }, i) => {
      const isZeroGrad = phases[i] === 'zero_grad';
      const left = isZeroGrad && (between && any ? leftOut : leavesOut);
      const done = between ? any : i < next;
      const is = left ? 'left' : done ? 'done' : 'due';
      setAttribute(button, 'data-state', is);
      const isNext = i === next && !ended && !loading;
      if (isNext) setAttribute(button, 'aria-current', 'step');
      else button.removeAttribute('aria-current');
      const off = loading || ended || (isZeroGrad && leavesOut) || (!between && i < next);
      setAttribute(button, 'aria-disabled', off);
      setText(state, is === 'due' ? '' : this.#t(`microscope.is_${is}`));
    });
    setAttribute(this.#back, 'aria-disabled', !begun);
    this.#forget.checked = forgetsZeroGrad;
    this.#forget.disabled = loading || locked;
    setText(this.#told, playing ? this.#t('state.playing') : this.#text(between, begun));
  }

  /** What the phase at hand has done. @param {boolean} between @param {boolean} begun */
  #text(between, begun) {
    const { trainer, step, status, leavesOut } = this.#lab;
    if (!trainer || !begun) return this.#t('microscope.told_start');
    if (status === 'diverged') return this.#t(`microscope.over_${overflowOf(trainer)}`);
    if (status === 'finished' && step > 0) return this.#t('state.finished');
    if (between) return this.#t(step > 0 ? 'microscope.told_step' : 'microscope.told_none', { step });
    const { phase } = trainer;
    const piles = leavesOut && (phase === 'forward' || phase === 'backward');
    // Before the first step there is no gradient: nothing to clear, and nothing to add to.
    const isFirst = step === 0 && (phase === 'forward' || piles);
    const what = [phase, ...(piles ? ['piled'] : []), ...(isFirst ? ['first'] : [])].join('_');
    return this.#t(`microscope.told_${what}`, { step: step + 1 });
  }
}
