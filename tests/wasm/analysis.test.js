// The optimum, its curvature and the loss's surface, as a page asks for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertRefused, describeBuilds, readFixture, small } from '../support/engines.js';

const norris = readFixture('strd/Norris.json');
const norrisData = {
  features: Float64Array.from(norris.rows, ([, x]) => Number(x)),
  labels: Float64Array.from(norris.rows, ([y]) => Number(y)),
  d: 1,
};
const plane = { x: 0, y: 1, width: 3, height: 2, ranges: { x: [1, 3], y: [-4, -3] } };

/** @param {number} got @param {number} expected @param {number} relative */
function near(got, expected, relative) {
  const error = Math.abs(got - expected);
  assert.ok(error <= relative * Math.abs(expected), `${got} is not within ${relative} of ${expected}`);
}

/** The mean loss of a model, straight from PyTorch's definition. */
function meanLoss({ features, labels, n, d }, { loss, delta }, weight, bias) {
  let sum = 0;
  for (let i = 0; i < n; ++i) {
    let r = bias - labels[i];
    for (let j = 0; j < d; ++j) r += weight[j] * features[i * d + j];
    const size = Math.abs(r);
    if (loss === 'mse') sum += r * r;
    if (loss === 'l1') sum += size;
    if (loss === 'huber') sum += size <= delta ? 0.5 * r * r : delta * (size - 0.5 * delta);
    if (loss === 'smooth_l1') sum += size < delta ? (0.5 * r * r) / delta : size - 0.5 * delta;
  }
  return sum / n;
}

