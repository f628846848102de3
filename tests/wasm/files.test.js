// The files that a picture is saved as: SVG and CSV.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { csvCell, csvText } from '../../web/src/export/csv.js';
import { pictureSvg } from '../../web/src/export/picture.js';
import { translator } from '../../web/src/i18n/index.js';
import { describeData } from '../../web/src/lab/views/data.js';
import { describeLoss } from '../../web/src/lab/views/loss.js';
import { makeLab } from '../support/labs.js';
import { mark, wellFormed } from '../support/pictures.js';

const t = translator('en');

test('an SVG file is well-formed, holds the picture’s numbers, and takes any text', () => {
  const lab = makeLab({ seed: 42, n: 30 });
  lab.stepOnce('epoch');
  const nasty = '<script>&"\'\u0000\ud800';
  const picture = { ...describeLoss(lab, t), name: nasty };
  const svg = pictureSvg(picture, { title: nasty, width: 800, height: 480 });
  wellFormed(svg);
  assert.doesNotMatch(svg, /<script/);
  // The line's points, brought back from pixels, are the losses.
  const ticks = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)" text-anchor="end"[^>]*>([^<]+)<\/text>/g)];
  const axis = ticks
    .filter(([, , text]) => /^[\d.]+$/.test(String(text)))
    .map(([, y, text]) => ({ y: Number(y), value: Number(text) }));
  assert.ok(axis.length >= 2);
  const [a, b] = /** @type {[typeof axis[0], typeof axis[0]]} */ ([axis[0], axis.at(-1)]);
  const perPixel = Math.log10(b.value / a.value) / (b.y - a.y);
  const path = [...svg.matchAll(/d="(M[^"]+)" fill="none" stroke="#3285b8"/g)].at(-1)?.[1] ?? ''; // the first is the legend's
  const drawn = [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, , y]) => Number(y));
  const losses = Array.from(mark(picture, 'minibatch').y);
  assert.equal(drawn.length, losses.length);
  const middle = 12 * 0.35 - 0.5; // from the line of a tick's letters up to the tick
  drawn.slice(1).forEach((y, i) => {
    const value = a.value * 10 ** ((y - (a.y - middle)) * perPixel);
    assert.ok(Math.abs(Math.log10(value / Number(losses[i + 1]))) < 0.05, `${value} ${losses[i + 1]}`);
  });
});

test('CSV: numbers in full, text that no spreadsheet runs', async () => {
  assert.deepEqual([1.5, -2, 1e-300, NaN, Infinity, -Infinity].map(csvCell), [
    '1.5',
    '-2',
    '1e-300',
    'nan',
    'inf',
    '-inf',
  ]);
  assert.deepEqual(['=1+1', '+a', '-a', '@a', '\ta', '\ra', 'a', 'a,b', 'a"b', '=a"b', 'a\nb'].map(csvCell), [
    "'=1+1",
    "'+a",
    "'-a",
    "'@a",
    "'\ta",
    '"\'\ra"',
    'a',
    '"a,b"',
    '"a""b"',
    '"\'=a""b"',
    '"a\nb"',
  ]);
  const lab = makeLab({ seed: 1, n: 500 });
  const data = /** @type {import('../../web/src/lab/lab.js').LabData} */ (lab.data);
  const text = (await csvText(describeData({ ...data, names: ['=cmd', 'x,2'] }, 0, t).table())).join('');
  const lines = text.split('\r\n');
  assert.equal(lines[0], '\ufeffrow,\'=cmd,"x,2",y');
  assert.equal(lines.length, 502);
  assert.equal(lines[500], [499, data.features[998], data.features[999], data.labels[499]].join(','));
});
