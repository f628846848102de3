// How MT19937 turns a word of its state into the one that it gives.
#pragma once

#include <cstdint>

namespace linreg {

/// Always inlined: it is also part of the kernel units, which share no function.
[[gnu::always_inline]] inline std::uint32_t temper(std::uint32_t y) noexcept {
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680U;
  y ^= (y << 15) & 0xefc60000U;
  return y ^ (y >> 18);
}

}  // namespace linreg
