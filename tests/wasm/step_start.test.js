// What a step starts from is what PyTorch's formulas need to arrive at the parameters after it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertRefused, describeBuilds, small } from '../support/engines.js';

const runs = {
  'plain SGD': {},
  'weight decay': { weight_decay: 0.1 },
  momentum: { momentum: 0.9 },
  'Nesterov and weight decay': { momentum: 0.9, nesterov: true, weight_decay: 0.1 },
  Adam: { optimizer: 'adam' },
  'Adam with weight decay': { optimizer: 'adam', weight_decay: 0.1 },
};

/** torch.optim's formulas for one parameter, in float64. */
function stepped(p, grad, m, v, { optimizer, lr, momentum, nesterov, weight_decay }, t) {
  const g = grad + weight_decay * p;
  if (optimizer === 'adam') {
    const first = (0.9 * m + 0.1 * g) / (1 - 0.9 ** t);
    const second = (0.999 * v + 0.001 * g * g) / (1 - 0.999 ** t);
    return p - (lr * first) / (Math.sqrt(second) + 1e-8);
  }
  const velocity = momentum * m + g;
  return p - lr * (nesterov ? g + momentum * velocity : velocity);
}

const list = ({ weight, bias }) => [...weight, bias];

describeBuilds('the start of a step', (engine) => {
  for (const [name, options] of Object.entries(runs)) {
    test(`${name} leads from it to the next parameters`, () => {
      const trainer = engine.createTrainer({ ...small, ...options });
      while (trainer.step('batch') === 'running') {
        const { training, parameters, carried, momentum, variance } = trainer.step_start;
        assert.deepEqual(list(carried), [0, 0, 0]);
        assert.equal(training.lr, 0.03);
        const gradient = list(trainer.gradient);
        const now = list(trainer);
        list(parameters).forEach((p, i) => {
          const expected = stepped(p, gradient[i], list(momentum)[i], list(variance)[i], training, trainer.step_count);
          assert.ok(Math.abs(now[i] - expected) < 2e-6 * (1 + Math.abs(expected)), `${name}: ${now[i]}, ${expected}`);
        });
      }
      trainer.dispose();
    });
  }

  test('shares of rows sum to the gradient, carried and all', () => {
    const trainer = engine.createTrainer(small);
    trainer.step('batch');
    for (const part of /** @type {const} */ (['draw', 'forward', 'backward'])) trainer.step(part);
    const { features, shares, size, rows } = trainer.batch;
    assert.equal(size, rows.length);
    const { carried } = trainer.step_start;
    assert.notEqual(carried.bias, 0);
    const sums = shares.reduce(
      (sum, share, i) => [sum[0] + share * features[2 * i], sum[1] + share * features[2 * i + 1], sum[2] + share],
      list(carried),
    );
    list(trainer.gradient).forEach((g, i) => assert.ok(Math.abs(g - sums[i]) < 1e-5 * (1 + Math.abs(g))));
    trainer.dispose();
  });

  test('the full gradient of a batch of all rows is its gradient', () => {
    const trainer = engine.createTrainer({ ...small, batch_size: 23, shuffle: false });
    trainer.step('batch');
    assert.deepEqual(trainer.full_gradient, trainer.gradient);
    trainer.dispose();
  });

  test('the first rows of a minibatch', () => {
    const trainer = engine.createTrainer({ ...small, n: 100, batch_size: 90 });
    assert.equal(trainer.firstRows(5), null);
    trainer.step('batch');
    const all = trainer.batch;
    const some = trainer.firstRows(17);
    assert.equal(some.size, 90);
    assert.equal(some.loss, all.loss);
    assert.deepEqual(some.rows, all.rows.slice(0, 32));
    const none = trainer.firstRows(0);
    assert.deepEqual([none.size, none.loss, none.rows.length, none.losses.length], [90, all.loss, 0, 0]);
    assert.deepEqual(some.features, all.features.slice(0, 64));
    assert.deepEqual(some.shares, all.shares.slice(0, 32));
    for (const most of [-1, NaN, '3', undefined])
      assertRefused(() => trainer.firstRows(most), { code: 'invalid_option', field: 'most' });
    trainer.dispose();
  });
});
