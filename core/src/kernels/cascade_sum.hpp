// The sum of many floats in the order in which PyTorch's tensor.sum() adds them.
#pragma once

#include <cstddef>

#include "kernels/simd.hpp"

namespace linreg::LINREG_UNIT {

/// Values come in blocks of 32 and a rest.
///
/// Four vectors of 8 lanes each add every fourth vector of the values. Every 16 additions a level is emptied into the
/// next, of which there are four, so that the rounding error grows with the logarithm of the count (ATen's
/// cascade_sum, as it runs for up to 2^21 values).
class CascadeSum {
 public:
  static constexpr std::size_t block = 32;

  /// `count` is a multiple of 32, not 0. Like other parts that small sums do not need, it is kept out of the loops that
  /// call it, which would grow many times over.
  [[gnu::noinline]] void add(const float* values, std::size_t count) noexcept {
    if (blocks_ == 0) clear();
    for (const float* const end = values + count; values != end; values += block) add_block(values);
  }

  /// The sum of what was added and of a rest of fewer than 32 values.
  [[nodiscard]] float finish(const float* rest, std::size_t count) const noexcept {
    if (blocks_ != 0) return finish_blocks(rest, count);
    if (count < lanes) return few(rest, count);
    return add_lanes(rest, count, f32x4{}, f32x4{}, [](std::size_t) { return f32x4{}; });
  }

 private:
  static constexpr std::size_t lanes = 8;
  static constexpr std::size_t vectors = block / 4;
  static constexpr std::size_t levels = 4;
  static constexpr std::size_t level_bits = 4;

  [[gnu::noinline]] float finish_blocks(const float* rest, std::size_t count) const noexcept {
    return add_lanes(rest, count, level_sum(0), level_sum(1), [this](std::size_t v) { return level_sum(v); });
  }

  /// The rest goes to the first of the four vectors (its low and high lanes); then come the other three (`other` gives
  /// their halves), what is too short for a vector, and the lanes one by one.
  template <class Other>
  static float add_lanes(const float* rest, std::size_t count, f32x4 low, f32x4 high, Other other) noexcept {
    const std::size_t whole = count / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
      low += load(rest + i);
      high += load(rest + i + 4);
    }
    for (std::size_t v = 2; v < vectors; v += 2) {
      low += other(v);
      high += other(v + 1);
    }
    float total = 0.0F;
    for (std::size_t i = whole; i < count; ++i) total += rest[i];
    for (std::size_t i = 0; i < 4; ++i) total += low[i];
    for (std::size_t i = 0; i < 4; ++i) total += high[i];
    return total;
  }

  void clear() noexcept {
    for (auto& level : level_) {
      for (auto& vector : level) vector = f32x4{};
    }
  }

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

  [[nodiscard]] f32x4 level_sum(std::size_t v) const noexcept {
    return ((level_[0][v] + level_[1][v]) + level_[2][v]) + level_[3][v];
  }

  /// Fewer values than lanes: four partial sums of one lane.
  [[gnu::noinline]] static float few(const float* values, std::size_t count) noexcept {
    const std::size_t whole = count / 4 * 4;
    float total = whole != 0 ? values[0] : 0.0F;
    for (std::size_t i = whole; i < count; ++i) total += values[i];
    for (std::size_t i = 1; i < whole; ++i) total += values[i];
    return total;
  }

  std::size_t blocks_ = 0;
  f32x4 level_[levels][vectors];
};

}  // namespace linreg::LINREG_UNIT
