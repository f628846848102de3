// What a lab does with a run beyond training it: changes in mid-run, ways back, pins, comparisons.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { translator } from '../../web/src/i18n/index.js';
import { KnownOptimum } from '../../web/src/lab/views/known_optimum.js';
import { overflowOf } from '../../web/src/lab/phases.js';
import { comparePreset, presets } from '../../web/src/lab/presets.js';
import { describeLoss } from '../../web/src/lab/views/loss.js';
import { pinLabel } from '../../web/src/lab/views/pin_bar.js';
import { makeLab, rest, trainerOf } from '../support/labs.js';

/** @import { Lab } from '../../web/src/lab/lab.js' */

const t = translator('en');

/** A signal that ends with the tests. */
function ending() {
  const abort = new AbortController();
  after(() => abort.abort());
  return abort.signal;
}

test('the cursor’s epoch is the recorded one, also after the batch size was changed in mid-run', () => {
  const lab = makeLab({ seed: 42 });
  lab.stepOnce('epoch');
  lab.change('batch_size', '20');
  lab.stepOnce('epoch');
  lab.stepOnce('batch');
  const { track } = describeLoss(lab, t);
  for (const [step, epoch] of /** @type {const} */ ([
    [1, 1],
    [100, 1],
    [101, 2],
    [150, 2],
    [151, 3],
  ]))
    assert.match(String(track?.text(step - 1)), new RegExp(`^Step ${step}, epoch ${epoch}: `));
  assert.match(String(track?.text(149)), /On all data, after this epoch/);
  assert.doesNotMatch(String(track?.text(150)), /On all data/);
});

test('a long run keeps few ends of epochs: those between are told all the same', () => {
  const lab = makeLab({ seed: 1, n: 20, epochs: 50_000 });
  while (lab.step < 100_000) trainerOf(lab).run({ milliseconds: 100 });
  const { epochs } = trainerOf(lab).loss_history;
  assert.ok(epochs.length < 50_000);
  const { track } = describeLoss(lab, t);
  const { steps } = trainerOf(lab).loss_history;
  steps.forEach((/** @type {number} */ step, /** @type {number} */ i) => {
    if (i % 97 === 0)
      assert.match(String(track?.text(i)), new RegExp(`epoch ${Math.ceil(step / 2).toLocaleString('en')}:`));
  });
});

/** @param {Lab} lab */
const labels = (lab) => lab.pins.list.map((pin) => pinLabel(pin, lab, t));

test('a pin says what was done to its run beside the settings', () => {
  const lab = makeLab({ seed: 42, true_w: [2] });
  const pin = () => {
    lab.stepOnce('batch');
    lab.pins.add();
    lab.reset();
  };
  lab.stepOnce('batch');
  lab.change('lr', '0.1');
  lab.stepOnce('batch');
  lab.change('lr', '0.03');
  assert.equal(lab.altered, true);
  pin();
  assert.equal(lab.altered, false);
  lab.forgetsZeroGrad = true;
  pin();
  lab.forgetsZeroGrad = false;
  pin();
  lab.moveLabel(0, 9);
  pin();
  assert.deepEqual(labels(lab), [
    '1: lr changed during the run, now: a label moved',
    '2: zero_grad forgotten, now: a label moved',
    '3: now: a label moved',
    '4: the same settings, up to step 1',
  ]);
  lab.moveLabel(0, 10);
  assert.equal(labels(lab)[3], '4: a label moved');
  lab.restoreData();
  assert.deepEqual(labels(lab), [
    '1: lr changed during the run',
    '2: zero_grad forgotten',
    '3: the same settings, up to step 1',
    '4: a label moved',
  ]);
  lab.pins.clear();
  lab.forgetsZeroGrad = true;
  for (let i = 0; i < 3; ++i) lab.stepOnce('batch');
  lab.pins.add();
  lab.goTo(1);
  assert.deepEqual(labels(lab), ['1: the same settings, up to step 3'], 'so far both runs are one');
  lab.forgetsZeroGrad = false;
  lab.stepOnce('batch');
  assert.deepEqual(labels(lab), ['1: zero_grad forgotten']);
  lab.goTo(0);
  assert.equal(lab.altered, false, 'before it was changed a run is as its settings say');
});

test('a setting changed within a step goes on from there, and counts from the next step on', () => {
  for (const phases of [1, 2, 3, 4]) {
    const lab = makeLab({ seed: 42 });
    for (let i = 0; i < phases; ++i) lab.stepOnce('phase');
    const { phase, batch } = trainerOf(lab);
    lab.change('lr', '0.1');
    assert.deepEqual([trainerOf(lab).phase, lab.options.lr, lab.altered], [phase, 0.1, true]);
    assert.deepEqual(trainerOf(lab).batch, batch);
    lab.stepOnce('batch');
    assert.equal(trainerOf(lab).step_start.training.lr, 0.03);
    lab.stepOnce('batch');
    assert.equal(trainerOf(lab).step_start.training.lr, 0.1);
    lab.goTo(0);
    assert.deepEqual([lab.options.lr, lab.altered], [0.03, false]);
  }
});

