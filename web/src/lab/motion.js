// Readers who want less motion see a run's end at once, and its pictures change twice a second at most.

/** @import { Lab } from './lab.js' */

const calm = 500; // milliseconds between two pictures

const query = () => matchMedia('(prefers-reduced-motion: reduce)');

export const reducedMotion = () => query().matches;

/** @param {Lab} lab @param {AbortSignal} [signal] */
export function followMotion(lab, signal) {
  const motion = query();
  if (motion.matches) Object.assign(lab, { speed: 'fast', restraint: calm });
  motion.addEventListener('change', () => Object.assign(lab, { restraint: motion.matches ? calm : 0 }), {
    ...(signal && { signal }),
  });
}
