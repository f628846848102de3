// Records in random order are read before they are needed: WebAssembly has no prefetch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/kernels.hpp"

namespace linreg::LINREG_UNIT {

/// Reads the records of many rows one after the other, with next to nothing in between: a processor waits at once for as
/// many reads as it sees among its next few hundred instructions.
class Fetch {
 public:
  /// `count` rows in an order, or in storage order, which needs no help.
  Fetch(const Rows& rows, const std::uint32_t* order, std::size_t count) noexcept
      : order_(order), left_(order != nullptr && worthwhile(rows) ? count : 0) {}

  /// Before the next `count` rows, at most a block, are looked at.
  [[gnu::always_inline]] void before(const Rows& rows, std::size_t count) noexcept {
    if (left_ == 0) return;
    if (ahead_ < count) read_on(rows);
    ahead_ -= count;
  }

 private:
  static constexpr std::size_t together = 128;  // rows whose records are read before others are looked at,
  static constexpr std::size_t abreast = 4;     // so many in one turn of a loop
  static constexpr std::size_t line = 16;       // floats
  using Records = const float* (&)[abreast];

  /// Whether the records are long enough, and more than the inner caches hold. Measured: elsewhere it costs more than it
  /// saves.
  static bool worthwhile(const Rows& rows) noexcept {
    return rows.d >= 8 && rows.n * (rows.d + 1) > (std::size_t{1} << 18);
  }

  [[gnu::always_inline]] static void read(const float* at) noexcept {
    static_cast<void>(*static_cast<const volatile float*>(at));
  }
  template <std::size_t lines>
  [[gnu::always_inline]] static void read_lines(Records records) noexcept {
    for (const float*& at : records) {
      for (std::size_t k = 0; k < lines; ++k) read(at + k * line);
      at += lines * line;
      asm("" : "+r"(at));  // or each read would have an address of its own
    }
  }

  /// A number of each line of each record, the label last. Of a rest of three rows nothing is read.
  [[gnu::noinline]] void read_on(const Rows& rows) noexcept {
    const std::size_t count = std::min(left_, together);
    const std::size_t whole = (rows.d + line - 1) / line;
    const std::size_t beyond = whole * line - rows.d;
    for (std::size_t first = 0; first + abreast <= count; first += abreast) {
      const float* records[abreast];
      for (std::size_t i = 0; i < abreast; ++i) {
        records[i] = rows.records + order_[first + i] * (rows.d + 1);
        asm("" : "+r"(records[i]));
      }
      std::size_t left = whole;
      for (; left >= 4; left -= 4) read_lines<4>(records);
      for (; left > 0; --left) read_lines<1>(records);
      for (const float* const past : records) read(past - beyond);
    }
    order_ += count;
    left_ -= count;
    ahead_ += count;
  }

  const std::uint32_t* order_;
  std::size_t left_;
  std::size_t ahead_ = 0;  // rows that were read and not yet looked at
};

}  // namespace linreg::LINREG_UNIT
