// What rows must be before they are added to what was learnt of others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "linreg/error.hpp"

namespace linreg {

/// "features[3][1]" and "labels[3]", as errors name a cell; row and column from 0.
[[nodiscard]] std::string feature_name(std::uint64_t row, std::size_t column);
[[nodiscard]] std::string label_name(std::uint64_t row);

/// What an answer that no rows were added for is refused with: invalid_state (rows).
[[nodiscard]] Error no_rows();

/// Errors: invalid_data (weight) unless there are d.
[[nodiscard]] Result<void> check_weight_count(std::size_t weights, std::size_t d);

/// Errors: invalid_data (features) unless the features' cells are d for each of n labels.
[[nodiscard]] Result<void> check_cell_count(std::size_t cells, std::size_t n, std::size_t d);

/// Row-major features and the labels, whose sizes fit; rows are counted from `first_row`.
/// Errors: invalid_data (features[i][j] or labels[i]), naming the first value that is not finite.
[[nodiscard]] Result<void> check_finite(std::span<const double> features, std::span<const double> labels,
                                        std::uint64_t first_row);

}  // namespace linreg
