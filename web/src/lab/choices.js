// What a reader has chosen in a panel besides the run's settings: kinds of pictures, switches, what is folded out. A panel
// that is made anew, in another language or other colours, has the same controls in the same order.

/** @typedef {{ kind: string, value: number | boolean }[]} Choices `value`: of a list, the place of what is chosen */

/** Not the controls of options, nor of the run: those follow the lab. */
const chosen = '.views select:not(.value), .views .switch input, .views details, .settings details';

/** @param {ParentNode} panel @returns {Choices} */
export function readChoices(panel) {
  return [...panel.querySelectorAll(chosen)].map((element) => ({ kind: element.localName, value: valueOf(element) }));
}

/** Chooses as a reader does what differs. @param {ParentNode} panel @param {Choices} choices */
export function makeChoices(panel, choices) {
  const elements = [...panel.querySelectorAll(chosen)];
  if (elements.map(({ localName }) => localName).join() !== choices.map(({ kind }) => kind).join()) return;
  for (const [i, element] of elements.entries()) {
    const value = choices[i]?.value;
    if (value === undefined || value === valueOf(element)) continue;
    if (element instanceof HTMLDetailsElement) element.open = value === true;
    else choose(/** @type {HTMLSelectElement | HTMLInputElement} */ (element), value);
  }
}

/** @param {Element} element */
function valueOf(element) {
  if (element instanceof HTMLDetailsElement) return element.open;
  return element instanceof HTMLInputElement
    ? element.checked
    : /** @type {HTMLSelectElement} */ (element).selectedIndex;
}

/** @param {HTMLSelectElement | HTMLInputElement} control @param {number | boolean} value */
function choose(control, value) {
  if (control instanceof HTMLInputElement) control.checked = value === true;
  else if (Number(value) < control.options.length) control.selectedIndex = Number(value);
  else return;
  control.dispatchEvent(new Event('change', { bubbles: true }));
}
