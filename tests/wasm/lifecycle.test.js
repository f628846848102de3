// Every call in every state, and what trainers share: nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loadEngine, Trainer } from '../../web/src/engine.js';
import { assertRefused, describeBuilds, engines, shown, small } from '../support/engines.js';

const parts = ['draw', 'forward', 'zero_grad', 'backward', 'step'];
const plane = { x: 0, y: 1, width: 3, height: 2, ranges: { x: [1, 3], y: [-4, -3] } };
const diverging = { ...small, lr: 100, epochs: 100 };

/** How a trainer gets into a state; before `parts.length` parts of a step. */
const states = {
  ready: [],
  drawn: ['batch', 'draw'],
  forwarded: ['batch', 'draw', 'forward'],
  zeroed: ['batch', 'draw', 'forward', 'zero_grad'],
  backwarded: ['batch', 'draw', 'forward', 'zero_grad', 'backward'],
  running: ['batch'],
  finished: ['epoch', 'epoch', 'epoch'],
  diverged: Array(100).fill('epoch'),
};

/** Which parts are accepted then. */
const accepted = {
  ready: ['draw', 'zero_grad'],
  drawn: ['forward', 'zero_grad'],
  forwarded: ['zero_grad', 'backward'],
  zeroed: ['zero_grad', 'backward'],
  backwarded: ['zero_grad', 'step'],
  running: ['draw', 'zero_grad'],
  finished: [],
  diverged: [],
};

const status = { ready: 'ready', finished: 'finished', diverged: 'diverged' };
const isOver = (state) => state === 'finished' || state === 'diverged';

/** What may be called or read of a trainer, with arguments that are accepted. */
const calls = new Map([
  ['step', []],
  ['run', [{ milliseconds: 0 }]],
  ['train', []],
  ['rewind', [0]],
  ['set', [{ lr: 0.5 }]],
  ['predict', [[1, 2]]],
  ['loss', []],
  ['firstRows', [3]],
  ['lossSurface', [plane]],
]);

const properties = Object.entries(Object.getOwnPropertyDescriptors(Trainer.prototype));
const getters = properties.filter(([, { get }]) => get !== undefined).map(([name]) => name);

