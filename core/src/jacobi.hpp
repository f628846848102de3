// One-sided Jacobi: the singular values and right singular vectors of a small matrix.
#pragma once

#include <cstddef>

#include "linreg/sliced.hpp"
#include "padded_columns.hpp"

namespace linreg {

/// Rotates the columns of `a` until they are orthogonal: a becomes a V, whose columns' norms are the singular values, in
/// no order. `v` must come with as many columns; it becomes v V. Entries of `a` must be at most about 1.
///
/// Chosen over an eigenvalue solver because it works on the factor, not on its square: small singular values keep the
/// digits that scaling of columns cannot take (Demmel and Veselić, "Jacobi's method is more accurate than QR", 1992), so that the
/// condition of a feature near 1e8 with spread 1 is right. About 10 columns^2 rows flops a sweep; 4 to 10 sweeps, whose
/// number is the result.
[[nodiscard]] Sliced<int> orthogonalise(PaddedColumns& a, PaddedColumns& v);

[[nodiscard]] double column_norm(const PaddedColumns& a, std::size_t c) noexcept;

}  // namespace linreg
