// The plane of two parameters: its picture's numbers against the loss computed here, and its window.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loadEngine } from '../../web/src/engine.js';
import { translator } from '../../web/src/i18n/index.js';
import { lossContours } from '../../web/src/lab/views/contours.js';
import { describePlane } from '../../web/src/lab/views/plane_picture.js';
import { PlaneWindow } from '../../web/src/lab/views/plane_window.js';
import { valley } from '../../web/src/lab/views/valley.js';
import { meanSquare } from '../support/mean_square.js';

const t = translator('en');
const engine = await loadEngine();
const window = { x: [-1, 3], y: [-5, 1] };

/** @param {number} got @param {number} wanted @param {number} digits after the point that are the same */
const assertNear = (got, wanted, digits) =>
  assert.ok(Math.abs(got - wanted) < 10 ** -digits / 2, `${got}, not ${wanted}`);

/** The picture of a trainer's run over weights 1 and 2. */
function picture(trainer, given = {}, more = {}) {
  const { options, dataset, step_count: step, optimum, curvature } = trainer;
  const from = { base: 'synthetic', alterations: [], pins: { list: [] } };
  const lab = { trainer, options, data: dataset, step, ...from, ...more };
  const plane = { x: 0, y: 1 };
  const surface = {
    ...trainer.lossSurface({ ...plane, width: 80, height: 80, ranges: window }),
    width: 80,
    height: 80,
  };
  const ground = { surface, areas: lossContours(surface, optimum.loss), plane };
  const facts = { loss: trainer.loss(), full: trainer.full_gradient };
  const names = ['w x1', 'w x2', 'b'];
  const described = describePlane(lab, t, {
    plane,
    names,
    window,
    ground,
    points: undefined,
    optimum,
    curvature,
    facts,
    path: trainer.history.path,
    ...given,
  });
  const mark = (tone) => described.picture.marks.find((found) => found.tone === tone);
  return { ...described, mark, ground };
}

test('every point of a contour has the contour’s loss, and contours nest', () => {
  const trainer = engine.createTrainer({ seed: 42, noise: 0.5 });
  const { bias, loss } = trainer.optimum;
  const { ground } = picture(trainer);
  assert.ok(ground.areas.length > 6);
  const values = ground.areas.map(({ value }) => value);
  assert.deepEqual(
    values,
    [...values].sort((a, b) => b - a),
  );
  let checked = 0;
  for (const { value, rings } of ground.areas.slice(0, 6)) {
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i += 2) {
        const [x, y] = [ring[i], ring[i + 1]];
        if (x < -0.9 || x > 2.9 || y < -4.9 || y > 0.9) continue; // areas are closed along the grid's edge
        const excess = meanSquare(trainer.dataset, [x, y, bias]) - loss;
        assert.ok(Math.abs(excess / (value - loss) - 1) < 0.05); // as far as a grid of 80 points tells
        checked += 1;
      }
    }
  }
  assert.ok(checked > 200);
  trainer.dispose();
});

test('a flat surface, and one of huge losses, have contours without a NaN', () => {
  const surface = { width: 4, height: 4, x: 0, y: 1, ranges: { x: [0, 1], y: [0, 1] } };
  assert.deepEqual(lossContours({ ...surface, values: new Float64Array(16).fill(2) }, 2), []);
  const huge = lossContours(
    { ...surface, values: Float64Array.from({ length: 16 }, (_, i) => (i === 5 ? 0 : Number.MAX_VALUE)) },
    0,
  );
  assert.ok(huge.length > 0);
  for (const { value, rings } of huge) {
    assert.equal(Number.isFinite(value), true);
    assert.equal(rings.flat().every(Number.isFinite), true);
  }
});

test('path, optimum, truth and present are the trainer’s', () => {
  const trainer = engine.createTrainer({ seed: 42 });
  trainer.step('epoch');
  const { mark, picture: described } = picture(trainer);
  const { path } = trainer.history;
  assert.equal(mark('path').x.length, 101);
  for (const i of [0, 7, 100])
    assert.deepEqual([mark('path').x[i], mark('path').y[i]], [path.weight[2 * i], path.weight[2 * i + 1]]);
  assert.deepEqual([mark('now').x[0], mark('now').y[0]], [...trainer.weight]);
  assert.deepEqual([mark('optimum').x[0], mark('optimum').y[0]], [...trainer.optimum.weight]);
  assert.deepEqual([mark('truth').x[0], mark('truth').y[0]], [2, -3.4]);
  const table = described.table();
  assert.equal(table.length, 101);
  assert.deepEqual(table.row(100), [100, trainer.weight[0], trainer.weight[1]]);
  trainer.dispose();
});

