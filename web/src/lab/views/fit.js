// The fit: points and line for one feature, predicted against actual otherwise. In the data's own units.

import { extent, sample, short } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab, LabData } from '../lab.js' */
/** @import { Picture, Table } from './picture.js' */

const mostPoints = 600;

/**
 * @param {Lab} lab with a trainer
 * @param {Translate} t
 * @returns {Picture}
 */
export function describeFit(lab, t) {
  const data = /** @type {LabData} */ (lab.data);
  const { weight, bias } = /** @type {NonNullable<Lab['trainer']>} */ (lab.trainer).coefficients;
  const rows = sample(data.n, mostPoints);
  const actual = rows.map((i) => Number(data.labels[i]));
  const predicted = rows.map((i) => predict(data, i, weight, bias));
  const error = rootMeanSquare(actual, predicted);
  const shared = {
    table: () => makeTable(data, weight, bias, t),
    summary: t('fit.summary', { step: lab.step, error: short(error, 3), label: data.label_name }),
  };
  return {
    ...shared,
    ...(data.d === 1 ? lineFit(data, rows, actual, weight, bias, t) : scatterFit(data, actual, predicted, t)),
  };
}

/**
 * @param {LabData} data @param {number[]} rows @param {number[]} actual
 * @param {ArrayLike<number>} weight @param {number} bias @param {Translate} t
 * @returns {Pick<Picture, 'name' | 'x' | 'y' | 'marks'>}
 */
function lineFit(data, rows, actual, weight, bias, t) {
  const x = rows.map((i) => Number(data.features[i]));
  const ends = extent([x]);
  const feature = data.names[0] ?? '';
  return {
    name: t('fit.line_name', { label: data.label_name, feature }),
    x: { label: feature, scale: 'linear', domain: ends },
    y: { label: data.label_name, scale: 'linear', domain: extent([actual]) },
    marks: [
      { kind: 'points', tone: 'data', label: t('data.legend'), x, y: actual },
      {
        kind: 'line',
        tone: 'fit',
        label: t('fit.line'),
        x: ends,
        y: ends.map((end) => end * Number(weight[0]) + bias),
      },
    ],
  };
}

/**
 * @param {LabData} data @param {number[]} actual @param {number[]} predicted @param {Translate} t
 * @returns {Pick<Picture, 'name' | 'x' | 'y' | 'marks'>}
 */
function scatterFit({ label_name: label }, actual, predicted, t) {
  const ends = extent([actual]);
  return {
    name: t('fit.scatter_name', { label }),
    x: { label: t('fit.actual', { label }), scale: 'linear', domain: ends },
    y: { label: t('fit.predicted', { label }), scale: 'linear', domain: ends },
    marks: [
      { kind: 'points', tone: 'fit', label: t('fit.rows'), x: actual, y: predicted },
      { kind: 'line', tone: 'ideal', label: t('fit.perfect'), x: ends, y: ends },
    ],
  };
}

/** @param {LabData} data @param {number} row @param {ArrayLike<number>} weight @param {number} bias */
function predict({ features, d }, row, weight, bias) {
  let sum = bias;
  for (let j = 0; j < d; ++j) sum += Number(weight[j]) * Number(features[row * d + j]);
  return sum;
}

/** @param {number[]} actual @param {number[]} predicted */
function rootMeanSquare(actual, predicted) {
  const squares = actual.reduce((sum, y, i) => sum + (y - Number(predicted[i])) ** 2, 0);
  return Math.sqrt(squares / actual.length);
}

/** @param {LabData} data @param {ArrayLike<number>} weight @param {number} bias @param {Translate} t @returns {Table} */
function makeTable(data, weight, bias, t) {
  const { label_name: label } = data;
  return {
    columns: [t('chart.row'), t('fit.actual', { label }), t('fit.predicted', { label }), t('fit.residual')],
    length: data.n,
    row: (i) => {
      const [y, predicted] = [Number(data.labels[i]), predict(data, i, weight, bias)];
      return [i, y, predicted, predicted - y];
    },
  };
}
