// What views decide before they draw.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { translator } from '../../web/src/i18n/index.js';
import { reductionSign } from '../../web/src/lab/views/batch_table.js';
import { schemeBehind } from '../../web/src/lab/views/canvas.js';
import { surveyOf } from '../../web/src/lab/views/survey.js';

test('a picture is dark where words are light, as the eye finds them', () => {
  for (const light of ['rgb(255, 255, 255)', 'rgba(200, 200, 200, 0.5)', 'rgb(0, 255, 0)'])
    assert.equal(schemeBehind(light), 'dark', light);
  for (const dark of ['rgb(0, 0, 0)', 'rgb(60, 60, 60)', 'rgb(0, 0, 255)', 'rgb(255, 0, 0)'])
    assert.equal(schemeBehind(dark), 'light', dark);
});

test('under the losses of a minibatch stands how they become one', () => {
  const t = translator('en');
  assert.deepEqual([reductionSign('mean', t), reductionSign('sum', t)], [t('microscope.mean'), '∑']);
  assert.notEqual(t('microscope.mean'), '∑');
});

test('a surface is asked for anew when its window, its plane or its loss is another one', () => {
  /** @type {Parameters<typeof surveyOf>} */
  const base = [{ x: 0, y: 1 }, { x: [0, 2], y: [-1, 1] }, 'optimum', { loss: 'huber', reduction: 'mean', delta: 1 }, 3]; // prettier-ignore
  const asked = (/** @type {Record<number, any>} */ other = {}) =>
    surveyOf(.../** @type {typeof base} */ (Object.assign([...base], other)));
  const options = base[3];
  const keys = [
    {},
    { 0: { x: 1, y: 0 } },
    { 1: { x: [0, 2.5], y: [-1, 1] } },
    { 1: { x: [0, 2], y: [-1, 2] } },
    { 2: 'now' },
    { 2: 'now', 4: 4 },
    { 3: { ...options, loss: 'smooth_l1' } },
    { 3: { ...options, reduction: 'sum' } },
    { 3: { ...options, delta: 2 } },
  ].map((other) => asked(other).key);
  assert.equal(new Set(keys).size, keys.length, keys.join('\n'));
  assert.equal(asked({ 4: 4 }).key, asked().key, 'through the optimum it is the same in every step');
});

test('a surface is asked for about its window, through what was chosen, somewhat further on all sides', () => {
  const loss = /** @type {const} */ ({ loss: 'mse', reduction: 'mean', delta: 1 });
  for (const at of /** @type {const} */ (['optimum', 'now'])) {
    const { plane } = surveyOf({ x: 2, y: 0 }, { x: [0, 2], y: [-10, 10] }, at, loss, 0);
    assert.deepEqual([plane.x, plane.y, plane.at], [2, 0, at]);
    const { x, y } = plane.ranges;
    assert.ok(Math.abs(Number(x[0]) + 0.4) < 1e-12 && Math.abs(Number(x[1]) - 2.4) < 1e-12, String(x));
    assert.ok(Math.abs(Number(y[0]) + 14) < 1e-12 && Math.abs(Number(y[1]) - 14) < 1e-12, String(y));
  }
});
