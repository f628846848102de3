// Plain sums over vectors of any length and place; padded_columns.hpp has the fast ones.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace linreg {

/// The scalar product of a and as many numbers from b on.
[[nodiscard]] inline double inner(std::span<const double> a, const double* b) noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

[[nodiscard]] inline double norm(std::span<const double> x) noexcept { return std::sqrt(inner(x, x.data())); }

}  // namespace linreg
