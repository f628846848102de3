// Both builds of the engine, loaded once, and what the tests of the engine share.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe } from 'node:test';

import { loadEngine } from '../../web/src/engine.js';
import { assertReadsWell } from './refused.js';

export const engines = await Promise.all([loadEngine({ simd: true }), loadEngine({ simd: false })]);

/**
 * A suite for each build.
 * @param {string} name
 * @param {(engine: import('../../web/src/engine.js').Engine) => void} suite
 */
export function describeBuilds(name, suite) {
  for (const engine of engines) describe(`${name} (${engine.simd ? 'SIMD' : 'scalar'})`, () => suite(engine));
}

/** @param {string} name of a file in tests/fixtures */
export const readFixture = (name) => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

/** A small run: 23 rows, so that batches of 5 leave one of 3. */
export const small = Object.freeze({ seed: 7, n: 23, batch_size: 5 });

/** The numbers as float32, for comparison with a Float32Array. @param {ArrayLike<number>} values */
export const asFloats = (values) => Array.from(values, Math.fround);

/**
 * All that a trainer shows, as plain values.
 * @param {import('../../web/src/engine.js').Trainer} trainer
 */
export function shown(trainer) {
  const names = /** @type {const} */ ([
    'options', 'dataset', 'peek', 'default_init', 'initial', 'status', 'phase', 'step_count', 'epoch', 'steps_per_epoch',
    'total_steps', 'weight', 'bias', 'coefficients', 'gradient', 'batch', 'step_start', 'full_gradient',
    'predictions', 'losses', 'history', 'log',
  ]); // prettier-ignore
  return Object.fromEntries(names.map((name) => [name, trainer[name]]));
}

/**
 * Checks that a call is refused with a LinregError that reads well.
 * @param {() => unknown} call
 * @param {{ code: string, field?: string, value?: string, range?: RegExp }} expected
 */
export function assertRefused(call, { code, field, value, range }) {
  assert.throws(call, (error) => {
    assertReadsWell(error);
    assert.equal(error.code, code, error.message);
    if (field !== undefined) assert.equal(error.field, field);
    if (value !== undefined) assert.equal(error.value, value);
    if (range !== undefined) assert.match(error.range, range);
    return true;
  });
}
