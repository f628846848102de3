// The events by which a lab tells a page of its run.
//   element.addEventListener('epoch', ({ detail }) => console.log(detail.epoch, detail.loss));

/** @import { LinregError } from '../errors.js' */
/** @import { Status, Trainer } from '../trainer.js' */
/** @import { Lab } from './lab.js' */

/**
 * What the events of a lab tell, as their detail.
 * @typedef {{
 *   'linreg-ready': { step: number, status: Status },
 *   step: { step: number, epoch: number, loss: number | undefined, weight: Float32Array, bias: number },
 *   epoch: { epoch: number, loss: number },
 *   done: { step: number, epoch: number },
 *   diverge: { step: number, epoch: number, lr: number },
 *   error: LinregError,
 * }} LabDetails
 */

/**
 * Tells a page of a lab's run by events at its element. `step` tells where the run is now, once a frame at most; the others
 * come as soon as they are true, and before a method that waits for them goes on. Of a long run's epochs those are told that
 * its history keeps.
 * @param {HTMLElement} element @param {Lab} lab @param {AbortSignal} signal
 */
export function tellOf(element, lab, signal) {
  const tell = (/** @type {string} */ type, /** @type {unknown} */ detail) =>
    element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  const stepped = changesOf(lab);
  const passed = changesOf(lab);
  let isAsked = false;
  // In a task of its own this would be too late, and at once too early: a page's answer would come while the run still moves.
  const look = () => {
    isAsked = false;
    if (!signal.aborted) lab.attempt(() => tellPassed(lab, passed(), tell));
  };
  const ask = () => {
    if (!isAsked) queueMicrotask(look);
    isAsked = true;
  };
  lab.addEventListener('progress', ask, { signal });
  lab.watch('progress', () => tellStep(stepped(), tell), signal);
  /** @type {unknown} a trap is both */ let told;
  const tellError = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent<LinregError>} */ (event);
    if (detail !== told) tell('error', (told = detail));
  };
  for (const type of ['failure', 'unavailable']) lab.addEventListener(type, tellError, { signal });
}

/** @typedef {<Type extends keyof LabDetails>(type: Type, detail: LabDetails[Type]) => void} Tell */
/** @typedef {{ trainer: Trainer, now: Standing, before: Standing, isNew: boolean }} Passage from one standing to another */

/** @param {Passage | undefined} passage @param {Tell} tell */
function tellStep(passage, tell) {
  if (!passage || passage.now.step === passage.before.step) return;
  const { trainer, now } = passage;
  const { weight, bias, phase } = trainer;
  // The list of all losses is long, and this is asked in every frame.
  const isWhole = phase === 'step' && now.status !== 'diverged';
  const loss = isWhole ? trainer.firstRows(0)?.loss : trainer.losses.at(-1);
  tell('step', { step: now.step, epoch: now.epoch, loss, weight, bias });
}

/** @param {Lab} lab @param {Passage | undefined} passage @param {Tell} tell */
function tellPassed(lab, passage, tell) {
  if (!passage) return;
  const { trainer, before, isNew } = passage;
  const { step, epoch, status } = passage.now;
  if (isNew && status !== 'loading') tell('linreg-ready', { step, status });
  if (epoch > before.epoch) {
    const { epochs, epoch_losses } = trainer.loss_history;
    const first = epochs.findIndex((/** @type {number} */ passed) => passed > before.epoch);
    for (let i = first; i >= 0 && i < epochs.length; ++i)
      tell('epoch', { epoch: Number(epochs[i]), loss: Number(epoch_losses[i]) });
  }
  if (status === before.status) return;
  if (status === 'finished') tell('done', { step, epoch });
  if (status === 'diverged') tell('diverge', { step, epoch, lr: lab.options.lr });
}

/**
 * A function that says what has changed since it last did: nothing while there is no run, or it is on its way to the step to
 * begin at.
 * @param {Lab} lab @returns {() => Passage | undefined}
 */
function changesOf(lab) {
  let told = standing(lab);
  return () => {
    if (lab.arriving) return undefined;
    const now = standing(lab);
    const isNew = now.trainer !== told.trainer;
    const before = isNew ? { ...now, step: 0, epoch: 0, status: /** @type {const} */ ('ready') } : told;
    told = now;
    return now.trainer && { trainer: now.trainer, now, before, isNew };
  };
}

/** @typedef {ReturnType<typeof standing>} Standing */
/** @param {Lab} lab */
const standing = (lab) => ({
  trainer: lab.trainer,
  step: lab.step,
  epoch: lab.attempt(() => lab.trainer?.epoch) ?? 0,
  status: lab.status,
});
