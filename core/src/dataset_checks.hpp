// What data must be before anything is computed from them. Trainer::create asks it, whose data may have been put together by
// hand; make_dataset has asked it of others.
#pragma once

#include <cmath>

#include "linreg/dataset.hpp"

namespace linreg {

/// Whether a cell may hold it.
inline bool is_usable(double x) noexcept {
  constexpr double largest = 1e307;  // leaves room for a difference of two
  return std::abs(x) <= largest;
}

/// Sizes alone, of data that may have been put together by hand: names are needed too. Errors: those of make_dataset.
[[nodiscard]] Result<void> check_shape(const Dataset& data);
/// Every number, of data whose shape is right. Errors: invalid_data, naming the first cell that is not usable.
[[nodiscard]] Result<void> check_cells(const Dataset& data);

}  // namespace linreg
