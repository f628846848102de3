// What rows must be before they are added to what was learnt of others.
#pragma once

#include <cstdint>
#include <span>

#include "linreg/error.hpp"

namespace linreg {

/// Row-major features and the labels, whose sizes fit; rows are counted from `first_row`.
/// Errors: invalid_data (features[i][j] or labels[i]), naming the first value that is not finite.
[[nodiscard]] Result<void> check_finite(std::span<const double> features, std::span<const double> labels,
                                        std::uint64_t first_row);

}  // namespace linreg
