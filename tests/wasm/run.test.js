// How a run is played and sent to a step: what it tells of, and how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LinregError } from '../../web/src/errors.js';
import { makeLab, rest, trainerOf, until } from '../support/labs.js';

test('sent to a step, a run leaves zero_grad out where it is forgotten', async () => {
  const [jump, walk] = [makeLab({ seed: 42, lr: 0.003 }), makeLab({ seed: 42, lr: 0.003 })];
  for (const lab of [jump, walk]) lab.forgetsZeroGrad = true;
  jump.goTo(20);
  await rest(jump);
  for (let i = 0; i < 20; ++i) walk.stepOnce('batch');
  assert.deepEqual([...trainerOf(jump).weight, jump.forgot], [...trainerOf(walk).weight, true]);
});

test('a page that wants less motion is told of a playing run only now and then', async () => {
  const lab = makeLab({ seed: 42, epochs: 1e6 });
  await until(() => lab.stability.bounds); // which is told of in the same way
  lab.restraint = Infinity;
  let told = 0;
  lab.addEventListener('progress', () => (told += 1));
  lab.play();
  const step = await until(() => lab.step);
  await until(() => lab.step > step);
  lab.pause();
  assert.equal(told, 2, 'that it plays, and that it does not any more');
});

test('how far a run has come is known after it went back, and forgotten with it', () => {
  const lab = makeLab({ seed: 42 });
  lab.stepOnce('epoch');
  lab.goTo(0);
  assert.equal(lab.furthest, 100);
  lab.change('n', '500');
  assert.equal(lab.furthest, 0);
});

test('a speed that is chosen counts at once, also for a run that is played at one of its own', async () => {
  const lab = makeLab({ seed: 42 });
  lab.play('batch');
  lab.speed = 'fast';
  await until(() => lab.status === 'finished');
  assert.equal(lab.status, 'finished');
});

test('whoever met a trap, the run is not played any more when it is told of', () => {
  const lab = makeLab({ seed: 42, epochs: 1e6 });
  /** @type {boolean[]} */ const played = [];
  lab.addEventListener('failure', () => played.push(lab.playing));
  lab.play();
  lab.attempt(() => {
    throw new LinregError({ code: 'trapped' });
  });
  assert.deepEqual(played, [false]);
});
