// How many steps a run takes in a time, at each speed.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Pace } from '../../web/src/lab/pace.js';
import { engines } from '../support/engines.js';

/** @typedef {import('../../web/src/lab/pace.js').Speed} Speed */

const [engine] = engines;

/** The steps of a run that is played for some stretches of time. @param {Speed} speed @param {number[]} stretches in milliseconds */
function stepsOf(speed, stretches) {
  const trainer = engine.createTrainer({ seed: 42 });
  const pace = Object.assign(new Pace(), { speed });
  pace.begin();
  for (const milliseconds of stretches) pace.advance(trainer, milliseconds);
  const { step_count } = trainer;
  trainer.dispose();
  return step_count;
}

for (const [speed, seconds, steps] of /** @type {[Speed, number, number][]} */ ([
  ['phase', 9, 2], // ten phases
  ['batch', 4, 5],
  ['slow', 4, 33],
  ['normal', 1, 151],
]))
  test(`${speed}: the first step is seen at once, and ${seconds} s take ${steps} steps`, (context) => {
    context.mock.method(performance, 'now', () => 0); // no slice runs out of time
    assert.equal(stepsOf(speed, Array(4 * seconds).fill(250)), steps);
  });

test('a run that is back at its step goes on in the same slice, also where it is sent back in every frame', (context) => {
  context.mock.method(performance, 'now', () => 0);
  const trainer = engine.createTrainer({ seed: 42 });
  const pace = Object.assign(new Pace(), { speed: 'normal' });
  pace.begin();
  for (let i = 0; i < 50; ++i) {
    pace.advance(trainer, 20);
    pace.begin(trainer.step_count, pace.owed);
  }
  assert.equal(trainer.step_count, 151); // as without
  trainer.dispose();
});

test('a page that was frozen does not catch up', (context) => {
  context.mock.method(performance, 'now', () => 0);
  assert.equal(stepsOf('batch', [60_000]), 2);
});
