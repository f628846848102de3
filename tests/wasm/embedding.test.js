// A lab that is embedded: the settings that its author chose, and the commands of the page around it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chosenSettings, firstChosen } from '../../web/src/embed/chosen.js';
import { obeyHost } from '../../web/src/embed/frame.js';
import { partNames } from '../../web/src/lab/parts.js';
import { makeLab } from '../support/labs.js';

const shown = { views: ['loss', 'fit'], hidden: ['seed', 'speed'] };

test('the dialog begins with the lab as it is', () => {
  const first = firstChosen({ locked: true }, shown);
  assert.deepEqual(first, { language: '', theme: '', readonly: true, autoplay: false, parts: ['speed'] });
  assert.equal(firstChosen({ locked: false }, shown).readonly, false);
  assert.deepEqual(firstChosen({ locked: false }, { hidden: partNames }).parts, partNames);
});

test('the settings are those of the lab, its source, what is shown, and what was chosen', () => {
  const lab = makeLab({ seed: 42, standardize: true }, 'cars');
  const first = firstChosen(lab, shown);
  const settings = { data: 'cars', seed: '42', view: 'loss,fit', hide: 'seed,speed' };
  assert.deepEqual(chosenSettings(lab, shown, first), settings);
  lab.moveLabel(0, 5);
  assert.deepEqual(chosenSettings(lab, shown, first), settings, 'moved labels go with no link');
  const more = { language: 'zh-CN', theme: 'dark', readonly: true, autoplay: true, parts: ['sound', 'keys'] };
  assert.deepEqual(chosenSettings(lab, shown, more), {
    ...settings,
    hide: 'seed,sound,keys',
    lang: 'zh-CN',
    theme: 'dark',
    readonly: 'true',
    autoplay: 'true',
  });
  const bare = chosenSettings(makeLab({ seed: 1 }), { views: [], hidden: [] }, { ...first, parts: [] });
  assert.deepEqual(bare, { seed: '1' });
});

/** A frame whose lab answers each command with its name and its argument. @param {string[]} names of the lab's methods */
function framed(names) {
  /** @type {((event: object) => Promise<void>)[]} */ const listeners = [];
  /** @type {[any, string][]} */ const answers = [];
  const parent = { postMessage: (/** @type {any} */ message, /** @type {string} */ to) => answers.push([message, to]) };
  const frame = { parent };
  Object.assign(globalThis, {
    window: frame,
    addEventListener: (/** @type {string} */ type, /** @type {any} */ listener) => {
      if (type === 'message') listeners.push(listener);
    },
  });
  const method = (/** @type {string} */ name) => async (/** @type {unknown} */ argument) => [name, argument];
  const lab = /** @type {any} */ (Object.fromEntries(names.map((name) => [name, method(name)])));
  obeyHost(lab, () => ({ id: 'mine', origins: ['https://host.example'] }));
  /** @param {object} data @param {object} [from] */
  const say = async (data, from) => {
    answers.length = 0;
    const event = { source: parent, origin: 'https://host.example', data, ...from };
    for (const listener of listeners) await listener(event);
    return [...answers];
  };
  return { say, frame };
}

const commands = ['train', 'pause', 'step', 'rewind', 'reset', 'getState', 'setState', 'exportAs'];

test('a host commands a lab by every one of its methods, and is answered at its origin', async () => {
  const { say, frame } = framed([...commands, 'remove']);
  const type = 'linreg-lab:command';
  for (const [request, command] of commands.entries()) {
    const answer = { type: 'linreg-lab:answer', id: 'mine', request, value: [command, { to: request }] };
    assert.deepEqual(await say({ type, command, argument: { to: request }, request }), [
      [answer, 'https://host.example'],
    ]);
  }
  const [[refusal]] = /** @type {[[any]]} */ (await say({ type, command: 'remove', request: 9 }));
  assert.deepEqual([refusal.request, refusal.error.field, 'value' in refusal], [9, 'command', false]);
  const command = { type, command: 'pause' };
  assert.deepEqual(await say(command, { origin: 'https://other.example' }), []);
  assert.deepEqual(await say(command, { source: {} }), []);
  frame.parent = /** @type {any} */ (frame);
  assert.deepEqual(await say(command, { source: frame }), [], 'alone in its tab it has no host');
});
