// Whatever is given to the analysis, the answer is a LinregError that names what was wrong; the next request works.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { LinregError } from '../../web/src/engine.js';
import { assertRefused, describeBuilds, small } from '../support/engines.js';

const rows = { features: [1, 2, 3, 5, 8, 13], labels: [2, 3, 5], d: 2 };
const plane = { x: 0, y: 1, width: 3, height: 2, ranges: { x: [1, 3], y: [-4, -3] } };
const throwing = (name, given) =>
  Object.defineProperty({ ...given }, name, {
    get() {
      throw new Error('a getter of the caller');
    },
    enumerable: true,
  });
const detached = (length) => {
  const array = new Float64Array(length);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
};

/** What is changed in `rows`, and the field that is then refused. */
const refusedRows = [
  [{ features: undefined }, 'features'],
  [{ features: [1, 2, 3] }, 'features'],
  [{ features: new Float64Array(7) }, 'features'],
  [{ features: detached(6) }, 'features'],
  [{ features: 'abcdef' }, 'features'],
  [{ features: revoked() }, 'features'],
  [{ features: new DataView(new ArrayBuffer(48)) }, 'features'],
  [{ features: Float64Array.of(1, 2, 3, NaN, 8, 13) }, 'features[1][1]'],
  [{ features: Float64Array.of(1, 2, 3, 5, -Infinity, 13) }, 'features[2][0]'],
  [{ features: [1, 2, 3, 5, 8, 1e308] }, 'features[2][1]'],
  [{ features: [1, 2, '3', 5, 8, 13] }, 'features[1][0]'],
  [{ features: [1, 2, 3n, 5, 8, 13] }, 'features[1][0]'],
  [{ features: [1, , 3, 5, 8, 13] }, 'features[0][1]'],
  [{ features: BigInt64Array.of(1n, 2n, 3n, 5n, 8n, 13n) }, 'features[0][0]'],
  [{ labels: [] }, 'labels'],
  [{ labels: [2, 3] }, 'features'],
  [{ labels: detached(3) }, 'labels'],
  [{ labels: [2, NaN, 5] }, 'labels[1]'],
  [{ labels: [2, null, 5] }, 'labels[1]'],
  [{ labels: new Array(1_000_001) }, 'labels'],
  [{ d: 0 }, 'd'],
  [{ d: -1 }, 'd'],
  [{ d: 1.5 }, 'd'],
  [{ d: '2' }, 'd'],
  [{ d: 257 }, 'd'],
  [{ d: undefined }, 'd'],
  [{ intercept: 1 }, 'intercept'],
  [{ intercept: null }, 'intercept'],
  [{ names: ['a'] }, 'names'],
  [{ names: ['a', 'b', 'c'] }, 'names'],
  [{ names: 'ab' }, 'names'],
  [{ names: revoked() }, 'names'],
  [{ names: ['a', 5] }, 'names[1]'],
  [{ onProgress: 5 }, 'onProgress'],
  [{ signal: {} }, 'signal'],
  [{ signal: 'abort' }, 'signal'],
  [{ signal: { aborted: true } }, 'signal'],
  [{ signal: { aborted: false } }, 'signal'],
  [{ signal: { aborted: true, reason: undefined } }, 'signal'],
];

/** The same for a plane. */
const refusedPlanes = [
  [{ x: -1 }, 'x'],
  [{ x: 3 }, 'x'],
  [{ x: 0.5 }, 'x'],
  [{ x: '0' }, 'x'],
  [{ x: undefined }, 'x'],
  [{ y: 0 }, 'y'],
  [{ y: 2 ** 32 }, 'y'],
  [{ width: 0 }, 'width'],
  [{ width: 1e9 }, 'width'],
  [{ width: NaN }, 'width'],
  [{ width: 2048, height: 1024 }, 'height'],
  [{ height: -1 }, 'height'],
  [{ ranges: undefined }, 'ranges'],
  [{ ranges: { x: [1, 2] } }, 'ranges.y'],
  [{ ranges: { x: [2, 1], y: [0, 1] } }, 'ranges.x'],
  [{ ranges: { x: [1, NaN], y: [0, 1] } }, 'ranges.x'],
  [{ ranges: { x: [1, 2], y: [-Infinity, 1] } }, 'ranges.y'],
  [{ ranges: { x: [1, 2, 3], y: [0, 1] } }, 'ranges.x'],
  [{ ranges: { x: revoked(), y: [0, 1] } }, 'ranges.x'],
  [{ at: 'start' }, 'at'],
];

