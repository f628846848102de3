// From an axis' values to pixels and back, and its ticks.

import { tickStep, ticks } from 'd3-array';

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

/** @typedef {{ value: number, label: string }} Tick */

/**
 * @param {Axis} axis @param {number} most about
 * @returns {Tick[]}
 */
export function makeTicks({ scale, domain, whole }, most) {
  if (scale === 'log') return logTicks(domain, most);
  const count = whole ? Math.max(1, Math.min(most, domain[1] - domain[0])) : most;
  const format = linearFormat(domain, tickStep(...domain, count));
  return ticks(...domain, count).map((value) => ({ value, label: format(value) }));
}

/**
 * Labels of neighbouring ticks have equally many decimals; very large and very small numbers are written with a power.
 * @param {[number, number]} domain @param {number} step
 * @returns {(value: number) => string}
 */
function linearFormat(domain, step) {
  const size = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  if (size >= 1e6 || size < 1e-3) return (value) => withMinus(exact(value).toExponential());
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (value) => withMinus(value.toFixed(decimals).replace(/(?<!\.\d*)\B(?=(?:\d{3})+(?!\d))/g, ','));
}

/** Without what the binary number adds. @param {number} value */
const exact = (value) => Number(value.toPrecision(12));

/** @param {string} text */
const withMinus = (text) => text.replace(/^-/, '−');

/** @param {[number, number]} domain @param {number} most @returns {Tick[]} */
function logTicks(domain, most) {
  const [low, high] = [Math.ceil(Math.log10(domain[0]) - 1e-9), Math.floor(Math.log10(domain[1]) + 1e-9)];
  const powers = Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
  const stride = Math.ceil(powers.length / (most + 2));
  if (powers.length > 1) {
    return powers.filter((_, i) => i % stride === 0).map((power) => ({ value: 10 ** power, label: powerOfTen(power) }));
  }
  // Less than two decades: the values between the powers are needed, and in a narrow range those between them.
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const multiples = [low - 1, low, low + 1]
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((value) => value >= domain[0] && value <= domain[1]);
  const values = multiples.length * 2 < most ? ticks(...domain, most) : multiples;
  return values.map((value) => ({ value, label: String(Number(value.toPrecision(3))) }));
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** @param {number} exponent */
function powerOfTen(exponent) {
  if (exponent >= -1 && exponent <= 3) return String(Number((10 ** exponent).toPrecision(1)));
  return `10${String(exponent)
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => superscripts[Number(digit)] ?? '')}`;
}
