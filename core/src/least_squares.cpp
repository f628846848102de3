#include "linreg/least_squares.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "basic_solution.hpp"
#include "block_qr.hpp"
#include "double_double.hpp"
#include "f64x2.hpp"
#include "memory.hpp"
#include "row_checks.hpp"

namespace linreg {

namespace {

constexpr std::size_t block_stride = 136;  // not a power of two, so that a row does not fall into one set of the cache
constexpr int least_exponent = -1022;
constexpr int greatest_exponent = 1022;
// A column keeps its unit while the sum of a block's squares stays clear of overflow: every unit gives the same digits.
constexpr double greatest_squares = 0x1p400;
constexpr int greatest_shift = 200;  // so many powers of two above the unit: no column's own mean is farther from 0

/// Row-major rows become columns `stride` apart: pairs of rows, pairs of columns.
void transpose(const double* from, std::size_t rows, std::size_t columns, double* to, std::size_t stride) noexcept {
  std::size_t i = 0;
  for (; i + 2 <= rows; i += 2) {
    const double* a = from + i * columns;
    const double* b = a + columns;
    std::size_t j = 0;
    for (; j + 2 <= columns; j += 2) {
      const f64x2 x = load2(a + j);
      const f64x2 y = load2(b + j);
      store2(to + j * stride + i, f64x2{x[0], y[0]});
      store2(to + (j + 1) * stride + i, f64x2{x[1], y[1]});
    }
    if (j < columns) store2(to + j * stride + i, f64x2{a[j], b[j]});
  }
  for (; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) to[j * stride + i] = from[i * columns + j];
  }
}

double largest_of(const double* x, std::size_t rows) noexcept {
  double largest = 0.0;
  for (std::size_t i = 0; i < rows; ++i) largest = std::max(largest, std::abs(x[i]));
  return largest;
}

/// The sum of x * scale, and into `squares` that of the squares.
double scaled_sum(const double* x, std::size_t rows, double scale, double& squares) noexcept {
  f64x2 first[4] = {};
  f64x2 second[4] = {};
  std::size_t i = 0;
  for (; i + 8 <= rows; i += 8) {
    for (std::size_t k = 0; k < 4; ++k) {
      const f64x2 value = load2(x + i + 2 * k) * scale;
      first[k] += value;
      second[k] += value * value;
    }
  }
  double total = sum((first[0] + first[1]) + (first[2] + first[3]));
  squares = sum((second[0] + second[1]) + (second[2] + second[3]));
  for (; i < rows; ++i) {
    const double value = x[i] * scale;
    total += value;
    squares += value * value;
  }
  return total;
}

/// x becomes x * scale - shift; returns the sum of the results.
double shift_by(double* x, std::size_t rows, double scale, double shift) noexcept {
  f64x2 sums[4] = {};
  std::size_t i = 0;
  for (; i + 8 <= rows; i += 8) {
    for (std::size_t k = 0; k < 4; ++k) {
      const f64x2 value = load2(x + i + 2 * k) * scale - shift;
      store2(x + i + 2 * k, value);
      sums[k] += value;
    }
  }
  double total = sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < rows; ++i) {
    x[i] = x[i] * scale - shift;
    total += x[i];
  }
  return total;
}

bool is_zero(std::span<const double> numbers) noexcept {
  return std::ranges::all_of(numbers, [](double x) { return x == 0.0; });
}

/// Whether the q columns of q numbers are 0 below the diagonal.
bool is_triangular(std::span<const double> factor, std::size_t q) noexcept {
  for (std::size_t c = 0; c < q; ++c) {
    if (!is_zero(factor.subspan(c * q + c + 1, q - c - 1))) return false;
  }
  return true;
}

}  // namespace

Result<LeastSquares> LeastSquares::create(std::size_t d, bool intercept) {
  if (d > max_columns) {
    return std::unexpected(
        Error{ErrorCode::out_of_memory, "d", static_cast<double>(d), "at most " + std::to_string(max_columns)});
  }
  const std::size_t q = d + 1;
  // The factor, the block, and the columns' means, twofold in both, and exponents.
  if (!has_memory(q * (q + block_stride + 5) * sizeof(double))) {
    return std::unexpected(
        Error{ErrorCode::out_of_memory, "d", static_cast<double>(d), "small enough for the memory that is left"});
  }
  LeastSquares made;
  made.state_.d = d;
  made.state_.intercept = intercept;
  made.state_.factor.assign(q * q, 0.0);
  made.state_.mean.assign(q, 0.0);
  made.state_.mean_low.assign(q, 0.0);
  made.state_.exponent.assign(q, least_exponent);
  made.block_.assign(q * block_stride, 0.0);
  made.block_mean_.assign(q, 0.0);
  made.block_mean_low_.assign(q, 0.0);
  return made;
}

void LeastSquares::clear() noexcept {
  state_.n = 0;
  std::ranges::fill(state_.factor, 0.0);
  std::ranges::fill(state_.mean, 0.0);
  std::ranges::fill(state_.mean_low, 0.0);
  std::ranges::fill(state_.exponent, least_exponent);
}

