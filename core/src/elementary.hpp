// log, sin and cos in float64 from +, -, *, / alone: libm differs between platforms, these do not.
#pragma once

#include <bit>
#include <cstdint>
#include <numbers>

namespace linreg::elementary {

/// Natural logarithm of a normal positive x, within 2 units in the last place.
/// x = 2^k m with m in [sqrt(1/2), sqrt(2)); log m = 2 artanh(s), s = (m - 1) / (m + 1), |s| < 0.172.
inline double log(double x) noexcept {
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcd;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto shifted = bits - sqrt_half;
  const auto exponent = static_cast<std::int64_t>(shifted) >> 52;
  const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52));
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double series = 0.0;
  for (int odd = 23; odd >= 3; odd -= 2) series = series * z + 1.0 / odd;
  // ln 2 in two parts; the first has 21 trailing zero bits, so that its product with the exponent is exact.
  constexpr double ln2_high = 0x1.62e42feep-1;
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  const double k = static_cast<double>(exponent);
  return k * ln2_high + (2.0 * s + (2.0 * s * (z * series) + k * ln2_low));
}

struct SinCos {
  double sin;
  double cos;
};

/// Sine and cosine of t in [0, 8], absolute error below 3e-16: the nearest multiple of pi/2 is taken off, then Taylor.
inline SinCos sin_cos(double t) noexcept {
  constexpr double half_pi_high = 0x1.921fb544p+0;  // 33 bits: exact when multiplied by a small quarter
  constexpr double half_pi_low = 0x1.0b4611a626331p-34;
  const auto quarter = static_cast<std::int32_t>(t * (2.0 / std::numbers::pi) + 0.5);
  const double x = (t - quarter * half_pi_high) - quarter * half_pi_low;
  const double z = x * x;
  double sine = 0.0;
  for (int k = 17; k >= 3; k -= 2) sine = (sine + 1.0) * -z / (k * (k - 1));
  double cosine = 0.0;
  for (int k = 16; k >= 2; k -= 2) cosine = (cosine + 1.0) * -z / (k * (k - 1));
  const double s = x + x * sine;
  const double c = 1.0 + cosine;
  switch (quarter & 3) {
    case 0: return {s, c};
    case 1: return {c, -s};
    case 2: return {-s, -c};
    default: return {-c, s};
  }
}

}  // namespace linreg::elementary
