// What a playing run changes is drawn where it can be seen: parts that are scrolled out of sight wait until they are
// scrolled in, or until the run rests. Long lists of numbers take their time, as they could not be read any faster.
// Nothing is drawn before the engine is there: so the page is painted sooner. On paper all is in sight.

/** @import { Lab } from '../lab.js' */

const margin = '200px'; // so much further it is ready before it is seen
const manyFeatures = 40;

/** Milliseconds between two drawings of a playing run's numbers, some for each feature. @param {Lab} lab */
export const pauseOf = ({ data }) => (Number(data?.d) > manyFeatures ? 300 : 100);

/**
 * @param {Element} element @param {Lab} lab @param {AbortSignal} signal
 * @param {(onPaper: boolean) => void} draw `onPaper`: all on a sheet is of one step, whatever was measured last and how long ago
 * @param {() => number} [pause] milliseconds between two drawings of a playing run
 * @returns {() => void} draws, or remembers to
 */
export function inSight(element, lab, signal, draw, pause = () => 0) {
  let seen = true; // until it is known
  let due = false;
  let drawn = -Infinity;
  const show = () => {
    due = !seen && lab.playing;
    if (due || lab.awaited || (lab.playing && performance.now() < drawn + pause())) return;
    drawn = performance.now();
    draw(false);
  };
  const print = () => {
    due = false;
    if (!lab.awaited) lab.attempt(() => draw(true));
  };
  const observer = new IntersectionObserver(
    (entries) => {
      seen = entries.some(({ isIntersecting }) => isIntersecting);
      if (due) lab.attempt(show);
    },
    { rootMargin: margin },
  );
  observer.observe(element);
  addEventListener('beforeprint', print, { signal });
  signal.addEventListener('abort', () => observer.disconnect());
  return show;
}
