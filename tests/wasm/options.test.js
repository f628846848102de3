// The option table: what it accepts, what it refuses and in which words, and that text goes both ways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinregError } from '../../web/src/errors.js';
import {
  checkOptions,
  defaultOptions,
  findOption,
  formatOption,
  optionNames,
  optionTable,
  parseOption,
} from '../../web/src/options.js';

/** The error that a call throws. @param {() => unknown} call @returns {LinregError} */
function refused(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof LinregError, String(error));
    assert.ok(error.value.length <= 40);
    assert.ok(error.message.length < 400);
    return error;
  }
  return assert.fail('nothing was refused');
}

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

/** Every option with values inside its range, edges first. @type {Record<string, unknown[]>} */
const accepted = {
  seed: [0, 2 ** 53 - 1, 42],
  true_w: [[1e30, -1e30], [0], Array(256).fill(1), Float32Array.of(1, 2), new Int8Array([1])],
  true_b: [-1e30, 1e30, -0, 5e-324],
  n: [10, 1_000_000],
  noise: [0, 1e30],
  batch_size: [1, 10],
  init_std: [0, 1e30],
  delta: [5e-324, 1e30],
  lr: [1e30, 1e-20],
  momentum: [0, 0.999999999],
  weight_decay: [0, 1e30],
  epochs: [1, 2 ** 53 - 1, 1e12],
  init: ['normal', 'default', 'zeros'],
  loss: ['mse', 'l1', 'huber', 'smooth_l1'],
  reduction: ['mean', 'sum'],
  optimizer: ['sgd', 'adam'],
  shuffle: [true, false],
  drop_last: [true, false],
};

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
    assert.match(notices[0]?.message ?? '', /is more than the 1000 rows there are: every batch is all of them$/);
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

test('every value goes to text and back', () => {
  for (const [name, values] of Object.entries(accepted)) {
    for (const value of values) {
      const checked = checkOptions({ [name]: value }).options[name];
      assert.deepEqual(parseOption(name, formatOption(checked)), checked, `${name}: ${formatOption(checked)}`);
    }
  }
});

test('text is read strictly', () => {
  for (const text of ['1', '+1', ' 1 ', '1.', '1.0', '1e0', '10e-1', '.1E+1', '01'])
    assert.equal(parseOption('lr', text), 1, text);
  for (const text of [
    '',
    ' ',
    'abc',
    '0,1',
    'NaN',
    'Infinity',
    '1e400',
    '0x1',
    '1_000',
    '1e',
    'e1',
    '.',
    '--1',
    '1 2',
    '１',
    '−1',
    '50%',
    '1n',
    '9'.repeat(500),
  ]) {
    const error = refused(() => parseOption('lr', text));
    assert.equal(error.field, 'lr');
    assert.equal(error.range, 'a finite number from 0 to 1e30');
  }
  for (const text of ['1,2', '[1, 2]', ' 1 ,2 ']) assert.deepEqual(parseOption('true_w', text), [1, 2], text);
  for (const text of ['', '[]', '1,', ',1', '1,,2', '1;2', '1 2', '[1', 'a'])
    assert.equal(refused(() => parseOption('true_w', text)).field, 'true_w');
  for (const [text, value] of /** @type {const} */ ([
    ['true', true],
    ['True', true],
    ['false', false],
  ]))
    assert.equal(parseOption('shuffle', text), value);
  for (const text of ['', '1', 'yes', 'constructor'])
    assert.equal(refused(() => parseOption('shuffle', text)).field, 'shuffle');
  assert.equal(refused(() => parseOption('foo', '1')).field, 'foo');
});

test('a megabyte of text is refused at once', () => {
  const start = performance.now();
  refused(() => parseOption('lr', '1'.repeat(1e6)));
  refused(() => parseOption('lr', '1e'.repeat(5e5)));
  refused(() => checkOptions({ true_w: parseOption('true_w', '1,'.repeat(5e5) + '1') }));
  assert.ok(performance.now() - start < 200);
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

const cars = {
  features: [130, 3504, 165, 3693, 150, 3436],
  labels: Float64Array.of(18, 15, 18),
  names: ['Horsepower', 'Weight_in_lbs'],
};

test('real data give n, and are copied', () => {
  const { options, data, notices } = checkOptions({ data: cars, standardize: true });
  assert.equal(options.n, 3);
  assert.equal(options.batch_size, 3);
  assert.equal(notices.length, 1);
  assert.equal(data?.d, 2);
  assert.deepEqual(Array.from(data?.features ?? []), cars.features);
  cars.labels[0] = 99;
  assert.equal(data?.labels[0], 18);
  cars.labels[0] = 18;
  assert.deepEqual(checkOptions({ data: { features: [1, 2], labels: [3, 4] } }).data?.names, ['x1']);
});

/** @type {[string, unknown, string][]} what, data, field */
const badData = [
  ['nothing', null, 'data'],
  ['a number', 3, 'data'],
  ['no labels', { ...cars, labels: undefined }, 'labels'],
  ['no rows', { ...cars, labels: [] }, 'labels'],
  ['no features', { ...cars, features: undefined }, 'features'],
  ['a wrong width', { ...cars, features: [1, 2, 3] }, 'features'],
  ['NaN', { ...cars, features: [1, 2, 3, 4, 5, NaN] }, 'features[2][1]'],
  ['text', { ...cars, features: [1, 2, '3', 4, 5, 6] }, 'features[1][0]'],
  ['a hole', { ...cars, labels: [1, , 3] }, 'labels[1]'],
  ['over 1e307', { ...cars, labels: [1, 2, 1e308] }, 'labels[2]'],
  ['BigInt', { ...cars, labels: new BigInt64Array(3) }, 'labels[0]'],
  ['no names', { ...cars, names: [] }, 'names'],
  ['names that are none', { ...cars, names: ['x', 1] }, 'names[1]'],
  ['too many names', { ...cars, names: Array(257).fill('x') }, 'names'],
  [
    'a getter that throws',
    {
      ...cars,
      get labels() {
        throw new Error('no');
      },
    },
    'labels',
  ],
];

for (const [what, data, field] of badData) {
  test(`real data with ${what} are refused`, () => {
    const error = refused(() => checkOptions({ data }));
    assert.equal(error.code, 'invalid_data');
    assert.equal(error.field, field);
  });
}

test('a detached buffer is refused', () => {
  const labels = new Float64Array(3);
  structuredClone(labels, { transfer: [labels.buffer] });
  assert.equal(refused(() => checkOptions({ data: { ...cars, labels } })).field, 'labels');
});
