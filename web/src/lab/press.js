// What gives way under a pointer between its press and its release makes it miss what it pressed: such changes wait.

let watching = false;
let pressed = false;
/** @type {(() => void)[]} */ let waiting = [];

/** Notes from now on whether a pointer is pressed on the page. */
export function watchPresses() {
  if (watching) return;
  watching = true;
  addEventListener('pointerdown', () => (pressed = true), true);
  for (const type of ['pointerup', 'pointercancel', 'contextmenu']) addEventListener(type, release, true);
}

function release() {
  pressed = false;
  for (const call of waiting) setTimeout(call);
  waiting = [];
}

/** Once no pointer is pressed, and what it pressed has had its click. @param {() => void} call */
export function afterPress(call) {
  if (pressed) waiting.push(call);
  else setTimeout(call); // a finger's press is over before the focus moves
}
