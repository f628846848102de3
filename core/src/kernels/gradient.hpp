// The gradient over a batch: prediction, residual, loss and gradient in one pass over its rows.
#pragma once

#include <algorithm>

#include "kernels/cascade_sum.hpp"
#include "kernels/loss_terms.hpp"
#include "kernels/rows.hpp"

namespace linreg::LINREG_UNIT {

/// A number for each row of a chunk, and the sum over all chunks.
class RowSum {
 public:
  float values[chunk + group];  // a last group writes four

  void end_chunk(std::size_t count) noexcept {
    if (count >= CascadeSum::block) sum_.add(values, count / CascadeSum::block * CascadeSum::block);
  }
  /// The sum, where `count` of the last chunk's values are still to be added and `total` there were in all.
  [[gnu::always_inline]] float finish(std::size_t count, std::size_t total) noexcept {
    if (total < CascadeSum::cascading) return CascadeSum::short_sum(values, count);
    end_chunk(count);
    const std::size_t whole = count / CascadeSum::block * CascadeSum::block;
    return sum_.finish(values + whole, count - whole);
  }

 private:
  CascadeSum sum_;
};

/// The sums of a batch of one chunk.
[[gnu::always_inline]] inline CascadeSum::Pair finish_both(RowSum& a, RowSum& b, std::size_t count) noexcept {
  if (count < CascadeSum::block) return CascadeSum::short_sums(a.values, b.values, count);
  return {a.finish(count, count), b.finish(count, count)};
}

/// Adds share * features of a block's rows, one after the other, to the sums from feature j on.
template <std::size_t quads>
[[gnu::always_inline]] inline void add_rows(const Block& block, const float* shares, std::size_t j,
                                            float* sums) noexcept {
  f32x4 sum[quads];
  for (std::size_t q = 0; q < quads; ++q) sum[q] = load(sums + j + 4 * q);
  for (std::size_t i = 0; i < block.count; ++i) {
    const f32x4 share = splat(shares[i]);
    for (std::size_t q = 0; q < quads; ++q) sum[q] += load(block.record[i] + j + 4 * q) * share;
  }
  for (std::size_t q = 0; q < quads; ++q) store(sums + j + 4 * q, sum[q]);
}

/// The rows from `begin` to `end` of a batch: their gradient by the weights is added to `sums` (a multiple of four),
/// `losses` and `shares` receive each row's. What stands beyond a record's features is added to the padding.
template <bool is_squared>
[[gnu::noinline]] inline void chunk_gradient(const Rows& rows, const Batch& batch, Fetch& fetch,
                                             const float* parameters, const LossTerms& terms, std::size_t begin,
                                             std::size_t end, float* losses, float* shares, float* sums) noexcept {
  const std::size_t sixteens = LossTerms::in_sixteens(batch.count);
  const std::size_t padded = bias_position(rows.d);
  for_each_block(
      rows, batch, fetch, parameters, begin, end,
      [&](std::size_t first, f32x4 predictions, f32x4 labels) __attribute__((always_inline)) {
        const auto [loss, share] = terms.of<is_squared>(predictions - labels, first < sixteens);
        store(losses + (first - begin), loss);
        store(shares + (first - begin), share);
      },
      [&](const Block& block, std::size_t first) __attribute__((always_inline)) {
        const float* const share = shares + (first - begin);
        std::size_t j = 0;
        for (; j + 32 <= padded; j += 32) add_rows<8>(block, share, j, sums);
        for (; j + 16 <= padded; j += 16) add_rows<4>(block, share, j, sums);
        for (; j < padded; j += 4) add_rows<1>(block, share, j, sums);
      });
}

/// The padding past the d weights becomes 0, and what follows it the bias's gradient.
inline void finish_gradient(float* gradient, std::size_t d, float bias) noexcept {
  const std::size_t padded = bias_position(d);
  f32x4 last = load(gradient + padded - 4);
  clear_from(last, d - (padded - 4));
  store(gradient + padded - 4, last);
  store(gradient + padded, f32x4{bias, 0.0F, 0.0F, 0.0F});
}

/// Batches of more than a chunk; `gradient` is 0 and receives it.
template <bool is_squared>
[[gnu::noinline]] inline float chunked_gradient(const Rows& rows, const Batch& batch, Fetch& fetch,
                                                const float* parameters, const LossTerms& terms,
                                                float* gradient) noexcept {
  RowSum losses;
  RowSum shares;
  for (std::size_t begin = 0;; begin += chunk) {
    const std::size_t end = std::min(batch.count, begin + chunk);
    chunk_gradient<is_squared>(rows, batch, fetch, parameters, terms, begin, end, losses.values, shares.values,
                               gradient);
    if (end == batch.count) {
      finish_gradient(gradient, rows.d, shares.finish(end - begin, batch.count));
      return losses.finish(end - begin, batch.count);
    }
    losses.end_chunk(chunk);
    shares.end_chunk(chunk);
  }
}

/// The sum of the rows' losses; `gradient` receives the gradient.
template <bool is_squared>
[[gnu::always_inline]] inline float ordered_gradient(const Rows& rows, const Batch& batch, Fetch& fetch,
                                                     const float* parameters, const LossTerms& terms,
                                                     float* gradient) noexcept {
  std::fill_n(gradient, bias_position(rows.d), 0.0F);
  if (batch.count > chunk) return chunked_gradient<is_squared>(rows, batch, fetch, parameters, terms, gradient);
  RowSum losses;
  RowSum shares;
  chunk_gradient<is_squared>(rows, batch, fetch, parameters, terms, 0, batch.count, losses.values, shares.values,
                             gradient);
  const auto [of_losses, of_shares] = finish_both(losses, shares, batch.count);
  finish_gradient(gradient, rows.d, of_shares);
  return of_losses;
}

}  // namespace linreg::LINREG_UNIT
