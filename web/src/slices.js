// Long work in slices of a few milliseconds, so that a page stays alive meanwhile: in hidden tabs and in Node too, where no
// animation frames come and timers are slow.

import { describe, mustBe } from './errors.js';

/** @typedef {{ onProgress?: ((progress: number) => void) | undefined, signal?: AbortSignal | undefined }} SliceOptions */

const sliceMilliseconds = 6;

/**
 * Calls `work`, which does a little each time, until it returns true. Resolves then; rejects with what work or
 * onProgress throw, and with the signal's reason when that is aborted.
 * @param {() => boolean} work
 * @param {() => number} progress from 0 to 1
 * @param {SliceOptions} options
 */
export async function inSlices(work, progress, { onProgress, signal }) {
  throwIfAborted(signal);
  const channel = new MessageChannel();
  let reported = 0;
  try {
    while (!slice(work)) {
      reported = Math.max(reported, progress());
      onProgress?.(reported);
      await nextTask(channel);
      throwIfAborted(signal);
    }
    onProgress?.(1);
  } finally {
    channel.port1.close();
  }
}

/** @param {() => boolean} work @returns {boolean} whether all is done */
function slice(work) {
  const end = performance.now() + sliceMilliseconds;
  while (!work()) if (performance.now() >= end) return false;
  return true;
}

/**
 * Messages are not slowed down where timers are. Node, which handles many messages in one turn, has setImmediate.
 * @param {MessageChannel} channel
 * @returns {Promise<void>}
 */
function nextTask({ port1, port2 }) {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}

/** @param {AbortSignal | undefined} signal */
function throwIfAborted(signal) {
  if (signal?.aborted) throw signal.reason;
}

/**
 * @param {Record<string, unknown>} given
 * @returns {SliceOptions}
 */
export function checkSliceOptions({ onProgress, signal }) {
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw mustBe('invalid_option', 'onProgress', { key: 'range.function' }, describe(onProgress));
  if (signal !== undefined && !isSignal(signal))
    throw mustBe('invalid_option', 'signal', { key: 'range.signal' }, describe(signal));
  return {
    onProgress: /** @type {SliceOptions['onProgress']} */ (onProgress),
    signal: /** @type {AbortSignal | undefined} */ (signal),
  };
}

/** Of any frame's AbortSignal, which has a reason once it is aborted: that is thrown. @param {unknown} value */
function isSignal(value) {
  try {
    const { aborted, reason } = /** @type {AbortSignal} */ (value);
    return aborted === true ? reason !== undefined : aborted === false && 'reason' in /** @type {object} */ (value);
  } catch {
    return false;
  }
}
