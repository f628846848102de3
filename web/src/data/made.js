// Small data sets that show one difficulty each. They are made of plain arithmetic in float64, with fractions of multiples
// of irrational numbers in place of random ones, so that the Python beside each makes the same rows to the bit.

/** @import { RealData } from './sources.js' */

/**
 * @typedef {object} MadeData
 * @property {number} n
 * @property {string[]} names of the features
 * @property {(i: number) => number[]} row the features and the label of row i
 * @property {string[]} python lines that make the same columns of i, the number of the row
 */

const [golden, plastic, square] = [0.6180339887498949, 0.7548776662466927, 0.5698402909980532];
const fractions = [`u = i * ${golden} % 1`, `v = i * ${plastic} % 1`, `e = i * ${square} % 1 - 0.5`];
/** @param {number} i */
const fractionsOf = (i) => ({ u: (i * golden) % 1, v: (i * plastic) % 1, e: ((i * square) % 1) - 0.5 });

/** @satisfies {Record<string, MadeData>} */
export const made = {
  /** The second feature is ten times as wide as the first. */
  valley: {
    n: 200,
    names: ['x1', 'x2'],
    row(i) {
      const { u, v, e } = fractionsOf(i);
      const [x1, x2] = [2 * u - 1, 20 * v - 10];
      return [x1, x2, 2 * x1 - 1.7 * x2 + 0.4 + 0.2 * e];
    },
    python: [...fractions, 'x1, x2 = 2 * u - 1, 20 * v - 10', 'y = 2 * x1 - 1.7 * x2 + 0.4 + 0.2 * e'],
  },
  /** A few labels on the right are far too high. */
  outliers: {
    n: 120,
    names: ['x1'],
    row(i) {
      const { u, e } = fractionsOf(i);
      const x1 = 4 * u - 2;
      const y = 2 * x1 + 1 + 1.2 * e;
      return [x1, i % 5 === 3 && x1 > 0.5 ? y + 15 : y];
    },
    python: [
      ...fractions.filter((line) => !line.startsWith('v')),
      'x1 = 4 * u - 2',
      'y = 2 * x1 + 1 + 1.2 * e',
      'y = torch.where((i % 5 == 3) & (x1 > 0.5), y + 15, y)',
    ],
  },
  /** The rows come in the order of the feature. */
  sorted: {
    n: 200,
    names: ['x1'],
    row(i) {
      const { e } = fractionsOf(i);
      const x1 = (4 * i) / 200 - 2;
      return [x1, 2 * x1 + 1 + 1.2 * e];
    },
    python: [...fractions.filter((line) => line.startsWith('e')), 'x1 = 4 * i / 200 - 2', 'y = 2 * x1 + 1 + 1.2 * e'],
  },
};

/** @typedef {keyof typeof made} MadeSource */

/** @param {string} source @returns {MadeData | undefined} */
export const findMade = (source) =>
  Object.hasOwn(made, source) ? made[/** @type {MadeSource} */ (source)] : undefined;

/** @param {MadeData} data @returns {RealData} */
export function makeRows({ n, names, row }) {
  const d = names.length;
  const rows = Array.from({ length: n }, (_, i) => row(i));
  return {
    features: Float64Array.from(rows.flatMap((values) => values.slice(0, d))),
    labels: Float64Array.from(rows, (values) => Number(values[d])),
    names,
    label_name: 'y',
    rows: n,
    dropped: 0,
  };
}
