// Fused multiply-add for code outside the kernels.
#pragma once

namespace linreg {

/// a b + c as PyTorch's vector code fuses it: the product is exact in float64, the sum is rounded to float64 and then to
/// float32. That differs from a true fused multiply-add only where the first rounding makes a tie of the second; hardware
/// with such an instruction and without one gives the same bits.
constexpr float fused(float a, float b, float c) noexcept {
  return static_cast<float>(static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c));
}

}  // namespace linreg
