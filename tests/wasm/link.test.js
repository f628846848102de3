// How the names and values of a link, of an address or of an element's attributes are read, and whatever a hostile link may hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readSettings } from '../../web/src/embed/address.js';
import { translator } from '../../web/src/i18n/index.js';
import { linkNotice, linkSettings, readLink, writeLink } from '../../web/src/lab/link.js';
import { makeLab } from '../support/labs.js';

test('of a frame’s address the hash counts where both say something, by whichever name', () => {
  const read = (/** @type {string} */ search, hash = '') => {
    const { attributes, link } = readSettings(search, hash, { views: ['loss', 'fit'], hideable: [] });
    return { ...Object.fromEntries(attributes), bad: link.bad };
  };
  assert.deepEqual(read('?loss=huber&beta=2', '#delta=3'), { loss: 'huber', delta: '3', bad: [] });
  assert.deepEqual(read('?delta=2&view=loss', '#beta=3&view=fit'), { delta: '3', view: 'fit', bad: [] });
  assert.deepEqual(read('?delta=2&beta=3'), { delta: '2', bad: ['beta'] });
});

test('the origins that may command a frame are whole and few, or none', () => {
  const read = (/** @type {string} */ origins) =>
    readSettings(`?origins=${origins}`, '', { views: [], hideable: [] }).origins;
  const good = ['https://a.example', 'http://b.example:8080'];
  assert.deepEqual(read(good.join()), good);
  for (const bad of ['https://a.example,null', 'https://a.example/x', Array(9).fill('https://a.example').join()])
    assert.deepEqual(read(bad), [], bad);
});

test('a step is read as any whole number', () => {
  for (const [text, step] of /** @type {const} */ ([
    ['1e2', 100],
    ['7.', 7],
    [' 007', 7],
    ['+7', 7],
    ['-0', 0],
  ]))
    // prettier-ignore
    assert.deepEqual([readLink(`#step=${text}`).step, readLink(`#step=${text}`).bad], [step, []], text);
  for (const text of ['999999999999999', '1e15', '9007199254740993', '1e300']) {
    const { step, bad, clamped } = readLink(`#step=${text}`);
    assert.deepEqual({ step, bad, clamped }, { step: 300, bad: [], clamped: ['step'] }, text);
  }
  for (const text of ['-1', '1.5', '', '0x1', '1e400'])
    assert.deepEqual([readLink(`#step=${text}`).step, readLink(`#step=${text}`).bad], [0, ['step']], text);
});

test('of a name that comes twice the first counts, and the notice names the second with its value', () => {
  const { options, bad } = readLink('#lr=0.1&lr=0.2');
  assert.deepEqual([options, bad], [{ lr: 0.1 }, ['lr=0.2']]);
});

test('a lab learns what minibatch was asked for, though few rows cut it', () => {
  const link = readLink('#batch_size=500&n=100&seed=1');
  assert.deepEqual([link.options.batch_size, link.clamped, link.complete.batch_size], [100, ['batch_size'], 100]);
  const { options, source } = linkSettings(link);
  const lab = makeLab(options, source);
  assert.equal(lab.options.batch_size, 100);
  lab.change('n', '1000');
  assert.equal(lab.options.batch_size, 500);
  lab.open({ options, source, step: 0 });
  assert.equal(lab.options.batch_size, 100);
  lab.change('n', '300');
  assert.equal(lab.options.batch_size, 300);
});

test('all options are as the run has them', () => {
  assert.equal(readLink('#n=5').complete.batch_size, 5);
  assert.equal(readLink('#data=cars').complete.standardize, true);
  assert.equal(readLink('#data=cars').complete.n, makeLab({}, 'cars').options.n);
  assert.equal(readLink('#nesterov=true').complete.nesterov, false);
  assert.equal(linkSettings(readLink('#lr=0.1'), 7).options.seed, 7);
});

test('too many rows for so many features become the most that there may be', () => {
  const weights = Array(17).fill('1').join(',');
  for (const n of ['1000000', '1e9']) {
    const { options, bad, clamped } = readLink(`#seed=1&n=${n}&true_w=${weights}`);
    assert.deepEqual({ n: options.n, bad, clamped }, { n: Math.floor(2 ** 24 / 17), bad: [], clamped: ['n'] });
  }
});

test('a language near one that there is will do, in a link and in a frame’s address', () => {
  for (const [tag, language] of /** @type {const} */ ([
    ['zh', 'zh-CN'],
    ['ZH-tw', 'zh-CN'],
    ['en-GB', 'en'],
    ['xx', undefined],
  ])) {
    assert.equal(readLink(`#lang=${tag}`).language, language);
    const { attributes, link } = readSettings(`?lang=${tag}`, '', { views: [], hideable: [] });
    assert.deepEqual([attributes.has('lang'), link.bad], language ? [true, []] : [false, ['lang']]);
  }
});

const t = translator('en');

