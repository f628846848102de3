// The loss: every minibatch's, thin, and every epoch's on all data, marked. Log axis.

import { decades, short } from './picture.js';

/** @import { Translate } from '../../i18n/index.js' */
/** @import { Lab } from '../lab.js' */
/** @import { Picture, Table } from './picture.js' */

const mostRows = 100;
const mostMarks = 60;

/**
 * @param {Lab} lab
 * @param {Translate} t
 * @returns {Picture}
 */
export function describeLoss(lab, t) {
  const { steps = [], losses = [], epochs = [], epoch_steps = [], epoch_losses = [] } = lab.trainer?.history ?? {};
  return {
    name: t('loss.name'),
    summary: summarize(lab, losses, epoch_losses, t),
    x: { label: t('loss.step'), scale: 'linear', domain: [0, lastStep(lab)], whole: true },
    y: { label: t('loss.loss'), scale: 'log', domain: decades([losses, epoch_losses]) },
    marks: [
      { kind: 'line', tone: 'minibatch', label: t('loss.minibatch'), x: steps, y: losses },
      // Marks would hide each other where there are very many.
      {
        kind: epochs.length > mostMarks ? 'line' : 'points',
        tone: 'epoch',
        label: t('loss.epoch'),
        x: epoch_steps,
        y: epoch_losses,
      },
    ],
    table: () => makeTable({ steps, losses, epochs, epoch_steps, epoch_losses }, t),
  };
}

/** The right end of the axis: the whole run, or, for endless ones, some way ahead. @param {Lab} lab */
function lastStep({ trainer, step }) {
  const ahead = 2 ** Math.ceil(Math.log2(Math.max(step, 1000)));
  return Math.max(1, Math.min(trainer?.total_steps ?? 300, ahead));
}

/** @param {Lab} lab @param {ArrayLike<number>} losses @param {ArrayLike<number>} epochLosses @param {Translate} t */
function summarize(lab, losses, epochLosses, t) {
  if (losses.length === 0) return t('loss.none');
  const [first, last] = [short(Number(losses[0]), 3), short(Number(losses[losses.length - 1]), 3)];
  const text = t('loss.summary', { step: lab.step, first, last });
  if (epochLosses.length === 0) return text;
  return (
    text +
    t('sentence.space') +
    t('loss.summary_epoch', { loss: short(Number(epochLosses[epochLosses.length - 1]), 3) })
  );
}

/**
 * The epochs, and among them some minibatches, evenly taken.
 * @param {Record<'steps' | 'losses' | 'epochs' | 'epoch_steps' | 'epoch_losses', ArrayLike<number>>} history
 * @param {Translate} t
 * @returns {Table}
 */
function makeTable({ steps, losses, epochs, epoch_steps, epoch_losses }, t) {
  const stride = Math.max(1, Math.ceil(steps.length / mostRows));
  /** @type {{ step: number, cells: string[] }[]} */
  const rows = [];
  for (let i = 0; i < steps.length; i += stride) {
    rows.push({ step: Number(steps[i]), cells: [String(steps[i]), t('loss.minibatch'), short(Number(losses[i]))] });
  }
  const epochStride = Math.max(1, Math.ceil(epochs.length / mostRows));
  for (let i = 0; i < epochs.length; i += epochStride) {
    const what = t('loss.epoch_number', { epoch: Number(epochs[i]) });
    rows.push({ step: Number(epoch_steps[i]), cells: [String(epoch_steps[i]), what, short(Number(epoch_losses[i]))] });
  }
  rows.sort((a, b) => a.step - b.step);
  return { columns: [t('loss.step'), t('loss.what'), t('loss.loss')], rows: rows.map(({ cells }) => cells) };
}
