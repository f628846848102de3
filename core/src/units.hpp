// Units of which float64 holds the numbers, but not their ratio, in which weights are.
#pragma once

#include <optional>

#include "linreg/error.hpp"

namespace linreg {

inline Error units_too_far_apart() {
  return {ErrorCode::invalid_data, "labels", std::nullopt,
          "in units whose ratio to the features' is within float64's range"};
}

}  // namespace linreg
