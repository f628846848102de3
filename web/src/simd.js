// Whether WebAssembly has its 128-bit vector instructions here.

// A module whose only function holds one SIMD instruction: valid just where SIMD is.
// prettier-ignore
const probe = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

export const hasSimd = () => WebAssembly.validate(probe);
