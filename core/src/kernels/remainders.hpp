// Remainders by many divisors, without a division for each: what randperm needs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace linreg::LINREG_UNIT {

/// words[i] becomes words[i] % m, where m = divisor - i >= 2 and reciprocals[i] = floor(2^32 / m).
///
/// A reciprocal falls short of 2^32 / m by less than one, so a quotient falls short by at most one, and then the remainder
/// is m too large. (Plain C++, which compilers turn into vectors of each width by themselves.)
inline void remainders(std::uint32_t* words, const std::uint32_t* reciprocals, std::size_t count,
                       std::uint32_t divisor) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t m = divisor - static_cast<std::uint32_t>(i);
    const auto quotient = static_cast<std::uint32_t>((std::uint64_t{words[i]} * reciprocals[i]) >> 32);
    const std::uint32_t rest = words[i] - quotient * m;
    words[i] = std::min(rest, rest - m);
  }
}

}  // namespace linreg::LINREG_UNIT
