// A sweep beside a lab's run: the settings that it keeps, the values that it goes through, and its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LinregError } from '../../web/src/errors.js';
import { sweepValues, sweptOptions } from '../../web/src/lab/sweep.js';
import { makeLab } from '../support/labs.js';
import { swept } from '../support/sweeps.js';

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