test('going back keeps the number of epochs: it changes no step', async () => {
  for (const back of /** @type {((lab: Lab) => void)[]} */ ([
    (lab) => lab.goTo(250),
    (lab) => lab.reset(),
    (lab) => lab.stepBack('epoch'),
    (lab) => lab.stepBack('phase'),
  ])) {
    const lab = makeLab({ seed: 42 });
    for (let i = 0; i < 3; ++i) lab.stepOnce('epoch');
    lab.change('epochs', '6');
    lab.stepOnce('batch');
    back(lab);
    await rest(lab);
    assert.deepEqual([lab.options.epochs, trainerOf(lab).options.epochs], [6, 6]);
    lab.goTo(600);
    await rest(lab);
    assert.deepEqual([lab.step, lab.status, lab.altered], [600, 'finished', false]);
    const { weight, bias } = trainerOf(lab);
    const whole = makeLab({ seed: 42, epochs: 6 });
    trainerOf(whole).train();
    assert.deepEqual([weight, bias], [trainerOf(whole).weight, trainerOf(whole).bias]);
  }
});

test('going back within a step, or from a divergence, keeps the number of epochs too', () => {
  const lab = makeLab({ seed: 42, epochs: 1 });
  lab.stepOnce('epoch');
  lab.change('epochs', '3');
  lab.stepBack('phase');
  assert.deepEqual([lab.options.epochs, trainerOf(lab).phase, lab.status], [3, 'backward', 'running']);
  lab.stepOnce('epoch');
  lab.stepOnce('batch');
  assert.equal(lab.step, 101);

  const bursts = makeLab({ seed: 42, lr: 1.2 });
  bursts.change('epochs', '9');
  trainerOf(bursts).train();
  assert.equal(bursts.status, 'diverged');
  bursts.stepBack('batch');
  bursts.change('epochs', '4');
  bursts.stepBack('phase');
  assert.deepEqual([bursts.options.epochs, trainerOf(bursts).options.epochs], [4, 4]);
});

test('a remark goes with the value that it is about, also on the way back', () => {
  const lab = makeLab({ seed: 42 });
  const remarks = () => lab.notices.map(({ field }) => field);
  for (const [name, text] of /** @type {const} */ ([
    ['lr', '0'],
    ['batch_size', '2000'],
  ])) {
    lab.stepOnce('batch');
    lab.change(name, text);
    assert.deepEqual(remarks(), [name]);
    lab.stepOnce('batch');
    lab.goTo(0);
    assert.deepEqual(remarks(), []);
  }
  const clamped = makeLab({ seed: 42, n: 20, batch_size: 100 });
  assert.deepEqual(clamped.notices.map(({ field }) => field), ['batch_size']); // prettier-ignore
  clamped.stepOnce('batch');
  clamped.stepBack('batch');
  assert.deepEqual(clamped.notices.map(({ field }) => field), ['batch_size'], 'nothing was changed'); // prettier-ignore
});

test('a situation, and what a link gives, is trained as it says; one that was touched is none any more', () => {
  const lab = makeLab({ seed: 42 });
  const state = { options: { seed: 42 }, source: /** @type {const} */ ('synthetic'), step: 0, situation: 'notebook' };
  lab.forgetsZeroGrad = true;
  lab.open(state);
  assert.deepEqual([lab.forgetsZeroGrad, lab.situation], [false, 'notebook']);
  lab.forgetsZeroGrad = true;
  assert.equal(lab.situation, undefined);
  lab.open(state);
  lab.moveLabel(0, 5);
  assert.equal(lab.situation, undefined);
  lab.open(state);
  lab.changeSource('cars');
  assert.equal(lab.situation, undefined, 'nor with other data');
});

test('a run that begins anew with another value is trained as it should be, and the value stays asked for', () => {
  const lab = makeLab({ seed: 42 });
  lab.forgetsZeroGrad = true;
  lab.restartWith('batch_size', '20');
  assert.equal(lab.forgetsZeroGrad, false);
  lab.change('n', '5');
  lab.change('n', '1000');
  assert.equal(lab.options.batch_size, 20);
});

for (const [options, what] of /** @type {const} */ ([
  [{ lr: 3 }, 'loss'],
  [{ lr: 1e30, true_w: [1e12] }, 'parameter'],
  [{ lr: 1.2 }, 'all'],
]))
  test(`what became infinite when a run diverged: ${what}`, () => {
    const trainer = trainerOf(makeLab({ seed: 42, ...options }));
    assert.equal(trainer.train(), 'diverged');
    assert.equal(overflowOf(trainer), what);
  });

test('a first step that diverges is taken back phase by phase', () => {
  const lab = makeLab({ seed: 42, lr: 1e30, true_w: [1e12] });
  lab.stepOnce('batch');
  assert.deepEqual([lab.status, lab.step, lab.begun], ['diverged', 0, true]);
  lab.stepBack('phase');
  assert.deepEqual([lab.status, trainerOf(lab).phase, lab.begun], ['running', 'backward', true]);
  lab.stepOnce('batch');
  lab.stepBack('batch');
  assert.deepEqual([lab.status, trainerOf(lab).phase, lab.begun], ['ready', 'step', false]);
});

