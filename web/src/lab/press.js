// What gives way under a pointer between its press and its release makes it miss what it pressed: such changes wait.

let watching = false;
let pressed = false;

/** Notes from now on whether a pointer is pressed on the page. */
export function watchPresses() {
  if (watching) return;
  watching = true;
  addEventListener('pointerdown', () => (pressed = true), true);
  for (const type of ['pointerup', 'pointercancel']) addEventListener(type, () => (pressed = false), true);
}

/** Once no pointer is pressed, and what it pressed has had its click. @param {() => void} call */
export function afterPress(call) {
  if (!pressed) return void setTimeout(call); // a finger's press is over before the focus moves
  for (const type of ['pointerup', 'pointercancel'])
    addEventListener(type, () => setTimeout(call), { once: true, capture: true });
}
