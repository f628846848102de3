#include "linreg/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "linreg/data_loader.hpp"
#include "linreg/descent.hpp"

namespace linreg {

namespace {

std::vector<double> parameters(const Coefficients& model, std::size_t count) {
  std::vector<double> result = model.weight;
  if (result.size() < count) result.push_back(model.bias);
  return result;
}

constexpr double share_of_floor = 0.01;     // above the optimum's loss, of which the forecast is
constexpr double float_rounding = 0x1p-48;  // what float32's rounding of a number makes in its square

/// The floor that the forecast is of: 0, an exact fit, where the share of it is lost in float32's rounding of the labels.
/// Their size is that of the predictions at the optimum: along a direction their mean square is half the curvature times
/// the parameters' square, as MSE is measured, and near it for the other losses.
double resolved_floor(const Curvature& curvature, const std::vector<double>& optimum, double floor) noexcept {
  const std::size_t p = curvature.parameters;
  double size = 0.0;
  for (std::size_t k = 0; k < p; ++k) {
    double along = 0.0;
    for (std::size_t i = 0; i < p; ++i) along += curvature.directions[k * p + i] * optimum[i];
    size += 0.5 * curvature.eigenvalues[k] * along * along;
  }
  return share_of_floor * floor > float_rounding * size ? floor : 0.0;
}

/// Of the loss of a row's noise.
struct NoiseMoments {
  double loss;   // its mean
  double taken;  // what fitting one parameter takes from the sum of the losses: E[loss'^2] / (2 E[loss''])
};

/// The integral of z^2 over the normal density from -a to a, divided by a^2, for a below 1: its power series, as the
/// closed form loses all its digits there.
double small_squares(double a) noexcept {
  const double step = -0.5 * a * a;
  double power = a * std::sqrt(2.0 / std::numbers::pi);
  double sum = 0.0;
  for (int k = 0; k < 20; ++k) {
    sum += power / (2 * k + 3);
    power *= step / (k + 1);
  }
  return sum;
}

/// In Huber's loss, of noise of deviation 1 and with delta a: integrals over the normal density. In units of the noise's
/// deviation times that or delta, whichever is less, so that nothing vanishes where one is far below the other.
NoiseMoments huber_moments(double a) noexcept {
  const double density = std::exp(-0.5 * a * a) / std::sqrt(2.0 * std::numbers::pi);
  const double within = std::erf(a / std::numbers::sqrt2);  // P(|noise| <= a)
  const double beyond = std::erfc(a / std::numbers::sqrt2);
  if (a < 1.0) {
    const double squares = small_squares(a);
    return {0.5 * a * squares + 2.0 * density - 0.5 * a * beyond, 0.5 * (squares + beyond) * (a / within)};
  }
  const double squares = within - 2.0 * a * density;
  return {0.5 * squares + a * (2.0 * density - 0.5 * a * beyond), 0.5 * (squares + a * a * beyond) / within};
}

NoiseMoments moments(const Loss& loss, double sigma) noexcept {
  switch (loss.kind) {
    case LossKind::mse: return {sigma * sigma, sigma * sigma};
    case LossKind::l1: return {sigma * std::sqrt(2.0 / std::numbers::pi), sigma * std::sqrt(std::numbers::pi / 8.0)};
    case LossKind::huber:
    case LossKind::smooth_l1: break;
  }
  // No noise is 64 deviations from 0; and where the quotient vanishes, its like above does as well.
  const double a = std::clamp(loss.delta / sigma, std::numeric_limits<double>::min(), 64.0);
  const NoiseMoments unit = huber_moments(a);
  const double lesser = std::min(sigma, loss.delta);
  const double factor = loss.kind == LossKind::huber ? sigma * lesser : sigma * (lesser / loss.delta);
  return {unit.loss * factor, unit.taken * factor};
}

}  // namespace

Forecast forecast(Curvature curvature, const TrainingOptions& options, const Coefficients& start,
                  const Optimum& optimum) {
  Forecast result;
  if (options.optimizer != OptimizerKind::sgd || curvature.n == 0 || options.batch_size == 0) return result;
  curvature.set_reduction(options.loss.reduction);
  const bool is_mean = options.loss.reduction == Reduction::mean;
  const double n = static_cast<double>(curvature.n);
  const auto batch_size = std::min<std::uint64_t>(options.batch_size, curvature.n);
  Descent descent{options.lr, options.momentum, options.nesterov, options.weight_decay, batch_size, 0};
  if (!options.drop_last) descent.last_batch = curvature.n % descent.batch_size;

  result.largest_stable_lr = largest_stable_lr(curvature, descent);
  result.mean_square_stable_lr = mean_square_stable_lr(curvature, descent);
  result.excess = stationary_excess(curvature, descent);
  const std::size_t p = curvature.parameters;
  const std::vector<double> goal = parameters(optimum.trained, p);
  const double floor = resolved_floor(curvature, goal, is_mean ? optimum.mean_loss : optimum.mean_loss * n);
  const auto steps = predicted_steps(curvature, descent, parameters(start, p), goal, floor, share_of_floor);
  const auto batches = static_cast<double>(
      DataLoader::batches(static_cast<std::size_t>(curvature.n), options.batch_size, options.drop_last));
  if (steps && batches > 0.0) result.epochs = *steps / batches;
  return result;
}

double expected_loss(const Loss& loss, double sigma, std::uint64_t n, std::size_t rank) noexcept {
  if (!(sigma > 0.0) || n <= rank) return 0.0;
  const NoiseMoments noise = moments(loss, sigma);
  const double mean = std::max(0.0, noise.loss - static_cast<double>(rank) * noise.taken / static_cast<double>(n));
  return loss.reduction == Reduction::mean ? mean : mean * static_cast<double>(n);
}

double noise_loss(const Loss& loss, double sigma, std::uint64_t n) noexcept { return expected_loss(loss, sigma, n, 0); }

}  // namespace linreg
