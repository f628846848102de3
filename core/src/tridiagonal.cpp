#include "tridiagonal.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace linreg {

namespace {

struct Tridiagonal {
  std::vector<double> diagonal;
  std::vector<double> beside;  // beside[k] couples k and k + 1
};

/// Q^T A Q with Q a product of reflections, each of which clears a column below its subdiagonal.
Tridiagonal tridiagonalise(PaddedColumns& a) {
  const std::size_t p = a.columns;
  Tridiagonal result{std::vector<double>(p), std::vector<double>(p)};
  PaddedColumns work(a.rows, 2);
  double* v = work.column(0);
  double* w = work.column(1);
  for (std::size_t k = 0; k < p; ++k) {
    double* column = a.column(k);
    result.diagonal[k] = column[k];
    if (k + 1 == p) break;
    // From an even row on, so that pairs of rows stay pairs; the row before the subdiagonal, if taken in, is zero in v.
    const std::size_t first = (k + 1) / 2 * 2;
    const std::size_t rows = a.stride() - first;
    std::copy_n(column + first, rows, v + first);
    if (first == k) v[k] = 0.0;
    const double length = std::sqrt(dot(v + first, v + first, rows));
    result.beside[k] = v[k + 1] > 0.0 ? -length : length;
    v[k + 1] -= result.beside[k];
    const double squares = dot(v + first, v + first, rows);
    if (squares == 0.0) continue;
    const double tau = 2.0 / squares;

    std::fill_n(w + first, rows, 0.0);
    for (std::size_t c = k + 1; c < p; ++c) w[c] = tau * dot(a.column(c) + first, v + first, rows);
    add_multiple(w + first, -0.5 * tau * dot(w + first, v + first, rows), v + first, rows);
    for (std::size_t c = k + 1; c < p; ++c) {
      add_multiple(a.column(c) + first, -w[c], v + first, rows);
      add_multiple(a.column(c) + first, -v[c], w + first, rows);
    }
  }
  return result;
}

/// Whether no eigenvalue is above x: then x - T has a Cholesky factorisation.
bool is_above_all(const Tridiagonal& t, double x) noexcept {
  double pivot = 1.0;
  for (std::size_t k = 0; k < t.diagonal.size(); ++k) {
    const double coupling = k == 0 ? 0.0 : t.beside[k - 1];
    pivot = x - t.diagonal[k] - coupling * coupling / pivot;
    if (!(pivot > 0.0)) return false;
  }
  return true;
}

}  // namespace

double largest_eigenvalue(PaddedColumns& symmetric) noexcept {
  if (symmetric.columns == 0) return 0.0;
  const Tridiagonal t = tridiagonalise(symmetric);
  double low = *std::ranges::max_element(t.diagonal);  // no eigenvalue's upper bound, but at most the largest
  double high = low;
  for (std::size_t k = 0; k < t.diagonal.size(); ++k) {  // Gershgorin's discs
    high = std::max(high, t.diagonal[k] + std::abs(t.beside[k]) + (k == 0 ? 0.0 : std::abs(t.beside[k - 1])));
  }
  while (high - low > 0x1p-52 * high) {
    const double middle = low + 0.5 * (high - low);
    if (middle <= low || middle >= high) break;
    (is_above_all(t, middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace linreg
