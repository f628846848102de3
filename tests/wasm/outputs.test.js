// What the notebook's cells print.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { translator } from '../../web/src/i18n/index.js';
import { logText } from '../../web/src/lesson/outputs.js';
import { makeLab, trainerOf } from '../support/labs.js';

test('of a very long log the end is shown, and how much is not', () => {
  const trainer = trainerOf(makeLab({ seed: 1, n: 10, batch_size: 10, epochs: 450 }));
  trainer.train();
  const [first = '', ...lines] = logText(trainer, translator('en')).split('\n');
  assert.match(first, /\b50\b/);
  assert.equal(lines.length, 400);
  assert.match(String(lines[0]), /^epoch 51,/);
  assert.match(String(lines[399]), /^epoch 450,/);
});
