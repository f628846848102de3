// The pictures of the fit: lines through the parameters, and what is read of a row.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { translator } from '../../web/src/i18n/index.js';
import { describeFit } from '../../web/src/lab/views/fit.js';
import { makeLab, trainerOf } from '../support/labs.js';
import { mark } from '../support/pictures.js';

/** @typedef {import('../../web/src/lab/lab.js').LabData} LabData */

const t = translator('en');
const how = { residuals: true, squares: false };

/** One feature, noise and a step. */
function fitted() {
  const lab = makeLab({ seed: 1, true_w: [2], n: 40, noise: 1 });
  lab.stepOnce('batch');
  return lab;
}

test('the line is the model’s, and of a row one reads how far off it is', () => {
  const lab = fitted();
  const { weight, bias } = trainerOf(lab).coefficients;
  const picture = describeFit(lab, t, 'line', how);
  const line = mark(picture, 'fit');
  const model = (/** @type {number} */ x) => x * Number(weight[0]) + bias;
  assert.deepEqual(Array.from(line.y), Array.from(line.x, model));
  const [row] = /** @type {any} */ (picture.track).rows;
  const [, y, predicted, off] = picture.table().row(Number(row)).map(Number);
  assert.equal(off, Number(predicted) - Number(y));
  const text = String(picture.track?.text(0));
  assert.ok(text.includes(`off by ${t.number(Number(off), 4)}`), text);
});

test('predictions that are right lie where both axes are equal', () => {
  const ideal = mark(describeFit(fitted(), t, 'predicted', how), 'ideal');
  assert.deepEqual(ideal.x, ideal.y);
});

test('the rows of the minibatch are marked in every picture', () => {
  const lab = fitted();
  const { length } = /** @type {any} */ (trainerOf(lab).batch).rows;
  for (const kind of /** @type {const} */ (['line', 'predicted', 'partial 0']))
    assert.equal(mark(describeFit(lab, t, kind, how), 'batch').x.length, length, kind);
});

test('in space, seen from above, what is above the plane is painted over it', () => {
  const lab = makeLab({ seed: 42, n: 200, noise: 3, epochs: 20 });
  trainerOf(lab).train();
  const view = { azimuth: 0, elevation: 1.4 };
  const picture = describeFit(lab, t, 'space', { ...how, residuals: false, view });
  const [far, near] = /** @type {any[]} */ (
    picture.marks.filter(({ tone, kind }) => tone === 'data' && kind === 'points')
  );
  const { features, labels } = /** @type {LabData} */ (lab.data);
  const { weight, bias } = trainerOf(lab).coefficients;
  const plane = (/** @type {number} */ i) =>
    Number(features[2 * i]) * Number(weight[0]) + Number(features[2 * i + 1]) * Number(weight[1]) + bias;
  const above = Array.from(labels).filter((y, i) => y >= plane(i)).length;
  assert.ok(above > 0 && above < 200);
  assert.deepEqual([near.x.length, far.x.length], [above, 200 - above]);
});