Result<LeastSquares> LeastSquares::from_state(LeastSquaresState state) {
  auto made = create(state.d, state.intercept);
  if (!made) return made;
  const auto is_good = [](std::span<const double> numbers, std::size_t size) {
    return numbers.size() == size && std::ranges::all_of(numbers, [](double x) { return std::isfinite(x); });
  };
  // More is no count in float64, and sums could wrap around.
  constexpr std::uint64_t most_rows = std::uint64_t{1} << 53;
  const std::size_t q = state.d + 1;
  const bool good = state.n <= most_rows && (state.n > 0 || is_zero(state.factor)) && is_good(state.factor, q * q) &&
                    is_triangular(state.factor, q) && is_good(state.mean, q) && is_good(state.mean_low, q) &&
                    (state.intercept || (is_zero(state.mean) && is_zero(state.mean_low))) &&
                    state.exponent.size() == q && std::ranges::all_of(state.exponent, [](int exponent) {
                      return exponent >= least_exponent && exponent <= greatest_exponent;
                    });
  if (!good) {
    return std::unexpected(
        Error{ErrorCode::invalid_data, "state", std::nullopt,
              "as state() gives it: (d + 1)^2 and three times d + 1 finite numbers, of at most 2^53 rows"});
  }
  made->state_ = std::move(state);
  return made;
}

Result<void> LeastSquares::add(std::span<const double> features, std::span<const double> labels) {
  const std::size_t d = state_.d;
  if (auto sizes = check_cell_count(features.size(), labels.size(), d); !sizes) return sizes;
  // Each block is checked while it is on its way through the cache, so an error may come after blocks that were good.
  std::optional<LeastSquaresState> before;
  if (labels.size() > qr_block_rows) before = state_;
  for (std::size_t first = 0; first < labels.size(); first += qr_block_rows) {
    const std::size_t rows = std::min(qr_block_rows, labels.size() - first);
    const auto block = features.subspan(first * d, rows * d);
    const auto block_labels = labels.subspan(first, rows);
    if (auto checked = check_finite(block, block_labels, state_.n); !checked) {
      if (before) state_ = std::move(*before);
      return checked;
    }
    absorb_rows(block.data(), block_labels.data(), rows);
  }
  return {};
}

/// Makes 2^exponent the column's unit, where it is not larger already.
void LeastSquares::rescale(std::size_t column, int exponent) {
  int& unit = state_.exponent[column];
  if (exponent <= unit) return;
  const std::size_t q = state_.d + 1;
  for (std::size_t k = 0; k <= column; ++k)
    state_.factor[column * q + k] = std::ldexp(state_.factor[column * q + k], unit - exponent);
  state_.mean[column] = std::ldexp(state_.mean[column], unit - exponent);
  state_.mean_low[column] = std::ldexp(state_.mean_low[column], unit - exponent);
  unit = exponent;
}

void LeastSquares::absorb_rows(const double* features, const double* labels, std::size_t rows) {
  const std::size_t d = state_.d;
  transpose(features, rows, d, block_.data(), block_stride);
  std::copy_n(labels, rows, &block_[d * block_stride]);

  const double count = static_cast<double>(rows);
  for (std::size_t c = 0; c <= d; ++c) {
    double* x = &block_[c * block_stride];
    double squares = 0.0;
    double total = scaled_sum(x, rows, std::ldexp(1.0, -state_.exponent[c]), squares);
    if (!(squares < greatest_squares) || state_.exponent[c] == least_exponent) {
      if (const double largest = largest_of(x, rows); largest > 0.0) {
        rescale(c, std::clamp(std::ilogb(largest), least_exponent, greatest_exponent));
      }
      total = scaled_sum(x, rows, std::ldexp(1.0, -state_.exponent[c]), squares);
    }
    const double scale = std::ldexp(1.0, -state_.exponent[c]);
    if (!state_.intercept) {
      shift_by(x, rows, scale, 0.0);
      continue;
    }
    // The mean of what a rounded mean leaves is what the mean lacks.
    const double mean = total / count;
    const double rest = shift_by(x, rows, scale, mean) / count;
    shift_by(x, rows, 1.0, rest);
    const DoubleDouble both = two_sum(mean, rest);
    block_mean_[c] = both.hi;
    block_mean_low_[c] = both.lo;
  }
  absorb_block(rows, static_cast<double>(rows));
  state_.n += rows;
}

