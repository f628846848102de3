// A run: one trainer and where it stands. It is played at its pace, stepped on and back, and sent to a step.

import { EngineUser } from './engine_user.js';
import { Pace } from './pace.js';
import { lastEpochEnd, wasCutShort, wholeSteps } from './phases.js';
import { Playback } from './playback.js';

/** @import { Trainer } from '../trainer.js' */
/** @import { Speed } from './pace.js' */

/** @typedef {'phase' | 'batch' | 'epoch'} Stride how far one goes at once */

/**
 * Events: `progress` (the run moved or its playing began or ended), `settings` (zero_grad was left out, or no longer), and
 * those of an EngineUser.
 */
export class Run extends EngineUser {
  #playback = new Playback((milliseconds) => this.attempt(() => this.#advance(milliseconds)) ?? 'stop');
  #pace = new Pace();
  #reported = 0;
  /** What progress has last told of zero_grad. */ #told = '[]';
  #arriving = false;
  #furthest = 0;
  /** The step that it is about to be sent to. */ #due = 0;

  /** The shortest time in milliseconds between two progress events of a playing run. */
  restraint = 0;

  /** The speed at which it is played, unless play is told another. @returns {Speed} */
  get speed() {
    return this.#pace.speed;
  }

  set speed(speed) {
    this.#pace.speed = speed;
    this.#pace.ownSpeed = undefined;
  }

  /** Its steps phase by phase, and in which of them zero_grad is left out. */
  get phases() {
    return this.#pace.phases;
  }

  /** Whether zero_grad was left out on its way. */
  get forgot() {
    return this.phases.alterations(this.step).length > 0;
  }

  /** Whether zero_grad was or will be left out of the step at hand, or, between two steps, of the next one. */
  get leavesOut() {
    const phase = this.attempt(() => this.trainer?.phase);
    if (phase === 'zero_grad') return false;
    return phase === 'backward' ? this.phases.leftOut(this.step) : this.phases.forgets;
  }

  /** Whether zero_grad was left out of the step that was done last, or on which the run diverged. */
  get leftOut() {
    return this.phases.leftOut(this.attempted - 1);
  }

  /** The furthest step that it has reached. */
  get furthest() {
    this.#furthest = Math.max(this.#furthest, this.step);
    return this.#furthest;
  }

  /** Whether something changes in every frame. */
  get playing() {
    return this.#playback.running;
  }

  get step() {
    return this.attempt(() => this.trainer?.step_count) ?? 0;
  }

  /** @returns {'loading' | 'ready' | 'running' | 'finished' | 'diverged'} */
  get status() {
    return this.attempt(() => this.trainer?.status) ?? 'loading';
  }

  get ended() {
    return this.status === 'finished' || this.status === 'diverged';
  }

  /** Whether there is anything to step back over. A first step, or an epoch without a minibatch, may have come to nothing. */
  get begun() {
    if (this.step > 0 || this.status === 'diverged') return true;
    return this.attempt(() => this.trainer && (this.trainer.phase !== 'step' || this.trainer.epoch > 0)) === true;
  }

  /** Whether it is still on its way to the step to begin at. */
  get arriving() {
    return this.#arriving && this.playing;
  }

  /** The step that leads to where it is: where it diverged on one that it therefore did not take, that one. */
  get attempted() {
    const wasNotTaken = this.attempt(() => this.trainer && wasCutShort(this.trainer));
    return wasNotTaken ? this.step + 1 : this.step;
  }

