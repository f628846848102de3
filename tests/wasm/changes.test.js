// Options that are changed in the course of a run, and what of them is left when it goes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeLab } from '../support/labs.js';

/** A run at a step, in which things are then done. @param {readonly (string | readonly [string, string])[]} alterations a stride on or back, or an option and its value */
function after(alterations) {
  const lab = makeLab({ seed: 42 });
  for (let i = 0; i < 3; ++i) lab.stepOnce('batch');
  for (const alteration of alterations) {
    if (typeof alteration !== 'string') lab.change(...alteration);
    else if (alteration.startsWith('back')) lab.stepBack(/** @type {'phase'} */ (alteration.slice(5)));
    else lab.stepOnce(/** @type {'phase'} */ (alteration));
  }
  const { lr, momentum, nesterov } = lab.options;
  assert.deepEqual(
    { lr, momentum, nesterov },
    { lr: lab.trainer?.options.lr, momentum: lab.trainer?.options.momentum, nesterov: lab.trainer?.options.nesterov },
    'the lab has what the trainer has',
  );
  return { lr, momentum, nesterov, altered: lab.altered, step: lab.step, phase: lab.trainer?.phase };
}

const [draw, forward] = ['phase', 'phase'];

test('back to after a change, however often it was changed since', () => {
  const changed = { lr: 0.3, momentum: 0, nesterov: false, altered: true, step: 3 };
  assert.deepEqual(after([draw, ['lr', '0.3'], forward, ['lr', '0.5'], 'back phase']), { ...changed, phase: 'draw' });
  assert.deepEqual(after([draw, ['lr', '0.3'], forward, ['lr', '0.03'], 'back phase']), { ...changed, phase: 'draw' });
  assert.deepEqual(after([draw, ['lr', '0.3'], 'batch', ['lr', '0.5'], 'back phase']), {
    ...changed,
    phase: 'backward',
  });
  assert.deepEqual(after([['lr', '0.3'], 'batch', ['lr', '0.5'], 'batch', 'back batch', 'back batch']), {
    ...changed,
    phase: 'step',
  });
});

test('back to before a change', () => {
  const before = { lr: 0.03, momentum: 0, nesterov: false, altered: false };
  assert.deepEqual(after([draw, ['lr', '0.3'], 'back phase']), { ...before, step: 3, phase: 'step' });
  assert.deepEqual(after([['lr', '0.3'], 'back phase']), { ...before, step: 2, phase: 'backward' });
  assert.deepEqual(after([draw, forward, ['lr', '0.3'], ['lr', '0.03']]), { ...before, step: 3, phase: 'forward' });
});

test('options that are only good together come back together', () => {
  const alterations = /** @type {const} */ ([
    draw,
    ['momentum', '0.9'],
    ['nesterov', 'true'],
    ['momentum', '0.8'],
    forward,
  ]);
  assert.deepEqual(after([...alterations, 'back phase']), {
    lr: 0.03,
    momentum: 0.8,
    nesterov: true,
    altered: true,
    step: 3,
    phase: 'draw',
  });
});

test('what a change in the midst of a step leads to is the same after going back and on', () => {
  const digits = (/** @type {string[]} */ ways) => {
    const lab = makeLab({ seed: 42 });
    lab.stepOnce('batch');
    lab.stepOnce('phase');
    lab.change('lr', '0.3');
    for (const way of ways) {
      if (way === 'back') lab.stepBack('phase');
      else lab.stepOnce(/** @type {'phase'} */ (way));
    }
    return [...(lab.trainer?.weight ?? []), lab.step];
  };
  assert.deepEqual(digits(['phase', 'back', 'phase', 'phase', 'back', 'batch', 'batch']), digits(['batch', 'batch']));
});

test('an option that is again as it was has not changed the run, unless a step was taken meanwhile', () => {
  const lab = makeLab({ seed: 42, epochs: 2 });
  lab.stepOnce('epoch');
  lab.change('lr', '0.1');
  assert.deepEqual([lab.changed, lab.lost], [true, true]);
  lab.change('lr', '0.03');
  assert.deepEqual([lab.changed, lab.lost, lab.step], [false, false, 100]);
  lab.stepOnce('epoch');
  assert.equal(lab.status, 'finished');
  lab.change('epochs', '3'); // which changes no step
  lab.stepOnce('epoch');
  assert.deepEqual([lab.status, lab.changed, lab.lost, lab.step], ['finished', false, false, 300]);
  lab.goTo(150);
  lab.change('lr', '0.1');
  lab.stepOnce('batch');
  lab.change('lr', '0.03');
  assert.deepEqual([lab.changed, lab.lost], [true, true]);
});

test('more epochs go on where the run ended; another lr begins anew', () => {
  const lab = makeLab({ seed: 42 });
  const run = () => {
    while (!lab.ended) lab.stepOnce('epoch');
    return lab.trainer;
  };
  const trainer = run();
  const lines = [...(trainer?.log ?? [])];
  lab.change('epochs', '4');
  assert.deepEqual([lab.trainer, lab.step, lab.trainer?.epoch, lab.trainer?.total_steps], [trainer, 300, 3, 400]);
  run();
  assert.deepEqual(lab.trainer?.log.slice(0, 3), lines);
  assert.match(String(lab.trainer?.log[3]), /^epoch 4, loss 0\.000/);
  lab.change('lr', '0.01');
  assert.deepEqual([lab.status, lab.step, lab.trainer?.total_steps, lab.options.lr], ['ready', 0, 400, 0.01]);
});

test('fewer epochs than are done begin a new run; as many are its end', () => {
  const lab = makeLab({ seed: 42 });
  lab.stepOnce('epoch');
  lab.stepOnce('epoch');
  lab.change('epochs', '2');
  assert.deepEqual([lab.step, lab.trainer?.epoch, lab.trainer?.total_steps, lab.status], [200, 2, 200, 'finished']);
  lab.change('epochs', '1');
  assert.deepEqual([lab.step, lab.trainer?.epoch, lab.trainer?.total_steps, lab.status], [0, 0, 100, 'ready']);
});
