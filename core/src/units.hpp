// The error of columns whose weights float64 cannot hold: a weight is in the labels' unit divided by the feature's.
#pragma once

#include <optional>

#include "linreg/error.hpp"

namespace linreg {

inline Error units_too_far_apart() {
  return {ErrorCode::invalid_data, "labels", std::nullopt,
          "in units whose ratio to the features' is within float64's range"};
}

}  // namespace linreg
