// The situations: what one is told to watch is there to be seen, not only for the seed of the link.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readLink, linkSettings } from '../../web/src/lab/link.js';
import { presets } from '../../web/src/lab/presets.js';
import { makeLab } from '../support/labs.js';

const seeds = [42, 0, 1, 7];

/** The runs of a situation's variants, at their ends. @param {string} name @param {number} seed */
function runsOf(name, seed) {
  const preset = presets.find((preset) => preset.name === name);
  return (preset?.variants ?? []).map(({ hash }) => {
    const { options, source } = linkSettings(readLink(hash));
    const { trainer } = makeLab({ ...options, seed }, source);
    assert.ok(trainer);
    trainer.train();
    return trainer;
  });
}

/** Least and greatest. @param {ArrayLike<number>} values */
const range = (values) => [Math.min(...Array.from(values)), Math.max(...Array.from(values))];

/** @type {Record<string, (...runs: ReturnType<typeof runsOf>) => void>} */
const claims = {
  notebook(run) {
    const { losses, epoch_losses } = run.loss_history;
    assert.ok(Number(losses[0]) > 1e4 * Number(epoch_losses[2]));
    assert.ok(Number(epoch_losses[2]) < 1.1 * Number(run.optimum.noise_loss));
  },
  large_lr(run) {
    const { losses } = run.loss_history;
    assert.equal(run.status, 'diverged');
    assert.ok(Number(losses.at(-1)) > 1e10 * Number(losses[0]));
  },
  valley(unscaled, standardized) {
    const { losses, epoch_losses } = unscaled.loss_history;
    assert.ok(Number(epoch_losses[0]) < Number(losses[0]) / 10, 'falls at once');
    const last = Number(epoch_losses.at(-1));
    assert.ok(last > 1.2 * unscaled.optimum.loss, 'and has not arrived after 20 epochs');
    assert.ok(Number(epoch_losses[2]) > 50 * last, 'but crawls on');
    const soon = Number(standardized.loss_history.epoch_losses[2]);
    assert.ok(soon < 1.1 * standardized.optimum.loss, 'one rate suits both');
  },
  outliers(squared, huber) {
    const [tilted, straight] = [squared, huber].map(({ coefficients }) => Number(coefficients.weight[0]));
    assert.ok(Number(tilted) > 2.8 && Math.abs(Number(straight) - 2) < 0.35, `${tilted} ${straight}`);
  },
  sorted(ordered, shuffled) {
    const perEpoch = ordered.steps_per_epoch;
    for (let epoch = 1; epoch < 6; ++epoch) {
      const [swings, settles] = [ordered, shuffled].map(({ loss_history: { losses } }) => {
        const [least = 0, greatest = 0] = range(losses.slice(epoch * perEpoch, (epoch + 1) * perEpoch));
        return greatest / least;
      });
      assert.ok(Number(swings) > 100 && Number(settles) < 10, `epoch ${epoch + 1}: ${swings} ${settles}`);
    }
  },
  batch(...runs) {
    const arrivals = runs.map(({ loss_history: { steps, losses }, optimum }) => {
      // Of single rows the loss is too noisy to be compared with the floor: a mean of ten steps stands for it.
      const mean = (/** @type {number} */ i) => losses.slice(i, i + 10).reduce((sum, loss) => sum + loss / 10, 0);
      return Number(steps[Array.from(losses).findIndex((_, i) => mean(i) < 1.5 * optimum.loss)]);
    });
    const [first = 0, last = 0] = range(arrivals);
    assert.ok(last < 2 * first, arrivals.join(' '));
    const noise = runs.map(({ loss_history: { losses } }) => {
      const [least = 0, greatest = 0] = range(losses.slice(-100));
      return greatest - least;
    });
    assert.ok(Number(noise[0]) > 2 * Number(noise[1]) && Number(noise[1]) > 100 * Number(noise[2]), noise.join(' '));
  },
  reduction(mean, sum, small) {
    assert.ok(sum.step_count === 300 && mean.step_count === 300);
    for (const [j, weight] of mean.weight.entries()) assert.ok(Math.abs(weight - Number(small.weight[j])) < 1e-5);
    const [one, ten] = [mean, small].map(({ loss_history }) => Number(loss_history.losses[200]));
    assert.ok(Math.abs(Number(ten) / Number(one) - 10) < 1e-3);
    assert.ok(Math.abs(mean.loss() * 1000 - small.loss()) < 1);
  },
  noiseless(run) {
    assert.ok(run.loss() < 1e-10);
  },
  few_rows(run) {
    assert.ok(run.loss() < 1e-4, String(run.loss()));
    const wrong = range(run.weight.map((weight, j) => Math.abs(weight - Number(run.options.true_w[j]))));
    assert.ok(Number(wrong[1]) > 0.5);
  },
};

test('every situation has its claims', () => {
  assert.deepEqual(
    Object.keys(claims),
    presets.map(({ name }) => name),
  );
});

for (const [name, claim] of Object.entries(claims)) {
  test(`${name}: what one is told to watch`, () => {
    for (const seed of seeds) claim(...runsOf(name, seed));
  });
}
