// A sweep beside a lab's run: the settings that it keeps, the values that it goes through, and its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LinregError } from '../../web/src/errors.js';
import { translator } from '../../web/src/i18n/index.js';
import { sweepValues, sweptOptions } from '../../web/src/lab/sweep.js';
import { describeSweep } from '../../web/src/lab/views/sweep.js';
import { makeLab } from '../support/labs.js';
import { mark } from '../support/pictures.js';
import { changed, swept } from '../support/sweeps.js';

test('a sweep is stale once another label is moved', async () => {
  const lab = makeLab({ seed: 42, n: 20, epochs: 1, true_w: [2] });
  lab.moveLabel(0, 5);
  const { sweep } = lab;
  await swept(sweep, 'momentum');
  assert.equal(sweep.stale, false);
  lab.change('momentum', '0.5');
  assert.equal(sweep.stale, false, 'what is swept may change');
  lab.moveLabel(1, 5);
  assert.equal(sweep.stale, true);
});

test('a sweep keeps the settings that it began with', async () => {
  const [lab, other] = [makeLab({ seed: 42, n: 60, epochs: 2 }), makeLab({ seed: 42, n: 60, epochs: 2 })];
  const [sweep, alone] = [lab.sweep, other.sweep];
  const whole = swept(sweep, 'lr');
  lab.change('loss', 'l1');
  lab.changeSource('cars');
  await Promise.all([whole, swept(alone, 'lr')]);
  assert.deepEqual(sweep.results, alone.results);
  assert.equal(sweep.stale, true);
});

test('beside Nesterov, which needs some, the momentum is swept from above 0', async () => {
  const lab = makeLab({ seed: 42, n: 60, epochs: 2, momentum: 0.9, nesterov: true });
  const { sweep } = lab;
  await swept(sweep, 'momentum');
  assert.deepEqual(sweep.results.map(({ value }) => value), sweepValues('momentum', makeLab({}).options).slice(1)); // prettier-ignore
  assert.equal(sweep.refused, undefined);
});

for (const name of sweptOptions)
  test(`a sweep of ${name} runs to its end`, async () => {
    const lab = makeLab({ seed: 42, n: 60, epochs: 2 });
    const { sweep } = lab;
    await swept(sweep, name);
    assert.deepEqual(
      sweep.results.map(({ value }) => value),
      sweepValues(name, lab.options),
    );
  });

test('a trap in a sweep is told of as any other', async () => {
  const lab = makeLab({ seed: 42, n: 60, epochs: 2 });
  const failed = new Promise((resolve) => lab.addEventListener('failure', resolve));
  const { make } = lab;
  lab.make = (given) => {
    const trainer = make.call(lab, given);
    trainer?.dispose();
    return trainer && Object.assign(trainer, { loss: trap });
  };
  lab.sweep.start('lr');
  await failed;
  assert.equal(lab.sweep.refused, undefined);
  assert.equal(lab.hasEngine, false);
});

/** @returns {never} */
function trap() {
  throw new LinregError({ code: 'trapped' });
}

test('a sweep ends with its lab', () => {
  const lab = makeLab({ seed: 42, epochs: 1e6 });
  lab.sweep.start('lr');
  assert.equal(lab.sweep.running, true);
  lab.dispose();
  assert.equal(lab.sweep.running, false);
});

/** The trainers that a lab makes from now on, each with whether it was disposed of. @param {import('../../web/src/lab/lab.js').Lab} lab */
function watchMade(lab) {
  /** @type {{ trainer: import('../../web/src/trainer.js').Trainer, isGone: boolean }[]} */ const made = [];
  const { make } = lab;
  lab.make = (given) => {
    const trainer = make.call(lab, given);
    if (!trainer) return undefined;
    const one = { trainer, isGone: false };
    const { dispose } = trainer;
    trainer.dispose = () => {
      one.isGone = true;
      dispose.call(trainer);
    };
    made.push(one);
    return trainer;
  };
  return made;
}

test('cancelled, a sweep frees the run that was under way, and keeps those that are done', async () => {
  const lab = makeLab({ seed: 42, epochs: 1e9 });
  const { sweep } = lab;
  const made = watchMade(lab);
  sweep.start('batch_size');
  await changed(sweep, () => made.length > 0);
  sweep.cancel();
  assert.deepEqual([made.map(({ isGone }) => isGone), sweep.running, sweep.results], [[true], false, []]);
});

test('how far a sweep has come counts the run under way', async () => {
  const lab = makeLab({ seed: 42, epochs: 1e9 });
  const { sweep } = lab;
  const made = watchMade(lab);
  sweep.start('batch_size');
  await changed(sweep, () => Number(made[0]?.trainer.step_count) > 0);
  const { step_count, total_steps } = /** @type {typeof made[0]} */ (made[0]).trainer;
  assert.equal(sweep.progress, step_count / total_steps / sweepValues('batch_size', lab.options).length);
  sweep.cancel();
});

test('a value that is refused ends a sweep, which tells why', { timeout: 20_000 }, () => {
  const lab = makeLab({ seed: 42, n: 60, epochs: 2 });
  const refusal = new LinregError({ code: 'out_of_memory' });
  lab.make = () => {
    throw refusal;
  };
  const told = changed(lab.sweep, () => !lab.sweep.running && lab.sweep.refused === refusal);
  lab.sweep.start('lr');
  return told;
});

test('the picture of a sweep marks the value of now, and tells of each run where it ended', () => {
  const t = translator('en');
  const lab = makeLab({ seed: 42, lr: 0.3 });
  const results = [
    { value: 0.1, loss: 0.25, step: 300, diverged: false, rose: false },
    { value: 3, loss: Infinity, step: 17, diverged: true, rose: true },
  ];
  const picture = describeSweep(lab, { name: 'lr', results }, t);
  const now = mark(picture, 'ideal');
  assert.deepEqual([now.axis, now.at, now.label], ['x', 0.3, 'now: lr 0.3']);
  const texts = results.map((_, i) => picture.track?.text(i));
  assert.deepEqual(texts, ['lr 0.1: final loss 0.25.', 'lr 3: diverged at step 17.']);
});
