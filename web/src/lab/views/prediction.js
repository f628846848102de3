// What the fit's pictures share: rows, predictions and residuals in the data's own units.

/** @import { Lab, LabData } from '../lab.js' */

export const mostPoints = 1000; // more would only be ink on ink
export const mostSticks = 200;

/** @typedef {{ weight: ArrayLike<number>, bias: number }} Model in the data's own units */

/** @param {LabData} data @param {number} row @param {number} j */
export const feature = ({ features, d }, row, j) => Number(features[row * d + j]);

/** @param {LabData} data @param {number} row */
export const label = ({ labels }, row) => Number(labels[row]);

/** @param {LabData} data @param {number} row @param {Model} model */
export function predict({ features, d }, row, { weight, bias }) {
  let sum = bias;
  for (let j = 0; j < d; ++j) sum += Number(weight[j]) * Number(features[row * d + j]);
  return sum;
}

/** Over all rows; in one plain loop, since there may be very many. @param {LabData} data @param {Model} model */
export function rootMeanSquare({ features, labels, n, d }, { weight, bias }) {
  const w = Float64Array.from(weight);
  let sum = 0;
  for (let i = 0; i < n; ++i) {
    let error = bias - /** @type {number} */ (labels[i]);
    for (let j = 0; j < d; ++j) error += /** @type {number} */ (w[j]) * /** @type {number} */ (features[i * d + j]);
    sum += error * error;
  }
  return Math.sqrt(sum / n);
}

/** The rows of the current minibatch, as many as are drawn. @param {Lab} lab @returns {number[]} */
export function batchRows({ trainer }) {
  return Array.from(trainer?.firstRows(mostPoints)?.rows ?? []).slice(0, mostPoints);
}
