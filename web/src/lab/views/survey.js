// The surface of the loss that a window over two parameters asks for, and when it has become another one.

import { scaled } from './plane_window.js';

/** @import { Options } from '../../options.js' */
/** @import { Window } from './plane_window.js' */

const grid = 80; // points of the surface on a side
const beyond = 1.4; // how far the surface reaches, so that a moving window does not leave it at once

/** Where the parameters that have no axis are. @typedef {'optimum' | 'now'} Others */

/**
 * @param {{ x: number, y: number }} axes the parameters' numbers
 * @param {Window} window @param {Others} at
 * @param {Pick<Options, 'loss' | 'reduction' | 'delta'>} options of the loss
 * @param {number} step of the run, which moves the surface only where that goes through the parameters of now
 * @returns what the trainer is asked for, and a key: the surface stays the same for as long as that does
 */
export function surveyOf(axes, window, at, { loss, reduction, delta }, step) {
  const ranges = { x: scaled(window.x, beyond), y: scaled(window.y, beyond) };
  const plane = { ...axes, width: grid, height: grid, ranges, at };
  return { plane, key: JSON.stringify([plane, loss, reduction, delta, at === 'now' && step]) };
}
