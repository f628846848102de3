// Numbers as readers see them: in sentences, tables, readouts and at ticks, in each language; and which rows a table lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { csvText } from '../../web/src/export/csv.js';
import { pictureSvg } from '../../web/src/export/picture.js';
import { languages, translator } from '../../web/src/i18n/index.js';
import { numbersOf } from '../../web/src/i18n/numbers.js';
import { describeFit } from '../../web/src/lab/views/fit.js';
import { describeLoss } from '../../web/src/lab/views/loss.js';
import { sample } from '../../web/src/lab/views/picture.js';
import { makeTicks } from '../../web/src/lab/views/scale.js';
import { residualPrecision } from '../../web/src/lab/views/step_formulas.js';
import { makeLab } from '../support/labs.js';

const t = translator('en');

test('numbers in sentences and tables are short at every size', () => {
  assert.deepEqual(
    [0, 0.1 + 0.2, -3.4007931, 123456789, 1.21e19, -4.5e37, 3e-9, Infinity, NaN].map((value) => t.number(value)),
    ['0', '0.3', '-3.40079', '123,456,789', '1.21e19', '-4.5e37', '3e-9', '∞', '–'],
  );
  assert.deepEqual(
    [0, -0, 4.2, -12.3456, 1234.56, -99999, 99999.5, 4e-4, undefined, -Infinity].map((value) => t.cell(value)),
    ['0.0000', '0.0000', '4.2000', '-12.346', '1,234.6', '-99,999', '1e5', '4e-4', '–', '−∞'],
  );
});

test('a whole number is read as the language writes it', () => {
  const read = (/** @type {string} */ language) => (/** @type {string} */ text) => numbersOf(language).whole(text);
  assert.deepEqual(['0', '2345', '2,345', '1,000,000'].map(read('en')), [0, 2345, 2345, 1_000_000]);
  assert.deepEqual(['2.345', '1.000.000', '2345'].map(read('de')), [2345, 1_000_000, 2345]);
  for (const text of ['', '-1', '1.5', '1e2', '23,45', '2,3456', ',234', '2.345', '1234567890123456'])
    assert.ok(Number.isNaN(read('en')(text)), text);
});

test('a sample has the first and the last, evenly spaced, none twice', () => {
  assert.deepEqual(sample(3, 200), [0, 1, 2]);
  assert.deepEqual(sample(1, 200), [0]);
  for (const n of [200, 201, 3000, 1e6]) {
    const rows = sample(n, 200);
    assert.deepEqual([rows.length, rows[0], rows.at(-1), new Set(rows).size], [200, 0, n - 1, 200]);
  }
});

test('whole numbers are written in full, however large', () => {
  for (const language of /** @type {const} */ (['en', 'zh-CN'])) {
    const say = translator(language);
    assert.match(
      say('transport.position', { step: 1234567, total: 2 ** 40, epoch: 1, epochs: 2 }),
      /1,234,567.*1,099,511,627,776/,
    );
    assert.match(say('loss.noise', { loss: 0.123456789 }), /0\.123457$/);
  }
});

test('numbers below a thousand, which are written without Intl, are as Intl has them', () => {
  const digits = [1, 2, 3, 4, 6];
  const values = [999.4, 999.5, 999.9994, 999.9996, 9.9999, 1e-6, 1.5e-7, ...Array.from({ length: 1101 }, (_, i) => i)];
  // Nothing that is half-way between two of the last digit: there Intl rounds the decimals, JavaScript what the number is.
  for (let i = 1; i <= 2000; ++i) values.push((Math.sqrt(i) * 10 ** ((i % 13) - 8)) / 3);
  for (const { code } of languages) {
    const { number, cell } = numbersOf(code);
    const whole = new Intl.NumberFormat(code);
    const precise = digits.map((most) => new Intl.NumberFormat(code, { maximumSignificantDigits: most }));
    const fixed = digits.map(
      (most) => new Intl.NumberFormat(code, { minimumFractionDigits: most, maximumFractionDigits: most }),
    );
    assert.equal(number(-0), '0');
    for (const value of values.flatMap((value) => [value, -value])) {
      if (Number.isInteger(value)) assert.equal(number(value), whole.format(value + 0));
      digits.forEach((most, k) => {
        const format = Number.isInteger(value) ? whole : precise[k];
        assert.equal(number(value, most, 0, Infinity), format?.format(value + 0));
        if (Math.abs(value) < 2000) assert.equal(cell(value, 0, most), fixed[k]?.format(value + 0));
      });
    }
  }
});

test('readouts, tables and ticks are written as the language writes numbers; files and code as PyTorch does', async () => {
  const german = Object.assign((/** @type {[string]} */ ...given) => t(...given), numbersOf('de'));
  assert.deepEqual(
    [german.number(1234.5), german.cell(-0.25), german.number(1.5e-9)],
    ['1.234,5', '-0,2500', '1,5e-9'],
  );
  const lab = makeLab({ seed: 1, true_w: [2], n: 30, noise: 1 });
  lab.stepOnce('epoch');
  const picture = describeLoss(lab, german);
  assert.match(String(picture.track?.text(0)), /loss \d+,\d+/);
  assert.match(picture.summary, /from \d+,\d+ to/);
  assert.match(
    String(describeFit(lab, german, 'line', { residuals: true, squares: false }).track?.text(0)),
    /y = -?\d,\d+/,
  );
  for (const axis of /** @type {import('../../web/src/lab/views/picture.js').Axis[]} */ ([
    { label: '', scale: 'linear', domain: [0, 2] },
    { label: '', scale: 'log', domain: [0.15, 0.6] },
    { label: '', scale: 'linear', domain: [0, 3000] },
  ])) {
    const labels = (/** @type {typeof german.number} */ number) => makeTicks(axis, 4, number).map(({ label }) => label);
    assert.match(labels(german.number).join(' '), /\d,\d|\d\.000/);
    const swapped = labels(t.number).map((label) => label.replace(/[.,]/g, (sign) => (sign === '.' ? ',' : '.')));
    assert.deepEqual(labels(german.number), swapped);
  }
  const svg = pictureSvg(
    { ...picture, y: { ...picture.y, domain: [0.01, 100] }, number: german.number },
    { title: 'x', width: 800, height: 480 },
  );
  assert.match(svg, />0,1</);
  assert.match((await csvText(picture.table())).join(''), /,\d+\.\d{4,}/);
});

test('what a small residual is the difference of is written with the digits that differ', () => {
  const written = (/** @type {number} */ prediction, /** @type {number} */ label) => {
    const digits = residualPrecision(prediction, label);
    return [prediction, label].map((value) => translator('en').number(value, digits));
  };
  assert.deepEqual(written(2.1234567, 5), ['2.123', '5']);
  assert.deepEqual(written(11.062592, 10.566), ['11.063', '10.566']);
  for (const [prediction, label] of /** @type {const} */ ([
    [11.0625925, 11.0625954],
    [-0.30000001192092896, -0.29999998211860657],
    [1000.0001, 999.99],
  ])) {
    const [left, right] = written(prediction, label).map((text) => Number(text.replace(',', '')));
    const residual = prediction - label;
    assert.ok(Math.abs((Number(left) - Number(right)) / residual - 1) < 0.05, `${left} - ${right}`);
  }
  assert.equal(residualPrecision(3, 3), 4);
  assert.equal(residualPrecision(0, 0), 4);
});
