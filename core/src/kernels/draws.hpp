// Numbers below many bounds from MT19937's state, without a division for each: what randperm needs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tempering.hpp"

namespace linreg::LINREG_UNIT {

/// draws[i] becomes temper(state[i]) % m, where m = bound - i >= 2 and reciprocals[i] = floor(2^32 / m).
///
/// A reciprocal falls short of 2^32 / m by less than one, so a quotient falls short by at most one, and then the remainder
/// is m too large. (Plain C++, which compilers turn into vectors of each width by themselves.)
inline void draw_below(const std::uint32_t* state, const std::uint32_t* reciprocals, std::size_t count,
                       std::uint32_t bound, std::uint32_t* __restrict draws) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t m = bound - static_cast<std::uint32_t>(i);
    const std::uint32_t word = temper(state[i]);
    const auto quotient = static_cast<std::uint32_t>((std::uint64_t{word} * reciprocals[i]) >> 32);
    const std::uint32_t rest = word - quotient * m;
    draws[i] = std::min(rest, rest - m);
  }
}

}  // namespace linreg::LINREG_UNIT
