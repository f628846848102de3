// The weights with the least Huber, SmoothL1 or L1 loss, in float64.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "block_qr.hpp"
#include "linreg/dataset.hpp"
#include "linreg/least_squares.hpp"
#include "linreg/loss.hpp"
#include "linreg/sliced.hpp"

namespace linreg {

struct RobustFit {
  std::vector<double> weight;  // d, in the data's units; where columns are dependent the least of those with this loss
  double offset = 0.0;         // the prediction at the features' means, less the labels' mean; 0 without intercept
  double mean_loss = 0.0;      // of residuals divided by label_unit
};

/// Minimises a loss, not MSE, from the least-squares fit on.
///
/// Huber's loss is convex and piecewise quadratic: Newton's method on the rows in the quadratic zone, with an exact search
/// along each step, ends after finitely many steps (Madsen and Nielsen, "Finite algorithms for robust linear regression",
/// 1990). SmoothL1 is Huber's loss divided by its delta. The zone shrinks to delta step by step, each solved from the last.
///
/// L1 is the limit of a small zone (Madsen and Nielsen, "A finite smoothing algorithm for linear L1 estimation", 1993): at
/// 1e-8 of the residuals' median its loss is near the least, and from there l1_edges.hpp goes to a vertex that has it.
///
/// Works on residuals of the least-squares fit divided by their root mean square, and on columns of mean 0 and deviation 1,
/// so that every unknown is about 1 or less. The unknowns theta are the changes of the least-squares coefficients.
class RobustFitting {
 public:
  /// `rows` and `least_squares` are of `data`, and all three must outlive what is made.
  /// Errors: out_of_memory (labels, or d) where too little memory is left.
  static Result<RobustFitting> create(const Dataset& data, const LeastSquares& rows,
                                      const LeastSquaresFit& least_squares);

  /// The least mean loss of residuals / label_unit. What it was made with stays in use until it is done.
  Sliced<RobustFit> solve(Loss loss, double label_unit);

 private:
  /// Four numbers, and a distance with the row's own where L1's edges meet rows.
  static constexpr std::size_t bytes_a_row = 4 * sizeof(double) + sizeof(std::pair<double, std::size_t>);
  static constexpr std::size_t slice_rows = qr_block_rows;
  static constexpr std::size_t long_slice_rows = 4096;  // where a row is one number

  RobustFitting(const Dataset& data, const LeastSquaresState& state, const LeastSquaresFit& least_squares,
                LeastSquares curved);

  void read(std::size_t first, std::size_t last);
  /// Of a row at hand.
  [[nodiscard]] double predict(std::size_t row, const std::vector<double>& model) const noexcept {
    const double* x = &rows_[row * p_];
    double sum = 0.0;
    for (std::size_t k = 0; k < p_; ++k) sum += x[k] * model[k];
    return sum;
  }
  Sliced<int> compute_base();
  [[nodiscard]] double finest_zone() const;
  Sliced<double> shrink_zone(double delta);
  Sliced<double> compute_gradient(double zone);
  Sliced<int> minimise(double zone, double tolerance);
  Sliced<int> compute_step(double zone);
  Sliced<double> search(double zone);
  Sliced<double> slope_at(double zone, double t);
  Sliced<int> finish_l1();
  Sliced<double> mean_loss(Loss loss, double delta, double unit);
  [[nodiscard]] RobustFit in_own_units() const;
  Sliced<double> sum_of_sizes();
  template <class Term>
  Sliced<double> sum_over(Term term);

  const Dataset& data_;
  const LeastSquaresState& state_;
  const LeastSquaresFit& fit_;
  std::size_t n_;
  std::size_t p_;                     // unknowns: the independent columns, and the offset
  LeastSquares curved_;               // the rows in the zone
  std::vector<std::size_t> columns_;  // the independent ones
  std::vector<double> centre_;        // of every column, and of the labels
  std::vector<double> scale_;         // likewise; of the labels the residuals' root mean square
  std::vector<double> inverse_scale_;
  std::vector<double> rows_;  // p numbers for each row at hand
  std::vector<double> theta_;
  std::vector<double> step_;
  std::vector<double> gradient_;  // sum of x psi(r), minus that of the loss
  std::vector<double> base_;      // n residuals at theta = 0
  std::vector<double> residual_;  // n
  std::vector<double> along_;     // n: x . step
};

}  // namespace linreg
