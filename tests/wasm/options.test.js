// The option table: what it accepts, what it refuses and in which words.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkOptions, defaultOptions, findOption, optionNames, optionTable } from '../../web/src/options.js';
import { accepted, refused } from '../support/refused.js';

test('the defaults are the notebook’s', () => {
  assert.deepEqual(checkOptions().options, {
    seed: 0,
    true_w: [2, -3.4],
    true_b: 4.2,
    n: 1000,
    noise: 0.01,
    standardize: false,
    batch_size: 10,
    shuffle: true,
    drop_last: false,
    init: 'normal',
    init_std: 0.01,
    loss: 'mse',
    reduction: 'mean',
    delta: 1,
    optimizer: 'sgd',
    lr: 0.03,
    momentum: 0,
    nesterov: false,
    weight_decay: 0,
    epochs: 3,
  });
  assert.deepEqual(checkOptions().notices, []);
  assert.deepEqual(checkOptions({ lr: undefined }).options, defaultOptions());
});

test('what is returned is a copy', () => {
  const true_w = [1, 2];
  const { options } = checkOptions({ true_w });
  options.true_w[0] = 7;
  assert.deepEqual(true_w, [1, 2]);
  defaultOptions().true_w[0] = 7;
  assert.deepEqual(defaultOptions().true_w, [2, -3.4]);
});

test('a given base is completed, not the defaults', () => {
  const base = checkOptions({ lr: 0.5, epochs: 7 }).options;
  assert.deepEqual(checkOptions({ epochs: 8 }, base).options, { ...base, epochs: 8 });
});

for (const [name, values] of Object.entries(accepted)) {
  test(`${name} accepts its range`, () => {
    for (const value of values) {
      const { options, notices } = checkOptions({ [name]: value });
      assert.deepEqual(
        options[name],
        Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value) : value === 0 ? 0 : value,
      );
      assert.ok(!Object.is(options[name], -0));
      assert.deepEqual(notices, []);
    }
  });
}

const notNumbers = [
  null,
  '1',
  '',
  true,
  {},
  [],
  [1],
  () => 1,
  Symbol('x'),
  1n,
  NaN,
  Infinity,
  -Infinity,
  new Date(),
  new Number(1),
];
/** Every option with values outside its range. @type {Record<string, unknown[]>} */
const outside = {
  seed: [-1, 1.5, 2 ** 53, ...notNumbers],
  true_w: [
    null,
    1,
    '1,2',
    {},
    [],
    [NaN],
    [1, , 2],
    [null],
    ['1'],
    [[1]],
    [1n],
    [1e31],
    Array(257).fill(1),
    Array(1e9),
    new BigInt64Array(1),
    new DataView(new ArrayBuffer(8)),
  ],
  true_b: [1e31, -1e31, ...notNumbers],
  n: [0, -1, 1.5, 1_000_001, 2 ** 32 + 1, 1e18, ...notNumbers],
  noise: [-1e-300, 1e31, ...notNumbers],
  batch_size: [0, -1, 1.5, ...notNumbers],
  init_std: [-1, ...notNumbers],
  delta: [0, -1, 1e31, ...notNumbers],
  lr: [-1, -1e-300, 1e31, ...notNumbers],
  momentum: [1, 1.5, -0.1, ...notNumbers],
  weight_decay: [-1, ...notNumbers],
  epochs: [0, -1, 1.5, 2 ** 53, ...notNumbers],
  init: [null, '', 'Normal', 'constructor', 0, {}, ['normal']],
  loss: ['MSE', '__proto__', 1, null],
  reduction: ['none', null],
  optimizer: ['rmsprop', null],
  shuffle: [0, 1, 'true', null, {}],
  drop_last: ['false', null],
  standardize: ['x', null],
};

for (const [name, values] of Object.entries(outside)) {
  test(`${name} refuses what is outside`, () => {
    for (const value of values) {
      const error = refused(() => checkOptions({ [name]: value }));
      assert.equal(error.code, 'invalid_option');
      assert.equal(error.field, name);
      assert.ok(error.message.startsWith(`${name} must be ${error.range}, got `), error.message);
    }
  });
}

test('the message names field, range and value', () => {
  assert.equal(refused(() => checkOptions({ lr: -1 })).message, 'lr must be a finite number from 0 to 1e30, got -1');
  assert.equal(
    refused(() => checkOptions({ batch_size: 1.5 })).message,
    'batch_size must be a whole number of at least 1, got 1.5',
  );
  assert.equal(
    refused(() => checkOptions({ momentum: 1 })).message,
    'momentum must be a number from 0 up to, but not including, 1, got 1',
  );
  assert.equal(
    refused(() => checkOptions({ loss: 'mae' })).message,
    'loss must be one of mse, l1, huber, smooth_l1, got "mae"',
  );
  assert.match(refused(() => checkOptions({ true_w: [1, , 3] })).message, /got true_w\[1\] = undefined$/);
  assert.equal(refused(() => checkOptions({ lr: 'x'.repeat(1e6) })).value.length, 40);
});

