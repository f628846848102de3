#include "jacobi.hpp"

#include <cmath>

namespace linreg {

namespace {

constexpr int most_sweeps = 40;  // never reached: convergence is quadratic

void rotate(double* a, double* b, std::size_t stride, double cosine, double sine) noexcept {
  for (std::size_t i = 0; i < stride; i += 2) {
    const f64x2 x = load2(a + i);
    const f64x2 y = load2(b + i);
    store2(a + i, x * cosine - y * sine);
    store2(b + i, x * sine + y * cosine);
  }
}

}  // namespace

Sliced<int> orthogonalise(PaddedColumns& a, PaddedColumns& v) {
  const double tolerance = 0x1p-53 * static_cast<double>(a.rows);
  const double flops = 10.0 * static_cast<double>(a.rows);
  bool rotated = true;
  int sweep = 0;
  for (; rotated && sweep < most_sweeps; ++sweep) {
    rotated = false;
    for (std::size_t i = 0; i + 1 < a.columns; ++i) {
      double first = dot(a.column(i), a.column(i), a.stride());
      for (std::size_t j = i + 1; j < a.columns; ++j) {
        const double inner = dot(a.column(i), a.column(j), a.stride());
        const double second = dot(a.column(j), a.column(j), a.stride());
        if (!(std::abs(inner) > tolerance * std::sqrt(first) * std::sqrt(second))) continue;
        const double zeta = (second - first) / (2.0 * inner);
        const double tangent = std::copysign(1.0, zeta) / (std::abs(zeta) + std::sqrt(1.0 + zeta * zeta));
        const double cosine = 1.0 / std::sqrt(1.0 + tangent * tangent);
        rotate(a.column(i), a.column(j), a.stride(), cosine, cosine * tangent);
        rotate(v.column(i), v.column(j), v.stride(), cosine, cosine * tangent);
        first -= tangent * inner;
        rotated = true;
      }
      co_await Work{flops * static_cast<double>(a.columns - i)};
    }
  }
  co_return sweep;
}

double column_norm(const PaddedColumns& a, std::size_t c) noexcept {
  return std::sqrt(dot(a.column(c), a.column(c), a.stride()));
}

}  // namespace linreg
