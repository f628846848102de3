// Two doubles, lane by lane: the fixed width in which every float64 sum of the closed form runs.
//
// GCC's and clang's vector extensions turn it into SSE, NEON, wasm128 or scalar code by themselves. Because the width is
// always two, wider hardware does not change the order of a sum, nor a bit of the result.
#pragma once

#include <cstring>

namespace linreg {

using f64x2 = double __attribute__((vector_size(16)));

inline f64x2 load2(const double* from) noexcept {
  f64x2 v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
inline void store2(double* to, f64x2 v) noexcept { std::memcpy(to, &v, sizeof v); }
inline f64x2 splat2(double x) noexcept { return f64x2{x, x}; }
inline double sum(f64x2 x) noexcept { return x[0] + x[1]; }

}  // namespace linreg
