// The valley about the optimum as an ellipse of equal loss, and across it, where it is narrowest, how wide the present
// learning rate needs a valley to be: a step across it overshoots by more than it came from where the bar is the longer.

import { largestRate } from '../stability.js';

/** @import { Curvature } from '../../analysis.js' */
/** @import { Options } from '../../options.js' */

const points = 96;
const longest = 50; // times the ellipse's shorter axis; beyond that it is as good as endless

/**
 * The Hessian over two parameters.
 * @param {Curvature} curvature @param {number} x @param {number} y
 * @returns {[number, number, number]} xx, xy, yy
 */
function hessian({ eigenvalues, directions }, x, y) {
  const size = eigenvalues.length;
  /** @type {[number, number, number]} */
  const sums = [0, 0, 0];
  eigenvalues.forEach((value, i) => {
    const [vx, vy] = [Number(directions[i * size + x]), Number(directions[i * size + y])];
    sums[0] += value * vx * vx;
    sums[1] += value * vx * vy;
    sums[2] += value * vy * vy;
  });
  return sums;
}

/**
 * @param {Curvature} curvature at the optimum
 * @param {{ x: number, y: number }} plane which parameters
 * @param {{ x: number, y: number }} optimum
 * @param {number} width half the ellipse's shorter axis
 * @param {Options} options
 * @returns {{ ellipse: { x: number[], y: number[] }, bar: { x0: number, y0: number, x1: number, y1: number } | undefined, bearable: number } | undefined}
 *   undefined where the loss does not curve; no bar where there is no largest stable rate. bearable: that rate in this plane,
 *   of whose directions none may be the steepest of all
 */
export function valley(curvature, plane, optimum, width, options) {
  const [xx, xy, yy] = hessian(curvature, plane.x, plane.y);
  const middle = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  const steepest = middle + spread;
  const flattest = Math.max(middle - spread, steepest / longest ** 2);
  if (!(steepest > 0) || !Number.isFinite(steepest)) return undefined;
  const angle = Math.atan2(xy, (xx - yy) / 2) / 2; // of the direction in which the loss curves most
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  const length = width * Math.sqrt(steepest / flattest);
  const turns = Array.from({ length: points + 1 }, (_, i) => (2 * Math.PI * i) / points);
  const ellipse = {
    x: turns.map((t) => optimum.x + width * Math.cos(t) * ux - length * Math.sin(t) * uy),
    y: turns.map((t) => optimum.y + width * Math.cos(t) * uy + length * Math.sin(t) * ux),
  };
  if (curvature.largest_stable_lr === null) return { ellipse, bar: undefined, bearable: Infinity };
  const bearable = largestRate(curvature, options, steepest);
  const half = width * Math.sqrt(options.lr / bearable);
  const bar = {
    x0: optimum.x - half * ux,
    y0: optimum.y - half * uy,
    x1: optimum.x + half * ux,
    y1: optimum.y + half * uy,
  };
  return { ellipse, bar, bearable };
}