/// Absorbs the first `rows` rows of the block, already scaled, and with an intercept those `count` rows' means.
void LeastSquares::absorb_block(std::size_t rows, double count) {
  const std::size_t q = state_.d + 1;
  if (state_.intercept && count > 0.0) {
    const double before = static_cast<double>(state_.n);
    const double root = std::sqrt(before * count / (before + count));
    const double share = count / (before + count);
    for (std::size_t c = 0; c < q; ++c) {
      const DoubleDouble mean{state_.mean[c], state_.mean_low[c]};
      const DoubleDouble difference = DoubleDouble{block_mean_[c], block_mean_low_[c]} - mean;
      const DoubleDouble joint = mean + difference * DoubleDouble{share, 0.0};
      block_[c * block_stride + rows] = root * difference.hi;
      state_.mean[c] = joint.hi;
      state_.mean_low[c] = joint.lo;
    }
    ++rows;
  }
  if (rows % 2 != 0) {
    for (std::size_t c = 0; c < q; ++c) block_[c * block_stride + rows] = 0.0;
  }
  absorb(state_.factor, q, {block_.data(), block_stride, rows});
}

Result<void> LeastSquares::merge(const LeastSquares& other) {
  if (this == &other) {
    const LeastSquares copy = other;  // NOLINT(performance-unnecessary-copy-initialization): merging changes it
    return merge(copy);
  }
  const LeastSquaresState& from = other.state_;
  if (from.d != state_.d) {
    return std::unexpected(Error{ErrorCode::invalid_data, "d", static_cast<double>(from.d), std::to_string(state_.d)});
  }
  if (from.intercept != state_.intercept) {
    return std::unexpected(Error{ErrorCode::invalid_data, "intercept", from.intercept ? 1.0 : 0.0, "the same in both"});
  }
  if (from.n == 0) return {};

  const std::size_t q = state_.d + 1;
  for (std::size_t c = 0; c < q; ++c) rescale(c, from.exponent[c]);
  for (std::size_t first = 0; first < q; first += qr_block_rows) {
    const std::size_t rows = std::min(qr_block_rows, q - first);
    for (std::size_t c = 0; c < q; ++c) {
      const int shift = from.exponent[c] - state_.exponent[c];
      for (std::size_t i = 0; i < rows; ++i)
        block_[c * block_stride + i] = std::ldexp(from.factor[c * q + first + i], shift);
      block_mean_[c] = std::ldexp(from.mean[c], shift);
      block_mean_low_[c] = std::ldexp(from.mean_low[c], shift);
    }
    const bool is_last = first + rows == q;
    absorb_block(rows, is_last ? static_cast<double>(from.n) : 0.0);
  }
  state_.n += from.n;
  return {};
}

Result<LeastSquaresFit> LeastSquares::solve() const {
  if (state_.n == 0) return std::unexpected(no_rows());
  const BasicSolution basic = solve_basic(state_);
  ScaledCoefficients coefficients;
  for (const double weight : basic.weight) coefficients.weight.push_back({weight, 0.0});
  coefficients.bias = bias_of(state_, basic, coefficients.weight);
  coefficients.residual_norm = basic.residual_norm;
  return to_fit(state_, basic, std::move(coefficients)).finish();
}

LeastSquares LeastSquares::rescaled(std::span<const double> shift, std::span<const double> scale) const {
  LeastSquares result = *this;
  LeastSquaresState& state = result.state_;
  const std::size_t q = state.d + 1;
  assert(shift.size() == q && scale.size() == q);
  for (std::size_t c = 0; c < q; ++c) {
    assert(std::isfinite(shift[c]) && std::isfinite(scale[c]) && scale[c] != 0.0);
    // Zeros have the least unit, in which a shift and its square could overflow.
    if (shift[c] != 0.0 && std::ilogb(shift[c]) > state.exponent[c] + greatest_shift) {
      result.rescale(c, std::min(std::ilogb(shift[c]), greatest_exponent));
    }
    const int power = std::ilogb(scale[c]);
    const double mantissa = std::ldexp(scale[c], -power);
    for (std::size_t k = 0; k <= c; ++k) state.factor[c * q + k] /= mantissa;
    const double from = std::ldexp(shift[c], -state.exponent[c]);
    const DoubleDouble mean = DoubleDouble{state.mean[c], state.mean_low[c]} - DoubleDouble{from, 0.0};
    state.mean[c] = mean.hi / mantissa;
    state.mean_low[c] = mean.lo / mantissa;
    state.exponent[c] -= power;
  }
  return result;
}

DesignFactor LeastSquares::design_factor() const {
  const std::size_t d = state_.d;
  const std::size_t q = d + 1;
  const std::size_t one = state_.intercept ? 1 : 0;
  const std::size_t columns = q + one;
  DesignFactor design{columns, std::vector<double>(columns * columns), std::vector<int>(columns)};
  const double root_n = std::sqrt(static_cast<double>(state_.n));
  for (std::size_t c = 0; c < q; ++c) {
    const std::size_t to = c < d ? c : d + one;  // the labels come after the intercept
    double* column = &design.values[to * columns];
    if (state_.intercept) column[0] = root_n * state_.mean[c];
    std::copy_n(&state_.factor[c * q], q, column + one);
    design.exponent[to] = state_.exponent[c];
  }
  if (state_.intercept) design.values[d * columns] = root_n;
  return design;
}

}  // namespace linreg
