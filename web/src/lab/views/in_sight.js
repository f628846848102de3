// What a playing run changes is drawn where it can be seen: parts that are scrolled out of sight wait until they are
// scrolled in, or until the run rests. Nothing is drawn before the engine is there: so the page is painted sooner.
// On paper all is in sight.

/** @import { Lab } from '../lab.js' */

const margin = '200px'; // so much further it is ready before it is seen

/**
 * @param {Element} element @param {Lab} lab @param {AbortSignal} signal
 * @param {(atOnce?: boolean) => void} draw `atOnce`: whatever was drawn last and how long ago, as all on a sheet is of one step
 * @returns {() => void} draws, or remembers to
 */
export function inSight(element, lab, signal, draw) {
  let seen = true; // until it is known
  let due = false;
  const show = () => {
    due = !seen && lab.playing;
    if (!due && !lab.awaited) draw();
  };
  const showAtOnce = () => {
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
  addEventListener('beforeprint', showAtOnce, { signal });
  signal.addEventListener('abort', () => observer.disconnect());
  return show;
}
