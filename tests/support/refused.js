// What the option tests share.
import assert from 'node:assert/strict';

import { LinregError } from '../../web/src/errors.js';

/** The error that a call throws. @param {() => unknown} call @returns {LinregError} */
export function refused(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof LinregError, String(error));
    assert.ok(error.value.length <= 40);
    assert.ok(error.message.length < 400);
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
