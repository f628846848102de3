// What the cells print, as the notebook prints it.

import { logLines } from '../history.js';
import { listText, tensorText } from '../lab/tensor.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from '../lab/lab.js' */
/** @import { Trainer } from '../trainer.js' */

const mostLines = 400; // of a very long log only the end is shown

/** @param {Trainer} trainer next(iter(data_iter)) */
export function peekText({ peek: { features, labels } }) {
  const rows = labels.length;
  if (rows === 0) return 'StopIteration';
  return listText([tensorText(features, [rows, features.length / rows]), tensorText(labels, [rows, 1])], '[]');
}

/** The layer's weight and bias. @param {{ weight: Float32Array, bias: number }} parameters */
export function parametersText({ weight, bias }) {
  return listText([tensorText(weight, [1, weight.length]), tensorText([bias], [1])], '()');
}

/** The lines that the training loop has printed. @param {Trainer} trainer @param {Translate} t */
export function logText({ loss_history, status }, t) {
  const skipped = loss_history.epochs.length - mostLines;
  const lines = logLines(loss_history, mostLines);
  if (skipped > 0) lines.unshift(t('log.skipped', { count: skipped }));
  return [...lines, ...(status === 'diverged' ? [t('log.diverged')] : [])].join('\n');
}

/**
 * The last cell: how far the parameters are from the true ones, or, for real data, the parameters in its own units.
 * @param {Lab} lab with a trainer @param {Translate} t
 */
export function errorsText(lab, t) {
  const text = finiteErrors(lab, t);
  return lab.status === 'diverged' ? `${text}\n${t('log.last_finite')}` : text;
}

/** @param {Lab} lab @param {Translate} t */
function finiteErrors(lab, t) {
  const { weight, bias, coefficients } = /** @type {Trainer} */ (lab.trainer);
  if (lab.base !== 'synthetic') {
    const w = Float32Array.from(coefficients.weight);
    return `${t('code.units_w')} ${tensorText(w, [w.length])}\n${t('code.units_b')} ${tensorText([Math.fround(coefficients.bias)], [1])}`;
  }
  const { true_w, true_b } = lab.options;
  const w = Float32Array.from(true_w, (value, i) => Math.fround(value) - Number(weight[i]));
  const b = Math.fround(Math.fround(true_b) - bias);
  return `${t('code.error_w')} ${tensorText(w, [w.length])}\n${t('code.error_b')} ${tensorText([b], [1])}`;
}
