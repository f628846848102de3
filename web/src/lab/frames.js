// What is asked to be drawn is drawn once, in the next animation frame; where there are none, soon. In a frame all words
// are written before any picture is painted: so the browser lays out the page once. Paper waits for no frame.

const patience = 500; // milliseconds without a frame

/** What is asked for, in the order in which a frame comes to it. */
const due = {
  /** @type {Set<() => void>} changes what is drawn */ act: new Set(),
  /** @type {Set<() => void>} */ write: new Set(),
  /** @type {Set<() => void>} */ paint: new Set(),
};
let [frame, timer] = [0, 0];
let isDrawing = false;
globalThis.addEventListener?.('beforeprint', drawDue); // on a server there is no page to print

/**
 * Joins many requests into one. What is asked for in a frame that comes to it later is met in that same frame.
 * @param {() => void} draw @param {keyof typeof due} [when]
 * @returns {() => void}
 */
export function coalesce(draw, when = 'write') {
  return () => {
    due[when].add(draw);
    schedule();
  };
}

function schedule() {
  if (isDrawing || frame !== 0) return;
  frame = requestAnimationFrame(drawDue);
  timer = window.setTimeout(drawDue, patience);
}

function drawDue() {
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  frame = timer = 0;
  isDrawing = true;
  for (const asked of Object.values(due)) {
    const now = [...asked];
    asked.clear();
    now.forEach(attempt);
  }
  isDrawing = false;
  if (Object.values(due).some(({ size }) => size > 0)) schedule();
}

/** What fails is told of and keeps nothing else from being drawn. @param {() => void} draw */
function attempt(draw) {
  try {
    draw();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
