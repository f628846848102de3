// Where a lab's data come from: other sources, moved labels, fewer rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeLab, rest, trainerOf, until } from '../support/labs.js';

test('a label moved while a run plays: it plays on from where it was', async () => {
  const lab = makeLab({ seed: 42, true_w: [2], n: 100, epochs: 1e9 });
  lab.goTo(50_000); // more than one slice of time replays
  await rest(lab);
  lab.play();
  const { step } = lab;
  assert.equal(step, 50_000);
  lab.moveLabel(3, 50);
  lab.moveLabel(3, 51); // a hand moves on before the run is back
  assert.equal(lab.playing, true);
  assert.equal(lab.data?.labels[3], 51);
  await until(() => lab.step > step);
  assert.equal(lab.playing, true);
  lab.pause();
  const { step: paused } = lab;
  lab.moveLabel(3, 52);
  await rest(lab);
  assert.equal(lab.step, paused, 'a paused one goes back to its step, and rests');
});

test('labels moved while a run plays slowly do not hasten it, and then it plays on', async (context) => {
  let now = 0; // the clock stands still but for what a test lets pass
  context.mock.method(performance, 'now', () => now);
  const lab = makeLab({ seed: 1, n: 50, true_w: [2], epochs: 100 });
  await until(() => lab.stability.bounds);
  lab.stability.look = async () => {}; // or progress would tell of it, too
  const slice = () => new Promise((resolve) => lab.addEventListener('progress', resolve, { once: true }));
  lab.speed = 'batch';
  lab.play();
  await slice();
  const { step } = lab;
  assert.equal(step, 1, 'the first one is seen at once');
  for (let i = 1; i <= 8; ++i) {
    lab.moveLabel(3, i);
    now += 120;
    await slice();
    assert.deepEqual([lab.step, lab.playing], [step, true], `after ${now} ms`);
  }
  now += 1000;
  await slice();
  assert.equal(lab.step, step + 1);
  lab.pause();
});

test('after other data the synthetic ones are as they were', () => {
  const lab = makeLab({ seed: 42, n: 500, true_w: [1, 2, 3], batch_size: 400 });
  const before = lab.options;
  for (const source of /** @type {const} */ (['outliers', 'cars', 'sorted', 'synthetic'])) lab.changeSource(source);
  assert.deepEqual(lab.options, before);
  lab.changeSource('outliers');
  lab.change('batch_size', '7');
  lab.changeSource('synthetic');
  assert.deepEqual(lab.options, { ...before, batch_size: 7 }, 'what was changed since stays');

  const opened = makeLab({ seed: 42, batch_size: 392 }, 'cars');
  opened.changeSource('synthetic');
  const { n, true_w, batch_size } = opened.options;
  assert.deepEqual({ n, true_w, batch_size }, { n: 1000, true_w: [2, -3.4], batch_size: 392 });
});

test('a new seed makes synthetic data anew, and moved labels are those of the old ones', () => {
  const lab = makeLab({ seed: 42, n: 20, true_w: [2] });
  lab.moveLabel(0, 5);
  lab.change('seed', '7');
  assert.equal(lab.source, 'synthetic');
  assert.deepEqual(lab.data?.labels, makeLab({ seed: 7, n: 20, true_w: [2] }).data?.labels);
  const cars = makeLab({ seed: 42 }, 'cars');
  cars.moveLabel(0, 5);
  cars.change('seed', '7');
  assert.equal(cars.source, 'edited', 'no seed makes the cars');
});

test('few rows cut the minibatch only as long as they are few', () => {
  const lab = makeLab({ seed: 42 });
  lab.change('n', '5');
  assert.equal(lab.options.batch_size, 5);
  assert.deepEqual(
    lab.notices.map(({ field }) => field),
    ['batch_size'],
  );
  lab.change('lr', '0.1');
  lab.change('n', '1000');
  assert.equal(lab.options.batch_size, 10);
  assert.deepEqual(lab.notices, []);
  lab.change('n', '7');
  lab.change('batch_size', '7');
  lab.change('n', '1000');
  assert.equal(lab.options.batch_size, 7, 'what was asked for since stays');
  const few = makeLab({ seed: 42, n: 5 });
  few.change('n', '1000');
  assert.equal(few.options.batch_size, 10, 'the notebook’s, where nothing was asked for');
});

