// The loss as a sound: a tone that falls with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pitchOf, sound, startTone } from '../../web/src/lab/sound.js';

test('the tone falls with the loss, and stays audible', () => {
  const pitches = [1e6, 100, 10, 1, 1e-3, 1e-6, 0].map(pitchOf);
  assert.deepEqual(
    pitches,
    [...pitches].sort((a, b) => b - a),
  );
  assert.deepEqual([pitches[1], pitchOf(1), pitches.at(-1)], [1760, 880, 55]);
  for (const loss of [NaN, Infinity]) assert.ok(pitchOf(loss) >= 55 && pitchOf(loss) <= 1760);
});

/** A device that notes what it is asked for. */
class FakeAudioContext {
  currentTime = 7;
  destination = {};
  /** @type {[string, number, number][]} */ asked = [];

  createOscillator() {
    return { frequency: this.#parameter('pitch'), connect: (/** @type {any} */ to) => to, start: () => {} };
  }

  createGain() {
    return { gain: this.#parameter('loudness'), connect: (/** @type {any} */ to) => to };
  }

  /** @param {string} name */
  #parameter(name) {
    const setTargetAtTime = (/** @type {number} */ value, /** @type {number} */ at) =>
      this.asked.push([name, value, at]);
    return { value: 1, setTargetAtTime };
  }
}

test('a tone has its pitch at once, is heard, and fades', () => {
  Object.assign(globalThis, { AudioContext: FakeAudioContext });
  const tone = /** @type {any} */ (startTone());
  assert.equal(tone.gain.gain.value, 0, 'silent as yet');
  assert.equal(sound(tone, 1), 880);
  const [pitch, begins, ends] = tone.context.asked;
  assert.deepEqual(pitch, ['pitch', 880, 7]);
  assert.deepEqual([begins[0], begins[2]], ['loudness', 7]);
  assert.ok(begins[1] > 0);
  assert.deepEqual(ends.slice(0, 2), ['loudness', 0]);
  assert.ok(ends[2] > 7 && ends[2] < 8);
});
