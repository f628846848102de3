// What the lab says of a learning rate, beside what training then does.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { realData } from '../../web/src/data/sources.js';
import { rateInOrder } from '../../web/src/lab/rate_in_order.js';
import { Stability, lastGoodStep } from '../../web/src/lab/stability.js';
import { engines } from '../support/engines.js';
import { makeLab, until } from '../support/labs.js';

/** @import { GivenOptions } from '../../web/src/options.js' */
/** @import { Trainer } from '../../web/src/trainer.js' */

const [engine] = engines;

/** What is known of a trainer's rates, after all was looked into. @param {Trainer} trainer @param {(given: GivenOptions) => Trainer | undefined} [make] */
async function look(trainer, make = (given) => engine.createTrainer(given)) {
  const stability = new Stability(() => {}, make);
  await stability.look(trainer, trainer.options);
  return stability;
}

/** @type {[Record<string, unknown>, string | undefined, 'finished' | 'diverged'][]} options, the notice, how the run ends */
const cases = [
  [{ lr: 0.5 }, undefined, 'finished'],
  [{ lr: 3 }, 'notice.lr_diverges', 'diverged'],
  [{ lr: 0.8, epochs: 1 }, 'notice.lr_unsure', 'finished'],
  [{ lr: 3, loss: 'l1' }, undefined, 'finished'],
  [{ lr: 0.9, loss: 'huber' }, undefined, 'finished'],
  [{ lr: 0.03, reduction: 'sum', weight_decay: 100 }, 'notice.lr_diverges', 'diverged'],
  [{ lr: 3, loss: 'huber', reduction: 'sum', epochs: 30 }, 'notice.lr_overshoots', 'finished'],
  [{ lr: 3, loss: 'huber', weight_decay: 0.66, epochs: 300 }, 'notice.lr_overshoots', 'finished'],
  [{ lr: 3, loss: 'huber', weight_decay: 0.7, epochs: 30 }, 'notice.lr_diverges', 'diverged'],
  [{ lr: 3, loss: 'huber', weight_decay: 0.9, momentum: 0.5, epochs: 300 }, 'notice.lr_overshoots', 'finished'],
  [{ lr: 3, loss: 'huber', weight_decay: 1.1, momentum: 0.5, epochs: 300 }, 'notice.lr_diverges', 'diverged'],
  ...['huber', 'smooth_l1'].flatMap(
    (loss) =>
      /** @type {const} */ ([
        [{ lr: 1.6, loss }, 'notice.lr_may_overshoot', 'finished'],
        [{ lr: 3, loss, epochs: 300 }, 'notice.lr_overshoots', 'finished'],
        [{ lr: 1e20, loss }, 'notice.lr_overshoots', 'finished'],
      ]),
  ),
];

for (const [given, said, end] of cases) {
  test(`${JSON.stringify(given)} is ${said ?? 'not remarked on'}`, async () => {
    const trainer = engine.createTrainer({ seed: 42, ...given });
    const stability = await look(trainer);
    assert.deepEqual(
      stability.notices(trainer.options).map(({ text }) => text.key),
      said === undefined ? [] : [said],
    );
    assert.equal(trainer.train(), end);
    trainer.dispose();
  });
}

const sorted = /** @type {NonNullable<ReturnType<typeof realData>>} */ (realData('sorted'));
const inOrder = { shuffle: false, data: { features: sorted.features, labels: sorted.labels, names: sorted.names } };

for (const [momentum, batch_size] of [
  [0, 20],
  [0, 40],
  [0.5, 20],
  [0.9, 20],
  [0.9, 10],
]) {
  test(`rows in order, momentum ${momentum}, batch size ${batch_size}: stable below what is said, and not above`, async () => {
    const make = (/** @type {GivenOptions} */ given) => engine.createTrainer({ seed: 1, ...inOrder, ...given });
    const trainer = make({ momentum, batch_size });
    const stability = await look(trainer);
    const { sure } = /** @type {NonNullable<typeof stability.bounds>} */ (stability.bounds);
    assert.ok(sure < Number(trainer.curvature.mean_square_stable_lr), 'lower than for rows that are drawn');
    const [notice] = stability.notices({ ...trainer.options, lr: 1.03 * sure });
    assert.equal(notice?.text.key, 'notice.lr_unsure_in_order');
    const ends = [0.97, 1.03].map((share) => make({ momentum, batch_size, lr: share * sure, epochs: 20_000 }).train());
    assert.deepEqual(ends, ['finished', 'diverged']);
    trainer.dispose();
  });
}

