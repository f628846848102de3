// Pictures are descriptions: compared here by their numbers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { pictureSvg } from '../../web/src/export/picture.js';
import { translator } from '../../web/src/i18n/index.js';
import { describeFit } from '../../web/src/lab/views/fit.js';
import { turn } from '../../web/src/lab/views/fit_space.js';
import { describeLoss } from '../../web/src/lab/views/loss.js';
import { decades, extent } from '../../web/src/lab/views/picture.js';
import { paintMark } from '../../web/src/lab/views/marks.js';
import { colours } from '../../web/src/lab/views/paint.js';
import { papers, tones } from '../../web/src/lab/views/tones.js';
import { makeScale, makeTicks } from '../../web/src/lab/views/scale.js';
import { makeLab } from '../support/labs.js';
import { fakePaint } from '../support/paint.js';
import { mark, wellFormed, words } from '../support/pictures.js';

const t = translator('en');

test('the loss: the trainer’s own numbers, their floors, and words for each', () => {
  const lab = makeLab({ seed: 42 });
  for (let i = 0; i < 3; ++i) lab.stepOnce('epoch');
  const { history, optimum } = /** @type {import('../../web/src/engine.js').Trainer} */ (lab.trainer);
  const picture = describeLoss(lab, t, { optimum });
  assert.deepEqual(mark(picture, 'minibatch').y, history.losses);
  assert.deepEqual(Array.from(mark(picture, 'epoch').x), [100, 200, 300]);
  assert.equal(mark(picture, 'floor').at, optimum.loss);
  assert.equal(mark(picture, 'noise').at, optimum.noise_loss);
  assert.ok(picture.y.domain[0] <= optimum.loss && picture.y.domain[1] >= Math.max(...history.losses));
  const [minibatch, epoch] = [t.number(Number(history.losses[99]), 4), t.number(Number(history.epoch_losses[0]), 4)];
  const said = `Step 100, epoch 1: minibatch loss ${minibatch}. On all data, after this epoch: ${epoch}.`;
  assert.equal(picture.track?.text(99), said);
  const { length, row } = picture.table();
  assert.equal(length, 303);
  assert.deepEqual(row(100), [100, 'epoch 1, all data', Number(history.epoch_losses[0])]);
  const linear = describeLoss(lab, t, { log: false, optimum });
  assert.equal(linear.y.scale, 'linear');
  assert.equal(linear.y.domain[0], 0);
});

test('without a step, with no noise, and after divergence no picture speaks of NaN', () => {
  const diverged = makeLab({ seed: 1, lr: 3 });
  const exact = makeLab({ seed: 1, noise: 0, true_w: [2], lr: 0.3, epochs: 30 });
  const sum = makeLab({ seed: 1, loss: 'huber', reduction: 'sum', n: 3, batch_size: 2 });
  for (const lab of [diverged, exact, sum]) {
    for (const steps of [0, 1, 60]) {
      for (let i = 0; i < steps; ++i) lab.stepOnce('epoch');
      const { optimum } = /** @type {import('../../web/src/engine.js').Trainer} */ (lab.trainer);
      const pictures = [
        describeLoss(lab, t, { optimum }),
        describeFit(lab, t, lab.data?.d === 1 ? 'line' : 'space', { residuals: true, squares: true }),
        describeFit(lab, t, 'predicted', { residuals: true, squares: false }),
        describeFit(lab, t, 'partial 0', { residuals: true, squares: false }),
      ];
      for (const picture of pictures) {
        assert.doesNotMatch(words(picture), /NaN|undefined|Infinity/);
        const svg = pictureSvg(picture, { title: 'x', width: 800, height: 480 });
        assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
        wellFormed(svg);
      }
    }
  }
});

