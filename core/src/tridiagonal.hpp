// The largest eigenvalue of a symmetric matrix, by way of a tridiagonal one.
#pragma once

#include "padded_columns.hpp"

namespace linreg {

/// Of a symmetric positive semidefinite matrix, which is overwritten; entries must be at most about 1. Householder's
/// reduction, 2 columns^3 flops, then bisection with Sturm counts, whose upper end is returned: at most a few units of
/// rounding, relative to the largest entry, too large.
[[nodiscard]] double largest_eigenvalue(PaddedColumns& symmetric) noexcept;

}  // namespace linreg
