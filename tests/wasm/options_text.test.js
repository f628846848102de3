// Options as text, both ways: controls, attributes and the link.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkOptions, formatOption, parseOption } from '../../web/src/options.js';
import { accepted, refused } from '../support/refused.js';

test('every value goes to text and back', () => {
  for (const [name, values] of Object.entries(accepted)) {
    for (const value of values) {
      const checked = checkOptions({ [name]: value }).options[name];
      assert.deepEqual(parseOption(name, formatOption(checked)), checked, `${name}: ${formatOption(checked)}`);
    }
  }
});

test('text is read strictly', () => {
  for (const text of ['1', '+1', ' 1 ', '1.', '1.0', '1e0', '10e-1', '.1E+1', '01'])
    assert.equal(parseOption('lr', text), 1, text);
  for (const text of [
    '',
    ' ',
    'abc',
    '0,1',
    'NaN',
    'Infinity',
    '1e400',
    '0x1',
    '1_000',
    '1e',
    'e1',
    '.',
    '--1',
    '1 2',
    '１',
    '−1',
    '50%',
    '1n',
    '9'.repeat(500),
  ]) {
    const error = refused(() => parseOption('lr', text));
    assert.equal(error.field, 'lr');
    assert.equal(error.range, 'a finite number from 0 to 1e30');
  }
  for (const text of ['1,2', '[1, 2]', ' 1 ,2 ']) assert.deepEqual(parseOption('true_w', text), [1, 2], text);
  for (const text of ['', '[]', '1,', ',1', '1,,2', '1;2', '1 2', '[1', 'a'])
    assert.equal(refused(() => parseOption('true_w', text)).field, 'true_w');
  for (const [text, value] of /** @type {const} */ ([
    ['true', true],
    ['True', true],
    ['false', false],
  ]))
    assert.equal(parseOption('shuffle', text), value);
  for (const text of ['', '1', 'yes', 'constructor'])
    assert.equal(refused(() => parseOption('shuffle', text)).field, 'shuffle');
  assert.equal(refused(() => parseOption('foo', '1')).field, 'foo');
});

test('a megabyte of text is refused at once', () => {
  const texts = ['1'.repeat(1e6), '1e'.repeat(5e5), '1,'.repeat(5e5) + '1'];
  const times = [1, 2, 3, 4, 5].map(() => {
    const start = process.cpuUsage(); // which does not count what else the machine does meanwhile
    for (const text of texts.slice(0, 2)) refused(() => parseOption('lr', text));
    refused(() => checkOptions({ true_w: parseOption('true_w', String(texts[2])) }));
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  assert.ok(Math.min(...times) < 50, `${Math.min(...times)} ms`);
});
