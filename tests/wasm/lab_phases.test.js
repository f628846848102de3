// A lab's run phase by phase, on and back: every part to the bit, with what was changed in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeLab, rest, trainerOf } from '../support/labs.js';

/** @import { Lab } from '../../web/src/lab/lab.js' */

/** What is seen of a step in part: the phase, the loss of its minibatch, the gradient, the parameters. @param {Lab} lab */
function inPart(lab) {
  const { phase, step_count, weight, bias, gradient, batch } = trainerOf(lab);
  return structuredClone({ phase, step_count, weight, bias, gradient, batch });
}

for (const forgets of [false, true])
  test(`phase by phase, on and back to the bit${forgets ? ', without zero_grad' : ''}`, () => {
    const lab = makeLab({ seed: 42, momentum: 0.5 });
    lab.forgetsZeroGrad = forgets;
    const seen = [inPart(lab)];
    for (let i = 0; i < 12; ++i) {
      lab.stepOnce('phase');
      seen.push(inPart(lab));
    }
    const step = ['draw', 'forward', ...(forgets ? [] : ['zero_grad']), 'backward', 'step'];
    assert.deepEqual(
      seen.slice(1).map(({ phase }) => phase),
      [...step, ...step, ...step].slice(0, 12),
    );
    for (const expected of seen.slice(0, -1).reverse()) {
      lab.stepBack('phase');
      const now = inPart(lab);
      // Between two steps nothing is kept of the minibatch but at its own end.
      assert.deepEqual(now, expected.phase === 'step' ? { ...expected, batch: now.batch } : expected);
    }
    assert.deepEqual([lab.begun, lab.step, lab.status], [false, 0, 'ready']);
  });

test('epochs without a minibatch are undone, too', () => {
  const lab = makeLab({ seed: 42, n: 3, batch_size: 5, drop_last: true });
  lab.stepOnce('phase');
  lab.stepOnce('phase');
  assert.deepEqual([trainerOf(lab).epoch, lab.step], [2, 0]);
  lab.stepBack('phase');
  assert.deepEqual([trainerOf(lab).epoch, lab.begun], [0, false]);
});

test('a setting changed in the midst of a step outlasts phases on and back, until one goes back to before it', async () => {
  const lab = makeLab({ seed: 42 });
  lab.goTo(10);
  await rest(lab);
  const rates = () => [lab.options.lr, trainerOf(lab).options.lr, lab.altered];
  lab.stepOnce('phase');
  lab.stepOnce('phase');
  lab.change('lr', '0.3');
  const changed = [0.3, 0.3, true];
  for (const way of ['on', 'back', 'on', 'on', 'on', 'back', 'on']) {
    if (way === 'on') lab.stepOnce('phase');
    else lab.stepBack('phase');
    assert.deepEqual(rates(), changed);
  }
  lab.stepOnce('batch');
  const there = inPart(lab);
  assert.equal(there.step_count, 12);
  lab.stepBack('batch');
  assert.deepEqual(rates(), changed);
  lab.stepOnce('batch');
  assert.deepEqual(inPart(lab), there);
  lab.stepBack('batch');
  for (let i = 0; i < 4; ++i) lab.stepBack('phase');
  assert.deepEqual(rates(), [0.03, 0.03, false]);
});

test('without zero_grad the gradients pile up, as in PyTorch, and the run is marked as its own', async () => {
  const lab = makeLab({ seed: 42 });
  assert.equal(lab.lost, false);
  lab.forgetsZeroGrad = true;
  lab.stepOnce('batch');
  const { gradient: first } = inPart(lab);
  lab.stepOnce('batch');
  const { gradient, batch } = inPart(lab);
  assert.ok(batch);
  const fresh = Array.from(batch.shares).reduce((sum, share) => sum + share, 0);
  assert.ok(Math.abs(first.bias) > 1);
  assert.ok(Math.abs(gradient.bias - (first.bias + fresh)) < 1e-5);
  first.weight.forEach((/** @type {number} */ before, /** @type {number} */ j) => {
    const own = Array.from(batch.shares).reduce((sum, share, i) => sum + share * batch.features[2 * i + j], 0);
    assert.ok(Math.abs(gradient.weight[j] - (before + own)) < 1e-5);
  });
  assert.equal(lab.lost, true, 'so no link leads to its step');
  lab.stepOnce('epoch');
  await rest(lab);
  assert.deepEqual([lab.step, trainerOf(lab).epoch], [100, 1]);
});
