// What gradient descent does on a given curvature: which rates are stable, how long it takes, how near it gets.
//
// Along a direction of curvature l a step of PyTorch's SGD (v = m v + g; p -= lr v, or lr (g + m v) with nesterov) is linear:
// the error e and lr v follow a 2 x 2 matrix. All statements here are about that matrix. For MSE they hold from anywhere;
// for Huber and SmoothL1 near the point of the Hessian. Weight decay adds to every curvature. L1 has none.
// lr is that of SGD; Adam divides the gradient by its own size and has no such bound.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "linreg/curvature.hpp"

namespace linreg {

/// The settings of SGD that matter here. momentum is in [0, 1), weight_decay >= 0, batch_size >= 1 (above n it is n).
/// Of batches of no row, or of a curvature of none (n = 0), only largest_stable_lr says something; the others are none.
struct Descent {
  double lr = 0.0;
  double momentum = 0.0;
  bool nesterov = false;
  double weight_decay = 0.0;
  std::uint64_t batch_size = 1;
  std::uint64_t last_batch = 0;  // rows of an epoch's last batch where that is shorter, else 0
};

/// The rate below which full-batch descent converges and above which it diverges; exact. None if no rate diverges.
/// 2 (1 + m) / l, or 2 (1 + m) / ((1 + 2 m) l) with nesterov, for the largest curvature l: where an eigenvalue of the 2 x 2
/// matrix reaches -1 (the Schur-Cohn conditions). lr and batch_size are not used.
[[nodiscard]] std::optional<double> largest_stable_lr(const Curvature& curvature, const Descent& descent);

/// A rate below which descent on batches of `batch_size` rows converges in mean square, to a region around the optimum that
/// shrinks with the rate; sufficient, not sharp: somewhat larger rates can still converge. None if no rate diverges.
///
/// Proved for batches drawn independently of each other, each without repeated rows. An epoch's batches share out the rows
/// instead. Shuffled anew every epoch they come close to it, but with momentum and few batches an epoch a run may diverge a
/// little below the bound. For rows in the same order every epoch it does not hold: sorted ones were seen to diverge from
/// 0.82 of the bound on, and with a momentum of 0.9 from 1/25 of it.
///
/// A short last batch: with the reduction `mean` its larger scatter is taken for every batch, which is more than there is.
/// With `sum` its steps are shorter instead; with momentum that can resonate, and the bound is then lowered by what the exact
/// stability of the mean steps over an epoch loses (where any rate below is stable too, on a grid of 1000 rates).
///
/// With H the mean Hessian of a step, V = E[H_B^2] - H^2 its scatter over batches and k = 1, or 1 + 2m with Nesterov:
///     lr < 2 / largest eigenvalue of ( k H / (1 + m) + H^-1/2 V H^-1/2 / (1 - m) ).
/// Derivation: without batch noise, white noise of covariance Q in the step leaves the error with covariance L(Q); L is linear and
/// positive, and L(Q) = 1 for Q = x (1 - m) (2 (1 + m) - k x) / (1 + m) with x = lr H (with nesterov this Q is a lower bound of
/// the exact one). Errors are stable in mean square if noise of their own making, lr^2 V for unit errors, is below that Q. For m = 0
/// it says that every step shrinks the expected squared distance: E[(1 - lr H_B)^2] < 1. For batches of all rows V = 0
/// and the bound is that of full-batch descent. lr is not used.
[[nodiscard]] std::optional<double> mean_square_stable_lr(const Curvature& curvature, const Descent& descent);

/// How far above the optimum's, the floor, the loss stays on average when SGD goes on at a constant rate, as a share of the floor.
/// For MSE with residuals of like size everywhere and batches drawn independently, to first order in lr. Shuffled epochs
/// end lower, because over an epoch the batches' errors cancel. None for other losses and for rates that are not stable.
[[nodiscard]] std::optional<double> stationary_excess(const Curvature& curvature, const Descent& descent);

/// Steps until the loss is within `share` of the optimum's and stays there: from then on its excess over the loss at `optimum`
/// is at most share * floor, or share * the excess at the start where the floor is 0. Momentum may swing it through the target
/// earlier and out again. Of the mean path: without the scatter of batches. The number is exact but where more than about a
/// million steps would have to be looked through for it; then it is enough, and may be more than it takes.
/// start and optimum hold the weights, then the bias; floor is the loss at the optimum, reduced as the curvature is.
/// None if that never happens: at an unstable rate, with lr = 0, without curvature (L1), or where weight decay keeps the weights too far off.
[[nodiscard]] std::optional<double> predicted_steps(const Curvature& curvature, const Descent& descent,
                                                    std::span<const double> start, std::span<const double> optimum,
                                                    double floor, double share = 0.01);

}  // namespace linreg
