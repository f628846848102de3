// What a lab says to text that a reader enters where it is no value of the option: the words, and that nothing changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { refusalOf } from '../../web/src/errors.js';
import { tell, translator } from '../../web/src/i18n/index.js';
import { makeLab, trainerOf } from '../support/labs.js';
import { assertReadsWell } from '../support/refused.js';

/** @import { Lab } from '../../web/src/lab/lab.js' */
/** @import { OptionName } from '../../web/src/options.js' */

const english = translator('en');
const chinese = translator('zh-CN');

/** What stands beside the field. @param {Lab} lab @param {OptionName} name @param {string} text */
function said(lab, name, text, t = english) {
  const refusal = refusalOf(() => lab.check(name, text));
  assert.ok(refusal, `${name} accepts ${text}`);
  assertReadsWell(refusal);
  assert.equal(refusal.field, name);
  return tell(t, refusal);
}

const nonNumbers = [
  '',
  'abc',
  '0,1',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '0x10',
  '1_000',
  '１',
  '<img src=x onerror=alert(1)>',
];
const notNegative = 'a finite number from 0 to 1e30';
const whole = 'a whole number from';

/** @type {[OptionName, string, string[], string][]} option, accepted range in the message, values, one that is accepted */
const classes = [
  ['seed', `${whole} 0 to 9007199254740991`, ['-1', '1.5', '9007199254740992', ...nonNumbers], '2'],
  [
    'true_w',
    'a list of 1 to 256 numbers',
    ['', 'a', '1,,2', '1,', '1 2', '1;2', '1e31', 'NaN', Array(257).fill('1').join(',')],
    '1, 2',
  ],
  ['true_b', 'a finite number from -1e30 to 1e30', ['1e31', ...nonNumbers], '2'],
  ['n', `${whole} 1 to 1000000`, ['0', '-1', '1.5', '1000001', '1e18', ...nonNumbers], '2'],
  ['noise', notNegative, ['-0.1', '1e31', ...nonNumbers], '2'],
  ['batch_size', 'a whole number of at least 1', ['0', '-1', '1.5', ...nonNumbers], '2'],
  ['init_std', notNegative, ['-1', ...nonNumbers], '2'],
  ['lr', notNegative, ['-1', '-1e-9', '1e31', ...nonNumbers], '2'],
  ['momentum', 'a number from 0 up to, but not including, 1', ['1', '1.5', '-0.1', ...nonNumbers], '0.5'],
  ['weight_decay', notNegative, ['-1', ...nonNumbers], '2'],
  ['epochs', `${whole} 1 to 9007199254740991`, ['0', '-3', '2.5', '1e16', ...nonNumbers], '2'],
  ['delta', 'a finite number above 0, at most 1e30', ['0', '-1', ...nonNumbers], '2'],
];

for (const [name, range, values, valid] of classes) {
  test(`${name} refuses text that is out of range, at the end of a run, and nothing changes`, () => {
    const lab = makeLab({ seed: 42, loss: 'huber', lr: 0 }); // of which there is a notice
    trainerOf(lab).train();
    const standing = () => [lab.options, lab.notices, lab.step, lab.status, lab.altered, trainerOf(lab).log];
    const { trainer } = lab;
    const before = structuredClone(standing());
    let events = 0;
    for (const type of ['settings', 'run', 'progress']) lab.addEventListener(type, () => (events += 1));
    for (const text of values) {
      const message = said(lab, name, text);
      assert.ok(message.startsWith(`${name} must be ${range}`), message);
      assert.equal(refusalOf(() => lab.change(name, text))?.message, message);
    }
    assert.deepEqual(standing(), before);
    assert.equal(lab.trainer, trainer);
    assert.equal(events, 0);
    lab.change(name, valid);
    assert.deepEqual(lab.options[name], name === 'true_w' ? [1, 2] : Number(valid));
  });
}

test('too many cells name the limit, with the n that was entered', () => {
  const lab = makeLab({ seed: 1, n: 10, true_w: Array(20).fill(1) });
  assert.match(said(lab, 'n', '1000000'), /n times d at most 16777216, got 1000000$/);
});

test('a message shows at most 40 characters of what was entered', () => {
  const message = said(makeLab({ seed: 1 }), 'lr', `<b>${'x'.repeat(500)}</b>`);
  assert.match(message, /got "<b>x+…$/);
  assert.equal(/got (.*)$/.exec(message)?.[1]?.length, 40);
});

test('what is refused is told in Chinese too', () => {
  const lab = makeLab({ seed: 1 });
  assert.equal(said(lab, 'lr', '-1', chinese), 'lr 必须是从 0 到 1e30 的有限数，而输入的是 -1');
  assert.equal(
    said(lab, 'true_w', '', chinese),
    'true_w 必须是 1 到 256 个数的列表，每个数都是从 -1e30 到 1e30 的有限数，而输入的是 ""',
  );
});
