// PyTorch's float32 normals one at a time, with every conversion that the kernels leave out.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "fused.hpp"

namespace linreg::test::cephes {

/// c[0] x^n + ... + c[n], each step a fused multiply-add.
template <std::size_t count>
float polynomial(const float (&c)[count], float x) {
  float y = c[0];
  for (std::size_t i = 1; i < count; ++i) y = fused(y, x, c[i]);
  return y;
}

/// Cephes logf.
inline float log(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  auto exponent = static_cast<float>(static_cast<int>(bits >> 23) - 126);
  float m = std::bit_cast<float>((bits & 0x007fffffU) | 0x3f000000U);
  if (m < 0.707106781186547524F) {
    exponent -= 1.0F;
    m = (m - 1.0F) + m;
  } else {
    m -= 1.0F;
  }
  const float z = m * m;
  const float y =
      polynomial({7.0376836292E-2F, -1.1514610310E-1F, 1.1676998740E-1F, -1.2420140846E-1F, 1.4249322787E-1F,
                  -1.6668057665E-1F, 2.0000714765E-1F, -2.4999993993E-1F, 3.3333331174E-1F},
                 m);
  return (m + (fused(y * m, z, exponent * -2.12194440e-4F) - 0.5F * z)) + exponent * 0.693359375F;
}

struct SinCos {
  float sin;
  float cos;
};

/// Cephes sinf and cosf.
inline SinCos sin_cos(float t) {
  const int octant = (static_cast<int>(t * 1.27323954473516F) + 1) & ~1;
  const auto turns = static_cast<float>(octant);
  float x = fused(turns, -0.78515625F, t);
  x = fused(turns, -2.4187564849853515625e-4F, x);
  x = fused(turns, -3.77489497744594108e-8F, x);
  const float z = x * x;
  const float even = polynomial({2.443315711809948E-5F, -1.388731625493765E-3F, 4.166664568298827E-2F}, z) * z;
  const float cosine = fused(even, z, -0.5F * z) + 1.0F;
  const float odd = polynomial({-1.9515295891E-4F, 8.3321608736E-3F, -1.6666654611E-1F}, z) * z;
  const float sine = fused(odd, x, x);
  switch (octant / 2 % 4) {
    case 0: return {sine, cosine};
    case 1: return {cosine, -sine};
    case 2: return {-sine, -cosine};
    default: return {-cosine, sine};
  }
}

struct TwoNormals {
  float first;
  float second;
};

/// The normals of two uniforms in [0, 1).
inline TwoNormals box_muller(float radius, float angle, float mean, float std) {
  const float r = std::sqrt(-2.0F * log(1.0F - radius));
  const auto [sine, cosine] = sin_cos(2.0F * std::numbers::pi_v<float> * angle);
  return {fused(r * cosine, std, mean), fused(r * sine, std, mean)};
}

}  // namespace linreg::test::cephes
