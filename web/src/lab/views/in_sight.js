// What a playing run changes is drawn where it can be seen: parts that are scrolled out of sight wait until they are
// scrolled in, or until the run rests. Nothing is drawn before the engine is there: so the page is painted sooner.

/** @import { Lab } from '../lab.js' */

const margin = '200px'; // so much further it is ready before it is seen

/**
 * @param {Element} element @param {Lab} lab @param {AbortSignal} signal
 * @param {() => void} draw
 * @returns {() => void} draws, or remembers to
 */
export function inSight(element, lab, signal, draw) {
  let seen = true; // until it is known
  let due = false;
  const show = () => {
    due = !seen && lab.playing;
    if (!due && !lab.awaited) draw();
  };
  const observer = new IntersectionObserver(
    (entries) => {
      seen = entries.some(({ isIntersecting }) => isIntersecting);
      if (due) lab.attempt(show);
    },
    { rootMargin: margin },
  );
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
  return show;
}
