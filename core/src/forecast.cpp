#include "linreg/forecast.hpp"

#include <algorithm>
#include <cmath>
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

struct NoiseMoments {
  double loss;           // E[loss(noise)]
  double slope_squares;  // E[loss'^2]
  double second;         // E[loss'']
};

/// Of noise of deviation 1 in Huber's loss with this delta: integrals over the normal density.
NoiseMoments huber_moments(double delta) noexcept {
  const double density = std::exp(-0.5 * delta * delta) / std::sqrt(2.0 * std::numbers::pi);
  const double beyond = std::erfc(delta / std::numbers::sqrt2);  // P(|noise| > delta)
  const double within_squares = (1.0 - beyond) - 2.0 * delta * density;
  return {0.5 * within_squares + delta * (2.0 * density - 0.5 * delta * beyond),
          within_squares + delta * delta * beyond, 1.0 - beyond};
}

NoiseMoments moments(const Loss& loss, double sigma) noexcept {
  switch (loss.kind) {
    case LossKind::mse: return {sigma * sigma, 4.0 * sigma * sigma, 2.0};
    case LossKind::l1:
      return {sigma * std::sqrt(2.0 / std::numbers::pi), 1.0, std::sqrt(2.0 / std::numbers::pi) / sigma};
    case LossKind::huber:
    case LossKind::smooth_l1: break;
  }
  const NoiseMoments unit = huber_moments(loss.delta / sigma);
  const double divisor = loss.kind == LossKind::huber ? 1.0 : loss.delta;
  return {unit.loss * sigma * sigma / divisor, unit.slope_squares * sigma * sigma / (divisor * divisor),
          unit.second / divisor};
}

}  // namespace

Forecast forecast(Curvature curvature, const TrainingOptions& options, const Coefficients& start,
                  const Optimum& optimum) {
  Forecast result;
  if (options.optimizer != OptimizerKind::sgd) return result;
  curvature.set_reduction(options.loss.reduction);
  const bool is_mean = options.loss.reduction == Reduction::mean;
  const double n = static_cast<double>(curvature.n);
  Descent descent{options.lr, options.momentum, options.nesterov, options.weight_decay, options.batch_size, 0};
  descent.batch_size = std::clamp<std::uint64_t>(options.batch_size, 1, curvature.n);
  if (!options.drop_last) descent.last_batch = curvature.n % descent.batch_size;

  result.largest_stable_lr = largest_stable_lr(curvature, descent);
  result.mean_square_stable_lr = mean_square_stable_lr(curvature, descent);
  result.excess = stationary_excess(curvature, descent);
  const std::size_t p = curvature.parameters;
  const double floor = is_mean ? optimum.mean_loss : optimum.mean_loss * n;
  const auto steps = predicted_steps(curvature, descent, parameters(start, p), parameters(optimum.trained, p), floor);
  const auto batches = static_cast<double>(
      DataLoader::batches(static_cast<std::size_t>(curvature.n), options.batch_size, options.drop_last));
  if (steps && batches > 0.0) result.epochs = *steps / batches;
  return result;
}

double expected_loss(const Loss& loss, double sigma, std::uint64_t n, std::size_t rank) noexcept {
  if (!(sigma > 0.0) || n <= rank) return 0.0;
  const NoiseMoments noise = moments(loss, sigma);
  const double taken = static_cast<double>(rank) * noise.slope_squares / (2.0 * noise.second * static_cast<double>(n));
  const double mean = std::max(0.0, noise.loss - taken);
  return loss.reduction == Reduction::mean ? mean : mean * static_cast<double>(n);
}

}  // namespace linreg
