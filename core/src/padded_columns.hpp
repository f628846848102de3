// Columns of float64 that two rows at a time are worked on, and what is done with them.
#pragma once

#include <cstddef>
#include <vector>

#include "f64x2.hpp"

namespace linreg {

/// Columns of even stride, padded with zeros.
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

/// The scalar product of two columns; `rows` is even.
[[nodiscard]] inline double dot(const double* a, const double* b, std::size_t rows) noexcept {
  f64x2 even{};
  f64x2 odd{};
  std::size_t i = 0;
  for (; i + 4 <= rows; i += 4) {
    even += load2(a + i) * load2(b + i);
    odd += load2(a + i + 2) * load2(b + i + 2);
  }
  if (i < rows) even += load2(a + i) * load2(b + i);
  return sum(even + odd);
}

/// x += factor * v; `rows` is even.
inline void add_multiple(double* x, double factor, const double* v, std::size_t rows) noexcept {
  const f64x2 both = splat2(factor);
  for (std::size_t i = 0; i < rows; i += 2) store2(x + i, load2(x + i) + both * load2(v + i));
}

}  // namespace linreg
