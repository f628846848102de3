// Plain sums over vectors of any length and place, whose fast ones padded_columns.hpp has, and the size of their numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace linreg {

/// The scalar product of a and as many numbers from b on.
[[nodiscard]] inline double inner(std::span<const double> a, const double* b) noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

[[nodiscard]] inline double norm(std::span<const double> x) noexcept { return std::sqrt(inner(x, x.data())); }

/// The median size of those that are not 0, or of an evenly spaced sample where there are many; 0 if there is none. (Zeros
/// are residuals of rows that are met exactly, or labels that are the mean, and say nothing of the others' size.)
[[nodiscard]] inline double median_size(std::span<const double> all) {
  constexpr std::size_t most = 1 << 16;
  const std::size_t stride = ((all.size() + most - 1) / most) | 1;  // odd, as what repeats itself often does in pairs
  std::vector<double> values;
  for (std::size_t i = 0; i < all.size(); i += stride) {
    if (all[i] != 0.0) values.push_back(std::abs(all[i]));
  }
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace linreg
