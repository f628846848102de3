// torch.optim.SGD and torch.optim.Adam on float32 parameters.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace linreg {

enum class OptimizerKind { sgd, adam };

inline constexpr std::array<std::string_view, 2> optimizer_names{"sgd", "adam"};

/// v = momentum v + g (the first step: v = g); g = g + momentum v with nesterov, else g = v; p -= lr g.
struct Sgd {
  double lr = 0.03;
  double momentum = 0.0;
  bool nesterov = false;
  double weight_decay = 0.0;  // g += weight_decay p first, on the bias too
};

/// Kingma and Ba, 2015, with beta = (0.9, 0.999), eps = 1e-8 as torch.optim.Adam's defaults.
struct Adam {
  double lr = 0.03;
  double weight_decay = 0.0;
};

/// What an optimizer remembers between steps. Zero-initialised it is a fresh optimizer.
struct OptimizerState {
  std::vector<float> momentum;  // SGD's buffer, Adam's exp_avg
  std::vector<float> variance;  // Adam's exp_avg_sq
  bool started = false;         // the momentum buffer holds a gradient
  double beta1_power = 1.0;     // beta1^step
  double beta2_power = 1.0;     // beta2^step
};

/// One step: `next` receives the parameters after it, so that the caller can refuse a step that is not finite.
/// All spans have the same length, which the state's buffers take on.
void step(const Sgd& sgd, OptimizerState& state, std::span<const float> parameters, std::span<const float> gradient,
          std::span<float> next);
void step(const Adam& adam, OptimizerState& state, std::span<const float> parameters, std::span<const float> gradient,
          std::span<float> next);

}  // namespace linreg
