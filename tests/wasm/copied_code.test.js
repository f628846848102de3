// The code that a reader copies trains as the lab did.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { made } from '../../web/src/data/made.js';
import { translator } from '../../web/src/i18n/index.js';
import { scriptCode, contextOf } from '../../web/src/lab/notebook.js';
import { engines } from '../support/engines.js';
import { makeLab } from '../support/labs.js';
import { scripts, scriptOf } from '../support/scripts.js';

/** @import { Lab } from '../../web/src/lab/lab.js' */

const [engine] = engines;
const t = translator('en');
const codeOf = (/** @type {Lab} */ lab) => scriptCode(contextOf(lab, t));

test('copied code leaves zero_grad out where the run does', () => {
  const lab = makeLab({ seed: 42 });
  const code = () => codeOf(lab);
  assert.match(code(), /^ {8}trainer\.zero_grad\(\)$/m);
  const before = code();
  lab.forgetsZeroGrad = true;
  assert.equal(code(), before.replace('trainer.zero_grad()', '# trainer.zero_grad()'));
});

test('whole numbers that a 64-bit integer does not hold are floats in Python', () => {
  const code = (/** @type {import('../../web/src/options.js').GivenOptions} */ options) => codeOf(makeLab(options));
  assert.match(code({ seed: 1, true_b: 1e20 }), /^true_b = 1e\+20$/m);
  assert.match(code({ seed: 1, true_w: [-1e19, 2.5] }), /torch\.tensor\(\[-1e\+19, 2\.5\]/);
  assert.match(code({ seed: 9007199254740991, true_b: 42 }), /manual_seed\(9007199254740991\)[^]*^true_b = 42$/m);
});

test('a large minibatch is an integer in Python, which a DataLoader wants', () => {
  const code = codeOf(makeLab({ seed: 1, batch_size: 1e18, drop_last: true }));
  assert.match(code, /^batch_size = 1000000000000000000$/m);
});

test('what a language prints is Python, whatever is in it', () => {
  const lab = makeLab({ seed: 1 });
  const french = Object.assign((/** @type {string} */ key) => `l'erreur d\\${key}`, t);
  assert.match(scriptCode(contextOf(lab, french)), /^print\('l\\'erreur d\\\\code.error_w', true_w/m);
});

test('labels that were moved are moved in the code, before anything is made of them', () => {
  const lab = makeLab({ seed: 42, n: 20 });
  const before = codeOf(lab);
  lab.moveLabel(3, 7.25);
  lab.moveLabel(0, -1e-9);
  lab.moveLabel(3, 2.5);
  const line = 'features, labels = synthetic_data(true_w, true_b, 20)\n';
  assert.equal(codeOf(lab), before.replace(line, `${line}labels[0] = -1e-9  # moved by hand\nlabels[3] = 2.5\n`));
  lab.changeSource('cars');
  lab.moveLabel(5, 30);
  assert.match(codeOf(lab), /contiguous\(\)\ncars\[5, 2\] = 30 .*\nmean, deviation/);
  lab.changeSource('valley');
  lab.moveLabel(6, 1);
  assert.match(codeOf(lab), /dim=1\)\ntable\[6, 2\] = 1 .*\nmean, deviation/);
  for (let row = 0; row < 20; ++row) lab.moveLabel(row, 0);
  assert.match(codeOf(lab), /# Many labels were moved/);
  assert.doesNotMatch(codeOf(lab), /table\[6/);
  lab.restoreData();
  assert.doesNotMatch(codeOf(lab), /moved/);
});

test('a run that was changed on its way says so in its code', () => {
  const lab = makeLab({ seed: 42 });
  const told = `# The run was changed along the way; this code trains from the start with the current settings.\nnum_epochs = 3`;
  lab.stepOnce('batch');
  assert.ok(!codeOf(lab).includes(told));
  lab.change('lr', '0.1');
  assert.ok(codeOf(lab).includes(told));
  lab.reset();
  assert.ok(!codeOf(lab).includes(told));
  let settings = 0;
  lab.addEventListener('settings', () => (settings += 1));
  lab.forgetsZeroGrad = true;
  lab.stepOnce('batch');
  lab.forgetsZeroGrad = false;
  assert.equal(settings, 3, 'the second tells of the first step without zero_grad');
  assert.ok(codeOf(lab).includes(told));
  lab.reset();
  lab.forgetsZeroGrad = true;
  settings = 0;
  lab.stepOnce('batch');
  assert.equal(settings, 1, 'after a reset, too');
  lab.stepBack('batch');
  settings = 0;
  lab.stepOnce('batch');
  assert.equal(settings, 1, 'and after a step back');
});

test('a loader without a minibatch does not end the script', () => {
  const shown = (/** @type {import('../../web/src/options.js').GivenOptions} */ options) =>
    codeOf(makeLab({ seed: 1, n: 30, ...options })).match(/^print\(next.*$/m)?.[0];
  assert.equal(shown({ batch_size: 31, drop_last: true }), 'print(next(iter(data_iter), None))');
  for (const options of [{ batch_size: 30, drop_last: true }, { batch_size: 31 }])
    assert.equal(shown(options), 'print(next(iter(data_iter)))');
});

for (const name of Object.keys(scripts))
  test(`the code of ${name} is line by line that of tests/fixtures/scripts/${name}.py`, () => {
    const committed = readFileSync(new URL(`../fixtures/scripts/${name}.py`, import.meta.url), 'utf8');
    assert.equal(scriptOf(name, engine), committed);
  });

for (const [name, { n, names, row, python }] of Object.entries(made))
  test(`the Python of ${name} makes its rows, to the bit`, () => {
    // So little of Python and of torch as there is in it is JavaScript but for a few signs.
    const lines = python.map((line) =>
      line
        .replace(/torch\.where\(\((.*?)\) & \((.*?)\), (.*?), (.*?)\)/, '($1) && ($2) ? $3 : $4')
        .replace(/([^=<>!])==([^=])/g, '$1===$2')
        .replace(/^(\w+), (\w+) = (.*?), (.*)$/, '[$1, $2] = [$3, $4]'),
    );
    const run = new Function('i', `let u, v, e, x1, x2, y; ${lines.join('; ')}; return [${names.join()}, y];`);
    for (let i = 0; i < n; ++i) assert.deepEqual(run(i), row(i));
  });
