// How a line is painted: by few points where there are many, with gaps where there is no number.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { paintMark } from '../../web/src/lab/views/marks.js';
import { font, paintFrame, paintMarks } from '../../web/src/lab/views/paint.js';
import { makeScale } from '../../web/src/lab/views/scale.js';
import { fakePaint } from '../support/paint.js';

/** What a line of these points is painted as, a pixel a unit: the points it is drawn to, a list for each part. @param {number[]} xs @param {number[]} ys */
function painted(xs, ys) {
  /** @type {number[][][]} */
  const parts = [];
  const paint = fakePaint((call, at) => {
    if (call === 'moveTo') parts.push([at]);
    if (call === 'lineTo') parts.at(-1)?.push(at);
  });
  const axis = makeScale({ label: '', scale: 'linear', domain: [0, 1] }, [0, 1]);
  const plot = { x: axis, y: axis, box: { left: 0, top: 0, right: 100, bottom: 100 } };
  const brush = /** @type {any} */ ({ paint, plot, paper: '', colour: () => '', taken: [] });
  paintMark(brush, { kind: 'line', tone: 'minibatch', label: '', x: xs, y: ys });
  return parts;
}

test('a line of very many points costs a few a pixel, and keeps every peak', () => {
  const n = 100_000;
  const xs = Array.from({ length: n }, (_, i) => (i * 100) / n);
  const ys = xs.map((_, i) => (i % 977 === 0 ? 90 : i % 613 === 0 ? 10 : 50 + (i % 7)));
  const [part = [], ...others] = painted(xs, ys);
  assert.deepEqual(others, []);
  assert.ok(part.length > 200 && part.length <= 4 * 201, String(part.length));
  assert.deepEqual(part[0], [xs[0], ys[0]]);
  // In each half pixel that was painted the lowest and the highest are those of its points.
  const columns = [...new Set(part.map(([x]) => Number(x)))];
  columns.forEach((x, c) => {
    const inside = ys.filter((_, i) => Number(xs[i]) >= x && Number(xs[i]) < (columns[c + 1] ?? Infinity));
    const drawn = part.filter(([px]) => px === x).map(([, y]) => Number(y));
    assert.deepEqual([Math.min(...drawn), Math.max(...drawn)], [Math.min(...inside), Math.max(...inside)]);
    assert.deepEqual([drawn[0], drawn.at(-1)], [inside[0], inside.at(-1)]);
  });
});

test('few points are drawn as they are, and what is no number breaks a line', () => {
  assert.deepEqual(painted([0, 10, 20], [1, 5, 2]), [
    [
      [0, 1],
      [10, 5],
      [20, 2],
    ],
  ]);
  assert.deepEqual(painted([0, 1, 2, 3, 4, 5], [1, 2, NaN, NaN, 3, 4]), [
    [
      [0, 1],
      [1, 2],
    ],
    [
      [4, 3],
      [5, 4],
    ],
  ]);
  const [first = [], second] = painted([0, 0.1, 0.2, 0.3], [1, 9, NaN, 5]); // the same within a pixel
  assert.deepEqual([first[0], first.at(-1), second], [[0, 1], [0, 9], [[0.3, 5]]]);
  assert.deepEqual(painted([NaN, NaN], [1, 2]), []);
});

test('words among the marks are in the letters of the axes, which another canvas may have got', () => {
  /** @type {(string | undefined)[]} */ const fonts = [];
  const paint = fakePaint((call, _, { font }) => call === 'fillText' && fonts.push(font));
  const axis = { label: '', scale: /** @type {const} */ ('linear'), domain: /** @type {[number, number]} */ ([0, 1]) };
  const scale = (/** @type {[number, number]} */ range) => makeScale(axis, range);
  const plot = { x: scale([0, 300]), y: scale([300, 0]), box: { left: 0, top: 0, right: 300, bottom: 300 } };
  const marks = [{ kind: 'rule', axis: 'y', tone: 'noise', at: 0.5, label: 'noise floor' }];
  paintMarks(paint, /** @type {any} */ ({ marks }), plot, { scheme: 'light' });
  assert.deepEqual(fonts, [font]);
});

test('the last number of an axis is whole, however long it is', () => {
  const width = 400;
  /** @type {[string, number][]} */ const written = [];
  const letter = 7;
  const paint = fakePaint((call, [text, x]) => call === 'fillText' && written.push([text, x]), letter);
  const axis = {
    label: '',
    scale: /** @type {const} */ ('linear'),
    domain: /** @type {[number, number]} */ ([0, 2000000]),
  };
  paintFrame(
    paint,
    { x: axis, y: { ...axis, domain: [0, 1] }, number: String },
    { width, height: 200, scheme: 'light' },
  );
  const [, at = NaN] = written.find(([text]) => text === '2000000') ?? [];
  assert.equal(at + (7 * letter) / 2, width);
  const [, middle = NaN] = written.find(([text]) => text === '1000000') ?? [];
  assert.ok(middle + (7 * letter) / 2 < at - (7 * letter) / 2);
});

test('a rule that has no place on a logarithmic axis has no words there: the legend has them', () => {
  for (const [at, words] of /** @type {const} */ ([
    [0, 0],
    [0.01, 1],
  ])) {
    let written = 0;
    const paint = fakePaint((call) => call === 'fillText' && (written += 1));
    const scale = (/** @type {'linear' | 'log'} */ kind) =>
      makeScale({ label: '', scale: kind, domain: [0.001, 1] }, [300, 0]);
    const plot = { x: scale('linear'), y: scale('log'), box: { left: 0, top: 0, right: 300, bottom: 300 } };
    const brush = /** @type {any} */ ({ paint, plot, paper: '', colour: () => '', taken: [] });
    paintMark(brush, { kind: 'rule', axis: 'y', tone: 'noise', at, label: 'noise floor' });
    assert.equal(written, words);
  }
});
