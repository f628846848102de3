// The last of the way to the least sum of absolute residuals: along the edges between vertices.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "linreg/sliced.hpp"

namespace linreg {

/// Rows of a linear model y = x theta: row(i) has p numbers, until it is called again.
struct ModelRows {
  std::size_t n = 0;
  std::size_t p = 0;
  std::function<std::span<const double>(std::size_t)> row;
};

/// Moves theta from near the minimum of the sum of |residual| to it. A vertex meets p independent rows exactly; from it p
/// edges lead on, each to where one row is no longer met, and the steepest one is followed to its lowest point, where it
/// meets another row (Barrodale and Roberts, "An improved algorithm for discrete l1 linear approximation", 1973). It ends
/// where no edge descends, which is the minimum but where more than p rows are met, or after a bounded number of edges.
/// `residual` are those at theta, and are then those at the new one but for rounding.
[[nodiscard]] Sliced<int> descend_edges(const ModelRows& rows, std::vector<double>& residual,
                                        std::vector<double>& theta);

}  // namespace linreg
