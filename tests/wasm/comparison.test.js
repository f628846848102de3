// Runs side by side: those that are kept, and those of a sweep.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { translator } from '../../web/src/i18n/index.js';
import { differences } from '../../web/src/lab/differences.js';
import { sweepValues } from '../../web/src/lab/sweep.js';
import { describeFit } from '../../web/src/lab/views/fit.js';
import { describeLoss } from '../../web/src/lab/views/loss.js';
import { describeSweep } from '../../web/src/lab/views/sweep.js';
import { engines } from '../support/engines.js';
import { makeLab } from '../support/labs.js';
import { mark, words } from '../support/pictures.js';
import { swept } from '../support/sweeps.js';

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

test('pins of other data name the data, not what synthetic data are made of, and a moved label before all', () => {
  const lab = makeLab({ seed: 42, true_w: [2], n: 100 });
  lab.stepOnce('epoch');
  lab.pins.add();
  lab.moveLabel(0, 5);
  lab.stepOnce('epoch');
  lab.pins.add();
  lab.changeSource('cars');
  const legend = words(describeLoss(lab, t));
  assert.match(legend, /1: data synthetic → cars, standardize false → true/);
  assert.match(legend, /2: a label moved, data synthetic → cars, standardize false → true/);
  const other = makeLab({ seed: 42, true_w: [2] });
  other.stepOnce('batch');
  other.pins.add();
  other.change('true_w', '1, 2');
  assert.match(words(describeLoss(other, t)), /1: true_w 2 → \[1, 2\]/);
});

test('of one feature, the fit shows the pinned runs’ lines, in the data’s own units', () => {
  const lab = makeLab({ seed: 42, lr: 0.05, epochs: 20 }, 'outliers');
  lab.trainer?.train();
  lab.pins.add();
  const { weight, bias } = /** @type {NonNullable<typeof lab.trainer>} */ (lab.trainer).coefficients;
  lab.change('loss', 'huber');
  lab.change('standardize', 'true');
  const line = () => mark(describeFit(lab, t, 'line', { residuals: true, squares: false }), 'pin1');
  const { x, y } = line();
  assert.deepEqual(
    Array.from(y),
    Array.from(x, (at) => Number(at) * Number(weight[0]) + bias),
  );
  lab.changeSource('sorted');
  assert.equal(line(), undefined, 'it says nothing of other data');
  const synthetic = makeLab({ seed: 42, true_w: [2], n: 50 });
  synthetic.stepOnce('epoch');
  synthetic.pins.add();
  const shown = () =>
    mark(describeFit(synthetic, t, 'line', { residuals: true, squares: false }), 'pin1') !== undefined;
  synthetic.change('lr', '0.1');
  assert.equal(shown(), true);
  synthetic.change('seed', '43');
  assert.equal(shown(), false, 'nor of data made anew');
});

test('the losses of a sum have the floors of a sum over all rows, and that is said', () => {
  const legend = (/** @type {object} */ options) => {
    const lab = makeLab({ seed: 42, ...options });
    return words(describeLoss(lab, t, { optimum: lab.trainer?.optimum }));
  };
  assert.match(legend({ reduction: 'sum' }), /lowest possible on all data 0\.0998 \(sum over all rows\)/);
  assert.doesNotMatch(legend({ reduction: 'sum', batch_size: 1000 }), /all rows\)/);
  assert.doesNotMatch(legend({}), /all rows\)/);
});

test('after one step its loss is a point, and what is said does not go from it to itself', () => {
  const lab = makeLab({ seed: 42 });
  lab.stepOnce('batch');
  const picture = describeLoss(lab, t);
  assert.equal(mark(picture, 'minibatch').kind, 'points');
  assert.match(picture.summary, /^In step 1 the minibatch loss was [\d.]+\.$/);
  lab.stepOnce('epoch');
  assert.equal(mark(describeLoss(lab, t), 'minibatch').kind, 'line');
});

test('a sweep says which runs ended above where they began, though they did not diverge', async () => {
  const lab = makeLab({ seed: 42, n: 100, lr: 0.9, epochs: 1 });
  const { sweep } = lab;
  await swept(sweep, 'lr');
  let rose = 0;
  for (const result of sweep.results) {
    const trainer = engine?.createTrainer({ seed: 42, n: 100, lr: result.value, epochs: 1 });
    assert.ok(trainer);
    const first = trainer.loss();
    trainer.train();
    assert.equal(result.rose, result.diverged || trainer.loss() > first);
    if (result.rose && !result.diverged) rose += 1;
    trainer.dispose();
  }
  assert.ok(rose > 0);
  const { summary } = describeSweep(lab, { name: 'lr', results: sweep.results }, t);
  assert.ok(summary.endsWith(`Ended above where they began: ${rose}.`), summary);
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
  await swept(sweep, 'lr');
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
