// Real data: the cars, with weights in their own units.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { realData } from '../../web/src/data/sources.js';
import { pickData } from '../../web/src/data/source_options.js';
import { asFloats, describeBuilds, engines } from '../support/engines.js';
import { hashesOfRun } from '../support/parameter_hash.js';

const cars = realData('cars');
const n = cars.labels.length;
const d = cars.names.length;

/** Weights and bias of least squares by the normal equations of the centred columns, in float64. */
function leastSquares({ features, labels }) {
  const mean = (value) => Array.from({ length: n }, (_, i) => value(i)).reduce((a, b) => a + b) / n;
  const centre = Array.from({ length: d }, (_, j) => mean((i) => features[i * d + j]));
  const middle = mean((i) => labels[i]);
  const x = (i, j) => features[i * d + j] - centre[j];
  const product = (j, k) => mean((i) => x(i, j) * x(i, k));
  const right = (j) => mean((i) => x(i, j) * (labels[i] - middle));
  const determinant = product(0, 0) * product(1, 1) - product(0, 1) ** 2;
  const weight = [
    (product(1, 1) * right(0) - product(0, 1) * right(1)) / determinant,
    (product(0, 0) * right(1) - product(0, 1) * right(0)) / determinant,
  ];
  return { weight, bias: middle - weight[0] * centre[0] - weight[1] * centre[1] };
}

const close = (got, expected, relative) =>
  assert.ok(Math.abs(got - expected) <= relative * Math.abs(expected), `${got} is not ${expected}`);

test('the cars are those that the source says', () => {
  assert.equal(d, 2);
  assert.equal(n, 392);
  assert.equal(cars.rows - cars.dropped, n);
  assert.equal(cars.features.length, n * d);
  assert.deepEqual([cars.features[0], cars.features[1], cars.labels[0]], [130, 3504, 18]);
  assert.ok([...cars.features, ...cars.labels].every(Number.isFinite));
});

test('a run of standardised cars has the same bits in both builds', () => {
  const [simd, scalar] = engines.map((engine) => {
    const trainer = engine.createTrainer({
      data: pickData(cars),
      standardize: true,
      seed: 3,
      momentum: 0.9,
      epochs: 5,
    });
    const { features, labels } = trainer.dataset;
    const run = { features, labels, hashes: hashesOfRun(trainer), losses: trainer.losses, log: trainer.log };
    const { coefficients, path } = trainer;
    trainer.dispose();
    return { ...run, coefficients, path };
  });
  assert.ok(simd.hashes.length >= 2);
  assert.deepEqual(simd, scalar);
});

describeBuilds('cars', (engine) => {
  test('standardised features and labels have mean 0 and deviation 1', () => {
    const trainer = engine.createTrainer({ data: pickData(cars), standardize: true });
    const { features, labels } = trainer.dataset;
    for (const column of [labels, features.filter((_, i) => i % 2 === 0), features.filter((_, i) => i % 2 === 1)]) {
      const mean = column.reduce((sum, x) => sum + x, 0) / n;
      const square = column.reduce((sum, x) => sum + x * x, 0) / n;
      assert.ok(Math.abs(mean) < 1e-6 && Math.abs(square - 1) < 1e-5, `${mean}, ${square}`);
    }
    assert.deepEqual(trainer.dataset.names, ['Horsepower', 'Weight_in_lbs']);
    trainer.dispose();
  });

  test('training ends at least squares, in miles per gallon', () => {
    const trainer = engine.createTrainer({
      data: pickData(cars),
      standardize: true,
      batch_size: n,
      lr: 0.3,
      epochs: 2000,
    });
    assert.equal(trainer.train(), 'finished');
    const expected = leastSquares(cars);
    const { weight, bias } = trainer.coefficients;
    close(weight[0], expected.weight[0], 1e-4);
    close(weight[1], expected.weight[1], 1e-4);
    close(bias, expected.bias, 1e-5);
    // What the model says of a car is the same in both units.
    close(
      trainer.predict(cars.features.subarray(0, d))[0],
      expected.bias + 130 * expected.weight[0] + 3504 * expected.weight[1],
      1e-4,
    );
    trainer.dispose();
  });

  test('minibatches come near it', () => {
    const trainer = engine.createTrainer({ data: pickData(cars), standardize: true, seed: 1, lr: 0.01, epochs: 30 });
    trainer.train();
    const expected = leastSquares(cars);
    close(trainer.coefficients.weight[1], expected.weight[1], 0.15);
    close(trainer.coefficients.bias, expected.bias, 0.05);
    trainer.dispose();
  });

  test('without standardising the data are as they are, and the notebook’s rate diverges', () => {
    const trainer = engine.createTrainer({ data: pickData(cars) });
    assert.deepEqual(Array.from(trainer.dataset.features), asFloats(cars.features));
    assert.deepEqual(Array.from(trainer.dataset.labels), asFloats(cars.labels));
    assert.deepEqual(Array.from(trainer.coefficients.weight), Array.from(trainer.weight));
    assert.equal(trainer.train(), 'diverged');
    assert.ok([...trainer.weight, trainer.bias].every(Number.isFinite));
    trainer.dispose();
  });
});
