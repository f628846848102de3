// The page and the core accept the same values: what stands in both, in limits.js and options.js and in C++, is compared.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LinregError } from '../../web/src/engine.js';
import { maxCells, maxFeatures, maxRows } from '../../web/src/limits.js';
import { loadWasm } from '../../web/src/load_wasm.js';
import { checkOptions, defaultOptions, optionTable } from '../../web/src/options.js';

const { module } = await loadWasm({ simd: true });

/** What the core says to options or data that nothing else has checked: undefined, or its error. */
function coreRefuses(options, data) {
  const { trainer, error } = module.create_trainer({ ...defaultOptions(), n: 20, ...options }, data);
  trainer?.delete();
  return error;
}

/** The same for the page's check, which counts the features in a row by their names. */
function pageRefuses({ data, ...options }) {
  const { d, ...given } = data ?? {};
  try {
    checkOptions({ n: 20, ...options, ...(data && { data: given }) });
  } catch (error) {
    assert.ok(error instanceof LinregError, `not a LinregError: ${error}`);
    return error;
  }
}

function assertAgree(options) {
  const core = coreRefuses(options);
  const page = pageRefuses(options);
  const text = JSON.stringify(options, (_, value) => (typeof value === 'number' ? String(value) : value)).slice(0, 200);
  assert.equal(core?.field, page?.field, text);
  assert.equal(core?.code, page?.code, text);
}

const probes = [0, -0, 1, -1, 0.5, 0.03, 2, 1e-30, -1e-30, 5e-324, -5e-324, 1e30, -1e30, 1e30 * (1 + 2 ** -52), -1e31, NaN, Infinity, -Infinity, 1 - 2 ** -53, 2 ** 53 - 1]; // prettier-ignore

/** Where large ones would need much memory. @type {Record<string, number[]>} */
const wholes = { n: [0, 1, 1_000_001] };

for (const { name, kind, choices } of optionTable) {
  if (name === 'standardize' || name === 'nesterov' || kind === 'boolean') continue; // no values to compare
  test(`option ${name}`, () => {
    if (kind === 'number') for (const value of probes) assertAgree({ [name]: value });
    if (kind === 'numbers') for (const value of probes) assertAgree({ [name]: [1, value] });
    if (kind === 'choice') for (const value of [...choices, 'other', '']) assertAgree({ [name]: value });
    if (kind === 'integer')
      for (const value of wholes[name] ?? [0, 1, 2 ** 53 - 1, 2 ** 53, 1e18, 2 ** 64]) assertAgree({ [name]: value });
  });
}

test('options that only make sense together', () => {
  for (const optimizer of ['sgd', 'adam']) {
    for (const momentum of [0, 0.5]) assertAgree({ nesterov: true, optimizer, momentum });
  }
});

test('ranges are worded alike', () => {
  const outside = {
    seed: 2 ** 53,
    true_b: NaN,
    n: 0,
    noise: -1,
    batch_size: 0,
    init_std: -1,
    delta: 0,
    lr: -1,
    momentum: 1,
    weight_decay: -1,
    epochs: 0,
  };
  for (const [name, value] of Object.entries(outside)) {
    assert.equal(coreRefuses({ [name]: value }).range, pageRefuses({ [name]: value }).range, name);
  }
});

test('rows, features and cells of synthetic data', () => {
  const w = (d) => Array(d).fill(1);
  const rows = maxCells / maxFeatures;
  for (const options of [
    { true_w: w(maxFeatures) },
    { true_w: w(maxFeatures + 1) },
    { true_w: [] },
    { n: maxRows + 1 },
    { n: 2 ** 32 },
    { n: rows + 1, true_w: w(maxFeatures) },
  ]) {
    assertAgree(options);
  }
  assert.equal(coreRefuses({ n: maxRows }), undefined);
  assert.equal(pageRefuses({ n: maxRows }), undefined);
  assert.equal(coreRefuses({ n: rows, true_w: w(maxFeatures) }), undefined);
  assert.equal(pageRefuses({ n: rows, true_w: w(maxFeatures) }), undefined);
});

test('rows, features and cells of real data', () => {
  const data = (n, d) => ({
    features: new Float64Array(n * d),
    labels: new Float64Array(n),
    d,
    names: Array(d).fill('x'),
  });
  const fails = (n, d) => coreRefuses({}, data(n, d));
  assert.equal(fails(maxRows, 1), undefined);
  assert.equal(fails(maxRows + 1, 1).field, 'labels');
  assert.equal(fails(3, maxFeatures), undefined);
  assert.equal(fails(3, maxFeatures + 1).field, 'd');
  assert.equal(
    coreRefuses({}, { ...data(1, 1), labels: new Float64Array(maxCells / maxFeatures + 1), d: maxFeatures }).code,
    'out_of_memory',
  );
  assert.equal(pageRefuses({ data: data(maxRows, 1) }), undefined);
  assert.equal(pageRefuses({ data: data(maxRows + 1, 1) }).field, 'labels');
  assert.equal(pageRefuses({ data: data(3, maxFeatures) }), undefined);
  assert.equal(pageRefuses({ data: data(3, maxFeatures + 1) }).field, 'names');
});

test('cells of real data', () => {
  const bad = (value) => ({ features: Float64Array.of(1, value), labels: [1, 2], d: 1, names: ['x'] });
  for (const value of [1e307, -1e307, 1.0000001e307, -1e308, NaN, Infinity]) {
    const core = coreRefuses({ standardize: true }, bad(value));
    const page = pageRefuses({ standardize: true, data: bad(value) });
    assert.equal(core?.field, page?.field, String(value));
    assert.equal(core?.range, page?.range, String(value));
  }
});
