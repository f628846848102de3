#include "linreg/optimizer.hpp"

#include <cmath>

#include "fused.hpp"

// What is fused and what is rounded twice is as in PyTorch's vector code.
namespace linreg {

namespace {

float decayed(float gradient, float decay, float parameter) noexcept {
  return decay == 0.0F ? gradient : fused(parameter, decay, gradient);
}

}  // namespace

void step(const Sgd& sgd, OptimizerState& state, std::span<const float> parameters, std::span<const float> gradient,
          std::span<float> next) {
  const auto lr = static_cast<float>(sgd.lr);
  const auto decay = static_cast<float>(sgd.weight_decay);
  if (sgd.momentum == 0.0) {
    for (std::size_t i = 0; i < next.size(); ++i) {
      next[i] = fused(decayed(gradient[i], decay, parameters[i]), -lr, parameters[i]);
    }
    return;
  }
  const auto momentum = static_cast<float>(sgd.momentum);
  const float kept = state.started ? momentum : 0.0F;
  state.momentum.resize(next.size());
  for (std::size_t i = 0; i < next.size(); ++i) {
    const float g = decayed(gradient[i], decay, parameters[i]);
    const float v = kept * state.momentum[i] + g;
    state.momentum[i] = v;
    next[i] = fused(sgd.nesterov ? fused(v, momentum, g) : v, -lr, parameters[i]);
  }
  state.started = true;
}

void step(const Adam& adam, OptimizerState& state, std::span<const float> parameters, std::span<const float> gradient,
          std::span<float> next) {
  constexpr double beta1 = 0.9;
  constexpr double beta2 = 0.999;
  constexpr float eps = 1e-8F;
  // Running products, not pow: the same bits on every platform.
  state.beta1_power *= beta1;
  state.beta2_power *= beta2;
  const auto step_size = static_cast<float>(adam.lr / (1.0 - state.beta1_power));
  const auto root_correction = static_cast<float>(std::sqrt(1.0 - state.beta2_power));
  const auto decay = static_cast<float>(adam.weight_decay);
  state.momentum.resize(next.size());
  state.variance.resize(next.size());
  for (std::size_t i = 0; i < next.size(); ++i) {
    const float g = decayed(gradient[i], decay, parameters[i]);
    const float m = fused(g, static_cast<float>(1.0 - beta1), state.momentum[i] * static_cast<float>(beta1));
    const float v = fused(static_cast<float>(1.0 - beta2) * g, g, state.variance[i] * static_cast<float>(beta2));
    state.momentum[i] = m;
    state.variance[i] = v;
    next[i] = parameters[i] - step_size * m / (std::sqrt(v) / root_correction + eps);
  }
}

}  // namespace linreg
