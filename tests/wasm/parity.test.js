// The runs that PyTorch did (tests/fixtures/make_pytorch.py), to the bit, through the engine's public face.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asFloats, describeBuilds, readFixture } from '../support/engines.js';

const { runs } = readFixture('pytorch.json');

/** Compares with a list of the fixture, of which long ones hold the first and the last values only. */
function assertList(got, run, name) {
  if (name in run) return assert.deepEqual(Array.from(got), asFloats(run[name] ?? []));
  assert.deepEqual(Array.from(got.slice(0, 32)), asFloats(run[`${name}_head`]));
  assert.deepEqual(Array.from(got.slice(-32)), asFloats(run[`${name}_tail`]));
}

function assertParameters(got, expected) {
  assert.deepEqual(Array.from(got.weight), asFloats(expected.weight));
  assert.equal(got.bias, Math.fround(expected.bias));
}

/** Rows that were taken out of the data are those of the data. */
function checkRows({ rows, features, labels }, { d, ...all }) {
  const expected = Array.from(rows, (row) => Array.from(all.features.slice(row * d, (row + 1) * d)));
  assert.deepEqual(Array.from(features), expected.flat());
  assert.deepEqual(
    Array.from(labels),
    Array.from(rows, (row) => all.labels[row]),
  );
}

function checkStart(trainer, run) {
  assertList(trainer.dataset.features, run, 'features');
  assertList(trainer.dataset.labels, run, 'labels');
  assertList(trainer.peek.rows, run, 'peek');
  checkRows(trainer.peek, trainer.dataset);
  assertParameters(trainer.default_init, run.default_init);
  assertParameters(trainer.initial, run.initial);
}

/** The first step as the notebook takes it, part by part. */
function checkFirstStep(trainer, expected) {
  trainer.step('draw');
  if (expected === null) return assert.equal(trainer.batch, null);
  trainer.step('forward');
  checkRows(trainer.batch, trainer.dataset);
  assert.equal(trainer.batch.loss, Math.fround(expected.loss));
  trainer.step('zero_grad');
  trainer.step('backward');
  assertParameters(trainer.gradient, expected.gradient);
  trainer.step('step');
  assertParameters(trainer, expected);
}

/** The rows in the order in which the first epoch visits them, which no learning rate changes: 0 cannot diverge. */
function checkFirstEpoch(engine, run) {
  const trainer = engine.createTrainer({ ...run.options, lr: 0 });
  const rows = [];
  while (trainer.epoch === 0) {
    trainer.step('batch');
    rows.push(...(trainer.batch?.rows ?? []));
  }
  assertList(rows, run, 'first_epoch_rows');
  trainer.dispose();
}

describeBuilds('PyTorch', (engine) => {
  for (const run of runs) {
    test(run.name, () => {
      const trainer = engine.createTrainer(run.options);
      checkStart(trainer, run);
      checkFirstStep(trainer, run.first_step);
      checkFirstEpoch(engine, run);
      trainer.train();
      assert.deepEqual(trainer.log, run.lines);
      if (run.diverges) {
        assert.equal(trainer.status, 'diverged');
        assert.equal(trainer.step_count + 1, run.first_nonfinite_step);
      } else {
        assert.equal(trainer.status, 'finished');
        assertParameters(trainer, run.final);
      }
      trainer.dispose();
    });
  }
});
