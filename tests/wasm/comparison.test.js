// Runs side by side: those that are kept, and those of a sweep.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { translator } from '../../web/src/i18n/index.js';
import { differences } from '../../web/src/lab/differences.js';
import { sweepValues } from '../../web/src/lab/sweep.js';
import { describeLoss } from '../../web/src/lab/views/loss.js';
import { describeSweep } from '../../web/src/lab/views/sweep.js';
import { engines } from '../support/engines.js';
import { makeLab } from '../support/labs.js';
import { mark, words } from '../support/pictures.js';

const t = translator('en');
const [engine] = engines;
const abort = new AbortController();
after(() => abort.abort());

test('pins keep a run, name what differs, are at most six, and reuse their numbers', () => {
  const lab = makeLab({ seed: 42 });
  lab.pins.add();
  assert.equal(lab.pins.list.length, 0, 'a run without a step is no run to keep');
  lab.stepOnce('epoch');
  lab.pins.add();
  const [pin] = lab.pins.list;
  assert.ok(pin);
  const { losses } = pin.history;
  lab.change('lr', '0.3');
  lab.change('batch_size', '20');
  lab.reset();
  assert.deepEqual(differences(pin, lab), [
    { name: 'batch_size', then: '10', now: '20' },
    { name: 'lr', then: '0.03', now: '0.3' },
  ]);
  lab.stepOnce('batch');
  const picture = describeLoss(lab, t);
  assert.equal(mark(picture, 'pin1', 'line').y, losses);
  assert.equal(mark(picture, 'pin1', 'points').y, pin.history.epoch_losses);
  assert.match(words(picture), /1: batch_size 10 → 20, lr 0\.03 → 0\.3/);
  for (let i = 0; i < 8; ++i) lab.pins.add();
  assert.deepEqual(
    lab.pins.list.map(({ number }) => number),
    [1, 2, 3, 4, 5, 6],
  );
  assert.equal(lab.pins.open, false);
  lab.pins.remove(/** @type {import('../../web/src/lab/pins.js').Pin} */ (lab.pins.list[2]));
  lab.pins.add();
  assert.deepEqual(
    lab.pins.list.map(({ tone }) => tone),
    ['pin1', 'pin2', 'pin3', 'pin4', 'pin5', 'pin6'],
  );
  lab.pins.clear();
  assert.equal(lab.pins.list.length, 0);
});

test('what is swept lies around the present value, and in range', () => {
  const { options } = makeLab({ seed: 1 });
  const rates = sweepValues('lr', options);
  assert.equal(rates.length, 12);
  assert.ok(rates.includes(0.03));
  assert.ok(rates.every((value, i) => i === 0 || value > Number(rates[i - 1])));
  assert.deepEqual(sweepValues('batch_size', { ...options, batch_size: 7, n: 10 }), [1, 2, 5, 7, 10]);
  assert.equal(sweepValues('batch_size', { ...options, n: 1e6, batch_size: 1000 }).length, 12);
  assert.ok(sweepValues('batch_size', { ...options, n: 1e6, batch_size: 1000 }).includes(1000));
  assert.ok(sweepValues('lr', { ...options, lr: 0 }).every((value) => value > 0));
  assert.ok(sweepValues('lr', { ...options, lr: 1e30 }).every((value) => value <= 1e30));
  assert.ok(sweepValues('momentum', options).every((value) => value >= 0 && value < 1));
});

test('a sweep trains each value to its end and leaves the present run alone', async () => {
  const lab = makeLab({ seed: 42, n: 100, lr: 0.3 });
  lab.stepOnce('batch');
  const before = lab.trainer?.weight;
  const { sweep } = lab;
  await new Promise((resolve) => {
    sweep.addEventListener('change', () => sweep.running || sweep.results.length === 0 || resolve(undefined));
    sweep.start('lr');
  });
  assert.deepEqual(
    sweep.results.map(({ value }) => value),
    sweepValues('lr', lab.options),
  );
  for (const { value, loss, diverged, step } of sweep.results) {
    const trainer = engine?.createTrainer({ seed: 42, n: 100, lr: value });
    assert.ok(trainer);
    assert.equal(trainer.train(), diverged ? 'diverged' : 'finished');
    assert.equal(step, trainer.step_count);
    assert.equal(loss, diverged ? Infinity : trainer.loss());
    trainer.dispose();
  }
  assert.ok(sweep.results.some(({ diverged }) => diverged));
  assert.deepEqual(lab.trainer?.weight, before);
  assert.equal(sweep.stale, false);
  const picture = describeSweep(lab, { name: 'lr', results: sweep.results, floor: lab.trainer?.optimum.loss }, t);
  const bad = mark(picture, 'diverged');
  assert.ok(bad.y.every((/** @type {number} */ value) => value === Infinity));
  assert.doesNotMatch(words(picture), /NaN|undefined|Infinity/);
  lab.change('batch_size', '20');
  assert.equal(sweep.stale, true);
  sweep.start('batch_size');
  sweep.cancel();
  assert.equal(sweep.running, false);
});
