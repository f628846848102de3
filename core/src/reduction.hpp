// What a loss's reduction makes of a batch: mean or sum.
#pragma once

#include <cstddef>

#include "linreg/loss.hpp"

namespace linreg {

/// What a row's derivative is multiplied by.
inline float scale(const Loss& loss, std::size_t count) noexcept {
  return loss.reduction == Reduction::mean ? static_cast<float>(1.0 / static_cast<double>(count)) : 1.0F;
}

inline float reduce(float sum, const Loss& loss, std::size_t count) noexcept {
  return loss.reduction == Reduction::mean ? sum / static_cast<float>(count) : sum;
}

}  // namespace linreg