for (const options of [
  {},
  { momentum: 0.9, nesterov: true, weight_decay: 0.1 },
  { optimizer: 'adam' },
  { reduction: 'sum', lr: 0.003 },
]) {
  test(`the step at hand and its gradients: ${JSON.stringify(options)}`, () => {
    const trainer = engine.createTrainer({ seed: 42, ...options });
    trainer.step('batch');
    trainer.step('batch');
    trainer.step('draw');
    for (const tone of ['gradient', 'next']) assert.equal(picture(trainer).mark(tone).x0.length, 0);
    const early = ['forward', 'zero_grad'].map((part) => {
      trainer.step(/** @type {'forward'} */ (part));
      return picture(trainer).mark;
    });
    trainer.step('backward');
    const { mark } = picture(trainer);
    // From forward on the step can be told.
    for (const before of early)
      for (const tone of ['gradient', 'next'])
        for (const end of /** @type {const} */ (['x1', 'y1'])) assertNear(before(tone)[end][0], mark(tone)[end][0], 4);
    const vector = ({ x0, y0, x1, y1 }) => [x1[0] - x0[0], y1[0] - y0[0]];
    const { weight: g } = trainer.gradient;
    const { weight: full } = trainer.full_gradient;
    const own = vector(mark('gradient'));
    const all = vector(mark('full_gradient'));
    assertNear(own[0] * g[1], own[1] * g[0], 5); // the same line
    assert.ok(own[0] * g[0] + own[1] * g[1] < 0); // downhill
    assert.ok(all[0] * full[0] + all[1] * full[1] < 0);
    // Both arrows have one scale; a sum counts as many rows as the minibatch has.
    const rows = options.reduction === 'sum' ? 10 / 1000 : 1;
    assertNear(all[0] / (full[0] * rows), own[0] / g[0], 4);
    const longer = Math.max(...[own, all].map(([x, y]) => Math.hypot(x / 4, y / 6)));
    assertNear(longer, 0.22, 5);

    const foretold = mark('next');
    trainer.step('step');
    assertNear(foretold.x1[0], trainer.weight[0], 5);
    assertNear(foretold.y1[0], trainer.weight[1], 5);
    const done = picture(trainer).mark('next');
    assert.deepEqual([foretold.label, done.label], ['the step to come', 'the step just done']);
    assert.deepEqual([done.x1[0], done.y1[0]], [...trainer.weight]);
    assert.deepEqual(done.x0, foretold.x0);
    trainer.dispose();
  });
}

test('where zero_grad is forgotten, the arrow is that of the pile, before backward too', () => {
  const trainer = engine.createTrainer({ seed: 42 });
  trainer.step('batch');
  trainer.step('draw');
  trainer.step('forward');
  const told = picture(trainer, {}, { forgetsZeroGrad: true }).mark('gradient');
  const fresh = picture(trainer).mark('gradient');
  trainer.step('backward');
  const piled = picture(trainer).mark('gradient');
  assertNear(told.x1[0], piled.x1[0], 4);
  assert.ok(Math.abs(fresh.x1[0] - piled.x1[0]) > 1e-3);
  trainer.dispose();
});

test('pinned paths are those runs’ own parameters; of other data there are none', () => {
  const pinned = engine.createTrainer({ seed: 42, lr: 0.1 });
  pinned.step('epoch');
  const trainer = engine.createTrainer({ seed: 42 });
  const { options, history } = pinned;
  const pin = {
    number: 1,
    tone: 'pin1',
    options,
    base: 'synthetic',
    alterations: [],
    step: 100,
    history,
  };
  const others = [
    { ...pin, tone: 'pin2', base: 'cars' },
    { ...pin, tone: 'pin3', options: { ...options, standardize: true } },
    { ...pin, tone: 'pin4', history: engine.createTrainer({ seed: 1, true_w: [1] }).history },
  ];
  const { mark } = picture(trainer, { plane: { x: 2, y: 0 } }, { pins: { list: [pin, ...others] } });
  const { path } = pinned.history;
  assert.deepEqual([mark('pin1').kind, mark('pin1').label], ['line', '1: lr 0.1 → 0.03']);
  assert.deepEqual([...mark('pin1').x], [...path.bias]);
  assert.deepEqual(
    [...mark('pin1').y],
    [...path.weight].filter((_, i) => i % 2 === 0),
  );
  for (const tone of ['pin2', 'pin3', 'pin4']) assert.equal(mark(tone), undefined);

  // Moved labels leave the parameters what they are, but for data that are scaled.
  const edited = { ...pin, alterations: [{ name: 'labels', from: 0, value: {} }] };
  assert.notEqual(picture(trainer, {}, { pins: { list: [edited] } }).mark('pin1'), undefined);
  const scaled = { options: { ...trainer.options, standardize: true } };
  const ofScaled = (/** @type {object} */ pin) =>
    picture(trainer, {}, { ...scaled, pins: { list: [{ ...pin, ...scaled }] } }).mark('pin1');
  assert.notEqual(ofScaled(pin), undefined);
  assert.equal(ofScaled(edited), undefined);
  pinned.dispose();
  trainer.dispose();
});

