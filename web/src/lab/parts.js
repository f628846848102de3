// The parts of a lab that an author may leave out: hide="seed,settings".

import { optionNames } from '../options.js';

/** The lab's own parts. */
export const partNames = Object.freeze([
  'transport',
  'speed',
  'go_to',
  'views',
  'settings',
  'situations',
  'sound',
  'embed',
  'keys',
]);

/** The lab's parts, and options, of the settings. @type {readonly string[]} */
export const hideable = Object.freeze([...optionNames, ...partNames]);

/** @param {HTMLElement} element whose parts are marked by data-part @param {readonly string[]} names */
export function leaveOut(element, names) {
  for (const part of element.querySelectorAll('[data-part]')) {
    const name = part.getAttribute('data-part') ?? '';
    part.classList.toggle('left-out', names.includes(name));
    part.setAttribute('part', name); // pages style it by linreg-lab::part(name)
  }
}
