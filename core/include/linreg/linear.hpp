// nn.Linear(d, 1): its parameters and their initialisation.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "linreg/generator.hpp"

namespace linreg {

enum class Init { normal, default_, zeros };

inline constexpr std::array<std::string_view, 3> init_names{"normal", "default", "zeros"};

/// weight (d) and bias of prediction = weight . x + bias, in float32.
struct Linear {
  std::vector<float> weight;
  float bias = 0.0F;

  /// As nn.Linear's constructor draws them: weight, then bias, uniform over +-1/sqrt(d); d >= 1.
  static Linear default_init(std::size_t d, Generator& generator);

  /// What the notebook does next: weight.normal_(0, std) and bias.fill_(0), or both filled with 0, or nothing.
  void initialize(Init init, double std, Generator& generator);
};

}  // namespace linreg
