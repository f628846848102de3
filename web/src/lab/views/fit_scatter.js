// Any number of features: predicted against actual, and what each feature adds by itself.

import { batchRows, feature, label, mostPoints, predict } from './prediction.js';
import { readPrediction } from './fit_line.js';
import { extent, sample } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab, LabData } from '../lab.js' */
/** @import { Mark, Picture } from './picture.js' */
/** @import { Model } from './prediction.js' */

/** @typedef {Pick<Picture, 'name' | 'x' | 'y' | 'marks' | 'track'>} Part */

/** @param {Lab} lab @param {LabData} data @param {Model} model @param {Translate} t @returns {Part} */
export function describePredicted(lab, data, model, t) {
  const rows = sample(data.n, mostPoints);
  const ends = extent([rows.map((i) => label(data, i))]);
  const place = (/** @type {number} */ i) => ({ x: label(data, i), y: predict(data, i, model) });
  return {
    name: t('fit.scatter_name', { label: data.label_name }),
    x: { label: t('fit.actual', { label: data.label_name }), scale: 'linear', domain: ends },
    y: { label: t('fit.predicted', { label: data.label_name }), scale: 'linear', domain: ends },
    ...points(lab, data, { rows, model, place }, t, {
      kind: 'line',
      tone: 'ideal',
      label: t('fit.perfect'),
      x: ends,
      y: ends,
    }),
  };
}

/**
 * Partial residuals: what the other features and the bias leave of the label, against one feature, with the line that
 * this feature's weight draws through it.
 * @param {Lab} lab @param {LabData} data @param {Model} model @param {number} j the feature @param {Translate} t
 * @returns {Part}
 */
export function describePartial(lab, data, model, j, t) {
  const rows = sample(data.n, mostPoints);
  const slope = Number(model.weight[j]);
  const place = (/** @type {number} */ i) => {
    const x = feature(data, i, j);
    return { x, y: label(data, i) - predict(data, i, model) + slope * x };
  };
  const ends = extent([rows.map((i) => feature(data, i, j))]);
  const name = data.names[j] ?? '';
  return {
    name: t('fit.partial_name', { label: data.label_name, feature: name }),
    x: { label: name, scale: 'linear', domain: ends },
    y: {
      label: t('fit.partial_axis', { label: data.label_name }),
      scale: 'linear',
      domain: extent([rows.map((i) => place(i).y)]),
    },
    ...points(lab, data, { rows, model, place }, t, {
      kind: 'line',
      tone: 'fit',
      label: t('fit.partial_line', { feature: name }),
      x: ends,
      y: ends.map((x) => slope * x),
    }),
  };
}

/**
 * @param {Lab} lab @param {LabData} data
 * @param {{ rows: number[], model: Model, place: (row: number) => { x: number, y: number } }} what
 * @param {Translate} t @param {Mark} line
 * @returns {Pick<Part, 'marks' | 'track'>}
 */
function points(lab, data, { rows, model, place }, t, line) {
  const lists = (/** @type {number[]} */ chosen) => {
    const places = chosen.map(place);
    return { x: places.map(({ x }) => x), y: places.map(({ y }) => y) };
  };
  const all = lists(rows);
  const batch = batchRows(lab);
  /** @type {Mark[]} */
  const marks = [{ kind: 'points', tone: 'data', label: t('data.legend'), ...all }];
  marks.push({ kind: 'points', tone: 'batch', label: t('fit.batch'), ...lists(batch) });
  marks.push(line);
  return {
    marks,
    track: { ...all, rows, plane: true, text: (i) => readPrediction(data, Number(rows[i]), model, t) },
  };
}
