// The hot loop of the closed form: rows absorbed into a triangular factor by Householder reflections.
#pragma once

#include <cstddef>
#include <span>

namespace linreg {

/// The rows that LeastSquares absorbs at once; with the row of the means and one of zeros they are 128. What reads rows in
/// slices of as many loses nothing by it.
inline constexpr std::size_t qr_block_rows = 126;

/// Rows as columns, the shape that reflections work on: column c starts at values[c * stride].
struct RowBlock {
  double* values;
  std::size_t stride;  // even; at least `rows` rounded up to even
  std::size_t rows;    // where odd, the row after the last must be zero
};

/// r, a q x q upper triangle in column-major order, becomes R' with R'ᵀR' = RᵀR + BᵀB, where B is the block. B is overwritten.
/// 2 rows q^2 flops. Entries must be scaled to about 1: their squares are summed.
void absorb(std::span<double> r, std::size_t q, RowBlock block) noexcept;

}  // namespace linreg