test('the optimum of other losses than squares is never solved at once', async () => {
  for (const loss of /** @type {const} */ (['mse', 'l1', 'huber', 'smooth_l1'])) {
    const lab = makeLab({ seed: 1, loss, n: 50 });
    /** @type {KnownOptimum | undefined} */ let known;
    await /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        known = new KnownOptimum(lab, ending(), resolve);
        assert.equal(known.value === undefined, loss !== 'mse', loss);
        if (loss === 'mse') resolve();
      })
    );
    assert.equal(known?.value?.loss, trainerOf(lab).optimum.loss);
  }
});

test('an optimum that was found stays, whatever does not move it', async () => {
  const lab = makeLab({ seed: 1, n: 20_000 });
  const known = await /** @type {Promise<KnownOptimum>} */ (
    new Promise((resolve) => {
      const asked = new KnownOptimum(lab, ending(), () => resolve(asked));
    })
  );
  const { value } = known;
  lab.stepOnce('batch');
  lab.change('lr', '0.1');
  assert.ok(value !== undefined && known.value === value);
  lab.change('loss', 'l1');
  assert.equal(known.value, undefined);
});

test('an optimum goes with all that moves it, in mid-run too', async () => {
  for (const [name, text] of /** @type {const} */ ([
    ['reduction', 'sum'],
    ['delta', '0.1'],
  ])) {
    const lab = makeLab({ seed: 1, n: 50, loss: 'huber' });
    const known = await /** @type {Promise<KnownOptimum>} */ (
      new Promise((resolve) => {
        const asked = new KnownOptimum(lab, ending(), () => resolve(asked));
      })
    );
    lab.stepOnce('batch');
    const { trainer } = lab;
    assert.ok(known.value);
    lab.change(name, text);
    assert.equal(lab.trainer, trainer, 'the run goes on');
    assert.equal(known.value, undefined, name);
  }
});

const batches = /** @type {import('../../web/src/lab/presets.js').Preset} */ (
  presets.find(({ name }) => name === 'batch')
);

test('comparing runs keeps the reader’s own pins, as long as there is room, and says which go', async () => {
  const lab = makeLab({ seed: 7 });
  lab.stepOnce('batch');
  for (let i = 0; i < 5; ++i) lab.pins.add();
  const own = [...lab.pins.list];
  await comparePreset(lab, batches);
  assert.deepEqual(lab.pins.list.slice(0, 4), own.slice(0, 4));
  assert.deepEqual(
    lab.pins.list.slice(4).map(({ options }) => options.batch_size),
    [1, 10],
  );
  assert.deepEqual(lab.pins.dropped, own.slice(4));
  await comparePreset(lab, batches);
  assert.deepEqual(lab.pins.list.slice(0, 4), own.slice(0, 4), 'only what was compared before goes');
  assert.deepEqual([lab.pins.list.length, lab.pins.dropped.length], [6, 0]);
});

test('pause ends a comparison', async () => {
  const lab = makeLab({ seed: 7 });
  const comparing = comparePreset(lab, batches);
  assert.equal(lab.playing, true);
  lab.pause();
  await comparing;
  assert.equal(lab.options.batch_size, 1);
  assert.deepEqual([lab.playing, lab.pins.list.length], [false, 0]);
});

test('an epoch that has begun is not taken back by fewer epochs: that is a new run', () => {
  for (const further of /** @type {const} */ (['phase', 'batch'])) {
    const lab = makeLab({ seed: 42 });
    lab.stepOnce('epoch');
    lab.stepOnce(further);
    lab.change('epochs', '1');
    assert.deepEqual([lab.step, lab.status, lab.altered], [0, 'ready', false], further);
  }
  const lab = makeLab({ seed: 42 });
  lab.stepOnce('epoch');
  lab.change('epochs', '1');
  assert.deepEqual([lab.step, lab.status], [100, 'finished'], 'between two epochs');
});

test('one batch, or one epoch, back from a divergence is one', async () => {
  const cut = makeLab({ seed: 3, lr: 1.2 });
  cut.goTo(300);
  await rest(cut);
  const { step } = cut;
  assert.deepEqual([cut.status, overflowOf(trainerOf(cut))], ['diverged', 'loss']);
  cut.stepBack('batch');
  assert.deepEqual([cut.step, cut.status], [step, 'running'], 'the step was not taken');
  cut.stepOnce('batch');
  assert.deepEqual([cut.step, cut.status], [step, 'diverged']);

  const atEnd = makeLab({ seed: 3, lr: 1.2, epochs: 300, batch_size: 100 });
  atEnd.goTo(3000);
  await rest(atEnd);
  assert.deepEqual([atEnd.step, overflowOf(trainerOf(atEnd))], [90, 'all']);
  atEnd.stepBack('epoch');
  assert.deepEqual([atEnd.step, atEnd.status], [80, 'running']);
});
