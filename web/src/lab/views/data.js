// The data: the label against one feature.

import { extent, sample } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { LabData } from '../lab.js' */
/** @import { Picture, Table } from './picture.js' */

const mostPoints = 2000; // more would only be ink on ink
const mostNamed = 3; // features in the readout

/**
 * @param {LabData} data
 * @param {number} feature which one
 * @param {Translate} t
 * @returns {Picture}
 */
export function describeData(data, feature, t) {
  const rows = sample(data.n, mostPoints);
  const name = data.names[feature] ?? '';
  const x = rows.map((i) => Number(data.features[i * data.d + feature]));
  const y = rows.map((i) => Number(data.labels[i]));
  return {
    name: t('data.name', { label: data.label_name, feature: name }),
    summary: summarize(data, rows.length, t),
    x: { label: name, scale: 'linear', domain: extent([x]) },
    y: { label: data.label_name, scale: 'linear', domain: extent([y]) },
    marks: [{ kind: 'points', tone: 'data', label: t('data.legend'), x, y }],
    track: { x, y, plane: true, text: (i) => readRow(data, Number(rows[i]), t) },
    table: () => dataTable(data, t),
  };
}

/** @param {LabData} data @param {number} shown @param {Translate} t */
function summarize({ n, d, dropped }, shown, t) {
  const sentences = [t('data.summary', { n, d })];
  if (dropped > 0) sentences.push(t('data.dropped', { dropped }));
  if (shown < n) sentences.push(t('data.sampled', { shown }));
  return sentences.join(t('sentence.space'));
}

/** A row in words. @param {LabData} data @param {number} row @param {Translate} t */
export function readRow({ features, labels, names, label_name, d }, row, t) {
  const shown = names.slice(0, mostNamed).map((name, j) => [name, Number(features[row * d + j])]);
  const values = [...shown, [label_name, Number(labels[row])]].map(
    ([name, value]) => `${name} = ${t.number(Number(value), 4)}`,
  );
  return t('data.readout', { row, values: values.join(t('sentence.comma')) });
}

/** @param {LabData} data @param {Translate} t @returns {Table} */
function dataTable({ features, labels, names, label_name, n, d }, t) {
  return {
    columns: [t('chart.row'), ...names, label_name],
    length: n,
    row: (i) => [i, ...names.map((_, j) => Number(features[i * d + j])), Number(labels[i])],
  };
}