test('the fit of one feature: points, sticks and squares are the data and the predictions', () => {
  const lab = makeLab({ seed: 1, true_w: [2], n: 40, noise: 1 });
  lab.stepOnce('batch');
  const { coefficients, optimum, batch } = /** @type {import('../../web/src/engine.js').Trainer} */ (lab.trainer);
  const picture = describeFit(lab, t, 'line', { residuals: true, squares: true, best: optimum.coefficients });
  const { features, labels } = /** @type {import('../../web/src/lab/lab.js').LabData} */ (lab.data);
  const sticks = mark(picture, 'residual');
  const squares = mark(picture, 'square');
  for (let i = 0; i < 40; ++i) {
    const predicted = Number(coefficients.weight[0]) * Number(features[i]) + coefficients.bias;
    assert.equal(sticks.x0[i], features[i]);
    assert.equal(sticks.y0[i], labels[i]);
    assert.ok(Math.abs(sticks.y1[i] - predicted) < 1e-12);
    assert.equal(squares.y1[i], sticks.y1[i]);
  }
  const [x, y] = [mark(picture, 'data').x, mark(picture, 'data').y];
  assert.ok(
    x.every((/** @type {number} */ value, /** @type {number} */ i) => i === 0 || value >= x[i - 1]),
    'the cursor moves from left to right',
  );
  assert.equal(picture.track?.x.length, y.length);
  assert.deepEqual([...mark(picture, 'batch').x].sort(), Array.from(batch?.features ?? []).sort());
  const best = mark(picture, 'optimum');
  const slope = (best.y[1] - best.y[0]) / (best.x[1] - best.x[0]);
  assert.ok(Math.abs(slope - Number(optimum.coefficients.weight[0])) < 1e-12);
});

test('partial residuals: the line is the feature’s weight, the points keep their residuals', () => {
  const lab = makeLab({ seed: 3 }, 'cars');
  lab.stepOnce('epoch');
  const { coefficients } = /** @type {import('../../web/src/engine.js').Trainer} */ (lab.trainer);
  const predicted = describeFit(lab, t, 'predicted', { residuals: true, squares: false });
  for (const j of [0, 1]) {
    const picture = describeFit(lab, t, `partial ${j}`, { residuals: true, squares: false });
    const [points, line] = [mark(picture, 'data'), mark(picture, 'fit')];
    const slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0]);
    assert.ok(Math.abs(slope / Number(coefficients.weight[j]) - 1) < 1e-9);
    const both = mark(predicted, 'data');
    for (let i = 0; i < points.x.length; ++i)
      assert.ok(Math.abs(points.y[i] - Number(coefficients.weight[j]) * points.x[i] - (both.x[i] - both.y[i])) < 1e-9);
  }
});

test('in space a turn moves the points but neither their heights’ order nor the plane’s meaning', () => {
  const lab = makeLab({ seed: 42, n: 200, epochs: 15 });
  for (let i = 0; i < 15; ++i) lab.stepOnce('epoch');
  const view = { azimuth: 0, elevation: 0.05 };
  const seen = (/** @type {any} */ from) =>
    describeFit(lab, t, 'space', { residuals: true, squares: false, view: from });
  const sticks = mark(seen(view), 'residual');
  // A fit this good leaves no stick longer than the noise.
  for (let i = 0; i < sticks.x0.length; ++i) {
    assert.equal(sticks.x0[i], sticks.x1[i]);
    assert.ok(Math.abs(sticks.y0[i] - sticks.y1[i]) < 0.02);
  }
  const half = turn(turn(view, Math.PI / 2, 0), Math.PI / 2, 0);
  const [before, later] = [seen(view), seen(half)].map(({ track }) => Array.from(track?.x ?? []));
  before?.forEach((x, i) => assert.ok(Math.abs(x + Number(later?.[i])) < 1e-12), 'half a turn mirrors left and right');
  assert.equal(turn(view, 0, 9).elevation, 1.4);
  assert.equal(turn(view, 0, -9).elevation, 0.05);
});

