// The committed bits, which every build and instruction set reproduces (tests/core/identity_test.cpp reads the same file).
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeBuilds, readFixture } from '../support/engines.js';
import { hashesOfRun, parameterHash } from '../support/parameter_hash.js';

const { runs } = readFixture('identity.json');

describeBuilds('bit identity', (engine) => {
  assert.ok(runs.length >= 24);
  for (const { name, options, steps, status, hashes } of runs) {
    test(name, () => {
      const trainer = engine.createTrainer(options);
      assert.deepEqual(hashesOfRun(trainer), hashes);
      assert.equal(trainer.step_count, steps);
      assert.equal(trainer.status, status);
      trainer.dispose();

      const atOnce = engine.createTrainer(options);
      atOnce.train();
      assert.equal(parameterHash(atOnce), hashes.at(-1));
      atOnce.dispose();
    });
  }
});
