// The axes of the loss's picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { translator } from '../../web/src/i18n/index.js';
import { describeLoss } from '../../web/src/lab/views/loss.js';
import { makeLab } from '../support/labs.js';

const t = translator('en');

test('of a run without an end some way ahead is shown', () => {
  const lab = makeLab({ seed: 42, epochs: 1e12 });
  lab.stepOnce('epoch');
  assert.deepEqual(describeLoss(lab, t).x.domain, [0, 1024]);
});

test('a pinned run that is longer is shown to its end', () => {
  const lab = makeLab({ seed: 42 });
  lab.stepOnce('epoch');
  lab.stepOnce('epoch');
  lab.pins.add();
  lab.change('epochs', '1');
  assert.deepEqual(describeLoss(lab, t).x.domain, [0, 200]);
});

test('the lines at which it could end are in the picture, however far below the losses', () => {
  const lab = makeLab({ seed: 42 });
  lab.stepOnce('batch');
  for (const optimum of [
    { loss: 1e-9, noise_loss: 1e-3 },
    { loss: 1e-3, noise_loss: 1e-9 },
  ])
    assert.ok(Number(describeLoss(lab, t, { optimum }).y.domain[0]) <= 1e-9);
});
