// The pace of a run: what of it a slice of time takes, at the speed that the reader has chosen or on the way to a step.

import { PhaseSteps } from './phases.js';

/** @import { Trainer } from '../trainer.js' */

/** From one phase a second to as fast as possible. */
export const speeds = Object.freeze(/** @type {const} */ (['phase', 'batch', 'slow', 'normal', 'fast']));
/** @typedef {typeof speeds[number]} Speed */

const slice = 6; // milliseconds of training in a frame; the rest of the frame's 16 is for drawing
const longestGap = 1500; // milliseconds; a page that was frozen for longer does not catch up

export class Pace {
  /** Steps that are due and not done yet; the fraction is of the next one. */
  owed = 0;
  /** Where a run that is not played for its own sake stops. @type {((trainer: Trainer) => boolean) | undefined} */ #until;
  /** The speed that the reader has chosen. @type {Speed} */
  speed = 'normal';
  /** What is played now has a speed of its own. @type {Speed | undefined} */
  ownSpeed;
  phases = new PhaseSteps();
  /** The step that the run was sent to; 0 if to none. */
  goal = 0;
  /** Whether it is played on from there. */
  onwards = false;

  /**
   * @param {number | ((trainer: Trainer) => boolean)} [until] the step or the state to stop at; without it the run is
   *   played at its speed
   * @param {number} [owed] for a run that is played on from there, what of a step it is owed
   * @param {Speed} [ownSpeed] instead of the reader's
   */
  begin(until, owed, ownSpeed) {
    this.ownSpeed = ownSpeed;
    this.goal = typeof until === 'number' ? until : 0;
    this.onwards = until === undefined || owed !== undefined;
    this.#until = typeof until === 'number' ? ({ step_count }) => step_count >= until : until;
    this.owed = owed ?? 1; // the first step is seen at once
  }

  /** Whether the next slice is wanted as soon as possible. */
  get hurried() {
    return this.#until !== undefined || this.#playedSpeed === 'fast';
  }

  get #playedSpeed() {
    return this.ownSpeed ?? this.speed;
  }

  /**
   * One slice.
   * @param {Trainer} trainer @param {number} milliseconds since the one before
   * @returns {boolean} whether the run is over, or where it was to stop
   */
  advance(trainer, milliseconds) {
    // At its goal a run goes on in the same slice: while a label is moved in every frame, there is no other.
    if (this.goal > 0 && this.onwards && trainer.step_count >= this.goal)
      this.begin(undefined, this.owed, this.ownSpeed);
    if (this.goal > 0) this.goTo(trainer, this.goal);
    else if (this.#until) this.#steps(trainer, Infinity, 'batch', this.#until);
    else if (this.#playedSpeed === 'fast' && !this.phases.forgets) this.#run(trainer);
    else this.#play(trainer, Math.min(milliseconds, longestGap));
    const there = this.#until?.(trainer) === true;
    if (there && this.onwards) this.begin(undefined, this.owed, this.ownSpeed);
    return isOver(trainer) || (there && !this.onwards);
  }

  /** On to a step, as far as one slice allows. @param {Trainer} trainer @param {number} step */
  goTo(trainer, step) {
    const there = () => trainer.step_count >= step || isOver(trainer);
    if (this.phases.forgets) this.#steps(trainer, Infinity, 'batch', there);
    else if (!there()) this.#run(trainer, step);
  }

  /** As many steps as the speed asks for. @param {Trainer} trainer @param {number} milliseconds */
  #play(trainer, milliseconds) {
    // Normal speed shows the notebook's three epochs in two seconds. It is also the limit while gradients pile up: the
    // engine has to remember every such step.
    const perSecond = { phase: 1, batch: 1, slow: 8, normal: 0, fast: 0 }[this.#playedSpeed] || normalPace(trainer);
    this.owed += (milliseconds / 1000) * perSecond;
    const steps = Math.floor(this.owed);
    const paid = this.#steps(trainer, steps, this.#playedSpeed === 'phase' ? 'phase' : 'batch');
    this.owed = paid ? this.owed - steps : 0; // a debt that cannot be paid is forgotten
  }

  /**
   * @param {Trainer} trainer @param {number} count @param {'phase' | 'batch'} stride
   * @param {(trainer: Trainer) => boolean} [until]
   * @returns {boolean} whether there was time for all of them
   */
  #steps(trainer, count, stride, until) {
    const end = performance.now() + slice;
    for (let i = 0; i < count && !isOver(trainer) && !until?.(trainer); ++i) {
      if (performance.now() > end) return false;
      this.phases.go(trainer, stride);
    }
    return true;
  }

  /** @param {Trainer} trainer @param {number} [until] */
  #run(trainer, until = Infinity) {
    if (trainer.phase !== 'step') this.phases.go(trainer, 'batch');
    trainer.run({ milliseconds: slice, until });
  }
}

/** @param {Trainer} trainer */
function isOver({ status }) {
  return status === 'finished' || status === 'diverged';
}

/** Steps a second. @param {Trainer} trainer */
const normalPace = (trainer) => Math.max(30, 1.5 * trainer.steps_per_epoch);
