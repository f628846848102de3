// Where the WebAssembly files are. A build that holds them inside itself has wasm_inlined.js in this module's place.

// Bundlers that copy assets look for these very expressions.
/**
 * @param {boolean} simd
 * @returns {URL | Promise<BufferSource>}
 */
export const wasmFile = (simd) =>
  simd ? new URL('./wasm/linreg-simd.wasm', import.meta.url) : new URL('./wasm/linreg-scalar.wasm', import.meta.url);