test('unknown names are refused, and nothing is polluted', () => {
  for (const given of [
    { foo: 1 },
    JSON.parse('{"__proto__": {"lr": 1}}'),
    { constructor: 1 },
    { toString: 1 },
    { [Symbol('lr')]: 1 },
    { ['x'.repeat(1e5)]: 1 },
  ]) {
    const error = refused(() => checkOptions(given));
    assert.equal(error.code, 'invalid_option');
    assert.ok(error.field.length <= 40);
    assert.match(error.message, /^there is no option "/);
  }
  assert.equal(/** @type {any} */ ({}).lr, undefined);
});

test('what is no object of options is refused', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const hostile = new Proxy({}, { ownKeys: () => assert.fail('not again') });
  for (const given of [null, 1, 'lr=1', [], [1], () => 1, 1n, revoked.proxy, hostile]) {
    assert.equal(refused(() => checkOptions(given)).field, 'options');
  }
});

test('getters that throw are named, and each value is read once', () => {
  const error = refused(() =>
    checkOptions({
      get lr() {
        throw new Error('no');
      },
    }),
  );
  assert.equal(error.field, 'lr');
  assert.match(error.message, /reading it failed$/);
  const list = new Proxy([1, 2], {
    get: (target, key) => (key === '1' ? assert.fail('no') : Reflect.get(target, key)),
  });
  assert.equal(refused(() => checkOptions({ true_w: list })).field, 'true_w');
  let reads = 0;
  checkOptions({
    get lr() {
      return (reads += 1);
    },
  });
  assert.equal(reads, 1);
});

test('deep nesting does no harm', () => {
  /** @type {unknown} */
  let deep = 1;
  for (let i = 0; i < 1e5; ++i) deep = [deep];
  assert.equal(refused(() => checkOptions({ lr: deep })).field, 'lr');
  assert.equal(refused(() => checkOptions({ true_w: deep })).field, 'true_w');
});

test('options are also checked together', () => {
  assert.equal(refused(() => checkOptions({ nesterov: true })).field, 'nesterov');
  assert.equal(refused(() => checkOptions({ nesterov: true, momentum: 0.9, optimizer: 'adam' })).field, 'nesterov');
  assert.ok(checkOptions({ nesterov: true, momentum: 0.9 }).options.nesterov);
  assert.equal(refused(() => checkOptions({ standardize: true })).field, 'standardize');
  assert.equal(refused(() => checkOptions({ n: 1_000_000, true_w: Array(17).fill(1) })).field, 'n');
  assert.equal(checkOptions({ n: 1_000_000, true_w: Array(16).fill(1) }).options.n, 1_000_000);
});

test('beta is delta', () => {
  assert.equal(checkOptions({ beta: 2 }).options.delta, 2);
  assert.equal(refused(() => checkOptions({ beta: -1 })).field, 'delta');
  assert.equal(refused(() => checkOptions({ beta: 2, delta: 2 })).field, 'beta');
});

test('a batch over n is clamped with a notice, without wrapping round', () => {
  for (const batch_size of [1001, 2 ** 31, 2 ** 32 + 1, 1e18]) {
    const { options, notices } = checkOptions({ batch_size });
    assert.equal(options.batch_size, 1000);
    assert.deepEqual(
      notices.map(({ field }) => field),
      ['batch_size'],
    );
    assert.match(notices[0]?.message ?? '', /is more than there are rows \(1000\): every minibatch holds all of them$/);
  }
  // With drop_last PyTorch drops the only batch, and so do we.
  const { options, notices } = checkOptions({ batch_size: 1e18, drop_last: true });
  assert.equal(options.batch_size, 1e18);
  assert.match(notices[0]?.message ?? '', /nothing trains$/);
});

test('a learning rate that changes nothing is noticed', () => {
  for (const lr of [0, -0, 1e-30])
    assert.deepEqual(
      checkOptions({ lr }).notices.map(({ field }) => field),
      ['lr'],
    );
});

test('the table is whole and frozen', () => {
  assert.equal(new Set(optionNames).size, optionTable.length);
  for (const entry of optionTable) {
    assert.ok(Object.isFrozen(entry));
    assert.ok(entry.accepts(Array.isArray(entry.default) ? [...entry.default] : entry.default), entry.name);
    assert.equal(findOption(entry.name), entry);
  }
  assert.deepEqual(
    optionTable
      .filter(({ live }) => live)
      .map(({ name }) => name)
      .sort(),
    [
      'batch_size',
      'delta',
      'drop_last',
      'epochs',
      'loss',
      'lr',
      'momentum',
      'nesterov',
      'reduction',
      'shuffle',
      'weight_decay',
    ],
  );
});
