#include "row_checks.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "f64x2.hpp"

namespace linreg {

namespace {

/// The first value that is not finite, or the size. A sum of zeros is cheaper to test than each value.
std::size_t find_not_finite(std::span<const double> values) noexcept {
  constexpr std::size_t step = 256;
  for (std::size_t first = 0; first < values.size(); first += step) {
    const std::size_t last = std::min(first + step, values.size());
    f64x2 zeros[4] = {};
    std::size_t i = first;
    for (; i + 8 <= last; i += 8) {
      for (std::size_t k = 0; k < 4; ++k) zeros[k] += load2(&values[i + 2 * k]) * 0.0;
    }
    double rest = sum((zeros[0] + zeros[1]) + (zeros[2] + zeros[3]));
    for (; i < last; ++i) rest += values[i] * 0.0;
    if (rest == 0.0) continue;
    for (i = first; i < last; ++i) {
      if (!std::isfinite(values[i])) return i;
    }
  }
  return values.size();
}

}  // namespace

std::string feature_name(std::uint64_t row, std::size_t column) {
  return "features[" + std::to_string(row) + "][" + std::to_string(column) + "]";
}

std::string label_name(std::uint64_t row) { return "labels[" + std::to_string(row) + "]"; }

Error no_rows() { return {ErrorCode::invalid_state, "rows", 0.0, "at least 1"}; }

Result<void> check_weight_count(std::size_t weights, std::size_t d) {
  if (weights == d) return {};
  return std::unexpected(
      Error{ErrorCode::invalid_data, "weight", static_cast<double>(weights), std::to_string(d) + " numbers"});
}

Result<void> check_cell_count(std::size_t cells, std::size_t n, std::size_t d) {
  const auto expected = static_cast<std::uint64_t>(n) * d;
  if (cells == expected) return {};
  return std::unexpected(Error{ErrorCode::invalid_data, "features", static_cast<double>(cells),
                               std::to_string(expected) + " numbers: d for each label"});
}

Result<void> check_finite(std::span<const double> features, std::span<const double> labels, std::uint64_t first_row) {
  if (const std::size_t i = find_not_finite(features); i < features.size()) {
    const std::size_t d = features.size() / labels.size();
    return std::unexpected(
        Error{ErrorCode::invalid_data, feature_name(first_row + i / d, i % d), features[i], "a finite number"});
  }
  if (const std::size_t i = find_not_finite(labels); i < labels.size()) {
    return std::unexpected(Error{ErrorCode::invalid_data, label_name(first_row + i), labels[i], "a finite number"});
  }
  return {};
}

}  // namespace linreg
