// PyTorch's float32 normals from uniforms, to the bit.
//
// PyTorch's kernel takes logarithm, sine and cosine from Moshier's Cephes library (logf, sinf, cosf) with fused
// multiply-adds. The same polynomials with the same roundings give the same normals; a more exact logarithm would not.
//
// Two vectors are on their way side by side: each waits for its own last product, so that two take little longer than one.
// What is fused stays float64, rounded to float32 after every step.
#pragma once

#include <numbers>

#include "kernels/simd.hpp"

namespace linreg::LINREG_UNIT {

using Pair32 = f32x4[2];
using Pair64 = f64x4[2];

// Cephes' coefficients, of the highest power first; float32 numbers.
constexpr double of_log[] = {7.0376836292E-2F,  -1.1514610310E-1F, 1.1676998740E-1F,
                             -1.2420140846E-1F, 1.4249322787E-1F,  -1.6668057665E-1F,
                             2.0000714765E-1F,  -2.4999993993E-1F, 3.3333331174E-1F};
constexpr double of_cosine[] = {2.443315711809948E-5F, -1.388731625493765E-3F, 4.166664568298827E-2F};
constexpr double of_sine[] = {-1.9515295891E-4F, 8.3321608736E-3F, -1.6666654611E-1F};
constexpr double minus_quarter_pi[] = {-0.78515625F, -2.4187564849853515625e-4F, -3.77489497744594108e-8F};  // in parts

/// y becomes coefficients[0] x^(count - 1) + ... + coefficients[count - 1].
template <std::size_t count>
[[gnu::always_inline]] inline void polynomial(const double (&coefficients)[count], const Pair64& x,
                                              Pair64& y) noexcept {
  y[0] = y[1] = f64x4{} + coefficients[0];
  for (std::size_t i = 1; i < count; ++i) {
    for (std::size_t k = 0; k < 2; ++k) y[k] = rounded(y[k] * x[k] + coefficients[i]);
  }
}

/// x, normal positive numbers, becomes their natural logarithm (Cephes logf).
[[gnu::always_inline]] inline void log(Pair32& x) noexcept {
  Pair32 exponent;
  Pair64 m;
  for (std::size_t k = 0; k < 2; ++k) {
    const i32x4 bits = reinterpret_cast<i32x4>(x[k]);
    exponent[k] = __builtin_convertvector((bits >> 23) - 126, f32x4);
    x[k] = reinterpret_cast<f32x4>((bits & 0x007fffff) | 0x3f000000);  // [1/2, 1)
    const i32x4 low = x[k] < splat(0.707106781186547524F);
    exponent[k] -= select(low, splat(1.0F), f32x4{});
    x[k] = (x[k] - 1.0F) + select(low, x[k], f32x4{});  // log(1 + x) from here on
    m[k] = widen(x[k]);
  }
  Pair64 series;
  polynomial(of_log, m, series);
  for (std::size_t k = 0; k < 2; ++k) {
    const f32x4 z = x[k] * x[k];
    const f32x4 y = narrow(rounded(series[k] * m[k]) * widen(z) + widen(exponent[k] * -2.12194440e-4F)) - z * 0.5F;
    x[k] = (x[k] + y) + exponent[k] * 0.693359375F;
  }
}

/// Sine and cosine of t in [0, 2 pi] (Cephes sinf and cosf).
[[gnu::always_inline]] inline void sin_cos(const Pair32& t, Pair32& sine, Pair32& cosine) noexcept {
  i32x4 octant[2];
  Pair64 x;
  Pair64 z;
  for (std::size_t k = 0; k < 2; ++k) {
    octant[k] = (__builtin_convertvector(t[k] * 1.27323954473516F, i32x4) + 1) & ~1;  // even: to the nearest quarter
    const f64x4 turns = widen(__builtin_convertvector(octant[k], f32x4));
    x[k] = widen(t[k]);
    for (const double part : minus_quarter_pi) x[k] = rounded(turns * part + x[k]);
    z[k] = rounded(x[k] * x[k]);
  }
  Pair64 even;
  Pair64 odd;
  polynomial(of_cosine, z, even);
  polynomial(of_sine, z, odd);
  for (std::size_t k = 0; k < 2; ++k) {
    const f32x4 of_even = narrow(rounded(even[k] * z[k]) * z[k] - z[k] * 0.5) + 1.0F;
    const f32x4 of_odd = narrow(rounded(odd[k] * z[k]) * x[k] + x[k]);
    const i32x4 swapped = (octant[k] & 2) != 0;
    sine[k] = select(swapped, of_even, of_odd);
    cosine[k] = select(swapped, of_odd, of_even);
    sine[k] = select((octant[k] & 4) != 0, -sine[k], sine[k]);
    cosine[k] = select(((octant[k] - 2) & 4) == 0, -cosine[k], cosine[k]);
  }
}

/// Box and Muller's transform in place: of every 16 uniforms, x[j] and x[j + 8] become
/// radius * cos, radius * sin, times std, plus mean, where radius^2 = -2 log(1 - x[j]) and the angle is 2 pi x[j + 8].
inline void box_muller(float* x, std::size_t blocks, float mean, float std) noexcept {
  constexpr float two_pi = 2.0F * std::numbers::pi_v<float>;
  for (float* const end = x + blocks * 16; x != end; x += 16) {
    Pair32 radius = {1.0F - load(x), 1.0F - load(x + 4)};
    log(radius);
    Pair32 sine;
    Pair32 cosine;
    sin_cos({two_pi * load(x + 8), two_pi * load(x + 12)}, sine, cosine);
    for (std::size_t k = 0; k < 2; ++k) {
      radius[k] = sqrt(-2.0F * radius[k]);
      store(x + 4 * k, fused(radius[k] * cosine[k], splat(std), splat(mean)));
      store(x + 4 * k + 8, fused(radius[k] * sine[k], splat(std), splat(mean)));
    }
  }
}

}  // namespace linreg::LINREG_UNIT