test('what is left of float32’s rounding does not count as growth', async () => {
  const [n, d] = [20, 40];
  const features = Float64Array.from({ length: n * d }, (_, i) => Math.sin(i * i));
  const data = { features, labels: new Float64Array(n), names: Array.from({ length: d }, (_, j) => `x${j}`) };
  const given = { seed: 1, data, shuffle: false, batch_size: 1 };
  const trainer = engine.createTrainer(given);
  const stability = await look(trainer);
  const { sure, tried } = /** @type {NonNullable<typeof stability.bounds>} */ (stability.bounds);
  assert.ok(tried);
  const end = (/** @type {number} */ lr) =>
    engine.createTrainer({ ...given, lr, epochs: 20_000, init: 'default' }).train();
  assert.deepEqual([end(0.9 * sure), end(1.2 * sure)], ['finished', 'diverged']);
  trainer.dispose();
});

test('where no trial can be made, what was known before stays', async () => {
  const trainer = engine.createTrainer({ ...inOrder, lr: 3 });
  const stability = await look(trainer, () => {
    throw new Error('no memory');
  });
  assert.equal(stability.notices(trainer.options)[0]?.text.key, 'notice.lr_diverges');
  trainer.dispose();
});

test('shuffled, or all rows at once, the order is not looked into', async () => {
  for (const options of [{ shuffle: true }, { shuffle: false, batch_size: 200 }, { shuffle: false, loss: 'huber' }]) {
    const trainer = engine.createTrainer({ ...inOrder, ...options });
    let made = 0;
    const stability = await look(trainer, () => void (made += 1));
    assert.deepEqual([made, typeof stability.bounds?.sure], [0, 'number']);
    trainer.dispose();
  }
});

test('a bound is not written larger than it is', async () => {
  const trainer = engine.createTrainer({ seed: 0, lr: 0.908 });
  const stability = await look(trainer);
  assert.ok(Number(stability.bounds?.largest) < 0.908 && Number(stability.bounds?.largest) > 0.9075);
  assert.deepEqual(stability.notices(trainer.options)[0]?.text.params, { lr: '0.908', bound: 0.907, batch_size: 10 });
  trainer.dispose();
});

test('what is said follows a change in mid-run, and the way back', async () => {
  const lab = makeLab({ seed: 42, lr: 0.5 });
  const sure = async () => Number((await until(() => lab.stability.bounds))?.sure);
  lab.stepOnce('batch');
  const first = await sure();
  lab.change('batch_size', '1');
  const second = await sure();
  assert.ok(second < first / 2, `${first} ${second}`);
  assert.equal(lab.noticesOf('lr').length, 1);
  lab.goTo(0);
  assert.equal(await sure(), first);
  assert.deepEqual(lab.noticesOf('lr'), []);
});

test('the largest rate that shrinks is found, and half the lowest that was tried where none does', async () => {
  const trainer = engine.createTrainer({ ...inOrder, seed: 1 });
  const find = (/** @type {number} */ stable) => {
    const make = (/** @type {GivenOptions} */ { lr }) => trial(Number(lr) <= stable);
    return rateInOrder(make, trainer, trainer.options, 1, new AbortController().signal);
  };
  const found = Number(await find(0.3));
  assert.ok(found <= 0.3 && found > 0.29, String(found));
  assert.equal(await find(1), 1);
  assert.equal(await find(0), 2 ** -10 / 2);
  trainer.dispose();
});

/** A run that is over at once. @param {boolean} shrinks @returns {any} */
function trial(shrinks) {
  const epoch_losses = Array.from({ length: 100 }, (_, i) => (shrinks ? 1 / (i + 1) : i + 1));
  const loss_history = { losses: [1], epoch_losses };
  return { run: () => 'finished', status: 'finished', loss_history, dispose: () => {} };
}

test('the step to go back to is the last at which the loss was among the lower quarter, and no higher than at first', () => {
  const last = (/** @type {number[]} */ losses) =>
    lastGoodStep(/** @type {any} */ ({ steps: losses.map((_, i) => i + 1), losses }));
  assert.equal(last([9, 8, 1, 2, 3, 4, 50, 500]), 4);
  assert.equal(last([1, 5, 50, 60, 70]), 0);
  assert.equal(last([]), 0);
});
