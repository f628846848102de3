// Checks of a data set's shape and cells. make_dataset has made them; Trainer::create makes them again, since its data may
// have been put together by hand.
#pragma once

#include <cmath>

#include "linreg/dataset.hpp"

namespace linreg {

/// The largest size of a number in a cell, which leaves room for a difference of two, and for a weight of ten.
inline constexpr double largest_cell = 1e307;
inline constexpr const char* cell_range = "a finite number from -1e307 to 1e307";

inline bool is_usable(double x) noexcept { return std::abs(x) <= largest_cell; }

/// Sizes alone, of data that may have been put together by hand: names are needed too. Errors: those of make_dataset.
[[nodiscard]] Result<void> check_shape(const Dataset& data);
/// Every number, of data whose shape is right. Errors: invalid_data, naming the first cell that is not usable.
[[nodiscard]] Result<void> check_cells(const Dataset& data);

}  // namespace linreg
