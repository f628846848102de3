// One residual's loss in float64, and what is known of its slope: for the surface, the optimum and the curvature. (What
// training computes, in float32 and with PyTorch's roundings, is in kernels/loss_terms.hpp.) No switch has a default, so that
// a new loss does not compile before it is everywhere.
#pragma once

#include <cmath>

#include "linreg/loss.hpp"

namespace linreg {

/// Of a residual, prediction - label. Inlined always, because loops over many know their kind.
[[gnu::always_inline]] inline double loss_of(LossKind kind, double residual, double delta) noexcept {
  const double size = std::abs(residual);
  switch (kind) {
    case LossKind::mse: return residual * residual;
    case LossKind::l1: return size;
    case LossKind::huber: return size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
    case LossKind::smooth_l1: return size < delta ? 0.5 * size * size / delta : size - 0.5 * delta;
  }
  return 0.0;
}

/// Whether the residual is in the zone where the loss is quadratic.
inline bool is_curved(const Loss& loss, double residual) noexcept {
  switch (loss.kind) {
    case LossKind::mse: return true;
    case LossKind::l1: return false;
    case LossKind::huber: return std::abs(residual) <= loss.delta;
    case LossKind::smooth_l1: return std::abs(residual) < loss.delta;
  }
  return false;
}

/// The second derivative by the residual in that zone.
inline double second_derivative(const Loss& loss) noexcept {
  switch (loss.kind) {
    case LossKind::mse: return 2.0;
    case LossKind::l1: return 0.0;
    case LossKind::huber: return 1.0;
    case LossKind::smooth_l1: return 1.0 / loss.delta;
  }
  return 0.0;
}

/// Whether the loss depends on delta.
inline bool reads_delta(LossKind kind) noexcept {
  switch (kind) {
    case LossKind::mse:
    case LossKind::l1: return false;
    case LossKind::huber:
    case LossKind::smooth_l1: return true;
  }
  return true;
}

}  // namespace linreg
