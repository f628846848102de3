// The exact answer that training approaches: linear least squares by a streaming Householder QR, in float64.
//
// Rows arrive in blocks of any size and are absorbed into a triangular factor of the centred columns, so that memory is
// O(d^2), no Gram matrix is formed, and two partial results (of two chunks of a file, or of two machines) can be merged.
// Centring follows Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances"
// (1979): the factor of two centred groups is that of both stacked on one row, the scaled difference of their means. Columns
// are scaled by powers of two, which is exact, so that 1e300 and 1e-300 are as good as 1. All sums run in a fixed order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "linreg/error.hpp"

namespace linreg {

/// What has been learnt of the rows seen: all that merging, solving, curvature and the loss surface need.
/// Columns are numbered x_0 ... x_{d-1}, y; column c is kept divided by 2^exponent[c].
struct LeastSquaresState {
  std::size_t d = 0;
  bool intercept = true;
  std::uint64_t n = 0;
  std::vector<double> factor;  // (d + 1) x (d + 1), column-major, upper triangular; of the centred columns if intercept
  std::vector<double> mean;    // d + 1; zero without intercept
  std::vector<double> mean_low;  // what `mean` lacks of twofold precision
  std::vector<int> exponent;     // d + 1
};

/// A matrix F with FᵀF = AᵀA for A = [X 1 y], or [X y] without intercept, over all rows: what a sum of squares over the
/// rows needs of them. Its column c stands for values * 2^exponent[c].
struct DesignFactor {
  std::size_t columns = 0;
  std::vector<double> values;  // columns x columns, column-major; not triangular
  std::vector<int> exponent;
};

/// A least-squares fit of y = X weight + bias.
///
/// Where columns are dependent (constant, or a combination of the columns before them and of the intercept, as far as numbers
/// rounded to float64 can tell) such columns are named, and the solution is the one of minimum norm: of all weights with the
/// least sum of squares, those that are least in theirs. The bias does not count; gradient descent from zero, with which it
/// does, comes to these weights without intercept or where the columns have mean 0. The predictions are unique even then;
/// the weights are not.
struct LeastSquaresFit {
  std::vector<double> weight;  // d
  double bias = 0.0;           // 0 without intercept

  std::uint64_t n = 0;
  std::size_t rank = 0;                // of [X 1], or of X without intercept
  std::vector<std::size_t> dependent;  // columns that add nothing to those before them, ascending
  bool unique = true;                  // no dependent column

  double residual_norm = 0.0;          // of the residuals; kept as a norm because its square can overflow
  std::optional<double> residual_std;  // residual_norm / sqrt(n - rank); none without degrees of freedom
  std::optional<double>
      r2;  // 1 - RSS / TSS, TSS about the mean, or about 0 without intercept; none if TSS = 0 or n <= rank
  std::vector<std::optional<double>> weight_se;  // d; none for constant columns and without degrees of freedom
  std::optional<double> bias_se;

  double condition = 1.0;        // bound on the condition number of the centred, normalised, independent columns
  bool ill_conditioned = false;  // condition > 1e8: an unrefined fit may have lost half its digits
  bool refined = false;          // see refinement.hpp
};

class LeastSquares {
 public:
  static constexpr std::size_t max_columns = 1024;  // 8 MB of factor

  /// An accumulator for rows of d features. d may be 0.
  /// Errors: out_of_memory (d) above max_columns, or where too little memory is left.
  static Result<LeastSquares> create(std::size_t d, bool intercept = true);
  /// The accumulator whose state() this is, as it was kept or sent by another machine.
  /// Errors: out_of_memory (d); invalid_data (state) where sizes do not fit, a number is not finite, n is above 2^53, the
  /// factor is not triangular or that of no rows not 0, or a mean without intercept is not 0.
  static Result<LeastSquares> from_state(LeastSquaresState state);

  /// Forgets all rows.
  void clear() noexcept;

  /// Absorbs k rows: labels has k values, features k * d, row-major. 2 k (d + 1)^2 flops; cut long inputs into slices.
  /// Errors, all of which leave the accumulator as it was: invalid_data (features) where sizes do not fit,
  /// (features[i][j] or labels[i], i counted over all rows added) where a value is not finite.
  Result<void> add(std::span<const double> features, std::span<const double> labels);

  /// Absorbs the rows that `other` has seen. The order of merging changes only roundings.
  /// Errors: invalid_data (d or intercept) where the two differ.
  Result<void> merge(const LeastSquares& other);

  /// O(d^3). A column is dependent where its distance from the span of those before it is within what rounding the data to
  /// float64, and rounding in the factor, can do: dist_j <= t_j + sum_k |c_k| t_k, with c the combination nearest to column j,
  /// t = 8 u |x| + 1024 u |x - mean| and u = 2^-53. (NIST's Filip, whose rank a tolerance relative to the largest column
  /// loses, keeps a margin of 2000.)
  /// Errors: invalid_state (rows) where there are none; invalid_data (labels) where a coefficient overflows.
  [[nodiscard]] Result<LeastSquaresFit> solve() const;

  /// What would have been learnt, but for rounding, of (x - shift[c]) / scale[c] in every column c, features and labels;
  /// shifts must be 0 without intercept. Both have d + 1 finite numbers, and no scale is 0.
  [[nodiscard]] LeastSquares rescaled(std::span<const double> shift, std::span<const double> scale) const;

  [[nodiscard]] DesignFactor design_factor() const;
  [[nodiscard]] const LeastSquaresState& state() const noexcept { return state_; }

 private:
  LeastSquares() = default;
  void absorb_rows(const double* features, const double* labels, std::size_t rows);
  void absorb_block(std::size_t rows, double count);
  void rescale(std::size_t column, int exponent);

  LeastSquaresState state_;
  std::vector<double> block_;       // rows at work, as columns
  std::vector<double> block_mean_;  // their means, in twofold precision
  std::vector<double> block_mean_low_;
};

}  // namespace linreg
