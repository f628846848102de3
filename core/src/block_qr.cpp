#include "block_qr.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "padded_columns.hpp"

namespace linreg {

namespace {

// A reflection of [R; B] that clears column k of B is I - tau [e_k; v][e_k; v]ᵀ: R's rows other than k are not touched.
// Four of them are made at once and applied together (the compact WY form of Schreiber and Van Loan, 1989, with the small
// triangular system solved instead of T formed): every number of B that is loaded is then used eight times.
constexpr std::size_t panel = 4;

struct Reflectors {
  std::array<const double*, panel> v{};
  std::array<double, panel> tau{};
  std::array<std::array<double, panel>, panel> dots{};  // v_i · v_j for j < i
};

/// Makes v of the block's column and sets R's diagonal entry; returns tau, 0 where the column is zero already.
double reflect(double& diagonal, double* v, std::size_t rows) noexcept {
  const double squares = dot(v, v, rows);
  if (squares == 0.0) {
    std::fill_n(v, rows, 0.0);  // squares may have vanished where the entries had not
    return 0.0;
  }
  const double norm = std::sqrt(diagonal * diagonal + squares);
  const double reflected = diagonal > 0.0 ? -norm : norm;
  const double scale = 1.0 / (diagonal - reflected);
  const double tau = (reflected - diagonal) / reflected;
  for (std::size_t i = 0; i < rows; i += 2) store2(v + i, load2(v + i) * splat2(scale));
  diagonal = reflected;
  return tau;
}

/// Two rows of the panel's four vectors.
struct PanelRows {
  f64x2 v0, v1, v2, v3;
};

PanelRows load_rows(const Reflectors& reflectors, std::size_t i) noexcept {
  const auto& v = reflectors.v;
  return {load2(v[0] + i), load2(v[1] + i), load2(v[2] + i), load2(v[3] + i)};
}

/// Applies the panel's reflections to `width` columns of B at b and, above them, to the panel's rows of R at r.
template <std::size_t width>
void apply(const Reflectors& reflectors, double* r, std::size_t r_stride, double* b, std::size_t b_stride,
           std::size_t rows) noexcept {
  f64x2 products[panel][width] = {};
  for (std::size_t i = 0; i < rows; i += 2) {
    const auto [x0, x1, x2, x3] = load_rows(reflectors, i);
    for (std::size_t c = 0; c < width; ++c) {
      const f64x2 y = load2(b + c * b_stride + i);
      products[0][c] += x0 * y;
      products[1][c] += x1 * y;
      products[2][c] += x2 * y;
      products[3][c] += x3 * y;
    }
  }
  f64x2 weights[panel][width];
  for (std::size_t c = 0; c < width; ++c) {
    std::array<double, panel> w{};
    for (std::size_t k = 0; k < panel; ++k) {
      double inner = r[c * r_stride + k] + sum(products[k][c]);
      for (std::size_t j = 0; j < k; ++j) inner -= w[j] * reflectors.dots[k][j];
      w[k] = reflectors.tau[k] * inner;
      r[c * r_stride + k] -= w[k];
      weights[k][c] = splat2(w[k]);
    }
  }
  for (std::size_t i = 0; i < rows; i += 2) {
    const auto [x0, x1, x2, x3] = load_rows(reflectors, i);
    for (std::size_t c = 0; c < width; ++c) {
      double* at = b + c * b_stride + i;
      const f64x2 y = load2(at) - (weights[0][c] * x0 + weights[1][c] * x1);
      store2(at, y - (weights[2][c] * x2 + weights[3][c] * x3));
    }
  }
}

}  // namespace

void absorb(std::span<double> r, std::size_t q, RowBlock block) noexcept {
  const std::size_t rows = block.rows + block.rows % 2;
  const auto column = [&](std::size_t c) { return block.values + c * block.stride; };

  for (std::size_t first = 0; first < q; first += panel) {
    const std::size_t last = std::min(first + panel, q);
    Reflectors reflectors;
    for (std::size_t k = first; k < last; ++k) {
      double* v = column(k);
      const double tau = reflect(r[k + k * q], v, rows);
      reflectors.v[k - first] = v;
      reflectors.tau[k - first] = tau;
      for (std::size_t j = first; j < k; ++j) reflectors.dots[k - first][j - first] = dot(v, column(j), rows);
      for (std::size_t c = k + 1; c < last; ++c) {
        const double w = tau * (r[k + c * q] + dot(v, column(c), rows));
        r[k + c * q] -= w;
        add_multiple(column(c), -w, v, rows);
      }
    }
    // Only the last panel can be short, and nothing is to its right.
    std::size_t c = last;
    for (; c + 2 <= q; c += 2) apply<2>(reflectors, &r[first + c * q], q, column(c), block.stride, rows);
    if (c < q) apply<1>(reflectors, &r[first + c * q], q, column(c), block.stride, rows);
  }
}

}  // namespace linreg
