// The WebAssembly files as text inside the script, for pages that can fetch nothing: the build turns each .wasm that is
// imported here into the base64 of its gzip. It takes the place of wasm_files.js.

import scalar from './wasm/linreg-scalar.wasm';
import simd from './wasm/linreg-simd.wasm';

/**
 * @param {boolean} useSimd
 * @returns {Promise<BufferSource>}
 */
export function wasmFile(useSimd) {
  const packed = Uint8Array.from(atob(useSimd ? simd : scalar), (character) => character.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(plain).arrayBuffer();
}
