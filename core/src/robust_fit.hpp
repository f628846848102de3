// The weights with the least Huber, SmoothL1 or L1 loss, in float64.
#pragma once

#include <cstddef>
#include <vector>

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

/// What a fit holds for every row, and what it sorts of L1's.
inline constexpr std::size_t robust_bytes_a_row = 64;

/// Minimises the mean loss of residuals / label_unit; not for MSE. `rows` and `least_squares` are of `data`, and all three
/// must outlive the computation.
///
/// Huber's loss is convex and piecewise quadratic: Newton's method on the rows in the quadratic zone, with an exact search
/// along each step, ends after finitely many steps (Madsen and Nielsen, "Finite algorithms for robust linear regression",
/// 1990). SmoothL1 is Huber's loss divided by its delta. The zone shrinks to delta step by step, each solved from the last.
///
/// L1 is the limit of a small zone (Madsen and Nielsen, "A finite smoothing algorithm for linear L1 estimation", 1993): at
/// 1e-8 of the residuals' median its loss is near the least, and from there l1_edges.hpp goes to a vertex that has it.
[[nodiscard]] Sliced<RobustFit> fit_robust(const Dataset& data, const LeastSquares& rows,
                                           const LeastSquaresFit& least_squares, Loss loss, double label_unit);

}  // namespace linreg
