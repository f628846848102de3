// One row's loss and its derivative by the prediction, for each kind of loss, four rows at once.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "kernels/simd.hpp"
#include "linreg/loss.hpp"

namespace linreg::LINREG_UNIT {

/// Of four rows: the loss, and the share: its derivative times `scale`, which is 1 / batch size for the mean, 1 for the
/// sum.
struct Terms {
  f32x4 loss;
  f32x4 share;
};

/// From residuals (prediction - label) to terms. Loops are instantiated twice: MSE inline, other losses through a call; even
/// an untaken call spills the accumulators.
///
/// PyTorch rounds differently in the first whole sixteens of a batch, which its vector code computes in float32, and in
/// the rest, where delta is a float64. Both are followed.
class LossTerms {
 public:
  /// Of so many rows those in whole sixteens.
  static constexpr std::size_t in_sixteens(std::size_t rows) noexcept { return rows / 16 * 16; }

  /// delta: Huber's delta or SmoothL1's beta.
  LossTerms(LossKind kind, double delta, float scale) noexcept
      : kind_(kind),
        delta64_(delta),
        delta_(static_cast<float>(delta)),
        // Smallest float >= delta, so that comparing floats equals comparing in double.
        rest_bound_(static_cast<double>(delta_) >= delta64_
                        ? delta_
                        : std::bit_cast<float>(std::bit_cast<std::uint32_t>(delta_) + 1)),
        scale_(kind == LossKind::mse ? 2.0F * scale : scale),
        vector_end_(kind == LossKind::huber ? delta_ * scale : scale),
        rest_end_(kind == LossKind::huber ? static_cast<float>(static_cast<double>(scale) * delta) : scale) {}

  [[nodiscard]] bool is_squared() const noexcept { return kind_ == LossKind::mse; }

  /// `surely_squared`: whether is_squared() is known when compiling.
  template <bool surely_squared = false>
  [[nodiscard]] [[gnu::always_inline]] Terms of(f32x4 residual, bool in_sixteens) const noexcept {
    return surely_squared || is_squared() ? Terms{residual * residual, residual * scale_}
                                          : other(residual, in_sixteens);
  }

 private:
  [[gnu::noinline, gnu::cold]] Terms other(f32x4 residual, bool in_sixteens) const noexcept {
    const f32x4 size = abs(residual);
    if (kind_ == LossKind::l1) {
      return {size, select(residual > 0.0F, splat(scale_), select(residual < 0.0F, splat(-scale_), f32x4{}))};
    }
    const float bound = in_sixteens ? delta_ : rest_bound_;
    const float end = in_sixteens ? vector_end_ : rest_end_;
    f32x4 loss;
    f32x4 inner;  // the share where the loss is quadratic
    if (kind_ == LossKind::huber) {
      loss = select(size <= delta_, 0.5F * size * size, delta_ * (size - 0.5F * delta_));
      inner = residual * scale_;
    } else {
      loss = select(size < delta_, 0.5F * size * size / delta_, size - 0.5F * delta_);
      inner = in_sixteens
                  ? scale_ * (residual / delta_)
                  : __builtin_convertvector(__builtin_convertvector(residual * scale_, f64x4) / delta64_, f32x4);
    }
    return {loss, select(residual >= bound, splat(end), select(residual <= -bound, splat(-end), inner))};
  }

  LossKind kind_;
  double delta64_;
  float delta_;
  float rest_bound_;
  float scale_;
  float vector_end_;  // the constant slope beyond delta
  float rest_end_;
};

}  // namespace linreg::LINREG_UNIT