describeBuilds('lifecycle', (engine) => {
  const inState = (state) => {
    const trainer = engine.createTrainer(state === 'diverged' ? diverging : small);
    states[state].forEach((part) => trainer.step(part));
    return trainer;
  };

  for (const state of Object.keys(states)) {
    test(`parts of a step when ${state}`, () => {
      for (const part of parts) {
        const trainer = inState(state);
        assert.equal(trainer.status, status[state] ?? 'running');
        if (accepted[state].includes(part)) {
          trainer.step(part);
        } else {
          const before = shown(trainer);
          assertRefused(() => trainer.step(part), { code: 'invalid_state', field: part, range: /called/ });
          assert.deepEqual(shown(trainer), before);
        }
        trainer.dispose();
      }
    });

    test(`whole calls when ${state}`, () => {
      for (const [what, count] of [
        ['batch', 'step_count'],
        ['epoch', 'epoch'],
        ['run', 'step_count'],
      ]) {
        const trainer = inState(state);
        const before = trainer[count];
        const after = what === 'run' ? trainer.run({ milliseconds: 0 }) : trainer.step(what);
        assert.equal(after, trainer.status);
        assert.ok(isOver(state) ? trainer[count] === before : trainer[count] > before);
        trainer.dispose();
      }
      const trainer = inState(state);
      assert.equal(trainer.train(), state === 'diverged' ? 'diverged' : 'finished');
      trainer.dispose();
    });

    test(`set, rewind, predict and every property when ${state}`, () => {
      const trainer = inState(state);
      const before = shown(trainer);
      assert.deepEqual(trainer.predict([1, 2, 3, 4]).length, 2);
      assert.equal(typeof trainer.loss(), 'number');
      assertRefused(() => trainer.rewind(trainer.step_count + 1), { code: 'invalid_option', field: 'step' });
      assertRefused(() => trainer.set({ lr: -1 }), { code: 'invalid_option', field: 'lr' });
      assert.deepEqual(shown(trainer), before);
      trainer.set({ lr: 0.5 });
      assert.equal(trainer.options.lr, 0.5);
      assert.equal(trainer.status, before.status);
      trainer.rewind(0);
      const fresh = inState('ready');
      assert.equal(trainer.step_count, 0);
      assert.deepEqual(trainer.history.path.weight, fresh.history.path.weight);
      trainer.dispose();
      fresh.dispose();
    });

    test(`what it approaches when ${state}`, async () => {
      const fresh = engine.createTrainer(state === 'diverged' ? diverging : small);
      const trainer = inState(state);
      const before = shown(trainer);
      const answers = ({ optimum, curvature, stable_lr }) => ({ optimum, curvature, stable_lr });
      assert.deepEqual(answers(trainer), answers(fresh));
      assert.deepEqual(trainer.lossSurface(plane), fresh.lossSurface(plane));
      const now = { ...plane, at: 'now' };
      const surface = trainer.lossSurface(now);
      assert.ok(surface.values.every(Number.isFinite));
      await trainer.analyse({ surface: now });
      assert.deepEqual(trainer.lossSurface(now), surface);
      assert.deepEqual(shown(trainer), before);
      trainer.dispose();
      fresh.dispose();
    });

    test(`dispose when ${state}`, async () => {
      const trainer = inState(state);
      trainer.dispose();
      trainer.dispose();
      for (const name of getters) assertRefused(() => trainer[name], { code: 'invalid_state', field: 'dispose' });
      for (const [name, args] of calls)
        assertRefused(() => trainer[name](...args), { code: 'invalid_state', field: 'dispose' });
      for (const given of [{}, { surface: plane }])
        await assert.rejects(trainer.analyse(given), { name: 'LinregError', code: 'invalid_state', field: 'dispose' });
      trainer.dispose();
    });
  }

  test('two trainers do not know of each other', () => {
    const alone = engine.createTrainer(small);
    const expected = [];
    while (alone.step('batch') === 'running') expected.push(alone.bias);
    const one = engine.createTrainer(small);
    const other = engine.createTrainer({ ...small, seed: 8, loss: 'huber', optimizer: 'adam' });
    const got = [];
    while (one.step('batch') === 'running') {
      got.push(one.bias);
      other.step('batch');
      if (one.step_count % 7 === 0) engine.createTrainer({ n: 5 }).dispose();
    }
    assert.deepEqual(got, expected);
    other.dispose();
    assert.deepEqual(one.weight, alone.weight);
    one.dispose();
    alone.dispose();
  });

  test('what is read is a copy', () => {
    const trainer = engine.createTrainer(small);
    trainer.step('epoch');
    const before = shown(trainer);
    const given = shown(trainer);
    for (const value of [
      given.dataset.features,
      given.weight,
      given.losses,
      given.batch.rows,
      given.history.path.weight,
      given.history.steps,
      given.history.epoch_losses,
      given.peek.labels,
    ]) {
      value.fill(7);
    }
    given.options.true_w[0] = 7;
    given.options.lr = 7;
    given.dataset.names[0] = '7';
    given.log[0] = '7';
    assert.deepEqual(shown(trainer), before);
    const again = shown(trainer);
    trainer.train();
    assert.deepEqual(again, before); // and does not move with the run
    trainer.dispose();
  });

  test('a trainer does not hold on to what it was given', () => {
    const true_w = [1, 2];
    const features = Float64Array.of(1, 2, 3);
    const labels = [1, 2, 3];
    const options = { ...small, true_w };
    const synthetic = engine.createTrainer(options);
    const real = engine.createTrainer({ data: { features, labels, names: ['x'] } });
    const before = [shown(synthetic), shown(real)];
    true_w[0] = 9;
    options.lr = 9;
    features.fill(9);
    labels.fill(9);
    assert.deepEqual([shown(synthetic), shown(real)], before);
    synthetic.dispose();
    real.dispose();
  });

  test('a log too long to be kept whole has lines of the epochs that are kept, to the last', () => {
    const trainer = engine.createTrainer({ n: 2, true_w: [1], batch_size: 2, epochs: 70_000 });
    trainer.train();
    const { log, loss_history } = trainer;
    const { epochs, epoch_losses } = loss_history;
    assert.ok(log.length >= 2000 && log.length < 70_000);
    assert.equal(log.length, epochs.length);
    for (const i of [0, 1, 1000, log.length - 1])
      assert.equal(log[i], `epoch ${epochs[i]}, loss ${epoch_losses[i].toFixed(6)}`);
    assert.equal(epochs.at(-1), 70_000);
    trainer.dispose();
  });

  test('run is bounded in time and rows', () => {
    const trainer = engine.createTrainer({
      n: 200_000,
      true_w: Array(8).fill(1),
      batch_size: 200_000,
      epochs: 1e12,
      lr: 0.01,
    });
    trainer.run({ milliseconds: 0 });
    assert.equal(trainer.step_count, 1);
    for (const milliseconds of [1, 6, 30]) {
      const before = trainer.step_count;
      const start = performance.now();
      assert.equal(trainer.run({ milliseconds }), 'running');
      const elapsed = performance.now() - start;
      assert.ok(trainer.step_count > before);
      // Generous, for machines that do something else at the same time.
      assert.ok(elapsed < milliseconds + 300, `${milliseconds} ms took ${elapsed}`);
      assert.ok(elapsed >= milliseconds);
    }
    trainer.dispose();
    const [run, stepped] = [0, 1].map(() => engine.createTrainer({ n: 95, epochs: 400 }));
    for (const until of [1, 7, 10, 11, 3999, 2000, 0]) {
      const goal = Math.max(until, run.step_count);
      while (run.step_count < goal) run.run({ milliseconds: 1, until });
      assert.equal(run.step_count, goal); // never beyond, and not at all where it is there already
      run.run({ milliseconds: 1, until });
      assert.equal(run.step_count, goal);
    }
    while (stepped.step_count < 3999) stepped.step('batch');
    assert.deepEqual([run.weight, run.bias, run.losses], [stepped.weight, stepped.bias, stepped.losses]);
    for (const trainer of [run, stepped]) trainer.dispose();
    const nothing = engine.createTrainer({ n: 5, batch_size: 6, drop_last: true, epochs: 1e12 });
    assert.equal(nothing.run({ milliseconds: 5 }), 'running');
    assert.equal(nothing.step_count, 0);
    assert.ok(nothing.epoch > 0);
    nothing.dispose();
  });
});