const notObjects = [undefined, null, 5, 'text', 1n, Symbol('s'), () => 1];

describeBuilds('bad input to the analysis', (engine) => {
  let trainer;
  let optimum;
  before(() => {
    trainer = engine.createTrainer(small);
    optimum = trainer.optimum;
  });
  after(() => {
    assert.deepEqual(trainer.optimum, optimum);
    trainer.dispose();
  });

  /** @param {() => Promise<unknown>} call @param {string} [field] */
  const rejected = async (call, field) => {
    const error = await call().then(
      () => assert.fail(`${field} was accepted`),
      (reason) => reason,
    );
    assertRefused(() => {
      throw error;
    }, { code: error.code, field }); // prettier-ignore
  };

  for (const method of ['leastSquares', 'curvature']) {
    test(`engine.${method}: rows`, async () => {
      for (const [change, field] of refusedRows) await rejected(() => engine[method]({ ...rows, ...change }), field);
      for (const name of ['features', 'labels', 'd', 'intercept', 'names', 'onProgress', 'signal'])
        await rejected(() => engine[method](throwing(name, rows)), name);
      for (const given of notObjects) await rejected(() => engine[method](given));
      for (const name of ['intersept', 'learning_rate', 'seed', 'Names', '__proto__'])
        await rejected(() => engine[method](Object.defineProperty({ ...rows }, name, { value: 1 })), name);
      const element = new Proxy([1, 2, 3, 5, 8, 13], { get: (list, key) => { if (key === '3') throw new Error('no'); return list[key]; } }); // prettier-ignore
      await rejected(() => engine[method]({ ...rows, features: element }), 'features');
      await engine[method](rows);
    });

    test(`engine.${method}: a buffer taken away on the way`, async () => {
      const features = new Float64Array(256 * 2000).map((_, i) => Math.sin(i));
      const given = { features, labels: features.slice(0, 2000), d: 256 };
      const onProgress = () => structuredClone(features.buffer, { transfer: [features.buffer] });
      await engine[method]({ ...given, onProgress: () => onProgress() }).catch((error) =>
        assert.ok(error instanceof LinregError || error.name === 'DataCloneError'),
      );
    });
  }

  test('engine.curvature: options', async () => {
    for (const [change, field] of [
      [{ loss: 'rmse' }, 'loss'],
      [{ lr: -1 }, 'lr'],
      [{ batch_size: 0 }, 'batch_size'],
      [{ momentum: 1 }, 'momentum'],
      [{ nesterov: true }, 'nesterov'],
      [{ delta: NaN }, 'delta'],
      [{ loss: 'huber', beta: -1 }, 'delta'],
      [{ loss: 'huber', beta: 1, delta: 1 }, 'beta'],
    ])
      await rejected(() => engine.curvature({ ...rows, ...change }), field);
    await rejected(() => engine.curvature({ ...rows, features: [1, 2, 3, 5, 8, 1e71] }), 'features[2][1]');
  });

  test('units too far apart are named', async () => {
    const apart = { features: [1e-300, 2e-300, 4e-300], labels: [1e300, 2e300, 1e300], d: 1 };
    await rejected(() => engine.leastSquares(apart), 'labels');
    for (const data of [
      { features: [1, 1, 2, 5, 3, 2, 4, 9], labels: [1e-308, 2e-308, 3e-308, 5e-308], names: ['a', 'b'] },
      { features: [1e-307, 2e-307, 3e-307, 4e-307], labels: [100, 200, 300, 450], names: ['a'] },
    ]) {
      const range = /^in units whose ratio to the features' is within float64's range$/;
      assertRefused(() => engine.createTrainer({ data, standardize: true }), { code: 'invalid_data', field: 'labels', range }); // prettier-ignore
      const asGiven = engine.createTrainer({ data });
      noNaN(asGiven.coefficients);
      if (data.labels[0] > 1) assertRefused(() => asGiven.optimum, { code: 'invalid_data', field: 'labels', range });
      else noNaN(asGiven.optimum);
      asGiven.dispose();
    }
  });

  test('planes', async () => {
    for (const [change, field] of refusedPlanes) {
      assertRefused(() => trainer.lossSurface({ ...plane, ...change }), { code: 'invalid_option', field });
      await rejected(() => trainer.analyse({ surface: { ...plane, ...change } }), field);
    }
    for (const name of ['x', 'y', 'width', 'height', 'ranges', 'at'])
      assertRefused(() => trainer.lossSurface(throwing(name, plane)), { code: 'invalid_option', field: name });
    for (const given of notObjects) assertRefused(() => trainer.lossSurface(given), { code: 'invalid_option' });
    for (const given of notObjects.slice(1)) await rejected(() => trainer.analyse(given));
    assertRefused(() => trainer.lossSurface({ ...plane, hieght: 9 }), { code: 'invalid_option', field: 'hieght', range: /width, height/ }); // prettier-ignore
    assertRefused(() => trainer.lossSurface({ ...plane, ranges: { ...plane.ranges, z: [0, 1] } }), { code: 'invalid_option', field: 'z' }); // prettier-ignore
    await rejected(() => trainer.analyse({ sginal: undefined }), 'sginal');
    await rejected(() => trainer.analyse({ surface: { ...plane, hieght: 9 } }), 'hieght');
    await rejected(() => trainer.analyse({ onProgress: 5 }), 'onProgress');
    await rejected(() => trainer.analyse({ signal: {} }), 'signal');
    assert.equal(trainer.lossSurface({ ...plane, width: 1, height: 1 }).values.length, 1);
  });

  test('a callback that throws ends the analysis, not the trainer', async () => {
    const own = new Error('of the caller');
    const thrower = () => {
      throw own;
    };
    await assert.rejects(trainer.analyse({ onProgress: thrower }), own);
    await assert.rejects(engine.leastSquares({ ...rows, onProgress: thrower }), own);
  });

  test('little and degenerate data give nulls, never NaN', async () => {
    const one = await engine.leastSquares({ features: [3, 4], labels: [5], d: 2, names: ['a', 'b'] });
    assert.deepEqual(one, {
      weight: new Float64Array(2), bias: 5, weight_se: null, bias_se: null, rank: 1, dependent: ['a', 'b'], unique: false, solution: 'minimum norm',
      r2: null, residual_std: null, condition: 1, ill_conditioned: false,
    }); // prettier-ignore
    for (const loss of ['mse', 'l1', 'huber', 'smooth_l1']) {
      for (const data of [
        { features: [3], labels: [5], names: ['a'] },
        { features: [1, 2, 2, 4, 3, 6], labels: [1, 1, 1], names: ['a', 'twice'] },
        { features: [1e300, 2e300, -1e300], labels: [1e300, 0, 1], names: ['a'] },
        { features: [1e-300, 2e-300, -1e-300], labels: [1e-300, 0, 1e-301], names: ['a'] },
        { features: [1, 2, 2, 2, 4, 2], labels: [1e-305, 0, 1e-306], names: ['a', 'fixed'] },
        { features: [1, 2, 4], labels: [1e305, 3, -1e304], names: ['a'] },
        { features: [1e8, 1e8 + 1, 1e8 - 1], labels: [1, 2, 1], names: ['a'] },
      ]) {
        for (const standardize of [true, false]) {
          if (!standardize && [...data.features, ...data.labels].some((x) => x > 1e38)) continue;
          const degenerate = engine.createTrainer({ data, standardize, loss });
          noNaN(degenerate.optimum);
          noNaN(degenerate.curvature);
          noNaN(degenerate.lossSurface({ ...plane, y: data.names.length }));
          const { dependent, solution } = degenerate.optimum;
          if (data.names[1]) assert.deepEqual([dependent, solution], [[data.names[1]], 'minimum norm']);
          degenerate.dispose();
        }
      }
    }
  });
});

/** @param {unknown} value */
function noNaN(value, path = '') {
  if (typeof value === 'number') assert.ok(Number.isFinite(value), `${path} is ${value}`);
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) noNaN(inner, `${path}.${key}`);
}
