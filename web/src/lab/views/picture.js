// A picture is a plain description: axes, marks, what they mean. Views make pictures; paint.js paints them, on a canvas
// or as SVG; chart.js gives them a name, a summary, a cursor and a table.

/** @import { Numbers as Written } from '../../i18n/numbers.js' */
/** @import { Tone } from './tones.js' */

/**
 * @typedef {object} Axis
 * @property {string} label
 * @property {'linear' | 'log'} scale
 * @property {[number, number]} domain finite and not empty; positive on a log scale. A view may change it at every frame.
 * @property {boolean} [zero] on a log scale: whether its lower end stands for zero
 * @property {boolean} [whole] whether only whole numbers make sense on it
 */

/**
 * What every mark has. The tone gives colour, dash and shape; an empty label stays out of the legend. What is not a
 * number is left out, and breaks a line. Infinities, and on a log axis zeros, are drawn at the edge with a small mark.
 * @typedef {object} Meaning
 * @property {Tone} tone
 * @property {string} label
 */

/** @typedef {ArrayLike<number>} Numbers */

/** @typedef {Meaning & { kind: 'line' | 'points', x: Numbers, y: Numbers, thin?: boolean }} Trace thin: without dashes */
/** @typedef {Meaning & { kind: 'rule', axis: 'x' | 'y', at: number }} Rule a line across at one value of an axis */
/** @typedef {Meaning & { kind: 'segments' | 'arrows', x0: Numbers, y0: Numbers, x1: Numbers, y1: Numbers }} Sticks */
/**
 * Areas with outlines, painted in order. A ring is [x0, y0, x1, y1, ...]; an area's later rings are holes in it, or
 * further islands. Nested areas, such as the contours of a surface, grow darker inwards.
 * @typedef {Meaning & { kind: 'polygons', areas: { value?: number, rings: Numbers[] }[] }} Polygons
 */
/** @typedef {Meaning & { kind: 'squares', x: Numbers, y0: Numbers, y1: Numbers }} Squares with the sides |y1 - y0|, to scale */
/** @typedef {Meaning & { kind: 'texts', x: Numbers, y: Numbers, texts: string[] }} Texts */

/** @typedef {Trace | Rule | Sticks | Polygons | Squares | Texts} Mark */

/**
 * What the cursor moves along: by pointer to the nearest, by keys to the next.
 * @typedef {object} Track
 * @property {Numbers} x
 * @property {Numbers} y
 * @property {(i: number) => string} text what the readout says of one
 * @property {ArrayLike<number>} [rows] which row of the data each is; the cursor then stays on its row
 * @property {boolean} [plane] whether nearness counts both axes instead of x alone
 * @property {number} [columns] of a grid, row by row: then there are keys for up and down too
 * @property {number} [start] where the keys begin, if not at an end
 */

/**
 * @typedef {object} Picture
 * @property {string} name
 * @property {string} summary one sentence
 * @property {Axis} x
 * @property {Axis} y
 * @property {boolean} [equal] whether a unit is as long on both axes; the domains are then widened to fit
 * @property {boolean} [bare] whether the axes are left out
 * @property {Mark[]} marks painted in order
 * @property {Track} [track]
 * @property {Written['number'] | undefined} [number] how the axes write numbers; a chart gives it
 * @property {() => Table} table made only when asked for
 */

/** @typedef {{ columns: string[], length: number, row: (i: number) => (string | number)[] }} Table numbers as they are */

/**
 * The finite extent of some numbers, widened a little; never empty.
 * @param {Numbers[]} lists
 * @returns {[number, number]}
 */
export function extent(lists) {
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
  const pad = (max - min) * 0.05 || Math.abs(max) * 0.5 || 1;
  return [min - pad, max + pad];
}

/**
 * Whole powers of ten around all positive numbers. Where there are zeros or infinities, which are drawn at the edges, there is
 * one more, so that no other number seems to have got there.
 * @param {Numbers[]} lists
 * @returns {{ scale: 'log', domain: [number, number], zero: boolean }}
 */
export function decades(lists) {
  let [min, max, below, above] = [Infinity, 0, 0, 0];
  for (const list of lists) {
    for (let i = 0; i < list.length; ++i) {
      const value = /** @type {number} */ (list[i]);
      if (value === 0) below = 1;
      else if (value === Infinity) above = 1;
      if (!(value > 0 && value < Infinity)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const zero = below === 1;
  if (max === 0) return { scale: 'log', domain: [1e-4, 100], zero };
  const low = Math.floor(Math.log10(min));
  const high = Math.max(low + 1, Math.ceil(Math.log10(max)));
  return { scale: 'log', domain: [10 ** Math.max(-307, low - below), 10 ** Math.min(308, high + above)], zero };
}

/**
 * At most `count` of the numbers 0 ... n - 1, evenly spaced, with the first and the last.
 * @param {number} n @param {number} count above 1
 */
export function sample(n, count) {
  const stride = Math.max(1, (n - 1) / (count - 1));
  return Array.from({ length: Math.min(n, count) }, (_, i) => Math.round(i * stride));
}
