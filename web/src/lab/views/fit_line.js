// One feature: points and lines, the residuals as sticks and as squares.

import { haveSameRows } from '../differences.js';
import { batchRows, feature, label, mostPoints, mostSticks, predict } from './prediction.js';
import { readRow } from './data.js';
import { extent, sample } from './picture.js';
import { pinLabel } from './pin_bar.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab, LabData } from '../lab.js' */
/** @import { Mark, Picture } from './picture.js' */
/** @import { Model } from './prediction.js' */

/**
 * @typedef {object} LineChoices
 * @property {boolean} residuals
 * @property {boolean} squares
 * @property {number | undefined} [held] the row that the reader holds
 * @property {Model | undefined} [best] the least-squares solution
 * @property {{ x: [number, number], y: [number, number] } | undefined} [domains] kept as they are while a row is held
 */

/**
 * @param {Lab} lab with one feature @param {LabData} data @param {Model} model @param {LineChoices} choices @param {Translate} t
 * @returns {Pick<Picture, 'name' | 'x' | 'y' | 'marks' | 'track'>}
 */
export function describeLine(lab, data, model, { residuals, squares, held, best, domains }, t) {
  const rows = sample(data.n, mostPoints).sort((a, b) => feature(data, a, 0) - feature(data, b, 0));
  const x = rows.map((i) => feature(data, i, 0));
  const y = rows.map((i) => label(data, i));
  const ends = domains?.x ?? extent([x]);
  const line = (/** @type {Model} */ { weight, bias }) => ends.map((end) => end * Number(weight[0]) + bias);
  const [name = ''] = data.names;
  /** @type {Mark[]} */
  const marks = [
    ...residualMarks(data, model, { residuals, squares }, t),
    { kind: 'points', tone: 'data', label: t('data.legend'), x, y },
    ...pointsOf(lab, data, held, t),
  ];
  for (const pin of lab.pins.list.filter((pin) => haveSameRows(pin, lab))) {
    marks.push({ kind: 'line', tone: pin.tone, label: pinLabel(pin, lab, t), x: ends, y: line(pin.model) });
  }
  if (best)
    marks.push({
      kind: 'line',
      tone: 'optimum',
      label: t(lab.options.loss === 'mse' ? 'fit.best' : 'fit.best_other'),
      x: ends,
      y: line(best),
    });
  marks.push({ kind: 'line', tone: 'fit', label: t('fit.line'), x: ends, y: line(model) });
  return {
    name: t('fit.line_name', { label: data.label_name, feature: name }),
    x: { label: name, scale: 'linear', domain: ends },
    y: { label: data.label_name, scale: 'linear', domain: domains?.y ?? extent([y]) },
    marks,
    track: { x, y, rows, plane: true, text: (i) => readPrediction(data, Number(rows[i]), model, t) },
  };
}

/** @param {LabData} data @param {Model} model @param {{ residuals: boolean, squares: boolean }} which @param {Translate} t @returns {Mark[]} */
function residualMarks(data, model, { residuals, squares }, t) {
  const rows = sample(data.n, mostSticks);
  const x = rows.map((i) => feature(data, i, 0));
  const y0 = rows.map((i) => label(data, i));
  const y1 = rows.map((i) => predict(data, i, model));
  /** @type {Mark[]} */
  const marks = [];
  if (squares) marks.push({ kind: 'squares', tone: 'square', label: t('fit.squares'), x, y0, y1 });
  if (residuals) marks.push({ kind: 'segments', tone: 'residual', label: t('fit.residuals'), x0: x, y0, x1: x, y1 });
  return marks;
}

/** The current minibatch, and the row that is held. @param {Lab} lab @param {LabData} data @param {number | undefined} held @param {Translate} t @returns {Mark[]} */
function pointsOf(lab, data, held, t) {
  /** @param {number[]} rows */
  const places = (rows) => ({ x: rows.map((i) => feature(data, i, 0)), y: rows.map((i) => label(data, i)) });
  const batch = batchRows(lab);
  /** @type {Mark[]} */
  const marks = [];
  marks.push({ kind: 'points', tone: 'batch', label: t('fit.batch'), ...places(batch) });
  if (held !== undefined) marks.push({ kind: 'points', tone: 'own', label: '', ...places([held]) });
  return marks;
}

/** @param {LabData} data @param {number} row @param {Model} model @param {Translate} t */
export function readPrediction(data, row, model, t) {
  const predicted = predict(data, row, model);
  const error = t.number(predicted - label(data, row), 4);
  return readRow(data, row, t) + t('sentence.space') + t('fit.readout', { predicted: t.number(predicted, 4), error });
}