/** @type {[string, string, string[], Record<string, string>][]} what, hash, the parts named as bad, names and values of the rest */
const hostile = [
  [
    'values out of range',
    '#seed=1&lr=-1&epochs=0&n=abc&batch_size=0',
    ['lr', 'epochs', 'n', 'batch_size'],
    { seed: '1' },
  ],
  [
    'numbers that are none',
    '#seed=1&lr=NaN&noise=Infinity&true_b=1e400&true_w=1,,2',
    ['lr', 'noise', 'true_b', 'true_w'],
    { seed: '1' },
  ],
  [
    'unknown names',
    '#seed=1&foo=1&__proto__=1&constructor=1&toString=2',
    ['foo', '__proto__', 'constructor', 'toString'],
    { seed: '1' },
  ],
  ['bad escapes', '#seed=1&lr=%ZZ&%E0%A4%A=1&epochs=%', ['lr=%ZZ', '%E0%A4%A=1', 'epochs=%'], { seed: '1' }],
  ['names twice', '#seed=1&lr=0.1&lr=0.2', ['lr=0.2'], { seed: '1', lr: '0.1' }],
  ['an option under both its names', '#seed=1&delta=2&beta=3', ['beta'], { seed: '1', delta: '2' }],
  ['parts without a value', '#seed=1&lr&&&=', ['lr', ''], { seed: '1' }],
  ['a bad step and language', '#seed=1&step=-1&lang=xx&data=planes', ['step', 'lang', 'data'], { seed: '1' }],
  ['nesterov without momentum', '#seed=1&nesterov=true', ['nesterov'], { seed: '1' }],
  ['standardize without data', '#seed=1&standardize=true', ['standardize'], { seed: '1' }],
  [
    'what synthetic data are made of, beside others',
    '#seed=1&data=cars&n=5&noise=3',
    ['n', 'noise'],
    { data: 'cars', seed: '1' },
  ],
  ['too much of what is not made', '#seed=1&data=cars&n=1e9', ['n'], { data: 'cars', seed: '1' }],
  ['a step that is none', '#seed=1&step=1.5', ['step'], { seed: '1' }],
  [
    'script',
    '#seed=1&<img src onerror%3Dalert(1)>=1&lr=javascript:alert(1)',
    ['<img src onerror=alert(1)>', 'lr'],
    { seed: '1' },
  ],
];

for (const [what, hash, bad, rest] of hostile) {
  test(`hostile link: ${what}`, () => {
    const link = readLink(hash);
    assert.deepEqual([...link.bad].sort(), [...bad].sort());
    const notice = linkNotice(t, link);
    for (const part of bad) assert.ok(notice.includes(part), notice);
    assert.doesNotMatch(notice, /undefined|largest/);
    assert.deepEqual(Object.keys(Object.prototype), []);
    const lab = makeLab(linkSettings(link).options, link.source);
    lab.goTo(link.step);
    const written = writeLink({ options: lab.options, source: lab.base, step: lab.step, language: link.language });
    assert.deepEqual(Object.fromEntries(written.slice(1).split('&').map((part) => part.split('='))), rest); // prettier-ignore
    assert.equal(lab.trainer?.train(), 'finished');
  });
}

test('the notice names few of the parts that are bad, each of them once', () => {
  const notice = (/** @type {string} */ hash) => linkNotice(t, readLink(hash));
  assert.equal(notice('#seed=1'), '');
  assert.equal(notice('#a=1&b=1&c=1&d=1&e=1'), 'Some settings could not be used and were left out: a, b, c, d, e.');
  assert.match(notice('#a=1&b=1&c=1&d=1&e=1&f=1'), /: a, b, c, d, e…\.$/);
  assert.match(notice('#lr&lr&epochs=0'), /: lr, epochs\.$/);
});

for (const [what, body] of /** @type {const} */ ([
  ['one value', `seed=1&true_w=${'1,'.repeat(500_000)}`],
  ['a million ampersands', `seed=1${'&'.repeat(1_000_000)}`],
  ['a million names', `seed=1${'&a=1'.repeat(250_000)}`],
  ['escapes', `seed=1&${'%41'.repeat(340_000)}=1`],
  ['digits', `seed=1&lr=0.${'0'.repeat(1_000_000)}1`],
]))
  test(`a link of 1 MB is read in no time, and little of it is kept: ${what}`, () => {
    const times = [1, 2, 3, 4, 5].map(() => {
      const start = process.cpuUsage(); // which does not count what else the machine does meanwhile
      const link = readLink(`#${body}`);
      const notice = linkNotice(t, link);
      const { user, system } = process.cpuUsage(start);
      assert.equal(link.options.seed, 1);
      assert.ok(notice !== '' && notice.length < 200, notice);
      assert.ok(link.bad.length <= 65 && link.bad.every((part) => part.length <= 40));
      return (user + system) / 1000;
    });
    assert.ok(Math.min(...times) < 50, `${Math.min(...times)} ms`);
  });
