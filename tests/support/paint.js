// A canvas's context that paints nothing, and tells what it is asked to.

/** @typedef {{ globalAlpha: number, strokeStyle: string, fillStyle: string, font: string }} PaintState as of a canvas that is new, or as it was set */

/**
 * @param {(call: string, values: any[], state: PaintState) => void} note
 * @param {number} [letter] the width of every letter
 * @returns {any}
 */
export function fakePaint(note, letter = 7) {
  /** @type {PaintState} */
  const state = { globalAlpha: 1, strokeStyle: '', fillStyle: '', font: '10px sans-serif' };
  const method =
    (/** @type {string} */ call) =>
    (/** @type {any[]} */ ...values) => {
      note(call, values, state);
      return call === 'measureText' ? { width: letter * values[0].length } : undefined;
    };
  return new Proxy(state, {
    get: (_, name) => (name in state ? Reflect.get(state, name) : method(String(name))),
  });
}
