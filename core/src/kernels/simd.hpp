// The vectors that kernels are written in. GCC's and clang's vector extensions turn them into SSE, AVX, NEON, wasm128 or
// scalar code by themselves, lane by lane, so hardly an intrinsic is needed and every width gives the same bits.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace linreg::LINREG_UNIT {

using f32x4 = float __attribute__((vector_size(16)));
using i32x4 = std::int32_t __attribute__((vector_size(16)));
using f64x2 = double __attribute__((vector_size(16)));
using f64x4 = double __attribute__((vector_size(32)));

inline f32x4 load(const float* from) noexcept {
  f32x4 v;
  std::memcpy(&v, from, sizeof v);  // rows are not aligned
  return v;
}
inline void store(float* to, f32x4 v) noexcept { std::memcpy(to, &v, sizeof v); }
/// `count` is a multiple of four.
inline void copy(const float* from, std::size_t count, float* to) noexcept {
  for (std::size_t j = 0; j < count; j += 4) store(to + j, load(from + j));
}

inline f32x4 splat(float x) noexcept { return f32x4{x, x, x, x}; }
inline f32x4 select(i32x4 mask, f32x4 yes, f32x4 no) noexcept {
  return reinterpret_cast<f32x4>((reinterpret_cast<i32x4>(yes) & mask) | (reinterpret_cast<i32x4>(no) & ~mask));
}
inline f32x4 abs(f32x4 x) noexcept { return reinterpret_cast<f32x4>(reinterpret_cast<i32x4>(x) & 0x7fffffff); }
inline f32x4 sqrt(f32x4 x) noexcept {
  return f32x4{std::sqrt(x[0]), std::sqrt(x[1]), std::sqrt(x[2]), std::sqrt(x[3])};
}

/// Float32 as float64 and back. (g++ makes several instructions of what AVX has one for.)
#if defined(__AVX__) && !defined(__clang__)
inline f64x4 widen(f32x4 x) noexcept { return __builtin_ia32_cvtps2pd256(x); }
inline f32x4 narrow(f64x4 x) noexcept { return __builtin_ia32_cvtpd2ps256(x); }
#else
inline f64x4 widen(f32x4 x) noexcept { return __builtin_convertvector(x, f64x4); }
inline f32x4 narrow(f64x4 x) noexcept {
#ifdef __wasm_simd128__
  // clang uses the instruction that makes two float32 and two zeros only if the zeros are wanted.
  const auto half = [](f64x2 two) {
    return reinterpret_cast<i32x4>(__builtin_convertvector(__builtin_shufflevector(two, f64x2{}, 0, 1, 2, 3), f32x4));
  };
  const i32x4 low = half(__builtin_shufflevector(x, x, 0, 1));
  const i32x4 high = half(__builtin_shufflevector(x, x, 2, 3));
  return reinterpret_cast<f32x4>(low | __builtin_shufflevector(high, high, 2, 3, 0, 1));
#else
  return __builtin_convertvector(x, f32x4);
#endif
}
#endif

/// Rounds float64 to the precision of float32: natively without a conversion, which takes longer (Veltkamp's splitting; a
/// tie may go either way). In WebAssembly V8 11 gains by that, too, but V8 15 loses.
inline f64x4 rounded(f64x4 x) noexcept {
#ifdef __wasm__
  return widen(narrow(x));
#else
  const f64x4 above = x * 0x1.00000008p+29;  // 2^29 + 1
  return above - (above - x);
#endif
}

/// a b + c rounded to float32 from float64: what a fused multiply-add gives, but the same on hardware without one.
/// (The product is exact in float64; the sum is rounded twice, which has the same result but in very rare cases.)
inline f32x4 fused(f32x4 a, f32x4 b, f32x4 c) noexcept { return narrow(widen(a) * widen(b) + widen(c)); }

/// Numbers `count` to 3 become 0.
inline void clear_from(f32x4& four, std::size_t count) noexcept {
  const auto left = static_cast<std::int32_t>(count);
  four = select(i32x4{0, 1, 2, 3} < i32x4{left, left, left, left}, four, f32x4{});
}

/// Number `at`, of 0 to 3, becomes 1.
inline f32x4 with_one_at(f32x4 four, std::size_t at) noexcept {
  const auto lane = static_cast<std::int32_t>(at);
  return select(i32x4{0, 1, 2, 3} == i32x4{lane, lane, lane, lane}, splat(1.0F), four);
}

/// a0 b0 a1 b1, and a2 b2 a3 b3.
inline f32x4 zip_low(f32x4 a, f32x4 b) noexcept { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
inline f32x4 zip_high(f32x4 a, f32x4 b) noexcept { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
/// x2 x3, twice.
inline f32x4 high(f32x4 x) noexcept { return __builtin_shufflevector(x, x, 2, 3, 2, 3); }

inline float sum(f32x4 x) noexcept { return (x[0] + x[2]) + (x[1] + x[3]); }

/// Lane i receives the sum of x[i]. A transposition would shuffle more, and shuffles are what long batches wait for.
inline f32x4 sums_of(const f32x4 (&x)[4]) noexcept {
  const f32x4 a = zip_low(x[0], x[1]) + zip_high(x[0], x[1]);
  const f32x4 b = zip_low(x[2], x[3]) + zip_high(x[2], x[3]);
  return __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
}

/// Rows become columns: lane i of x[j] changes places with lane j of x[i].
inline void transpose(f32x4 (&x)[4]) noexcept {
  const f32x4 a = zip_low(x[0], x[1]);
  const f32x4 b = zip_high(x[0], x[1]);
  const f32x4 c = zip_low(x[2], x[3]);
  const f32x4 d = zip_high(x[2], x[3]);
  x[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  x[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  x[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  x[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

}  // namespace linreg::LINREG_UNIT
