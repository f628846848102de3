// The data: the label against one feature.

import { extent, sample, short } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { LabData } from '../lab.js' */
/** @import { Picture } from './picture.js' */

const mostPoints = 2000; // more would only be ink on ink
const mostRows = 100;

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
  const tableRows = sample(data.n, mostRows);
  return {
    name: t('data.name', { label: data.label_name, feature: name }),
    summary: summarize(data, rows.length, t),
    x: { label: name, scale: 'linear', domain: extent([x]) },
    y: { label: data.label_name, scale: 'linear', domain: extent([y]) },
    marks: [{ kind: 'points', tone: 'data', label: t('data.legend'), x, y }],
    table: () => ({
      columns: [t('chart.row'), ...data.names, data.label_name],
      rows: tableRows.map((i) => [
        String(i),
        ...data.names.map((_, j) => short(Number(data.features[i * data.d + j]))),
        short(Number(data.labels[i])),
      ]),
    }),
  };
}

/** @param {LabData} data @param {number} shown @param {Translate} t */
function summarize({ n, d, dropped }, shown, t) {
  const sentences = [t('data.summary', { n, d })];
  if (dropped > 0) sentences.push(t('data.dropped', { dropped }));
  if (shown < n) sentences.push(t('data.sampled', { shown }));
  return sentences.join(t('sentence.space'));
}
