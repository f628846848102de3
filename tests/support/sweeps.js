// Sweeps that run to their ends.

/** @import { Sweep, SweptOption } from '../../web/src/lab/sweep.js' */

/** Starts a sweep, and waits until it is over. @param {Sweep} sweep @param {SweptOption} name @returns {Promise<void>} */
export const swept = (sweep, name) =>
  new Promise((resolve) => {
    sweep.addEventListener('change', () => sweep.running || sweep.results.length === 0 || resolve());
    sweep.start(name);
  });
