// Whatever is given, the answer is a LinregError that names the field, or a notice; the run that was there stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { optionTable } from '../../web/src/options.js';
import { assertRefused, describeBuilds, shown, small } from '../support/engines.js';

const thrower = () => {
  throw new Error('a getter of the caller');
};
const throwing = (name) => Object.defineProperty({}, name, { get: thrower, enumerable: true });
const detached = () => {
  const array = new Float64Array([1, 2]);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const nested = () => JSON.parse('['.repeat(5000) + ']'.repeat(5000));
const notNumbers = ['', 'abc', '0,1', '1', null, true, [], [1], {}, 1n, Symbol('s'), () => 1, new Date(0), Object(1), nested()]; // prettier-ignore

/** field: values that are refused */
const refusedOptions = {
  seed: [-1, 1.5, 2 ** 53, NaN, Infinity, 'abc'],
  true_w: [[], Array(257).fill(1), [1, NaN], [Infinity], ['1'], [1, , 2], [1e31], 5, '1, 2', [1n], [[1]], new Array(2 ** 32 - 1), detached(), new DataView(new ArrayBuffer(8))], // prettier-ignore
  true_b: [NaN, Infinity, -1e31],
  n: [0, -1, 1.5, 1_000_001, 2 ** 32 + 1, 1e18, NaN],
  noise: [-0.01, NaN, Infinity, 1e31],
  batch_size: [0, -1, 1.5, NaN, Infinity],
  shuffle: [0, 1, 'true', null],
  drop_last: [0, 'false'],
  init: ['Normal', '', 'constructor', '__proto__', 0, null],
  init_std: [-1, NaN],
  loss: ['MSE', 'toString', 2],
  reduction: ['none', ''],
  delta: [0, -1, NaN, Infinity],
  optimizer: ['SGD', 'adamw'],
  lr: [-1, -1e-300, NaN, Infinity, -Infinity, 1e31],
  momentum: [1, 1.5, -0.1, NaN],
  nesterov: [true, 1],
  weight_decay: [-1, NaN],
  epochs: [0, -1, 1.5, 2 ** 53, NaN, Infinity],
  standardize: [true, 1],
};

/** What no option takes but one of its kind. @type {Record<string, (value: unknown) => boolean>} */
const takes = {
  boolean: (value) => value === true,
  numbers: (value) => Array.isArray(value) && value[0] === 1,
};
const kinds = new Map(optionTable.map(({ name, kind }) => [name, kind]));
/** @param {string} field */
const wrongKinds = (field) => notNumbers.filter((value) => !takes[kinds.get(field)]?.(value));

const live = [
  'batch_size',
  'shuffle',
  'drop_last',
  'loss',
  'reduction',
  'delta',
  'lr',
  'momentum',
  'nesterov',
  'weight_decay',
  'epochs',
];

describeBuilds('bad input', (engine) => {
  let trainer;
  let untouched;

  before(() => {
    trainer = engine.createTrainer(small);
    trainer.step('epoch');
    trainer.step('draw');
    untouched = shown(trainer);
  });

  after(() => {
    assert.deepEqual(shown(trainer), untouched, 'what was refused has changed the run');
    trainer.train();
    assert.equal(trainer.status, 'finished');
    trainer.dispose();
    assert.equal({}.polluted, undefined);
  });

  for (const [field, values] of Object.entries(refusedOptions)) {
    test(`option ${field}`, () => {
      for (const value of [...values, ...wrongKinds(field)]) {
        assertRefused(() => engine.createTrainer({ ...small, [field]: value }), {
          code: 'invalid_option',
          field,
          range: /./,
        });
        assertRefused(() => trainer.set({ [field]: value }), { code: 'invalid_option', field });
      }
      assertRefused(() => engine.createTrainer(throwing(field)), { code: 'invalid_option', field });
      assertRefused(() => trainer.set(throwing(field)), { code: 'invalid_option', field });
      if (!live.includes(field)) {
        const other = {
          seed: 5,
          true_w: [1, 2],
          true_b: 1,
          n: 24,
          noise: 1,
          init: 'zeros',
          init_std: 1,
          optimizer: 'adam',
          standardize: true,
        };
        assertRefused(() => trainer.set({ [field]: other[field] }), { code: 'invalid_option', field });
      }
    });
  }

  test('values that are accepted with a notice', () => {
    for (const batch_size of [24, 2 ** 31, 2 ** 32 + 1, 1e18]) {
      const clamped = engine.createTrainer({ ...small, batch_size });
      assert.equal(clamped.options.batch_size, 23);
      assert.deepEqual(
        clamped.notices.map(({ field }) => field),
        ['batch_size'],
      );
      assert.equal(clamped.total_steps, 3);
      const kept = engine.createTrainer({ ...small, batch_size, drop_last: true });
      assert.equal(kept.notices.length, 1);
      assert.equal(kept.train(), 'finished');
      assert.equal(kept.step_count, 0);
      clamped.dispose();
      kept.dispose();
    }
    for (const lr of [0, -0, 1e-30]) {
      const still = engine.createTrainer({ ...small, lr });
      assert.deepEqual(
        still.notices.map(({ field }) => field),
        ['lr'],
      );
      const start = still.weight;
      still.train();
      assert.deepEqual(still.weight, start);
      still.dispose();
    }
    const endless = engine.createTrainer({ ...small, epochs: 1e12 });
    assert.equal(endless.run({ milliseconds: 1 }), 'running');
    endless.dispose();
  });

  test('what is no object of options', () => {
    for (const given of [null, 5, 'lr=1', true, [], [{ lr: 1 }], 1n, Symbol('s'), () => ({}), revoked()]) {
      assertRefused(() => engine.createTrainer(given), { code: 'invalid_option', field: 'options' });
      assertRefused(() => trainer.set(given), { code: 'invalid_option', field: 'options' });
    }
  });

  test('unknown names', () => {
    const given = [
      { learning_rate: 1 },
      { '': 1 },
      { LR: 1 },
      { constructor: 1 },
      { [Symbol('lr')]: 1 },
      { ['x'.repeat(10_000)]: 1 },
    ];
    given.push(
      JSON.parse('{"__proto__": {"polluted": 1}}'),
      JSON.parse('{"constructor": {"prototype": {"polluted": 1}}}'),
    );
    for (const options of given) {
      assertRefused(() => engine.createTrainer(options), { code: 'invalid_option', range: /one of seed, true_w/ });
      assertRefused(() => trainer.set(options), { code: 'invalid_option' });
    }
  });

  test('one option under both its names', () => {
    assertRefused(() => engine.createTrainer({ delta: 1, beta: 2 }), { code: 'invalid_option', field: 'beta' });
    const named = engine.createTrainer({ ...small, beta: 2 });
    assert.equal(named.options.delta, 2);
    named.dispose();
  });

  test('data of no use', () => {
    const fits = { features: [1, 2, 3, 4], labels: [1, 2], names: ['a', 'b'] };
    const refused = (change, field, value) =>
      assertRefused(() => engine.createTrainer({ data: { ...fits, ...change } }), {
        code: 'invalid_data',
        field,
        value,
      });
    for (const data of [null, 5, 'data', true, 1n, [], new Float64Array(3)]) {
      assertRefused(() => engine.createTrainer({ data }), { code: 'invalid_data', field: 'data' });
    }
    refused({ features: [1, 2, 3] }, 'features', '3');
    refused({ features: [1, 2, 3, 4, 5] }, 'features', '5');
    refused({ labels: [] }, 'labels');
    refused({ labels: undefined }, 'labels');
    refused({ labels: { length: 2, 0: 1, 1: 2 } }, 'labels');
    refused({ labels: Array(1_000_001) }, 'labels', 'a list of 1000001');
    refused({ features: new DataView(new ArrayBuffer(32)) }, 'features');
    refused({ features: new BigInt64Array(4) }, 'features[0][0]', 'a BigInt');
    refused({ features: detached() }, 'features');
    refused({ features: [1, 2, NaN, 4] }, 'features[1][0]', 'NaN');
    refused({ features: Float64Array.of(1, 2, 3, -Infinity) }, 'features[1][1]', '-Infinity');
    refused({ features: [1, , 3, 4] }, 'features[0][1]', 'undefined');
    refused({ features: [1, 2, '3', 4] }, 'features[1][0]', '"3"');
    refused({ features: [1, 2, 1e308, 4] }, 'features[1][0]', '1e308');
    refused({ labels: [1, null] }, 'labels[1]', 'null');
    refused({ names: [] }, 'names');
    refused({ names: 'ab' }, 'names');
    refused({ names: Array(257).fill('x') }, 'names');
    refused({ names: ['a', 5] }, 'names[1]', '5');
    refused({ names: ['a', 'b', 'c'] }, 'features');
    refused({ label_name: 5 }, 'label_name');
    refused({ drawn: 'yes' }, 'drawn');
    refused({ name: ['a', 'b'] }, 'name');
    refused({ names: undefined, Names: ['a', 'b'] }, 'Names');
    for (const name of ['features', 'labels', 'names', 'label_name', 'drawn']) {
      const data = Object.defineProperty({ ...fits }, name, { get: thrower });
      assertRefused(() => engine.createTrainer({ data }), { code: 'invalid_data', field: name });
    }
    assertRefused(() => engine.createTrainer({ data: revoked() }), { code: 'invalid_data' });
    refused({ features: Object.defineProperty([1, 2, 3, 4], 2, { get: thrower }) }, 'features');
    // Beyond float32: refused unless it is scaled.
    refused({ features: [1, 2, 3, 1e39] }, 'features[1][1]', '1e39');
    const scaled = engine.createTrainer({ data: { ...fits, features: [1, 2, 3, 1e300] }, standardize: true });
    assert.equal(scaled.train(), 'finished');
    scaled.dispose();
  });

  test('what cannot be seen of a text is told by its number', () => {
    for (const [text, told] of [
      ['3\u200b', '"3\\u200b"'],
      ['\u202e5', '"\\u202e5"'],
      ['1\u00a0000 x', '"1\\u00a0000 x"'],
      ['\u{e0041}5\u0085', '"\\u{e0041}5\\u0085"'],
    ]) {
      assert.throws(
        () => engine.createTrainer({ lr: /** @type {any} */ (text) }),
        (error) => /** @type {any} */ (error).value === told,
        told,
      );
    }
  });

  test('names are only text', () => {
    const names = ['__proto__', '<img src=x onerror=alert(1)>', '', '\u202eabc', 'x'.repeat(10_000)];
    const odd = engine.createTrainer({
      data: {
        features: Array(10)
          .fill(0)
          .map((_, i) => i),
        labels: [1, 2],
        names,
      },
    });
    assert.deepEqual(odd.dataset.names, names);
    odd.dispose();
  });

  test('data are not exchanged in a run', () => {
    const data = { features: Array.from({ length: 46 }, (_, i) => i), labels: Array(23).fill(1), names: ['a', 'b'] };
    assertRefused(() => trainer.set({ data }), { code: 'invalid_option', field: 'data' });
  });

  test('whether columns are standardised is fixed, whatever the data are', () => {
    const data = { features: [1, 2, 3, 4], labels: [1, 2], names: ['a', 'b'] };
    for (const given of [{ data }, { data, standardize: true }, small]) {
      const other = engine.createTrainer(given);
      const standardize = !other.options.standardize;
      assertRefused(() => other.set({ standardize }), {
        code: 'invalid_option',
        field: 'standardize',
        range: /^as it was when the run began$/,
      });
      other.set({ standardize: !standardize, lr: 0.5 });
      assert.equal(other.options.lr, 0.5);
      other.dispose();
    }
  });

  test('predict', () => {
    const bad = [[], [1], [1, 2, 3], [1, NaN], [1, Infinity], ['1', '2'], [1n, 2n], new BigInt64Array(2), detached(), [1, , 2, 3], null, undefined, 5, {}, 'ab', Symbol('s')]; // prettier-ignore
    bad.push(
      Object.defineProperty([1, 2], 1, { get: thrower }),
      throwing('length'),
      revoked(),
      [[1, 2]],
      new Array(2 ** 32 - 1),
    );
    for (const features of bad)
      assertRefused(() => trainer.predict(features), { code: 'invalid_data', range: /finite number/ });
    assertRefused(() => trainer.predict([1, 2, 3, NaN]), {
      code: 'invalid_data',
      field: 'features[1][1]',
      value: 'NaN',
    });
    for (const [features, value] of [
      [new Float64Array(2 ** 24 + 2), 'a list of 16777218'],
      [[1, 2, 3], 'a list of 3'],
      [undefined, 'undefined'],
      [null, 'null'],
      [5, '5'],
      ['ab', '"ab"'],
      [{}, 'an object'],
    ]) {
      const range = /^a list of a multiple of 2 finite numbers, at most 16777216$/;
      assertRefused(() => trainer.predict(features), { code: 'invalid_data', field: 'features', value, range });
    }
    assert.throws(() => trainer.predict(throwing('length')), /reading it failed/);
    const { weight, bias } = trainer.coefficients;
    assert.deepEqual(Array.from(trainer.predict(Float32Array.of(1, 0, 0, 1))), [bias + weight[0], bias + weight[1]]);
  });

  test('a prediction is finite, or its row is named', () => {
    const fitted = engine.createTrainer({ seed: 42 });
    fitted.train();
    const [first, second] = fitted.weight;
    const { bias } = fitted;
    const tenth = fitted.predict([1e307, 1e307])[0];
    const [large, plain] = fitted.predict([1e308, 1e308, 1, 2]);
    assert.ok(Math.abs(large / 10 - tenth) <= 1e-15 * Math.abs(tenth)); // though 1e308 * -3.4 alone overflows
    assert.equal(plain, bias + first + 2 * second);
    const most = Number.MAX_VALUE;
    for (const [row, value] of [
      [[most, -most], 'Infinity'],
      [[-most, most], '-Infinity'],
      [[0, most], '-Infinity'],
    ])
      assertRefused(() => fitted.predict([1, 2, ...row]), { code: 'invalid_data', field: 'features[1]', value });
    fitted.dispose();
  });

  test('a list too long to be read is not read', () => {
    const start = performance.now();
    assertRefused(() => trainer.predict({ length: 2 ** 28 }), { code: 'invalid_data', field: 'features' });
    assertRefused(() => engine.createTrainer({ true_w: new Array(2 ** 32 - 1) }), {
      code: 'invalid_option',
      field: 'true_w',
    });
    const labels = new Array(2 ** 32 - 1);
    assertRefused(() => engine.createTrainer({ data: { features: labels, labels } }), {
      code: 'invalid_data',
      field: 'labels',
    });
    assert.ok(performance.now() - start < 500);
  });

  test('options that real data do not use are not in the way', () => {
    const features = new Float64Array(70_000);
    const real = engine.createTrainer({
      data: { features, labels: features, names: ['x'] },
      true_w: Array(256).fill(1),
      n: 5,
    });
    assert.equal(real.options.n, 70_000);
    real.set({ lr: 0.5 });
    assert.equal(real.options.lr, 0.5);
    real.dispose();
  });

  test('step, run and rewind', () => {
    for (const what of ['', 'Batch', '__proto__', 'train', null, 5, {}, [], Symbol('s'), 1n]) {
      assertRefused(() => trainer.step(what), { code: 'invalid_option', field: 'step', range: /batch, epoch, draw/ });
    }
    for (const step of [-1, 0.5, NaN, Infinity, untouched.step_count + 1, 1e300, undefined, ...notNumbers]) {
      assertRefused(() => trainer.rewind(step), {
        code: 'invalid_option',
        field: 'step',
        range: /whole number from 0 to 5/,
      });
    }
    assertRefused(() => trainer.rewind(1e300), { code: 'invalid_option', field: 'step', value: '1e300' });
    for (const most of [-1, NaN, 1.5, '6', 6n, ...notNumbers])
      assertRefused(() => trainer.firstRows(most), { code: 'invalid_option', field: 'most', range: /whole number/ });
    for (const milliseconds of [-1, NaN, Infinity, 1001, '6', 6n, ...notNumbers]) {
      assertRefused(() => trainer.run({ milliseconds }), { code: 'invalid_option', field: 'milliseconds' });
    }
    for (const until of [-1, NaN, 0.5, 1e300, '6', 6n, ...notNumbers])
      assertRefused(() => trainer.run({ until }), { code: 'invalid_option', field: 'until' });
    for (const budget of [null, 5, 'ms', true, [6], 6n, revoked()])
      assertRefused(() => trainer.run(budget), {
        code: 'invalid_option',
        field: 'options',
        range: /with milliseconds/,
      });
    assertRefused(() => trainer.run({ ms: 5 }), { code: 'invalid_option', field: 'ms', range: /one of milliseconds/ });
    assertRefused(() => trainer.run(throwing('milliseconds')), { code: 'invalid_option', field: 'milliseconds' });
  });
});
