// The largest stable learning rate where rows come in a fixed order. What is known of minibatches drawn at random says
// nothing of it: the same minibatches follow each other in every epoch, and what they do to each other adds up. Runs are tried instead,
// with labels of 0: then the parameters shrink where a rate is stable, and grow where it is not.

/** @import { GivenOptions, Options } from '../options.js' */
/** @import { Trainer } from '../trainer.js' */

const epochs = 100; // of a trial, in whose second half nothing may grow
// Of data on which trials are quick.
const mostCells = 200_000;
const mostSteps = 2000; // an epoch
const perOctave = 3;
const octaves = 10;
const halvings = 6;
const slice = 4; // milliseconds
const negligible = 1e-10; // of the first loss: below it, what is left is float32's rounding

/** Whether every epoch goes through the same minibatches. @param {Options} options */
const isOrdered = ({ shuffle, batch_size, n }) => !shuffle && batch_size < n;

/**
 * @param {(given: GivenOptions) => Trainer | undefined} make @param {Trainer} trainer whose data are tried
 * @param {Options} options @param {number} largest rate that is stable on all data: none above it is looked at
 * @param {AbortSignal} signal
 * @returns {Promise<number | undefined>} undefined where the order does not matter, or is not looked into: only the squared
 *   error is as curved everywhere, and long data would take too long
 */
export async function rateInOrder(make, trainer, options, largest, signal) {
  const { loss, n, batch_size } = options;
  if (loss !== 'mse' || !isOrdered(options)) return undefined;
  if (n * trainer.weight.length > mostCells || n / batch_size > mostSteps) return undefined;
  const { features, names } = trainer.dataset;
  const data = { features: Float64Array.from(features), labels: new Float64Array(n), names };
  const given = { ...trainingOptions(options), init: /** @type {const} */ ('default'), epochs, data };
  const isStable = (/** @type {number} */ lr) => shrinks(make({ ...given, lr }), signal);

  let [below, above] = [0, 0];
  for (let i = -octaves * perOctave; i <= 0 && above === 0; ++i) {
    const rate = largest * 2 ** (i / perOctave);
    if (await isStable(rate)) below = rate;
    else above = rate;
  }
  if (above === 0) return largest;
  for (let i = 0; i < halvings && below > 0; ++i) {
    const middle = Math.sqrt(below * above);
    if (await isStable(middle)) below = middle;
    else above = middle;
  }
  return below > 0 ? below : above / 2;
}

/** What of the options makes a step. @param {Options} options */
function trainingOptions({ batch_size, drop_last, reduction, momentum, nesterov, weight_decay }) {
  return { batch_size, drop_last, reduction, momentum, nesterov, weight_decay, shuffle: false };
}

/** @param {Trainer | undefined} trial @param {AbortSignal} signal */
async function shrinks(trial, signal) {
  if (!trial) throw new DOMException('no trial could be made', 'AbortError');
  try {
    do {
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
    } while (trial.run({ milliseconds: slice }) === 'running');
    const { losses, epoch_losses } = trial.loss_history;
    const small = Math.max(Number(epoch_losses[epochs / 2 - 1]), negligible * Number(losses[0]));
    return trial.status === 'finished' && Number(epoch_losses.at(-1)) <= small;
  } finally {
    trial.dispose();
  }
}
