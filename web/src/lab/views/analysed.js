// What training approaches, for views that show it: computed in slices, and only for the run that is still shown.

import { LinregError } from '../../errors.js';

/** @import { Trainer } from '../../trainer.js' */
/** @import { Lab } from '../lab.js' */

/**
 * Waits until the lab's trainer knows its optimum (and the loss over a plane).
 * @param {Lab} lab @param {AbortSignal} signal
 * @param {NonNullable<Parameters<Trainer['analyse']>[0]>['surface']} [surface]
 * @returns {Promise<Trainer | undefined>} undefined where it has none, or is not the lab's any more
 */
export async function analysed(lab, signal, surface) {
  const { trainer } = lab;
  try {
    await trainer?.analyse({ signal, ...(surface && { surface }) });
  } catch (error) {
    if (signal.aborted || trainer !== lab.trainer) return undefined;
    if (!(error instanceof LinregError)) throw error;
    // Data that overflow have no optimum; of a trap the lab tells.
    if (error.code !== 'invalid_data') lab.attempt(() => raise(error));
    return undefined;
  }
  return trainer === lab.trainer ? trainer : undefined;
}

/** @param {unknown} error @returns {never} */
function raise(error) {
  throw error;
}
