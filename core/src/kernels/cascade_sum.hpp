// The sum of many floats in the order in which PyTorch's tensor.sum() adds them.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/simd.hpp"

namespace linreg::LINREG_UNIT {

/// Values arrive one block of up to 32 after the other; only the last block may be shorter.
///
/// Four vectors of 8 lanes each add every fourth vector of the values. Every 16 additions a level is emptied into the
/// next, of which there are four, so that the rounding error grows with the logarithm of the count (ATen's
/// cascade_sum, as it runs for up to 2^21 values).
class CascadeSum {
 public:
  static constexpr std::size_t block = 32;

  void add(const float* values, std::size_t count) noexcept {
    if (count == block) {
      add_block(values);
    } else {
      rest_count_ = count;
      std::copy_n(values, count, rest_);
    }
  }

  [[nodiscard]] float result() const noexcept {
    if (blocks_ == 0 && rest_count_ < lanes) return few();
    float lane[block];
    for (std::size_t v = 0; v < vectors; ++v) {
      store(lane + 4 * v, ((level_[0][v] + level_[1][v]) + level_[2][v]) + level_[3][v]);
    }
    const std::size_t whole = rest_count_ / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += 4) store(lane + i % lanes, load(lane + i % lanes) + load(rest_ + i));
    float total = 0.0F;
    for (std::size_t i = whole; i < rest_count_; ++i) total += rest_[i];
    for (std::size_t i = 0; i < lanes; ++i) {
      total += ((lane[i] + lane[lanes + i]) + lane[2 * lanes + i]) + lane[3 * lanes + i];
    }
    return total;
  }

 private:
  static constexpr std::size_t lanes = 8;
  static constexpr std::size_t vectors = block / 4;
  static constexpr std::size_t levels = 4;
  static constexpr std::size_t level_bits = 4;

  void add_block(const float* values) noexcept {
    for (std::size_t v = 0; v < vectors; ++v) level_[0][v] += load(values + 4 * v);
    ++blocks_;
    for (std::size_t j = 1; j < levels && (blocks_ & ((std::size_t{1} << (j * level_bits)) - 1)) == 0; ++j) {
      for (std::size_t v = 0; v < vectors; ++v) {
        level_[j][v] += level_[j - 1][v];
        level_[j - 1][v] = f32x4{};
      }
    }
  }

  /// Fewer values than lanes: four partial sums of one lane.
  [[nodiscard]] float few() const noexcept {
    const std::size_t whole = rest_count_ / 4 * 4;
    float total = whole != 0 ? rest_[0] : 0.0F;
    for (std::size_t i = whole; i < rest_count_; ++i) total += rest_[i];
    for (std::size_t i = 1; i < whole; ++i) total += rest_[i];
    return total;
  }

  f32x4 level_[levels][vectors] = {};
  std::size_t blocks_ = 0;
  float rest_[block] = {};
  std::size_t rest_count_ = 0;
};

}  // namespace linreg::LINREG_UNIT
