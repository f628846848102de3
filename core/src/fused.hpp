// Fused multiply-add for code outside the kernels.
#pragma once

namespace linreg {

/// a b + c rounded to float32 once. PyTorch's vector code fuses; computed in float64 so that hardware without a fused
/// instruction, or with one, gives the same bits.
constexpr float fused(float a, float b, float c) noexcept {
  return static_cast<float>(static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c));
}

}  // namespace linreg
