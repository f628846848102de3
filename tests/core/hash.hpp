// A short name for the bits of many numbers.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <string>
#include <type_traits>
#include <vector>

namespace linreg::test {

/// FNV-1a, 64 bits, over numbers' bytes, least significant first.
class Hash {
 public:
  template <std::floating_point Number>
  void add(Number value) {
    const auto bits = std::bit_cast<std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>>(value);
    for (unsigned shift = 0; shift < 8 * sizeof(Number); shift += 8)
      hash_ = (hash_ ^ ((bits >> shift) & 0xffU)) * 0x100000001b3;
  }
  template <std::floating_point Number>
  void add(const std::vector<Number>& values) {
    for (const Number value : values) add(value);
  }
  /// 16 hexadecimal digits.
  [[nodiscard]] std::string text() const {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash_));
    return digits.data();
  }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace linreg::test
