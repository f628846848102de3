// What is said to a run that has diverged, and what comes of following it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { adviceOf, tryAgain } from '../../web/src/lab/advice.js';
import { makeLab, trainerOf, until } from '../support/labs.js';

/** @typedef {import('../../web/src/options.js').GivenOptions} GivenOptions */

/** A run that has diverged, and of which all is known. @param {GivenOptions} options */
async function diverged(options, forgets = false) {
  const lab = makeLab({ seed: 42, epochs: 30, ...options });
  lab.forgetsZeroGrad = forgets;
  lab.goTo(3000);
  await until(() => lab.status === 'diverged' && lab.stability.bounds);
  assert.equal(lab.status, 'diverged');
  return lab;
}

for (const [options, key] of /** @type {[GivenOptions, string][]} */ ([
  [{ lr: 3 }, 'diverged.curvature'],
  [{ lr: 0.94 }, 'diverged.minibatch'],
  [{ lr: 0.03, reduction: 'sum', weight_decay: 100 }, 'diverged.curvature_decayed'],
]))
  test(`${JSON.stringify(options)} is ${key}; with the rate that is advised it does not diverge`, async () => {
    const lab = await diverged(options);
    const { rate, reason, offersRate } = adviceOf(lab);
    assert.deepEqual([reason.key, offersRate], [key, true]);
    assert.equal(rate, lab.stability.bounds?.advised);
    tryAgain(lab);
    assert.deepEqual([lab.options.lr, lab.step], [rate, 0]);
    assert.equal(trainerOf(lab).train(), 'finished');
  });

test('where gradients have piled up no rate is to blame, and the next run does not pile them up', async () => {
  const lab = await diverged({ lr: 0.1 }, true);
  const { rate, reason } = adviceOf(lab);
  assert.deepEqual([rate, reason], [undefined, { key: 'diverged.piled', params: { step: lab.step } }]);
  tryAgain(lab);
  assert.deepEqual([lab.forgetsZeroGrad, lab.options.lr, lab.step, lab.altered], [false, 0.1, 0, false]);
  assert.equal(trainerOf(lab).train(), 'finished');
});

test('where the rate is too large as well, it is', async () => {
  const lab = await diverged({ lr: 3 }, true);
  assert.equal(adviceOf(lab).rate, lab.stability.bounds?.advised);
  tryAgain(lab);
  assert.equal(lab.forgetsZeroGrad, false);
});

test('settings that may only be read have no other rate', async () => {
  const lab = await diverged({ lr: 3 });
  lab.locked = true;
  assert.equal(adviceOf(lab).offersRate, false);
});