describeBuilds('analysis', (engine) => {
  test('the optimum of synthetic data is near the truth, and its loss near the noise', () => {
    const trainer = engine.createTrainer();
    const { weight, bias, loss, coefficients, rank, unique, solution, dependent, r2, expected_loss, noise_loss } = trainer.optimum; // prettier-ignore
    near(weight[0], 2, 1e-3);
    near(weight[1], -3.4, 1e-3);
    near(bias, 4.2, 1e-3);
    assert.deepEqual([rank, unique, solution, dependent], [3, true, 'unique', []]);
    near(loss, meanLoss(trainer.dataset, trainer.options, weight, bias), 1e-6);
    near(loss, expected_loss, 0.2);
    near(expected_loss, 1e-4 * (997 / 1000), 1e-12);
    near(noise_loss, 1e-4, 1e-12);
    assert.deepEqual([...coefficients.weight, coefficients.bias], [...weight, bias]);
    assert.ok(coefficients.weight_se.every((se) => se > 0 && se < 1e-3));
    assert.ok(r2 > 0.9999);
    trainer.dispose();
  });

  test("NIST's Norris, with and without standardisation", async () => {
    const [bias, weight] = norris.exact.coef.map(Number);
    const fit = await engine.leastSquares(norrisData);
    near(fit.weight[0], weight, 1e-13);
    near(fit.bias, bias, 1e-13);
    near(fit.weight_se[0], Number(norris.exact.se[1]), 1e-12);
    for (const standardize of [false, true]) {
      const { features, labels } = norrisData;
      const trainer = engine.createTrainer({ data: { features, labels, names: ['x'] }, standardize });
      const { coefficients, expected_loss, noise_loss, loss } = trainer.optimum;
      assert.deepEqual([...coefficients.weight, coefficients.bias], [...fit.weight, fit.bias]);
      assert.deepEqual([expected_loss, noise_loss], [null, null]);
      near(loss, meanLoss(trainer.dataset, trainer.options, trainer.optimum.weight, trainer.optimum.bias), 1e-4);
      trainer.dispose();
    }
  });

  test('the optimum of every loss: no step leads down, and training ends at its loss', () => {
    for (const loss of ['mse', 'l1', 'huber', 'smooth_l1']) {
      const trainer = engine.createTrainer({ ...small, noise: 0.5, loss, delta: 0.3, batch_size: 23, lr: 0.01, epochs: 5000 }); // prettier-ignore
      const { weight, bias, loss: least, expected_loss, coefficients } = trainer.optimum;
      near(least, meanLoss(trainer.dataset, trainer.options, weight, bias), 1e-6);
      if (loss === 'mse') near(expected_loss, (0.5 ** 2 * (trainer.dataset.n - 3)) / trainer.dataset.n, 1e-12);
      else assert.ok(expected_loss > 0.3 * least && expected_loss < 3 * least);
      assert.equal(coefficients.weight_se === null, loss !== 'mse');
      for (let j = 0; j < 6; ++j) {
        const moved = weight.slice();
        if (j < 4) moved[j >> 1] += j % 2 ? 0.01 : -0.01;
        const shift = j < 4 ? 0 : j % 2 ? 0.01 : -0.01;
        assert.ok(meanLoss(trainer.dataset, trainer.options, moved, bias + shift) > least);
      }
      trainer.train();
      near(trainer.loss(), least, 0.02);
      trainer.dispose();
    }
  });

  test('the noise’s loss is that of the true weights, for every loss and reduction', () => {
    for (const loss of ['mse', 'l1', 'huber', 'smooth_l1']) {
      for (const [delta, noise] of [
        [0.3, 0.5],
        [1e-12, 0.01],
        [5, 0.5],
      ]) {
        const trainer = engine.createTrainer({ n: 50_000, noise, loss, delta });
        const { noise_loss, expected_loss, loss: least } = trainer.optimum;
        near(noise_loss, meanLoss(trainer.dataset, trainer.options, [2, -3.4], 4.2), 0.03);
        near(expected_loss, noise_loss, 3e-4);
        near(least, expected_loss, 0.03);
        trainer.set({ reduction: 'sum' });
        near(trainer.optimum.noise_loss, 50_000 * noise_loss, 1e-12);
        trainer.dispose();
      }
    }
  });

  test('a surface is the loss at every point, for every loss', () => {
    for (const loss of ['mse', 'l1', 'huber', 'smooth_l1']) {
      const trainer = engine.createTrainer({ ...small, loss, delta: 0.7 });
      const { values, ranges } = trainer.lossSurface(plane);
      assert.deepEqual(ranges, plane.ranges);
      const { bias } = trainer.optimum;
      values.forEach((value, k) => {
        const weight = [1 + (k % 3), -4 + Math.floor(k / 3)];
        near(value, meanLoss(trainer.dataset, trainer.options, weight, bias), 1e-6);
      });
      trainer.dispose();
    }
  });

  test('analysed in slices, the answers are the same, and progress ascends to 1', async () => {
    const given = { ...small, n: 4000, loss: 'huber' };
    const [sliced, whole] = [engine.createTrainer(given), engine.createTrainer(given)];
    const progress = [];
    const surface = { ...plane, width: 100, height: 100 };
    await sliced.analyse({ surface, onProgress: (done) => progress.push(done) });
    assert.deepEqual(
      progress,
      [...progress].sort((a, b) => a - b),
    );
    assert.equal(progress.at(-1), 1);
    assert.deepEqual(sliced.optimum, whole.optimum);
    assert.deepEqual(sliced.curvature, whole.curvature);
    assert.deepEqual(sliced.lossSurface(surface), whole.lossSurface(surface));
    sliced.dispose();
    whole.dispose();
  });

  test('answers follow the options, and are copies', () => {
    const trainer = engine.createTrainer(small);
    const { loss } = trainer.optimum;
    const before = trainer.curvature;
    trainer.curvature.eigenvalues.fill(0);
    assert.deepEqual(trainer.curvature, before);
    trainer.set({ reduction: 'sum' });
    near(trainer.optimum.loss, loss * small.n, 1e-12);
    near(trainer.curvature.eigenvalues[2], before.eigenvalues[2] * small.n, 1e-12);
    near(trainer.curvature.largest_stable_lr, before.largest_stable_lr / small.n, 1e-12);
    trainer.dispose();
  });

  test('curvature of data of one’s own is that of a trainer of them', async () => {
    const { features, labels } = norrisData;
    const data = { features: features.map((x) => x / 100), labels: labels.map((y) => y / 100 + Math.sin(y)) };
    const answers = [];
    for (const given of [
      {},
      { loss: 'huber', beta: 0.01 },
      { loss: 'huber', delta: 0.01 },
      { loss: 'huber' },
      { loss: 'smooth_l1', delta: 0.5, reduction: 'sum', batch_size: 7, drop_last: true },
      { loss: 'l1' },
      { momentum: 0.9, nesterov: true, weight_decay: 0.01, lr: 0.001 },
      { optimizer: 'adam' },
    ]) {
      const trainer = engine.createTrainer({ data, init: 'zeros', ...given });
      const answer = await engine.curvature({ ...data, d: 1, ...given });
      assert.deepEqual(answer, trainer.curvature, JSON.stringify(given));
      answers.push(answer);
      trainer.dispose();
    }
    const [mse, beta, delta, huber] = answers;
    assert.deepEqual(beta, delta);
    assert.notDeepEqual(beta, huber);
    // The Hessian of the mean of (w x + b - y)^2 is 2 / n [[sum x^2, sum x], [sum x, n]]: its trace and determinant.
    const mean = (f) => data.features.reduce((sum, x) => sum + f(x), 0) / data.features.length;
    const [small, large] = mse.eigenvalues;
    near(small + large, 2 * (mean((x) => x * x) + 1), 1e-12);
    near(small * large, 4 * (mean((x) => x * x) - mean((x) => x) ** 2), 1e-10);
    near(mse.largest_stable_lr, 2 / large, 1e-12);
    near(mse.condition, large / small, 1e-12);
  });

  test('64 x 64 losses cost less than 2000 steps of training', () => {
    const trainer = engine.createTrainer({ epochs: 20 });
    let [ofSurface, ofTraining] = [Infinity, Infinity]; // the shortest of many: compiled well, and nothing else running
    for (let i = 0; i < 300; ++i) {
      trainer.rewind(0);
      const start = performance.now();
      trainer.train();
      const middle = performance.now();
      trainer.lossSurface({ ...plane, width: 64, height: 64, ranges: { x: [1, 3 + i], y: [-4, -3] } }); // another one each time
      ofTraining = Math.min(ofTraining, middle - start);
      ofSurface = Math.min(ofSurface, performance.now() - middle);
    }
    assert.equal(trainer.step_count, 2000);
    assert.ok(ofSurface < ofTraining, `${ofSurface} ms, and training took ${ofTraining} ms`);
    trainer.dispose();
  });

  test('aborted or disposed of on the way', async () => {
    const trainer = engine.createTrainer({ n: 200_000, loss: 'huber' });
    const surface = { ...plane, width: 64, height: 64 };
    const stop = new AbortController();
    const reason = new Error('enough');
    await assert.rejects(
      trainer.analyse({ surface, onProgress: () => stop.abort(reason), signal: stop.signal }),
      reason,
    );
    await assert.rejects(trainer.analyse({ signal: stop.signal }), reason);
    await assert.rejects(trainer.analyse({ surface, onProgress: () => trainer.dispose() }), { code: 'invalid_state' });
    assertRefused(() => trainer.optimum, { code: 'invalid_state' });
    const aborted = engine.leastSquares({ ...norrisData, signal: stop.signal });
    await assert.rejects(aborted, reason);
  });
});
