// What a run's options lead to near the optimum: which rates are stable, how long it takes, how far above the floor it stays.
#pragma once

#include <optional>

#include "linreg/analysis.hpp"
#include "linreg/curvature.hpp"
#include "linreg/options.hpp"

namespace linreg {

/// Adam has none of these: it divides the gradient by its own size.
struct Forecast {
  /// Of full-batch descent: see linreg/descent.hpp. None where no rate diverges.
  std::optional<double> largest_stable_lr;
  /// Of the run's own batches, a short last one included: see linreg/descent.hpp, also for which orders of rows it holds.
  std::optional<double> mean_square_stable_lr;
  /// Epochs until the loss is within 1% of the optimum's and stays there, on the mean path from `start`: predicted_steps of
  /// descent.hpp. Where 1% of the optimum's loss is below what rounding the labels to float32 makes, 2^-48 of their mean
  /// square, the fit is taken for exact: until the loss is within 1% of what it is at the start.
  std::optional<double> epochs;
  /// stationary_excess of descent.hpp.
  std::optional<double> excess;
};

/// `curvature` is that of the options' loss, with any reduction. Of no rows (n = 0), or for a batch_size of 0, nothing is
/// forecast.
[[nodiscard]] Forecast forecast(Curvature curvature, const TrainingOptions& options, const Coefficients& start,
                                const Optimum& optimum);

/// What the optimum's mean loss is, to first order, on average over data whose labels have noise of deviation sigma:
/// E[loss(noise)] less what fitting `rank` parameters takes away, rank E[loss'^2] / (2 n E[loss'']). Exact for MSE, where it
/// is sigma^2 (n - rank) / n. Times n for the reduction `sum`.
[[nodiscard]] double expected_loss(const Loss& loss, double sigma, std::uint64_t n, std::size_t rank) noexcept;

/// What the loss of the true parameters, which nothing was fitted for, is on average over such data: E[loss(noise)], which is
/// sigma^2 for MSE; exact for every loss. Times n for the reduction `sum`. The optimum's is below it: expected_loss.
[[nodiscard]] double noise_loss(const Loss& loss, double sigma, std::uint64_t n) noexcept;

}  // namespace linreg
