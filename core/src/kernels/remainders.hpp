// Remainders by many divisors, without a division for each: what randperm needs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simd.hpp"

namespace linreg::LINREG_UNIT {

/// floor(x / m) is what (x + 1/2 - m/2) / m rounds to: that lies at least 1 / (2 m) from where rounding turns, and
/// with x < 2^32 float64's error stays below 2^-18 / m, even with a reciprocal that is a few units off. Adding
/// 3 * 2^51 rounds, and leaves the whole number in the low bits.
inline u32x4 remainder(u32x4 x, u32x4 m, f64x4 divisor, f64x4 reciprocal) noexcept {
  constexpr double rounder = 0x1.8p52;
  const f64x4 numerator = __builtin_convertvector(x, f64x4) + (0.5 - 0.5 * divisor);
  const auto bits = reinterpret_cast<u32x8>(numerator * reciprocal + rounder);
  return x - m * __builtin_shufflevector(bits, bits, 0, 2, 4, 6);
}

/// words[i] becomes words[i] % (divisor - i); divisor - i >= 1 for all of them, divisor < 2^31.
inline void remainders(std::uint32_t* words, std::size_t count, std::uint32_t divisor) noexcept {
  constexpr u32x4 offset{0, 1, 2, 3};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const u32x4 m = divisor - static_cast<std::uint32_t>(i) - offset;
    // Both halves share one division: 1 / a = b / (a b). a b < 2^62 loses at most one unit in the last place.
    const f64x4 a = __builtin_convertvector(reinterpret_cast<i32x4>(m), f64x4);
    const f64x4 b = a - 4.0;
    const f64x4 shared = 1.0 / (a * b);
    store(words + i, remainder(load(words + i), m, a, shared * b));
    store(words + i + 4, remainder(load(words + i + 4), m - 4, b, shared * a));
  }
  for (; i < count; ++i) words[i] %= divisor - static_cast<std::uint32_t>(i);
}

}  // namespace linreg::LINREG_UNIT
