// What a lab tells a page, by events at its element.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LinregError } from '../../web/src/errors.js';
import { tellOf } from '../../web/src/lab/events.js';
import { makeLab, trainerOf, until } from '../support/labs.js';

/** @import { Lab } from '../../web/src/lab/lab.js' */

/** The details of a lab's events, by their types. @param {Lab} lab */
function told(lab) {
  const abort = new AbortController();
  after(() => abort.abort());
  const element = new EventTarget();
  /** @type {Record<'step' | 'epoch' | 'done' | 'diverge' | 'error', any[]>} */
  const details = { step: [], epoch: [], done: [], diverge: [], error: [] };
  for (const [type, list] of Object.entries(details))
    element.addEventListener(type, (event) => list.push(/** @type {CustomEvent} */ (event).detail));
  tellOf(/** @type {any} */ (element), lab, abort.signal);
  return details;
}

test('a step tells where the run is, with the loss of its minibatch', async () => {
  const lab = makeLab({ seed: 42 });
  const { step } = told(lab);
  lab.stepOnce('batch');
  await until(() => step.length);
  const { weight, bias, losses, firstRows } = trainerOf(lab);
  const loss = firstRows.call(trainerOf(lab), 0)?.loss;
  assert.equal(loss, losses[0]);
  assert.deepEqual(step, [{ step: 1, epoch: 0, loss, weight, bias }]);
});

test('in the midst of the next step, the loss is that of the last one that was done', async () => {
  const lab = makeLab({ seed: 42 });
  const { step } = told(lab);
  lab.stepOnce('batch');
  for (let i = 0; i < 2; ++i) lab.stepOnce('phase');
  await until(() => step.length);
  const { losses, firstRows } = trainerOf(lab);
  assert.notEqual(firstRows.call(trainerOf(lab), 0)?.loss, losses[0]);
  assert.equal(step[0].loss, losses[0]);
});

test('the end of a run tells of its step and epoch, and every epoch of its loss', async () => {
  const lab = makeLab({ seed: 42 });
  const { epoch, done, diverge } = told(lab);
  for (let i = 0; i < 3; ++i) lab.stepOnce('epoch');
  await until(() => done.length);
  const { epoch_losses } = trainerOf(lab).loss_history;
  assert.deepEqual(done, [{ step: 300, epoch: 3 }]);
  assert.deepEqual(
    epoch,
    Array.from(epoch_losses, (loss, i) => ({ epoch: i + 1, loss })),
  );
  assert.deepEqual(diverge, []);
});

for (const [lr, epoch, what] of /** @type {const} */ ([
  [1.2, 1, 'the loss of all data overflowed'],
  [3, 0, 'the minibatch’s did, in a step that it did not take'],
]))
  test(`a divergence tells of its step, its epoch and the rate, where ${what}`, async () => {
    const lab = makeLab({ seed: 42, lr });
    const { step, done, diverge } = told(lab);
    for (let i = 0; i < 3; ++i) lab.stepOnce('epoch');
    await until(() => diverge.length && step.length);
    assert.deepEqual([diverge, done], [[{ step: lab.step, epoch, lr }], []]);
    assert.equal(step[0].loss, trainerOf(lab).losses.at(-1));
  });

test('a trap is told of once, though it both fails and leaves no run', () => {
  const lab = makeLab({ seed: 42 });
  const { error } = told(lab);
  const [trap, other] = [new LinregError({ code: 'trapped' }), new LinregError({ code: 'trapped' })];
  for (const [type, detail] of /** @type {const} */ ([
    ['failure', trap],
    ['unavailable', trap],
    ['failure', other],
  ]))
    lab.dispatchEvent(new CustomEvent(type, { detail }));
  assert.deepEqual(error, [trap, other]);
});
