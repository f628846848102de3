// One-sided Jacobi: the singular values and right singular vectors of a small matrix.
#pragma once

#include <cstddef>
#include <vector>

namespace linreg {

/// Columns of even stride, padded with zeros, so that two rows can be worked on at once.
struct PaddedColumns {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;

  PaddedColumns(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), values(stride() * column_count) {}
  [[nodiscard]] std::size_t stride() const noexcept { return rows + rows % 2; }
  [[nodiscard]] double* column(std::size_t c) noexcept { return values.data() + c * stride(); }
  [[nodiscard]] const double* column(std::size_t c) const noexcept { return values.data() + c * stride(); }
};

/// Rotates the columns of `a` until they are orthogonal: a becomes a V, whose columns' norms are the singular values, in
/// no order. `v` must come with as many columns; it becomes v V. Entries of `a` must be at most about 1.
///
/// Chosen over an eigenvalue solver because it works on the factor, not on its square: small singular values keep the
/// digits that scaling of columns cannot take (Demmel and Veselić, "Jacobi's method is more accurate than QR", 1992), so that the
/// condition of a feature near 1e8 with spread 1 is right. About 10 columns^2 rows flops a sweep; 4 to 10 sweeps.
void orthogonalise(PaddedColumns& a, PaddedColumns& v) noexcept;

[[nodiscard]] double column_norm(const PaddedColumns& a, std::size_t c) noexcept;

/// The largest eigenvalue of a symmetric positive semidefinite matrix, which is overwritten.
[[nodiscard]] double largest_eigenvalue(PaddedColumns& symmetric) noexcept;

}  // namespace linreg
