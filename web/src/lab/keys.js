// The keys of the lab, once: what a key does and how the list of keys shows it. They work while the focus is in the lab
// and not in something that needs the key itself.

/** `repeats`: while it is held. @typedef {{ key: string, shift?: boolean, action: string, repeats?: boolean, shown: string }} Key */

/** @type {readonly Key[]} */
export const keys = Object.freeze([
  { key: ' ', action: 'toggle', shown: 'Space' },
  { key: 'ArrowRight', action: 'step_batch', repeats: true, shown: '→' },
  { key: 'ArrowRight', shift: true, action: 'step_epoch', repeats: true, shown: 'Shift + →' },
  { key: '.', action: 'step_phase', repeats: true, shown: '.' },
  { key: 'ArrowLeft', action: 'back_batch', repeats: true, shown: '←' },
  { key: 'ArrowLeft', shift: true, action: 'back_epoch', repeats: true, shown: 'Shift + ←' },
  { key: ',', action: 'back_phase', repeats: true, shown: ',' },
  { key: 'Home', action: 'reset', shown: 'Home' },
  { key: 'n', action: 'new_seed', shown: 'N' },
  { key: 'g', action: 'go_to', shown: 'G' },
  { key: '+', action: 'faster', repeats: true, shown: '+' },
  { key: '-', action: 'slower', repeats: true, shown: '−' },
  { key: 'p', action: 'pin', shown: 'P' },
  { key: 's', action: 'sweep', shown: 'S' },
  { key: '?', action: 'help', shown: '?' },
]);

/** Whether an action comes again and again while its key is held. @param {string} action */
export const repeats = (action) => keys.some((key) => key.action === action && key.repeats === true);

/** The views whose pictures have keys of their own, and the words on those. */
export const pictureKeys = Object.freeze({
  fit: ['fit.hint_line', 'fit.hint_space'],
  parameters: ['parameters.hint'],
  sweep: ['sweep.hint'],
});

/** What needs every key, those with a name (arrows, Home ...), and the space bar. */
const textual = 'select, textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])';
const moving = '[type=radio], [type=range], [role=slider], [role=tab], [role=region][tabindex="0"]';
const pressed = 'button, a, summary, [type=checkbox], [type=radio]';

/**
 * @param {KeyboardEvent} event
 * @returns {string | undefined} the action of the key, if it is meant for the lab
 */
export function actionOf(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const target = /** @type {HTMLElement} */ (event.composedPath()[0] ?? event.target);
  if (target.closest(textual)) return undefined;
  if (event.key === ' ' && target.closest(pressed)) return undefined;
  if (event.key.length > 1 && target.matches(moving)) return undefined;
  const letter = event.key.length === 1 && event.key !== ' ';
  return keys.find(
    // What Shift makes of a letter or a sign is part of the sign.
    ({ key, shift = false }) =>
      key === (letter ? event.key.toLowerCase() : event.key) && (letter || shift === event.shiftKey),
  )?.action;
}
