// Tensors as torch prints them (torch/_tensor_str.py: precision 4, threshold 1000, 3 edge items, lines of 80).

import { fixed } from '../printf.js';

const precision = 4;
const threshold = 1000;
const edge = 3;
const lineWidth = 80;

/**
 * str(tensor) for a float32 tensor of one or two dimensions.
 * @param {ArrayLike<number>} values row-major
 * @param {number[]} shape [length] or [rows, columns]
 * @returns {string}
 */
export function tensorText(values, shape) {
  const [rows = 0, columns] = shape;
  const summarize = values.length > threshold;
  const shown = (/** @type {number} */ length) => shownIndices(length, summarize);
  if (columns === undefined) {
    const format = numberFormat(shown(rows).map((i) => at(values, i)));
    return `tensor(${vectorText(values, 0, rows, format, 7, summarize)})`;
  }
  const format = numberFormat(shown(rows).flatMap((i) => shown(columns).map((j) => at(values, i * columns + j))));
  const lines = shown(rows).map((i) => vectorText(values, i * columns, columns, format, 8, summarize));
  if (summarize && rows > 2 * edge) lines.splice(edge, 0, '...');
  return `tensor([${lines.join(`,\n${' '.repeat(8)}`)}])`;
}

/** The indices that a summary shows. @param {number} length @param {boolean} summarize */
function shownIndices(length, summarize) {
  const all = Array.from({ length: summarize ? Math.min(length, 2 * edge) : length }, (_, i) => i);
  return summarize && length > 2 * edge ? all.map((i) => (i < edge ? i : length - 2 * edge + i)) : all;
}

/** @param {ArrayLike<number>} values @param {number} i */
const at = (values, i) => /** @type {number} */ (values[i]);

/**
 * One bracketed row, broken into lines as torch breaks it.
 * @param {ArrayLike<number>} values @param {number} start @param {number} length
 * @param {NumberFormat} format @param {number} indent of its bracket @param {boolean} summarize
 */
function vectorText(values, start, length, { write, width }, indent, summarize) {
  const items = shownIndices(length, summarize).map((i) => write(at(values, start + i)).padStart(width));
  const perLine = Math.max(1, Math.floor((lineWidth - indent) / (width + 2)));
  if (summarize && length > 2 * edge) items.splice(edge, 0, ' ...');
  const lines = [];
  for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '));
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

/** @typedef {{ write: (value: number) => string, width: number }} NumberFormat */

/**
 * torch's choice of a form for all numbers: whole, fixed or scientific, right-aligned.
 * @param {number[]} values
 * @returns {NumberFormat}
 */
function numberFormat(values) {
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0);
  const sizes = finite.map(Math.abs);
  const [min, max] = [Math.min(...sizes), Math.max(...sizes)];
  const whole = finite.every(Number.isInteger);
  const scientific = finite.length > 0 && (max / min > 1000 || max > 1e8 || (!whole && min < 1e-4));
  const write = scientific ? scientificText : whole ? wholeText : fixedText;
  // torch measures the numbers that are not zero only.
  const width = finite.reduce((widest, value) => Math.max(widest, write(value).length), 1);
  return { write, width };
}

/** @param {number} value */
const wholeText = (value) => `${Object.is(value, -0) ? '-0' : value.toFixed(0)}.`;

/** @param {number} value */
const fixedText = (value) => fixed(value, precision);

/** @param {number} value */
function scientificText(value) {
  const size = Math.abs(value);
  const [exact = ''] = size.toExponential(precision + 30).split('e');
  const [rounded = '', exponent = '+0'] = size.toExponential(precision).split('e');
  return `${sign(value)}${halfToEven(exact, rounded, precision)}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/** @param {number} value */
const sign = (value) => (value < 0 || Object.is(value, -0) ? '-' : '');

/**
 * Python rounds an exact half to the even digit, JavaScript rounds it up.
 * @param {string} exact many more digits than are wanted @param {string} rounded JavaScript's @param {number} digits wanted
 */
function halfToEven(exact, rounded, digits) {
  const end = exact.indexOf('.') + 1 + digits;
  const isHalf = /^50*$/.test(exact.slice(end));
  return isHalf && Number(exact[end - 1]) % 2 === 0 ? exact.slice(0, end) : rounded;
}

/**
 * A list of texts as IPython shows it: on one line of 79 if it fits, else one item a line, all but the first indented by one.
 * @param {string[]} items @param {'[]' | '()'} brackets
 */
export function listText(items, brackets) {
  const line = `${brackets[0]}${items.join(', ')}${brackets[1]}`;
  if (line.length <= 79 && !line.includes('\n')) return line;
  return `${brackets[0]}${items.map((item) => item.replaceAll('\n', '\n ')).join(',\n ')}${brackets[1]}`;
}
