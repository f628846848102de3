// The data of a lab, as its source has them and as its views show them.

/** @import { RealData } from '../data/sources.js' */
/** @import { Trainer } from '../trainer.js' */

/**
 * The data in the user's own units, for the pictures.
 * @typedef {object} LabData
 * @property {ArrayLike<number>} features n * d, row-major
 * @property {ArrayLike<number>} labels n
 * @property {string[]} names d
 * @property {string} label_name
 * @property {number} n
 * @property {number} d
 * @property {number} dropped rows of the source without a value
 */

/**
 * @param {Trainer} trainer @param {RealData | undefined} real
 * @returns {LabData}
 */
export function readData(trainer, real) {
  if (!real) return { ...trainer.dataset, label_name: 'y', dropped: 0 };
  const { features, labels, names, label_name, dropped } = real;
  return { features, labels, names, label_name, n: labels.length, d: names.length, dropped };
}

/**
 * The data with another label in one row, which has moved nowhere if that is its own.
 * @param {LabData} data @param {NonNullable<RealData['moved']>} before labels that were moved before @param {number} row @param {number} y
 * @returns {RealData}
 */
export function withLabel({ names, label_name, n, dropped, ...data }, before, row, y) {
  const features = data.features instanceof Float64Array ? data.features : new Float64Array(data.features);
  const labels = new Float64Array(data.labels);
  labels[row] = y;
  const was = before.find(([other]) => other === row)?.[2] ?? Number(data.labels[row]);
  const others = before.filter(([other]) => other !== row);
  /** @type {NonNullable<RealData['moved']>} */
  const moved = y === was ? others : [...others, [row, y, was]];
  return { features, labels, names, label_name, rows: n + dropped, dropped, moved };
}
