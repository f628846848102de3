// PyTorch's float32 normals from uniforms, to the bit.
//
// PyTorch's kernel takes logarithm, sine and cosine from Moshier's Cephes library (logf, sinf, cosf) with fused
// multiply-adds. The same polynomials with the same roundings give the same normals; a more exact logarithm would not.
#pragma once

#include <numbers>

#include "kernels/simd.hpp"

namespace linreg::LINREG_UNIT {

/// Natural logarithm of normal positive numbers (Cephes logf).
inline f32x4 log(f32x4 x) noexcept {
  const i32x4 bits = reinterpret_cast<i32x4>(x);
  f32x4 exponent = __builtin_convertvector((bits >> 23) - 126, f32x4);
  f32x4 m = reinterpret_cast<f32x4>((bits & 0x007fffff) | 0x3f000000);  // [1/2, 1)
  const i32x4 low = m < splat(0.707106781186547524F);
  exponent -= select(low, splat(1.0F), f32x4{});
  m = (m - 1.0F) + select(low, m, f32x4{});  // log(1 + m) from here on

  constexpr float coefficients[] = {-1.1514610310E-1F, 1.1676998740E-1F, -1.2420140846E-1F, 1.4249322787E-1F,
                                    -1.6668057665E-1F, 2.0000714765E-1F, -2.4999993993E-1F, 3.3333331174E-1F};
  const f32x4 z = m * m;
  f32x4 y = splat(7.0376836292E-2F);
  for (const float c : coefficients) y = fused(y, m, splat(c));
  y = fused(y * m, z, exponent * -2.12194440e-4F) - z * 0.5F;
  return (m + y) + exponent * 0.693359375F;
}

struct SinCos {
  f32x4 sin;
  f32x4 cos;
};

/// Sine and cosine of t in [0, 2 pi] (Cephes sinf and cosf).
inline SinCos sin_cos(f32x4 t) noexcept {
  const i32x4 octant =
      (__builtin_convertvector(t * 1.27323954473516F, i32x4) + 1) & ~1;  // even: to the nearest quarter
  const f32x4 turns = __builtin_convertvector(octant, f32x4);
  f32x4 x = fused(turns, splat(-0.78515625F), t);  // pi / 4 in three parts
  x = fused(turns, splat(-2.4187564849853515625e-4F), x);
  x = fused(turns, splat(-3.77489497744594108e-8F), x);

  const f32x4 z = x * x;
  f32x4 even = fused(splat(2.443315711809948E-5F), z, splat(-1.388731625493765E-3F));
  even = fused(even, z, splat(4.166664568298827E-2F)) * z;
  even = fused(even, z, -(z * 0.5F)) + 1.0F;
  f32x4 odd = fused(splat(-1.9515295891E-4F), z, splat(8.3321608736E-3F));
  odd = fused(odd, z, splat(-1.6666654611E-1F)) * z;
  odd = fused(odd, x, x);

  const i32x4 swapped = (octant & 2) != 0;
  const f32x4 sine = select(swapped, even, odd);
  const f32x4 cosine = select(swapped, odd, even);
  return {select((octant & 4) != 0, -sine, sine), select(((octant - 2) & 4) == 0, -cosine, cosine)};
}

/// Box and Muller's transform in place: of every 16 uniforms, x[j] and x[j + 8] become
/// radius * cos, radius * sin, times std, plus mean, where radius^2 = -2 log(1 - x[j]) and the angle is 2 pi x[j + 8].
inline void box_muller(float* x, std::size_t blocks, float mean, float std) noexcept {
  constexpr float two_pi = 2.0F * std::numbers::pi_v<float>;
  for (float* const end = x + blocks * 16; x != end; x += 16) {
    for (std::size_t j = 0; j < 8; j += 4) {
      const f32x4 radius = sqrt(-2.0F * log(1.0F - load(x + j)));
      const auto [sine, cosine] = sin_cos(two_pi * load(x + j + 8));
      store(x + j, fused(radius * cosine, splat(std), splat(mean)));
      store(x + j + 8, fused(radius * sine, splat(std), splat(mean)));
    }
  }
}

}  // namespace linreg::LINREG_UNIT
