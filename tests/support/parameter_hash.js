// A short name for the bits of a model's parameters.

/**
 * FNV-1a, 64 bits, over the float32 parameters' bytes, least significant first: d weights, then the bias.
 * @param {{ weight: Float32Array, bias: number }} model
 * @returns {string} 16 hexadecimal digits
 */
export function parameterHash({ weight, bias }) {
  const bytes = new DataView(new ArrayBuffer(4 * (weight.length + 1)));
  [...weight, bias].forEach((value, i) => bytes.setFloat32(4 * i, value, true));
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < bytes.byteLength; ++i)
    hash = BigInt.asUintN(64, (hash ^ BigInt(bytes.getUint8(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/**
 * Trains to the end: one hash every 100 steps and one at the end.
 * @param {import('../../web/src/engine.js').Trainer} trainer
 */
export function hashesOfRun(trainer) {
  const hashes = [];
  while (trainer.status === 'ready' || trainer.status === 'running') {
    const next = (hashes.length + 1) * 100;
    while (trainer.step_count < next && trainer.step('batch') === 'running');
    hashes.push(parameterHash(trainer));
  }
  return hashes;
}