test('a moved label: the data, the least squares and the run change; the original comes back; a link cannot tell', () => {
  const lab = makeLab({ seed: 1, true_w: [2, 5], n: 30 });
  lab.stepOnce('epoch');
  const before = /** @type {import('../../web/src/lab/lab.js').LabData} */ (lab.data);
  const bits = lab.trainer?.weight;
  const best = lab.trainer?.optimum.coefficients.weight[0];
  lab.moveLabel(3, 50);
  assert.equal(lab.source, 'edited');
  assert.equal(lab.base, 'synthetic');
  assert.equal(lab.step, 3, 'the run stands where it stood');
  assert.equal(lab.data?.labels[3], 50);
  assert.deepEqual(lab.options.true_w, [2, 5]);
  assert.notEqual(lab.trainer?.optimum.coefficients.weight[0], best);
  assert.deepEqual(Array.from(lab.data?.features ?? []), Array.from(before.features));
  lab.change('lr', '0.1');
  assert.equal(lab.data?.labels[3], 50);
  lab.restoreData();
  assert.equal(lab.source, 'synthetic');
  lab.change('lr', '0.03');
  lab.stepOnce('epoch');
  assert.deepEqual(lab.trainer?.weight, bits);
  lab.moveLabel(3, 50);
  lab.change('noise', '0.5');
  assert.equal(lab.source, 'synthetic', 'data made anew are no longer the edited ones');
  assert.throws(() => lab.moveLabel(3, NaN), { name: 'LinregError', code: 'invalid_data' });
  assert.equal(lab.source, 'synthetic');
});

/** Every call that paints a mark, with what it is painted. @param {any} mark @param {import('../../web/src/lab/views/tones.js').Scheme} [scheme] */
function painted(mark, scheme = 'light') {
  /** @type {{ call: string, ink: string, alpha: number }[]} */
  const calls = [];
  const paint = fakePaint((call, _, { strokeStyle, fillStyle, globalAlpha }) =>
    calls.push({ call, ink: call === 'stroke' ? strokeStyle : fillStyle, alpha: globalAlpha }),
  );
  const scale = makeScale({ label: '', scale: 'linear', domain: [0, 1] }, [0, 1]);
  const plot = /** @type {any} */ ({ x: scale, y: scale, box: { left: 0, right: 500, top: 0, bottom: 500 } });
  paintMark({ paint, plot, colour: colours(scheme), paper: 'paper', taken: [] }, mark);
  return calls;
}

const [xs, ys] = [[0, 200, 400], [100, 300, 100]]; // prettier-ignore
const sticks = { x0: xs, y0: ys, x1: ys, y1: [0, 0, 0] };
const kinds = [
  { kind: 'line', x: xs, y: ys },
  { kind: 'line', x: xs, y: ys, thin: true },
  { kind: 'points', x: xs, y: ys },
  { kind: 'rule', axis: 'x', at: 100 },
  { kind: 'segments', ...sticks },
  { kind: 'arrows', ...sticks },
  { kind: 'polygons', areas: [{ rings: [[0, 0, 100, 0, 100, 100]] }] },
  { kind: 'squares', x: Array(300).fill(10), y0: Array(300).fill(0), y1: Array(300).fill(50) },
];

/** By WCAG, with what the mark lets through. @param {string} ink @param {number} alpha @param {string} paper */
function contrast(ink, alpha, paper) {
  const channels = (/** @type {string} */ colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  const under = channels(paper);
  const light = (/** @type {number[]} */ colour) =>
    colour
      .map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, i) => sum + value * Number([0.2126, 0.7152, 0.0722][i]), 0);
  const mixed = channels(ink).map((value, i) => alpha * value + (1 - alpha) * Number(under[i]));
  const [a, b] = [light(mixed), light(under)].sort((one, other) => other - one);
  return (Number(a) + 0.05) / (Number(b) + 0.05);
}

