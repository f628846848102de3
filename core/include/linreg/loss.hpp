// Losses, as PyTorch's MSELoss, L1Loss, HuberLoss and SmoothL1Loss.
#pragma once

#include <array>
#include <string_view>

namespace linreg {

enum class LossKind { mse, l1, huber, smooth_l1 };
enum class Reduction { mean, sum };

/// Indexed by the enumerators; the names the notebook's options have.
inline constexpr std::array<std::string_view, 4> loss_names{"mse", "l1", "huber", "smooth_l1"};
inline constexpr std::array<std::string_view, 2> reduction_names{"mean", "sum"};

/// A loss of the residuals r = prediction - label, reduced over a batch. Note that MSELoss has no 1/2.
struct Loss {
  LossKind kind = LossKind::mse;
  Reduction reduction = Reduction::mean;
  double delta = 1.0;  // Huber's delta, SmoothL1's beta; > 0

  friend bool operator==(const Loss&, const Loss&) = default;
};

}  // namespace linreg
