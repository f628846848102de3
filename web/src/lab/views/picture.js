// A picture is a plain description: axes, marks, what they mean. Views make pictures; canvas.js draws them, chart.js
// gives them a name, a summary and a table.

/**
 * @typedef {object} Axis
 * @property {string} label
 * @property {'linear' | 'log'} scale
 * @property {[number, number]} domain finite and not empty; positive on a log scale
 * @property {boolean} [whole] whether only whole numbers make sense on it
 */

/** What a mark stands for; the style sheet gives each its colour, and canvas.js its shape. */
/** @typedef {'data' | 'fit' | 'ideal' | 'minibatch' | 'epoch'} Tone */

/**
 * Points that are not finite, or not positive on a log scale, are left out; a line is broken there.
 * @typedef {object} Mark
 * @property {'line' | 'points'} kind
 * @property {Tone} tone
 * @property {string} label for the legend
 * @property {ArrayLike<number>} x
 * @property {ArrayLike<number>} y
 */

/**
 * @typedef {object} Picture
 * @property {string} name
 * @property {string} summary one sentence
 * @property {Axis} x
 * @property {Axis} y
 * @property {Mark[]} marks
 * @property {() => Table} table made only when asked for
 */

/** @typedef {{ columns: string[], rows: string[][] }} Table */

/**
 * The finite extent of some numbers, widened by a share; never empty.
 * @param {ArrayLike<number>[]} lists @param {number} [share]
 * @returns {[number, number]}
 */
export function extent(lists, share = 0.05) {
  let [min, max] = [Infinity, -Infinity];
  for (const list of lists) {
    for (let i = 0; i < list.length; ++i) {
      const value = /** @type {number} */ (list[i]);
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (min > max) return [0, 1];
  const pad = (max - min) * share || Math.abs(max) * 0.5 || 1;
  return [min - pad, max + pad];
}

/**
 * At most `count` of the numbers 0 ... n - 1, evenly spaced.
 * @param {number} n @param {number} count
 */
export function sample(n, count) {
  const stride = Math.max(1, n / count);
  return Array.from({ length: Math.min(n, count) }, (_, i) => Math.floor(i * stride));
}

/**
 * A number for a table: six digits are about what float32 has to say. For a sentence three are enough.
 * @param {number} value @param {number} [digits]
 */
export function short(value, digits = 6) {
  if (!Number.isFinite(value)) return '–';
  return String(Number(value.toPrecision(digits))).replace('e+', 'e');
}