test('the valley is a line of equal loss, the bar fits as long as descent on all data converges', () => {
  const options = { seed: 3, n: 50, true_w: [1, -2], batch_size: 50, shuffle: false, epochs: 400 };
  const probe = engine.createTrainer(options);
  const { optimum, curvature, dataset } = probe;
  const bound = curvature.largest_stable_lr;
  const at = { x: optimum.weight[0], y: optimum.weight[1] };
  const { ellipse } = valley(curvature, { x: 0, y: 1 }, at, 0.3, probe.options);
  const losses = ellipse.x.map((x, i) => meanSquare(dataset, [x, ellipse.y[i], optimum.bias]) - optimum.loss);
  for (const excess of losses) assertNear(excess / losses[0], 1, 3);
  const across = ellipse.x.map((x, i) => Math.hypot(x - at.x, ellipse.y[i] - at.y));
  assertNear(Math.min(...across), 0.3, 6);
  probe.dispose();

  // One feature: its plane is all there is, so the bar tells of the run itself.
  for (const [share, fits] of /** @type {const} */ ([
    [0.97, true],
    [1.03, false],
  ])) {
    const one = { ...options, true_w: [2] };
    const trial = engine.createTrainer(one);
    const lr = share * trial.curvature.largest_stable_lr;
    const found = valley(trial.curvature, { x: 0, y: 1 }, { x: 0, y: 0 }, 1, { ...trial.options, lr });
    assert.equal(lr < found.bearable, fits);
    const { x0, y0, x1, y1 } = found.bar;
    assert.equal(Math.hypot(x1 - x0, y1 - y0) / 2 < 1, fits);
    trial.dispose();
    const run = engine.createTrainer({ ...one, lr });
    const first = run.loss();
    run.train();
    assert.equal(run.status === 'finished' && run.loss() < first, fits);
    run.dispose();
  }
  assert.ok(bound > 0);
});

test('the window holds what it should, keeps still while it does, and goes there in steps', () => {
  const view = new PlaneWindow();
  const path = { x: [0, 1, 2], y: [0, 1, 1.5] };
  const marks = { x: [2, 4], y: [1.5, 3] };
  const holds = (range, value) => range[0] < value && value < range[1];
  assert.equal(view.follow(path, marks, 1, true), true);
  for (const x of [0, 4]) assert.equal(holds(view.target.x, x), true);
  assertNear(view.target.x[1] - view.target.x[0], view.target.y[1] - view.target.y[0], 9);
  assert.equal(view.arrived, true);
  assert.equal(view.follow({ x: [0, 1, 3], y: [0, 1, 2] }, marks, 1, false), false);
  assert.equal(view.follow({ x: [0, 1, 30], y: [0, 1, 2] }, marks, 1, false), true);
  const before = view.now;
  view.advance(false);
  assert.ok(view.now.x[1] > before.x[1]);
  assert.equal(view.arrived, false);
  for (let i = 0; i < 60; ++i) view.advance(false);
  assert.equal(view.arrived, true);
  view.aim = 'optimum';
  view.follow({ x: [3.99, 4.01], y: [3, 3] }, { x: [4.01, 4], y: [3, 3] }, 1, true);
  view.advance(true);
  assert.equal(view.arrived, true);
  assert.ok(view.now.x[1] - view.now.x[0] < 0.1);
  assertNear((view.now.x[0] + view.now.x[1]) / 2, 4, 9);
  // From where a run diverged to there is no way worth seeing.
  view.follow({ x: [0, 1e17], y: [0, 1e17] }, marks, 1, true);
  assert.equal(view.arrived, true);
  view.follow(path, marks, 1, true);
  assert.equal(view.arrived, true);
});

test('back from where nothing can be seen on the way, the window is there at once', () => {
  const window = new PlaneWindow();
  const path = (/** @type {number} */ size) => ({ x: [0, size], y: [0, -size] });
  const marks = { x: [0, 2], y: [0, -3.4] };
  window.follow(path(1e18), marks, 0, true);
  window.advance(true);
  assert.equal(window.follow(path(1), marks, 0, false), true);
  assert.equal(window.arrived, true);
  assert.ok(window.now.x[1] < 10);
  window.follow(path(20), marks, 0, false); // a way that can be seen
  assert.equal(window.arrived, false);
});
