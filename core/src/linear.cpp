#include "linreg/linear.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace linreg {

Linear Linear::default_init(std::size_t d, Generator& generator) {
  const auto bound = static_cast<float>(1.0 / std::sqrt(static_cast<double>(d)));
  Linear model{std::vector<float>(d)};
  generator.uniform(model.weight, -bound, bound);
  generator.uniform(std::span(&model.bias, 1), -bound, bound);
  return model;
}

void Linear::initialize(Init init, double std, Generator& generator) {
  if (init == Init::default_) return;
  if (init == Init::normal) {
    generator.normal(weight, 0.0, std);
  } else {
    std::ranges::fill(weight, 0.0F);
  }
  bias = 0.0F;
}

}  // namespace linreg
