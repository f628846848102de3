// From an axis' values to pixels and back, and its ticks.

import { scaleLinear, scaleLog } from 'd3-scale';

/** @import { Axis } from './picture.js' */

/**
 * @typedef {object} Scale
 * @property {(value: number) => number} at the pixel; NaN for no number. Infinities, and on a log axis zeros and
 *   negative numbers, are at the edge of the picture. Far outside is brought near: canvases lose very large coordinates.
 * @property {(value: number) => -1 | 0 | 1} beyond whether a value has no place but the lower or upper edge
 * @property {(pixel: number) => number} invert
 * @property {[number, number]} domain
 */

const far = 1e4; // pixels

/**
 * @param {Axis} axis @param {[number, number]} range in pixels
 * @returns {Scale}
 */
export function makeScale({ scale, domain }, range) {
  const log = scale === 'log';
  const place = log ? Math.log10 : (/** @type {number} */ value) => value;
  const [from, to] = [place(domain[0]), place(domain[1])];
  // Dividing first keeps domains near the largest numbers from overflowing.
  const slope = (range[1] - range[0]) / (to - from);
  const at = (/** @type {number} */ value) => {
    if (value === Infinity) return range[1];
    if (log ? value <= 0 : value === -Infinity) return range[0];
    const pixel = range[0] + (place(value) - from) * slope;
    return pixel > far ? far : pixel < -far ? -far : pixel;
  };
  const beyond = (/** @type {number} */ value) =>
    value === Infinity ? 1 : (log ? value <= 0 : value === -Infinity) ? -1 : 0;
  const invert = (/** @type {number} */ pixel) => {
    const value = from + (pixel - range[0]) / slope;
    return log ? 10 ** value : value;
  };
  return { at, beyond, invert, domain };
}

/**
 * @param {Axis} axis @param {number} most about
 * @returns {{ value: number, label: string }[]}
 */
export function makeTicks({ scale, domain, whole }, most) {
  if (scale === 'log') return logTicks(domain, most);
  const count = whole ? Math.max(1, Math.min(most, domain[1] - domain[0])) : most;
  const linear = scaleLinear().domain(domain);
  const size = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  const power = size >= 1e6 || size < 1e-3;
  const format = linear.tickFormat(count, power ? '~e' : undefined);
  return linear.ticks(count).map((value) => ({ value, label: power && value === 0 ? '0' : format(value) }));
}

/** @param {[number, number]} domain @param {number} most */
function logTicks(domain, most) {
  const [low, high] = [Math.ceil(Math.log10(domain[0]) - 1e-9), Math.floor(Math.log10(domain[1]) + 1e-9)];
  const powers = Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
  const stride = Math.ceil(powers.length / (most + 2));
  if (powers.length > 1) {
    return powers.filter((_, i) => i % stride === 0).map((power) => ({ value: 10 ** power, label: powerOfTen(power) }));
  }
  // Less than two decades: the values between the powers are needed.
  const log = scaleLog().domain(domain);
  return log.ticks(most).map((value) => ({ value, label: String(Number(value.toPrecision(3))) }));
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** @param {number} exponent */
function powerOfTen(exponent) {
  if (exponent >= -1 && exponent <= 3) return String(Number((10 ** exponent).toPrecision(1)));
  return `10${String(exponent)
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => superscripts[Number(digit)] ?? '')}`;
}
