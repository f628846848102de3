// One row's loss and its derivative by the prediction, for each kind of loss, four rows at once.
#pragma once

#include <bit>
#include <cstdint>

#include "kernels/simd.hpp"
#include "linreg/loss.hpp"

namespace linreg::LINREG_UNIT {

/// residual: prediction - label; delta: Huber's delta or SmoothL1's beta.
template <LossKind kind>
inline f32x4 row_loss(f32x4 residual, float delta) noexcept {
  const f32x4 size = abs(residual);
  if constexpr (kind == LossKind::mse) return residual * residual;
  if constexpr (kind == LossKind::l1) return size;
  if constexpr (kind == LossKind::huber) {
    return select(size <= delta, 0.5F * size * size, delta * (size - 0.5F * delta));
  }
  if constexpr (kind == LossKind::smooth_l1) {
    return select(size < delta, 0.5F * size * size / delta, size - 0.5F * delta);
  }
}

/// The derivative of a row's loss times `scale`: 1 / batch size for the mean, 1 for the sum. L1's is 0 at 0.
///
/// PyTorch rounds differently in the first whole sixteens of a batch, which its vector code computes in float32, and in
/// the rest, where delta is a float64. Both are followed.
template <LossKind kind>
class RowGradient {
 public:
  RowGradient(double delta, float scale) noexcept
      : delta64_(delta),
        delta_(static_cast<float>(delta)),
        scale_(kind == LossKind::mse ? 2.0F * scale : scale),
        vector_end_(kind == LossKind::huber ? delta_ * scale : scale),
        rest_end_(kind == LossKind::huber ? static_cast<float>(static_cast<double>(scale) * delta) : scale) {}

  f32x4 operator()(f32x4 residual, bool in_sixteens) const noexcept {
    if constexpr (kind == LossKind::mse) return residual * scale_;
    if constexpr (kind == LossKind::l1) {
      return select(residual > 0.0F, splat(scale_), select(residual < 0.0F, splat(-scale_), f32x4{}));
    }
    if constexpr (kind == LossKind::huber || kind == LossKind::smooth_l1) {
      // A float is at least delta in float64 just where it is at least the next float not below delta.
      const float bound = in_sixteens || static_cast<double>(delta_) >= delta64_
                              ? delta_
                              : std::bit_cast<float>(std::bit_cast<std::uint32_t>(delta_) + 1);
      const float end = in_sixteens ? vector_end_ : rest_end_;
      return select(residual >= bound, splat(end),
                    select(residual <= -bound, splat(-end), inner(residual, in_sixteens)));
    }
  }

 private:
  /// Where the loss is quadratic.
  f32x4 inner(f32x4 residual, bool in_sixteens) const noexcept {
    if constexpr (kind == LossKind::huber) return residual * scale_;
    if (in_sixteens) return scale_ * (residual / delta_);
    return __builtin_convertvector(__builtin_convertvector(residual * scale_, f64x4) / delta64_, f32x4);
  }

  double delta64_;
  float delta_;
  float scale_;
  float vector_end_;  // the constant slope beyond delta
  float rest_end_;
};

}  // namespace linreg::LINREG_UNIT
