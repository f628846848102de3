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
  [[nodiscard]] [[gnu::noinline]] float finish(const float* rest, std::size_t count) const noexcept {
    f32x4 sum[vectors];
    for (std::size_t v = 0; v < vectors; ++v) sum[v] = level_sum(v);
    return add_lanes(sum, rest, count);
  }

  /// The sum of fewer than `cascading` values: the first level is never emptied.
  static constexpr std::size_t cascading = 16 * block;
  [[nodiscard]] [[gnu::always_inline]] static float short_sum(const float* values, std::size_t count) noexcept {
    if (count < lanes) return few(values, count);
    if (count < block) {
      f32x4 sum[2]{};
      return add_lanes(sum, values, count);
    }
    f32x4 sum[vectors]{};
    for (; count >= block; count -= block, values += block) {
      for (std::size_t v = 0; v < vectors; ++v) sum[v] += load(values + 4 * v);
    }
    return add_lanes(sum, values, count);
  }

  struct Pair {
    float a;
    float b;
  };
  /// Two such sums, each of fewer than `block` values: they are added side by side.
  [[nodiscard]] [[gnu::always_inline]] static Pair short_sums(const float* a, const float* b,
                                                              std::size_t count) noexcept {
    if (count < lanes) return {few(a, count), few(b, count)};
    f32x4 sum_a[2]{};
    f32x4 sum_b[2]{};
    const std::size_t whole = count / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
      for (std::size_t half = 0; half < 2; ++half) {
        sum_a[half] += load(a + i + 4 * half);
        sum_b[half] += load(b + i + 4 * half);
      }
    }
    f32x4 total{};  // of its lanes two are used
    for (std::size_t i = whole; i < count; ++i) total += f32x4{a[i], b[i]};
    for (std::size_t half = 0; half < 2; ++half) {
      for (const f32x4 two : {zip_low(sum_a[half], sum_b[half]), zip_high(sum_a[half], sum_b[half])}) {
        total += two;
        total += high(two);
      }
    }
    return {total[0], total[1]};
  }

 private:
  static constexpr std::size_t lanes = 8;
  static constexpr std::size_t vectors = block / 4;
  static constexpr std::size_t levels = 4;
  static constexpr std::size_t level_bits = 4;

  /// The rest goes to the first of the four vectors (its low and high lanes); then come the other three, what is too
  /// short for a vector, and the lanes one by one. The sums are not -0, so that vectors of zeros may be left out.
  template <std::size_t count_of_sums>
  [[gnu::always_inline]] static float add_lanes(f32x4 (&sum)[count_of_sums], const float* rest,
                                                std::size_t count) noexcept {
    const std::size_t whole = count / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
      sum[0] += load(rest + i);
      sum[1] += load(rest + i + 4);
    }
    for (std::size_t v = 2; v < count_of_sums; v += 2) {
      sum[0] += sum[v];
      sum[1] += sum[v + 1];
    }
    float total = 0.0F;
    for (std::size_t i = whole; i < count; ++i) total += rest[i];
    for (std::size_t half = 0; half < 2; ++half) {
      for (std::size_t i = 0; i < 4; ++i) total += sum[half][i];
    }
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
