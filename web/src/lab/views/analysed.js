// What training approaches, for views that show it: of small data at once, else in slices, and only for the run that is
// still shown.

import { LinregError } from '../../errors.js';

/** @import { Trainer } from '../../trainer.js' */
/** @import { Lab } from '../lab.js' */

/** @typedef {NonNullable<Parameters<Trainer['analyse']>[0]>['surface']} Plane */

// The least squares of so small data are solved well within a frame.
const [atOnceNumbers, atOnceFeatures] = [20_000, 16];

/** Whether all that the lab's run approaches is known as soon as it is asked for. @param {Lab} lab */
export const isKnownAtOnce = ({ data, options }) =>
  options.loss === 'mse' && data !== undefined && data.n * data.d <= atOnceNumbers && data.d <= atOnceFeatures;

/**
 * Calls `show` with the lab's trainer when that knows its optimum (and the loss over a plane), at once if that is at once;
 * with undefined where there is no optimum. Not for a run that is not the lab's any more.
 * @param {Lab} lab @param {AbortSignal} signal @param {(trainer: Trainer | undefined, atOnce: boolean) => void} show @param {Plane} [surface]
 */
export function whenAnalysed(lab, signal, show, surface) {
  const { trainer } = lab;
  if (!trainer) return;
  if (isKnownAtOnce(lab)) return show(optimumOf(trainer) && trainer, true);
  void analysed(lab, trainer, signal, surface).then((isKnown) => {
    if (!signal.aborted && trainer === lab.trainer) lab.attempt(() => show(isKnown ? trainer : undefined, false));
  });
}

/** @param {Trainer} trainer @returns {Trainer['optimum'] | undefined} undefined where there is none, or no room to find it */
export function optimumOf(trainer) {
  try {
    return trainer.optimum;
  } catch (error) {
    if (error instanceof LinregError && error.code !== 'trapped') return undefined;
    throw error;
  }
}

/**
 * Waits until the lab's trainer knows its optimum (and the loss over a plane).
 * @param {Lab} lab @param {Trainer} trainer @param {AbortSignal} signal @param {Plane} [surface]
 * @returns whether it has one
 */
async function analysed(lab, trainer, signal, surface) {
  await new Promise((resolve) => setTimeout(resolve)); // what has changed is drawn first, and may change again
  if (signal.aborted || trainer !== lab.trainer) return false;
  try {
    await trainer.analyse({ signal, ...(surface && { surface }) });
    return true;
  } catch (error) {
    if (signal.aborted || trainer !== lab.trainer) return false;
    if (!(error instanceof LinregError)) throw error;
    // Data that overflow have no optimum, and there may be no room to find it; of a trap the lab tells.
    if (error.code === 'trapped') lab.attempt(() => raise(error));
    return false;
  }
}

/** @param {unknown} error @returns {never} */
function raise(error) {
  throw error;
}
