// What is asked to be drawn is drawn once, in the next animation frame; where there are none, soon. In a frame all words
// are written before any picture is painted: so the browser lays out the page once.

const patience = 500; // milliseconds without a frame
const longAct = 8; // milliseconds; what takes longer has a task of its own, and is drawn a frame later

/** @typedef {(inFrame: boolean) => void} Draw told whether it is in a frame, and so another one comes soon */

/** What is asked for, by the stages of a frame. */
const due = {
  /** @type {Set<Draw>} */ act: new Set(),
  /** @type {Set<Draw>} */ write: new Set(),
  /** @type {Set<Draw>} */ paint: new Set(),
};
let [frame, timer] = [0, 0];
let isDrawing = false;
globalThis.addEventListener?.('beforeprint', drawNow); // on a server there is no page to print

/**
 * Joins many requests into one. A frame acts, writes and paints, in this order; what one stage asks of a later one is done
 * in the same frame.
 * @param {Draw} draw @param {'write' | 'paint'} [when]
 * @returns {() => void}
 */
export function coalesce(draw, when = 'write') {
  return () => {
    due[when].add(draw);
    schedule();
  };
}

/**
 * Joins many requests into one to change what is drawn.
 * @param {() => void} change
 * @returns {() => void}
 */
export function coalesceActs(change) {
  let took = Infinity; // before it is known
  let task = 0;
  const act = () => {
    const start = performance.now();
    task = 0;
    safely(change);
    took = performance.now() - start;
  };
  return () => {
    if (took > longAct) {
      task ||= window.setTimeout(act);
      return;
    }
    due.act.add(act);
    schedule();
  };
}

function schedule() {
  if (isDrawing || frame !== 0) return;
  frame = requestAnimationFrame(() => drawDue(true));
  timer = window.setTimeout(() => drawDue(false), patience);
}

/** What is due, for paper and files: they wait for no frame. */
export function drawNow() {
  drawDue(false);
}

/** @param {boolean} inFrame */
function drawDue(inFrame) {
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  frame = timer = 0;
  isDrawing = true;
  for (const asked of Object.values(due)) {
    const now = [...asked];
    asked.clear();
    for (const draw of now) safely(() => draw(inFrame));
  }
  isDrawing = false;
  if (Object.values(due).some(({ size }) => size > 0)) schedule();
}

/** What fails is told of and keeps nothing else from being drawn. @param {() => void} draw */
export function safely(draw) {
  try {
    draw();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
