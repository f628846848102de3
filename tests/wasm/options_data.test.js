// Real data among the options: checked, copied, refused by the cell.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkOptions } from '../../web/src/options.js';
import { refused } from '../support/refused.js';

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
  ['drawn that is no boolean', { ...cars, drawn: 1 }, 'drawn'],
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
