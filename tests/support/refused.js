// What the option tests share.
import assert from 'node:assert/strict';

import { readFileSync } from 'node:fs';

import { LinregError } from '../../web/src/errors.js';
import { messages, say } from '../../web/src/messages.js';

const chinese = JSON.parse(readFileSync(new URL('../../web/src/i18n/zh-CN.json', import.meta.url), 'utf8'));

/** Checks that an error is a refusal that reads well, says what to do next, and can be said in another language. @param {unknown} error */
export function assertReadsWell(error) {
  assert.ok(error instanceof LinregError, `not a LinregError: ${error}`);
  const { message, value, hint, text, hintText } = error;
  assert.ok(value.length <= 40, `the value has ${value.length} characters`);
  assert.ok(message.length > 10 && message.length < 400, message);
  assert.ok(hint.length > 10, `"${message}" has no hint`);
  assert.equal(say(messages, text), message);
  assert.equal(say(messages, hintText), hint);
  for (const said of [say(chinese, text), say(chinese, hintText)]) assert.match(said, /\p{Script=Han}/u);
  if (text.key.startsWith('error.must'))
    assert.equal(typeof text.params.range, 'object', `no text for "${error.range}"`);
}

/** The error that a call throws, which reads well. @param {() => unknown} call @returns {LinregError} */
export function refused(call) {
  try {
    call();
  } catch (error) {
    assertReadsWell(error);
    return error;
  }
  return assert.fail('nothing was refused');
}

/** Every option with values inside its range, edges first. @type {Record<string, unknown[]>} */
export const accepted = {
  seed: [0, 2 ** 53 - 1, 42],
  true_w: [[1e30, -1e30], [0], Array(256).fill(1), Float32Array.of(1, 2), new Int8Array([1])],
  true_b: [-1e30, 1e30, -0, 5e-324],
  n: [10, 1_000_000],
  noise: [0, 1e30],
  batch_size: [1, 10],
  init_std: [0, 1e30],
  delta: [5e-324, 1e30],
  lr: [1e30, 1e-20],
  momentum: [0, 0.999999999],
  weight_decay: [0, 1e30],
  epochs: [1, 2 ** 53 - 1, 1e12],
  init: ['normal', 'default', 'zeros'],
  loss: ['mse', 'l1', 'huber', 'smooth_l1'],
  reduction: ['mean', 'sum'],
  optimizer: ['sgd', 'adam'],
  shuffle: [true, false],
  drop_last: [true, false],
};
