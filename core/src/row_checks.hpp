// What rows must be before they are added to what was learnt of others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "linreg/error.hpp"

namespace linreg {

/// Errors: invalid_data (features) unless the features' cells are d for each of n labels.
[[nodiscard]] Result<void> check_cell_count(std::size_t cells, std::size_t n, std::size_t d);

/// Row-major features and the labels, whose sizes fit; rows are counted from `first_row`.
/// Errors: invalid_data (features[i][j] or labels[i]), naming the first value that is not finite.
[[nodiscard]] Result<void> check_finite(std::span<const double> features, std::span<const double> labels,
                                        std::uint64_t first_row);

}  // namespace linreg