  /** The step that it stands at or is sent to; and if it is played, or will be from there, what of a step it is owed. */
  get heading() {
    const { attempted: step, playing } = this;
    const { goal, onwards, owed } = this.#pace;
    const last = this.attempt(() => this.trainer?.total_steps) ?? Infinity;
    const ahead = Math.min(playing ? goal : this.#due, last);
    return { step: Math.max(step, ahead), owed: playing && onwards ? owed : undefined };
  }

  /**
   * Begins anew.
   * @param {Trainer | undefined} trainer @param {number} step to go to, as far as one slice of time allows
   */
  begin(trainer, step) {
    this.halt();
    this.exchange(trainer);
    this.phases.forget(0);
    this.#furthest = 0;
    if (trainer) this.attempt(() => this.#pace.goTo(trainer, step));
    this.#noteAlterations();
  }

  /** @param {Speed} [speed] this time, instead of its own */
  play(speed) {
    if (this.ended) this.reset();
    this.#start(undefined, undefined, speed);
  }

  /** @override */
  halt() {
    this.#playback.stop();
  }

  pause() {
    if (!this.playing) return;
    this.halt();
    this.emit('progress');
  }

  /** @param {Stride} stride */
  stepOnce(stride) {
    this.pause();
    if (stride === 'epoch' && this.phases.forgets) {
      const epoch = this.attempt(() => this.trainer?.epoch) ?? 0;
      return this.#start((trainer) => trainer.epoch > epoch);
    }
    this.attempt(() => {
      const over = this.ended;
      const trainer = this.trainer; // none any more if asking trapped
      if (!trainer || over) return;
      if (stride === 'epoch') trainer.step('epoch');
      else this.phases.go(trainer, stride);
    });
    this.#tellProgress();
  }

  /** Undoes a phase, a minibatch or an epoch, each as far as it was done. @param {Stride} stride */
  stepBack(stride) {
    this.pause();
    const trainer = this.trainer;
    if (!trainer) return;
    if (stride === 'phase') {
      this.#goBack(() => this.phases.back(trainer));
    } else {
      const done = this.attempt(() => (stride === 'epoch' ? lastEpochEnd(trainer) : wholeSteps(trainer) - 1));
      this.#rewind(Math.max(0, done ?? 0));
    }
  }

  /** It will be sent to a step as soon as it can be. @param {number} step */
  plan(step) {
    this.#due = step;
  }

  /** Goes to a step by replay, in time slices; as soon as there is a trainer. @param {number} step */
  goTo(step) {
    this.pause();
    this.plan(this.trainer ? 0 : step);
    const midway = this.attempt(() => this.trainer && this.trainer.phase !== 'step');
    if (step < this.step || (step === this.step && midway)) this.#rewind(step);
    else if (step > this.step) this.goOn(step);
    else this.emit('progress');
  }

  /** @param {number} step @param {number} [owed] of a run that is played on from there, what of a step it was owed */
  goOn(step, owed) {
    if (this.ended) this.emit('progress');
    else this.#start(step, owed);
  }

  /** Goes to the step to begin at, now that there is a trainer. */
  arrive() {
    this.goTo(this.#due);
    this.#arriving = this.playing;
  }

  /** Back to the start. */
  reset() {
    this.pause();
    this.plan(0);
    this.#rewind(0);
  }

  /** @override */
  dispose() {
    this.#playback.dispose();
    super.dispose();
  }

  /** For heirs: it went back, before its events tell of it. */
  returned() {}

  /** @param {number} step */
  #rewind(step) {
    this.#goBack(() => {
      this.trainer?.rewind(step);
      this.phases.forget(step);
    });
  }

  /** @param {() => void} call */
  #goBack(call) {
    this.#furthest = this.furthest;
    this.attempt(call);
    this.returned();
    this.#noteAlterations();
    this.emit('settings');
    this.emit('progress');
  }

  /** @param {Parameters<Pace['begin']>} how */
  #start(...how) {
    if (!this.trainer) return;
    this.#arriving = false;
    this.#pace.begin(...how);
    this.#playback.start();
    this.emit('progress');
  }

  /** That zero_grad was left out comes about on the way, and concerns what shows the settings. */
  #tellProgress() {
    const told = this.#told;
    if (this.#noteAlterations() !== told) this.emit('settings');
    this.emit('progress');
  }

  #noteAlterations() {
    return (this.#told = JSON.stringify(this.phases.alterations(this.step)));
  }

  /** @param {number} milliseconds since the last slice @returns {'frame' | 'now' | 'stop'} */
  #advance(milliseconds) {
    const trainer = this.trainer;
    if (!trainer) return 'stop';
    const stop = this.#pace.advance(trainer, milliseconds);
    const now = performance.now();
    if (stop || now - this.#reported >= this.restraint) {
      this.#reported = now;
      if (stop) this.halt();
      this.#tellProgress();
    }
    if (stop) return 'stop';
    return this.#pace.hurried ? 'now' : 'frame';
  }
}
