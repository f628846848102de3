// Sweeps that run to their ends.

/** @import { Sweep, SweptOption } from '../../web/src/lab/sweep.js' */

/** Waits until something is so that a sweep tells of. @param {Sweep} sweep @param {() => boolean} isSo @returns {Promise<void>} */
export const changed = (sweep, isSo) =>
  new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      sweep.removeEventListener('change', look);
      resolve();
    };
    sweep.addEventListener('change', look);
  });

/** Starts a sweep, and waits until it is over. @param {Sweep} sweep @param {SweptOption} name */
export function swept(sweep, name) {
  const over = changed(sweep, () => !sweep.running && sweep.results.length > 0);
  sweep.start(name);
  return over;
}