test('both builds show the same', () => {
  const [simd, scalar] = engines.map((engine) => {
    const trainer = engine.createTrainer({ seed: 5, true_w: [1, 2, 3, 4, 5], loss: 'huber', batch_size: 33 });
    trainer.step('epoch');
    trainer.step('draw');
    trainer.step('forward');
    const result = shown(trainer);
    trainer.dispose();
    return result;
  });
  assert.deepEqual(simd, scalar);
});

test('disposing gives the memory back', async () => {
  // The instance is caught as it is made, to look at the size of its memory.
  const { instantiate } = WebAssembly;
  let instance;
  WebAssembly.instantiate = async (...args) => (instance = await instantiate(...args));
  const engine = await loadEngine().finally(() => (WebAssembly.instantiate = instantiate));
  const memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
  const cycle = () => {
    const trainer = engine.createTrainer({ n: 20_000, true_w: [1, 2, 3, 4], batch_size: 100, epochs: 1 });
    trainer.step('epoch');
    trainer.rewind(3);
    trainer.dispose();
    trainer.dispose();
  };
  for (let i = 0; i < 5; ++i) cycle();
  const size = memory.buffer.byteLength;
  for (let i = 0; i < 200; ++i) cycle();
  assert.equal(memory.buffer.byteLength, size);
  for (let i = 0; i < 50; ++i) assertRefused(() => engine.createTrainer({ lr: NaN }), { code: 'invalid_option' });
  assert.equal(memory.buffer.byteLength, size);
});
