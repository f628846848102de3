// From an axis' values to pixels and back, and its ticks.

import { scaleLinear, scaleLog } from 'd3-scale';
import { numbersOf } from '../../i18n/numbers.js';

/** @import { Axis, Picture } from './picture.js' */

/**
 * @typedef {object} Scale
 * @property {(value: number) => number} at the pixel; NaN for no number. Infinities, and on a log axis zeros and
 *   negative numbers, are at the edge of the picture. Far outside is brought near: canvases lose very large coordinates.
 * @property {(values: ArrayLike<number>) => Float64Array} pixels of many values
 * @property {(value: number) => -1 | 0 | 1} beyond whether a value has no place but the lower or upper edge
 * @property {(pixel: number) => number} invert
 * @property {[number, number]} domain
 */

const far = 1e4; // pixels
const english = numbersOf('en').number;

/**
 * @param {Axis} axis @param {[number, number]} range in pixels
 * @returns {Scale}
 */
export function makeScale({ scale, domain }, range) {
  const log = scale === 'log';
  // One function for both, not one of two: lines of thousands of values go through it in every frame.
  const place = (/** @type {number} */ value) => (log ? Math.log10(value) : value);
  const [from, to] = [place(domain[0]), place(domain[1])];
  // Dividing first keeps domains near the largest numbers from overflowing.
  const slope = (range[1] - range[0]) / (to - from);
  const at = (/** @type {number} */ value) => {
    if (value === Infinity) return range[1];
    if (log ? value <= 0 : value === -Infinity) return range[0];
    const pixel = range[0] + (place(value) - from) * slope;
    return pixel > far ? far : pixel < -far ? -far : pixel;
  };
  const pixels = (/** @type {ArrayLike<number>} */ values) => {
    const places = new Float64Array(values.length);
    for (let i = 0; i < places.length; ++i) places[i] = at(/** @type {number} */ (values[i]));
    return places;
  };
  const beyond = (/** @type {number} */ value) =>
    value === Infinity ? 1 : (log ? value <= 0 : value === -Infinity) ? -1 : 0;
  const invert = (/** @type {number} */ pixel) => {
    const value = from + (pixel - range[0]) / slope;
    return log ? 10 ** value : value;
  };
  return { at, pixels, beyond, invert, domain };
}

/**
 * @param {Axis} axis @param {number} most about @param {NonNullable<Picture['number']>} [number] writes them
 * @returns {{ value: number, label: string }[]}
 */
export function makeTicks({ scale, domain, whole, zero }, most, number = english) {
  if (scale === 'log') {
    const ticks = logTicks(domain, most, number);
    return zero ? ticks.map(({ value, label }) => ({ value, label: value > domain[0] ? label : number(0) })) : ticks;
  }
  const count = whole ? Math.max(1, Math.min(most, domain[1] - domain[0])) : most;
  const ticks = scaleLinear().domain(domain).ticks(count);
  const size = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  const place = (/** @type {number} */ value) => Math.floor(Math.log10(value) + 1e-9);
  // As many digits as tell one tick from the next, and powers of ten for all of them or for none.
  const digits = place(size) - place(Number(ticks[1]) - Number(ticks[0])) + 1;
  const least = size >= 1e6 || size < 1e-3 ? Infinity : 0;
  return ticks.map((value) => ({ value, label: number(value, Math.min(21, Math.max(1, digits || 1)), least) }));
}

/** @param {[number, number]} domain @param {number} most @param {NonNullable<Picture['number']>} number */
function logTicks(domain, most, number) {
  const [low, high] = [Math.ceil(Math.log10(domain[0]) - 1e-9), Math.floor(Math.log10(domain[1]) + 1e-9)];
  const powers = Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
  const stride = Math.ceil(powers.length / (most + 2));
  if (powers.length > 1) {
    return powers
      .filter((_, i) => i % stride === 0)
      .map((power) => ({ value: 10 ** power, label: powerOfTen(power, number) }));
  }
  // Less than two decades: the values between the powers are needed.
  const log = scaleLog().domain(domain);
  return log.ticks(most).map((value) => ({ value, label: number(value, 3) }));
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** @param {number} exponent @param {NonNullable<Picture['number']>} number */
function powerOfTen(exponent, number) {
  if (exponent >= -1 && exponent <= 3) return number(10 ** exponent, 1);
  return `10${String(exponent)
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => superscripts[Number(digit)] ?? '')}`;
}
