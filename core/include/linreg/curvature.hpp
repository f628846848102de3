// The shape of the training loss around a point: its Hessian's eigenvalues and directions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "linreg/error.hpp"
#include "linreg/least_squares.hpp"
#include "linreg/loss.hpp"
#include "linreg/sliced.hpp"

namespace linreg {

/// The Hessian of a loss over n rows, in the parameters (weight_0 ... weight_{d-1}, bias).
///
/// MSE is quadratic: its Hessian, (2/n) sum of x xᵀ with x = (features, 1), is exact and the same everywhere. Huber and SmoothL1
/// are quadratic for small residuals and straight beyond: their Hessian is the sum of x xᵀ / n (divided by beta for SmoothL1) over
/// the rows whose residual at the given parameters is in the quadratic zone, the finite-sample Hessian; it holds as
/// long as no row crosses over. L1 is straight almost everywhere: its Hessian is zero, no rate is called unstable, and
/// gradient descent at a constant rate ends in steps to and fro of a size in proportion to the rate.
struct Curvature {
  Loss loss;
  std::uint64_t n = 0;
  std::uint64_t curved_rows = 0;  // rows in the quadratic zone
  std::size_t parameters = 0;     // d + 1, or d without intercept

  std::vector<double>
      eigenvalues;  // ascending, >= 0; of the loss as reduced: over all rows for `sum`, divided by n for `mean`
  std::vector<double> directions;   // parameters x parameters; row k is the unit direction of eigenvalue k
  std::optional<double> condition;  // largest / smallest eigenvalue; none where a direction is flat

  /// With h_i the Hessian of row i alone and q_k the directions: q_jᵀ (mean of h_i^2) q_k. Parameters x parameters.
  /// What batches of a few rows scatter by; independent of the reduction.
  std::vector<double> row_squares;

  /// The same loss with another reduction: eigenvalues n times as large for `sum`.
  void set_reduction(Reduction reduction) noexcept;
};

/// Gathers the Hessian at given parameters from rows that stream by.
class Hessian {
 public:
  static constexpr double largest_feature = 1e70;  // fourth powers must stay within float64

  /// The Hessian of `loss` at `weight` and `bias` (which MSE and L1 do not depend on); d is weight's size.
  /// Errors: invalid_option (loss, reduction or delta); out_of_memory (d) above LeastSquares::max_columns, one fewer with an
  /// intercept, or where too little memory is left.
  static Result<Hessian> create(const Loss& loss, std::span<const double> weight, double bias, bool intercept = true);

  /// Absorbs k rows: labels has k values, features k * d, row-major. 4 k (d + 1)^2 flops; cut long inputs into slices.
  /// Errors, which leave the accumulator as it was: invalid_data (features) where sizes do not fit, (features[i][j])
  /// where a feature is not finite or beyond largest_feature, (labels[i]) where a label is not finite.
  Result<void> add(std::span<const double> features, std::span<const double> labels);

  /// About 100 (d + 1)^3 flops, in slices; this must outlive them.
  /// Errors: invalid_state (rows) where there are none.
  [[nodiscard]] Sliced<Result<Curvature>> curvature_in_slices() const;
  [[nodiscard]] Result<Curvature> curvature() const { return curvature_in_slices().finish(); }

 private:
  Hessian(LeastSquares&& rows, LeastSquares&& weighted) : rows_(std::move(rows)), weighted_(std::move(weighted)) {}
  [[nodiscard]] bool is_curved(const double* features, double label) const noexcept;
  Sliced<int> compute_spectrum(Curvature& result, std::size_t flat) const;
  Sliced<int> compute_row_squares(Curvature& result, std::size_t flat) const;

  Loss loss_;
  std::vector<double> weight_;
  double bias_ = 0.0;
  bool intercept_ = true;
  std::uint64_t n_ = 0;
  LeastSquares rows_;      // the curved rows x
  LeastSquares weighted_;  // |x| x, for the mean of h^2 = |x|^2 x xᵀ
};

}  // namespace linreg
