// What is given by name comes in a plain object. Anything else has no names of its own, and would count as nothing given: a
// forgotten await must not train another run than was meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

import { checkData } from '../../web/src/data/check_data.js';
import { assertRefused, describeBuilds, small } from '../support/engines.js';

class Settings {
  lr = 5;
}
/** @type {[string, unknown][]} */
const others = [
  ['a Promise', Promise.resolve({ lr: 5 })],
  ['a Map', new Map([['lr', 5]])],
  ['a Date', new Date(0)],
  ['an instance', new Settings()],
  ['what inherits', Object.create({ lr: 5 })],
  ['what inherits from nothing else', Object.create(Object.assign(Object.create(null), { lr: 5 }))],
  ['a list', [5]],
  ['numbers', new Float64Array(1)],
];

describeBuilds('plain objects', (engine) => {
  test('what is none is refused, wherever options or data are given', async () => {
    const trainer = engine.createTrainer(small);
    const rows = { features: [1, 2, 3], labels: [1, 2, 3], d: 1 };
    for (const [, given] of others) {
      const refused = { code: 'invalid_option', field: 'options', range: /plain object/ };
      assertRefused(() => engine.createTrainer(given), refused);
      assertRefused(() => trainer.set(given), refused);
      assertRefused(() => trainer.run(given), refused);
      assertRefused(() => trainer.lossSurface(given), refused);
      assertRefused(() => engine.createTrainer({ data: given }), { code: 'invalid_data', field: 'data' });
      await assert.rejects(engine.leastSquares(given), { code: 'invalid_option', field: 'options' });
    }
    await assert.rejects(engine.leastSquares(Object.create(rows)), { code: 'invalid_option', field: 'options' });
    assert.equal(trainer.options.lr, 0.03);
    trainer.dispose();
  });

  test('one of another frame, without a prototype, frozen, or sent by a worker is plain', () => {
    const options = { lr: 0.5 };
    const bare = Object.assign(Object.create(null), options);
    const foreign = runInNewContext('({ lr: 0.5 })');
    for (const given of [bare, foreign, Object.freeze(options), structuredClone(options), new Proxy(options, {})]) {
      const trainer = engine.createTrainer(given);
      assert.equal(trainer.options.lr, 0.5);
      trainer.dispose();
    }
  });

  test('what is only inherited was not given', () => {
    const trainer = engine.createTrainer(small);
    Object.assign(Object.prototype, { lr: 5, until: -1 });
    try {
      assert.equal(trainer.run({ milliseconds: 0 }), 'running');
      const other = engine.createTrainer({});
      assert.equal(other.options.lr, 0.03);
      other.dispose();
    } finally {
      Reflect.deleteProperty(Object.prototype, 'lr');
      Reflect.deleteProperty(Object.prototype, 'until');
      trainer.dispose();
    }
  });

  test('half a character in a name takes nothing along', async () => {
    const names = ['\ud800x', 'y\udc00', '\ud83d\ude00'];
    const told = ['\ufffdx', 'y\ufffd', '\ud83d\ude00'];
    const features = [1, 2, 4, 3, 5, 9, 2, 7, 7, 1, 8, 1, 6, 6, 3];
    const labels = [1, 2, 3, 4, 5];
    const trainer = engine.createTrainer({ data: { features, labels, names, label_name: '\udfff' } });
    assert.deepEqual(trainer.dataset.names, told);
    trainer.dispose();
    assert.equal(checkData({ features: labels, labels, label_name: '\udfffy' }).label_name, '\ufffdy');
    const dependent = { features: [1, 1, 2, 2, 3, 3], labels: [1, 2, 3], d: 2, names: ['\ud800x', '\ud801y'] };
    assert.match(JSON.stringify((await engine.leastSquares(dependent)).dependent), /\ufffd[xy]/);
  });

  test('disposed of, a trainer says so before it looks at what it is given', async () => {
    const trainer = engine.createTrainer(small);
    trainer.dispose();
    for (const call of [
      () => trainer.run({ milliseconds: -1 }),
      () => trainer.run(/** @type {any} */ (5)),
      () => trainer.firstRows(-1),
      () => trainer.rewind(-1),
      () => trainer.set(/** @type {any} */ (null)),
      () => trainer.step(/** @type {any} */ ('leap')),
      () => trainer.predict([]),
      () => trainer.lossSurface({ x: -1 }),
    ])
      assertRefused(call, { code: 'invalid_state', field: 'dispose' });
    await assert.rejects(trainer.analyse(/** @type {any} */ ({ onProgress: 5 })), { code: 'invalid_state' });
  });
});
