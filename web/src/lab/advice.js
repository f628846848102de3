// What to do about a run that has diverged: why it did, in a sentence, and two buttons.

import { defaultOptions, formatOption } from '../options.js';
import { h, setText } from './dom.js';
import { overflowOf } from './phases.js';
import { lastGoodStep, round, roundDown } from './stability.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from './lab.js' */

export class Advice {
  #lab;
  #t;
  #taken;
  #rate = h('button', { type: 'button', 'data-action': 'use_rate' });
  #back = h('button', { type: 'button', 'data-action': 'back_to_good' });
  element = h('div', { class: 'advice', hidden: true }, this.#rate, this.#back);

  /** @param {Lab} lab @param {Translate} t @param {() => void} taken the buttons are gone: the focus needs another place */
  constructor(lab, t, taken) {
    this.#lab = lab;
    this.#t = t;
    this.#taken = taken;
    this.#rate.addEventListener('click', () => {
      tryAgain(lab);
      taken();
    });
    this.#back.addEventListener('click', () => {
      lab.goTo(this.goodStep);
      taken();
    });
  }

  get goodStep() {
    const { trainer } = this.#lab;
    return this.#lab.attempt(() => trainer && lastGoodStep(trainer.loss_history)) ?? 0;
  }

  focus() {
    const button = [this.#rate, this.#back].find((button) => !button.hidden);
    if (this.element.hidden || !button) this.#taken();
    else button.focus();
  }

  update() {
    const helps = this.#lab.status === 'diverged' && !wasAtOnce(this.#lab);
    if (this.element.hidden === helps) {
      if (this.element.matches(':focus-within')) this.#taken(); // by a key
      this.element.hidden = !helps;
    }
    if (!helps) return;
    const { rate, offersRate } = adviceOf(this.#lab);
    this.#rate.hidden = !offersRate;
    const rateText = rate === undefined ? 'advice.again' : 'advice.use_rate';
    setText(this.#rate, this.#t(rateText, { lr: rate === undefined ? '' : formatOption(rate) }));
    setText(this.#back, this.#t('advice.back', { step: this.goodStep }));
  }

  /** Why it diverged. */
  get reason() {
    const { key, params } = adviceOf(this.#lab).reason;
    return this.#t(key, params);
  }
}

/**
 * What there is to say to a run that has diverged.
 * @param {Lab} lab
 * @returns {{ rate: number | undefined, reason: { key: string, params?: Record<string, string | number> }, offersRate: boolean }}
 *   the learning rate to try instead, undefined when the rate is not to blame; why it diverged; whether the run may be tried
 *   again by the reader: a rate may not be changed where the settings are only read
 */
export const adviceOf = (lab) => ({ rate: rateOf(lab), reason: reasonOf(lab), offersRate: !lab.locked });

/** Begins anew, with the rate that is advised, and with zero_grad. @param {Lab} lab */
export function tryAgain(lab) {
  const { rate } = adviceOf(lab);
  const isDone = lab.tryTo(() => (rate === undefined ? lab.reset() : lab.change('lr', formatOption(rate))));
  if (isDone && lab.forgetsZeroGrad) lab.forgetsZeroGrad = false;
}

/** @param {Lab} lab @returns {number | undefined} */
function rateOf({ options, stability: { bounds }, leftOut }) {
  if (bounds && options.lr > bounds.sure) return bounds.advised;
  if (leftOut) return undefined;
  return bounds ? roundDown(options.lr / 2, 1) : Math.min(round(options.lr / 10), defaultOptions().lr);
}

/** @param {Lab} lab */
function reasonOf(lab) {
  const { options, stability, step, leftOut } = lab;
  const { bounds } = stability;
  const { lr, batch_size, weight_decay } = options;
  if (wasAtOnce(lab)) return { key: 'diverged.at_once' };
  if (leftOut) return { key: 'diverged.piled', params: { step } };
  if (!bounds || lr <= bounds.sure || lr < bounds.contained)
    return { key: 'diverged.unknown', params: { step, lr: formatOption(lr) } };
  const params = {
    step,
    lr: formatOption(lr),
    batch_size,
    curvature: round(bounds.curvature),
    weight_decay: formatOption(weight_decay),
    largest: roundDown(bounds.largest, 3),
    sure: roundDown(bounds.sure, 3),
  };
  const kind = lr > bounds.largest ? 'curvature' : bounds.tried ? 'order' : 'minibatch';
  return { key: `diverged.${weight_decay > 0 ? `${kind}_decayed` : kind}`, params };
}

/** Whether already the first loss is beyond float32, before any step: no rate is to blame, and nowhere is it better. @param {Lab} lab */
function wasAtOnce(lab) {
  const { trainer, step } = lab;
  return step === 0 && lab.attempt(() => trainer && overflowOf(trainer)) === 'loss';
}