test('a moved label changes nothing else of a synthetic run', () => {
  const lab = makeLab({ seed: 4, n: 50, true_w: [2, 1] });
  const before = trainerOf(lab);
  const { initial, default_init, peek } = before;
  const y = Number(lab.data?.labels[3]);
  lab.moveLabel(3, y + 2);
  const moved = trainerOf(lab);
  assert.deepEqual([moved.initial, moved.default_init], [initial, default_init]);
  assert.deepEqual(moved.peek.rows, peek.rows);
  lab.stepOnce('epoch');
  const away = [...trainerOf(lab).weight];
  lab.moveLabel(3, y);
  lab.reset();
  lab.stepOnce('epoch');
  const again = makeLab({ seed: 4, n: 50, true_w: [2, 1] });
  again.stepOnce('epoch');
  assert.deepEqual(trainerOf(lab).weight, trainerOf(again).weight, 'to the bit');
  assert.notDeepEqual(away, [...trainerOf(again).weight]);
});

test('a moved label of the cars leaves out the same rows', () => {
  const lab = makeLab({ seed: 42 }, 'cars');
  const dropped = lab.data?.dropped;
  lab.moveLabel(0, 5);
  assert.deepEqual([dropped, lab.data?.dropped], [14, 14]);
});

test('labels that are all back where they were are no longer moved', () => {
  const lab = makeLab({ seed: 1, n: 20, true_w: [2] });
  const before = Array.from(lab.data?.labels ?? []);
  lab.moveLabel(3, 5);
  lab.moveLabel(4, 6);
  lab.moveLabel(3, 7);
  assert.deepEqual(
    lab.edited?.moved?.map(([row, to]) => [row, to]),
    [
      [4, 6],
      [3, 7],
    ],
  );
  lab.moveLabel(3, Number(before[3]));
  assert.deepEqual(lab.edited?.moved?.length, 1);
  lab.moveLabel(4, Number(before[4]));
  assert.deepEqual([lab.edited, lab.source, lab.lost], [undefined, 'synthetic', false]);
  assert.deepEqual(Array.from(lab.data?.labels ?? []), before);
});

test('data are read anew only where they are others', () => {
  const lab = makeLab({ seed: 7, n: 20, true_w: [2] });
  const { data } = lab;
  for (const [name, text] of [
    ['loss', 'l1'],
    ['lr', '0.5'],
    ['epochs', '9'],
    ['init', 'zeros'],
  ]) {
    lab.change(/** @type {import('../../web/src/options.js').OptionName} */ (name), String(text));
    assert.equal(lab.data, data, name);
  }
  for (const [name, text] of [
    ['seed', '8'],
    ['n', '21'],
    ['true_w', '3'],
    ['true_b', '1'],
    ['noise', '0.5'],
  ]) {
    const before = lab.data;
    lab.change(/** @type {import('../../web/src/options.js').OptionName} */ (name), String(text));
    assert.notEqual(lab.data, before, name);
    assert.deepEqual(lab.data?.labels, lab.trainer?.dataset.labels, name);
  }
  const drawn = lab.data;
  lab.moveLabel(3, 51);
  assert.equal(lab.data?.labels[3], 51);
  lab.restoreData();
  assert.deepEqual(lab.data?.labels, drawn?.labels);
  lab.changeSource('cars');
  const cars = lab.data;
  lab.change('loss', 'huber');
  assert.equal(lab.data, cars);
  lab.changeSource('synthetic');
  assert.equal(lab.data?.d, 1);
});
