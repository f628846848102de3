// The parts of a lab that an author may leave out: hide="seed,settings".

import { optionNames } from '../options.js';

/** Options, of the settings; and the lab's own parts. @type {readonly string[]} */
export const hideable = Object.freeze([
  ...optionNames,
  'transport',
  'speed',
  'go_to',
  'views',
  'settings',
  'situations',
  'sound',
  'keys',
]);

/** @param {HTMLElement} element whose parts are marked by data-part @param {readonly string[]} names */
export function leaveOut(element, names) {
  for (const part of element.querySelectorAll('[data-part]')) {
    const name = part.getAttribute('data-part') ?? '';
    part.classList.toggle('left-out', names.includes(name));
    part.setAttribute('part', name); // pages style it by linreg-lab::part(name)
  }
}
