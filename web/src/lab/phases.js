// A step of training, phase by phase, forwards and back. The engine replays a run as it was made, and here is kept what
// is needed to stop the replay in the middle of a step: in which steps zero_grad was left out.

import { phases } from '../trainer.js';

/** @import { Phase, Trainer } from '../trainer.js' */
/** @import { Alteration } from './alterations.js' */

export class PhaseSteps {
  /**
   * Steps whose backward came without zero_grad, as half-open ranges [from, to); a step goes by the number of steps done
   * before it.
   * @type {[number, number][]}
   */
  #without = [];
  /** Whether zero_grad is left out from now on. */
  forgets = false;

  /**
   * The next phase, or the rest of the step at hand, or the next step.
   * @param {Trainer} trainer whose run is not over @param {'phase' | 'batch'} stride
   */
  go(trainer, stride) {
    if (stride === 'batch' && trainer.phase === 'step' && !this.forgets) return void trainer.step('batch');
    do this.#next(trainer);
    while (stride === 'batch' && trainer.phase !== 'step');
  }

  /** @param {Trainer} trainer */
  #next(trainer) {
    const { phase, step_count } = trainer;
    const forgets = phase === 'forward' && this.forgets;
    const due = forgets ? 'backward' : phases[(phases.indexOf(phase) + 1) % phases.length];
    trainer.step(due);
    if (!forgets) return;
    const last = this.#without.at(-1);
    if (last?.[1] === step_count) last[1] += 1;
    else this.#without.push([step_count, step_count + 1]);
  }

  /** Where zero_grad began to be left out, and where it came back. @param {number} step of now @returns {Alteration[]} */
  alterations(step) {
    return this.#without.map(([from, to]) => ({ name: 'zero_grad', from, value: to < step && to }));
  }

  /** Whether a step came without zero_grad. @param {number} at the steps done before it */
  leftOut(at) {
    return this.#without.some(([from, to]) => from <= at && at < to);
  }

  /** Undoes the phase done last, to the bit. @param {Trainer} trainer */
  back(trainer) {
    const { phase, status, step_count } = trainer;
    // The step on which a run diverges is not counted.
    this.#undo(trainer, phase === 'step' && status !== 'diverged' ? step_count - 1 : step_count, phase);
  }

  /**
   * @param {Trainer} trainer @param {number} at the steps done before the one with the phase @param {Phase} phase
   * @returns {void}
   */
  #undo(trainer, at, phase) {
    if (at < 0) return void trainer.rewind(0); // epochs without a minibatch
    const left = this.leftOut(at);
    const made = phases.filter((name) => name !== 'zero_grad' || !left);
    const kept = made.slice(0, made.indexOf(phase));
    trainer.rewind(at);
    if (trainer.status === 'diverged') return this.#undo(trainer, at - 1, 'step'); // at the end of an epoch
    for (const name of kept) trainer.step(name);
    this.forget(kept.includes('backward') ? at + 1 : at);
  }

  /** The run goes back to a step. @param {number} step */
  forget(step) {
    this.#without = this.#without.filter(([from]) => from < step).map(([from, to]) => [from, Math.min(to, step)]);
  }
}

/** Whether a run diverged on a step that was therefore not taken, and is not counted. @param {Trainer} trainer */
export const wasCutShort = (trainer) => trainer.status === 'diverged' && overflowOf(trainer) !== 'all';

/** The steps done, and the one at hand or that was cut short. @param {Trainer} trainer */
export const wholeSteps = (trainer) => trainer.step_count + (trainer.phase !== 'step' || wasCutShort(trainer) ? 1 : 0);

/** The steps done, and of the one at hand the share of its phases. @param {Trainer} trainer */
export const placeOf = ({ step_count, phase }) =>
  step_count + (phase === 'step' ? 0 : (phases.indexOf(phase) + 1) / phases.length);

/** How many epochs have begun. @param {Trainer} trainer */
export function epochsBegun({ epoch, step_count, phase, loss_history: { epoch_steps } }) {
  const isBetween = phase === 'step' && step_count === Number(epoch_steps.at(-1) ?? 0);
  return isBetween ? epoch : epoch + 1;
}

/**
 * The last step before this one at which an epoch ended. Long runs keep only some of the ends, but always the last one.
 * @param {Trainer} trainer
 */
export function lastEpochEnd(trainer) {
  const { status, epoch, steps_per_epoch, loss_history } = trainer;
  const { epochs, epoch_steps } = loss_history;
  const before = wholeSteps(trainer) - 1; // an epoch that ends just here is undone
  let last = epoch_steps.length - 1;
  while (last >= 0 && Number(epoch_steps[last]) > before) last -= 1;
  const [keptEpoch, keptEnd] = last < 0 ? [0, 0] : [Number(epochs[last]), Number(epoch_steps[last])];
  // An epoch whose loss on all data is infinite has ended too, but is not in the history.
  const hasJustEnded = last < epoch_steps.length - 1 || (status === 'diverged' && !wasCutShort(trainer));
  return keptEnd + ((hasJustEnded ? epoch - 1 : epoch) - keptEpoch) * steps_per_epoch;
}

/**
 * What became infinite when a run diverged: the minibatch's loss, or a parameter, and then the step was not taken; or,
 * after it was taken, the loss on all data.
 * @param {Trainer} trainer @returns {'loss' | 'parameter' | 'all'}
 */
export function overflowOf(trainer) {
  if (!Number.isFinite(trainer.firstRows(0)?.loss)) return 'loss';
  const before = trainer.step_start.parameters;
  const { weight, bias } = trainer;
  const stayed = before.bias === bias && before.weight.every((value, i) => value === weight[i]);
  return stayed ? 'parameter' : 'all';
}
