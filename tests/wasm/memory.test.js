// When memory runs out: the trainer that is one too many is refused, and the others live on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { LinregError, loadEngine } from '../../web/src/engine.js';

/** The module with 64 MB at most, instead of 2 GB. @param {'simd' | 'scalar'} build */
function smallModule(build) {
  const bytes = readFileSync(new URL(`../../web/src/wasm/linreg-${build}.wasm`, import.meta.url));
  // The memory section (5, its length, one memory, with a maximum): then come the initial size and the maximum in pages of
  // 64 KB, seven bits a byte.
  const at = bytes.indexOf(Uint8Array.of(0x05, 0x06, 0x01, 0x01));
  const maximum = bytes.indexOf(Uint8Array.of(0x80, 0x80, 0x02), at);
  assert.ok(at > 0 && maximum > at && maximum < at + 8, 'the memory section is where it is looked for');
  bytes.set([0x80, 0x88, 0x00], maximum);
  return bytes;
}

for (const build of /** @type {const} */ (['simd', 'scalar'])) {
  test(`one trainer too many is refused: ${build}`, async () => {
    const engine = await loadEngine({ wasmBinary: smallModule(build), simd: build === 'simd' });
    const first = engine.createTrainer({ seed: 1, n: 50 });
    first.step('batch'); // so that it has all the memory that it needs
    const synthetic = { n: 100_000, true_w: Array(8).fill(1) };
    const data = { features: new Float64Array(800_000), labels: new Float64Array(100_000), names: Array(8).fill('x') };
    const large = [];
    for (const [given, field] of /** @type {const} */ ([
      [synthetic, 'n'],
      [{ data }, 'labels'],
    ])) {
      assert.throws(
        () => {
          while (large.length < 20) large.push(engine.createTrainer(given));
        },
        (error) => error instanceof LinregError && error.code === 'out_of_memory' && error.field === field,
      );
      assert.ok(large.length > 0);
      await assert.rejects(
        async () => engine.leastSquares({ features: new Float64Array(8e6), labels: new Float64Array(1e6), d: 8 }),
        (error) => error instanceof LinregError && error.code === 'out_of_memory',
      );
      // Those that were there go on, a small one fits, and so does a large one in the place of another.
      first.step('batch');
      engine.createTrainer({ n: 5 }).dispose();
      large.pop()?.dispose();
      large.push(engine.createTrainer(given));
      large.splice(0).forEach((trainer) => trainer.dispose());
    }
    assert.equal(first.step_count, 3);
  });

  test(`one trainer of few rows too many is refused, and the others have room to train: ${build}`, async () => {
    const engine = await loadEngine({ wasmBinary: smallModule(build), simd: build === 'simd' });
    const data = { features: [1, 2, 3], labels: [2, 3, 5], names: ['x'] };
    for (const [given, field] of /** @type {const} */ ([
      [{ n: 100 }, 'n'],
      [{ data }, 'labels'],
    ])) {
      const few = [];
      assert.throws(
        () => {
          while (few.length < 10_000) few.push(engine.createTrainer(given));
        },
        (error) => error instanceof LinregError && error.code === 'out_of_memory' && error.field === field,
      );
      assert.ok(few.length > 500);
      for (const trainer of few.slice(0, 100)) {
        trainer.train();
        assert.ok(Number.isFinite(trainer.optimum.loss));
      }
      await assert.rejects(engine.leastSquares({ ...data, names: undefined, d: 1 }), { code: 'out_of_memory' });
      few.splice(-400).forEach((trainer) => trainer.dispose());
      few.push(engine.createTrainer(given));
      few.forEach((trainer) => trainer.dispose());
    }
  });

  test(`a trainer of many features is refused where its checkpoints and its history would not fit: ${build}`, async () => {
    const engine = await loadEngine({ wasmBinary: smallModule(build), simd: build === 'simd' });
    const trainers = [];
    /** How many more there are until one is refused. @param {Parameters<typeof engine.createTrainer>[0]} given */
    const fill = (given) => {
      const before = trainers.length;
      assert.throws(
        () => {
          while (trainers.length < 10_000) trainers.push(engine.createTrainer(given));
        },
        (error) => error instanceof LinregError && error.code === 'out_of_memory' && error.field === 'n',
      );
      return trainers.length - before;
    };
    assert.ok(fill({ n: 10, true_w: Array(256).fill(0.1) }) > 50);
    // A wide one may grow by 13 MB and leaves twice as much, a narrow one 8 MB.
    assert.ok(fill({ n: 10, true_w: [1] }) > 100);
    trainers.forEach((trainer) => trainer.dispose());
  });
}