test('every mark stands out from the page by 3 to 1, light and dark', () => {
  const sheet = (/** @type {string} */ name) =>
    readFileSync(new URL(`../../web/src/styles/${name}.css`, import.meta.url), 'utf8');
  const page = (/** @type {string} */ name) => /--paper: (#\w+)/.exec(sheet(name))?.[1] ?? '';
  const grounds = { light: [page('tokens'), papers.light.paper], dark: [page('dark'), papers.dark.paper] };
  for (const tone of /** @type {import('../../web/src/lab/views/tones.js').Tone[]} */ (Object.keys(tones)))
    for (const what of kinds)
      for (const scheme of /** @type {const} */ (['light', 'dark'])) {
        const marks = painted({ tone, label: '', ...what }, scheme);
        const inks = marks.filter(({ call, ink }) => /^(stroke|fill|fillRect)$/.test(call) && ink !== 'paper');
        for (const ground of grounds[scheme]) {
          const best = Math.max(...inks.map(({ ink, alpha }) => contrast(ink, alpha, ground)));
          assert.ok(best >= 3, `${tone} as ${what.kind}, ${scheme}: ${best.toFixed(2)}`);
        }
      }
});

test('the lines of pinned runs differ by their shapes, minibatches too', () => {
  for (const thin of [false, true]) {
    const drawn = [1, 2, 3, 4, 5, 6].map((number) =>
      painted({ tone: `pin${number}`, label: '', kind: 'line', x: xs, y: ys, thin })
        .map(({ call }) => call)
        .join(' '),
    );
    assert.equal(new Set(drawn).size, 6, drawn.join('\n'));
  }
});

test('scales: zeros and infinities at the edges, nothing where there is no number', () => {
  const log = makeScale({ label: '', scale: 'log', domain: [1e-4, 100] }, [300, 0]);
  assert.deepEqual([log.at(0), log.at(-1), log.at(Infinity), log.at(1e-4), log.at(100)], [300, 300, 0, 300, 0]);
  assert.deepEqual([log.beyond(0), log.beyond(Infinity), log.beyond(1)], [-1, 1, 0]);
  assert.ok(Number.isNaN(log.at(NaN)));
  const values = [0, -1, Infinity, -Infinity, 1e-4, 0.3, 100, NaN, 1e300];
  for (const scale of ['log', 'linear']) {
    const axis = makeScale(
      { label: '', scale: /** @type {'log' | 'linear'} */ (scale), domain: [1e-4, 100] },
      [300, 0],
    );
    assert.deepEqual([...axis.pixels(values)], values.map(axis.at));
  }
  assert.ok(Math.abs(log.invert(log.at(0.02)) / 0.02 - 1) < 1e-12);
  const linear = makeScale({ label: '', scale: 'linear', domain: [-1e300, 1e300] }, [0, 100]);
  assert.deepEqual([linear.at(0), linear.at(Infinity), linear.at(-Infinity)], [50, 100, 0]);
  assert.equal(Math.abs(makeScale({ label: '', scale: 'linear', domain: [0, 1] }, [0, 100]).at(1e300)), 1e4);
  assert.deepEqual(decades([[0, NaN, Infinity, -1]]), { scale: 'log', domain: [1e-4, 100], zero: true });
  assert.deepEqual(decades([[3e-3, 40]]), { scale: 'log', domain: [1e-3, 100], zero: false });
  const labels = (/** @type {number[]} */ list) =>
    makeTicks({ label: '', ...decades([list]) }, 9).map(({ label }) => label);
  assert.deepEqual(
    labels([3e-3, 40, 0]),
    ['0', '10⁻³', '10⁻²', '0.1', '1', '10', '100'],
    'where zeros are drawn is zero',
  );
  assert.deepEqual(labels([3e-3, 40]), ['10⁻³', '10⁻²', '0.1', '1', '10', '100']);
  const powers = (/** @type {number[]} */ list) => decades([list]).domain.map((end) => Math.log10(end).toFixed(9));
  assert.deepEqual(powers([3e-3, 40, 0]), ['-4.000000000', '2.000000000'], 'a zero has an edge of its own');
  assert.deepEqual(powers([3e-3, 40, Infinity]), ['-3.000000000', '3.000000000']);
  assert.deepEqual(powers([5e-324, 1e308, 0, Infinity]), ['-307.000000000', '308.000000000']);
  assert.deepEqual(extent([[NaN, Infinity]]), [0, 1]);
  for (const domain of /** @type {[number, number][]} */ ([
    [1e-4, 100],
    [2, 5],
    [1e-300, 1e300],
    [0.99e-4, 1.01e-4],
  ]))
    assert.ok(makeTicks({ label: '', scale: 'log', domain }, 5).length >= 2, String(domain));
  assert.deepEqual(
    makeTicks({ label: '', scale: 'linear', domain: [0, 3], whole: true }, 9).map(({ label }) => label),
    ['0', '1', '2', '3'],
  );
});
