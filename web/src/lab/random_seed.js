/** Any 32-bit seed: more PyTorch does not tell apart, and a short one is easier to read out. */
export function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
