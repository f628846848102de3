// The loss and the gradient over long batches of rows in storage order, where nobody follows PyTorch digit by digit.
#pragma once

#include <algorithm>
#include <array>

#include "kernels/loss_terms.hpp"
#include "kernels/rows.hpp"

namespace linreg::LINREG_UNIT {

/// Some rows in storage order.
struct LongRows {
  const float* record;  // the first one
  std::size_t size;     // floats of each
  std::size_t count;
};

/// Sums over a chunk: of losses, of shares, and of each quad of features times the shares; even and odd rows have sums of
/// their own.
template <std::size_t quads>
struct LongSums {
  f32x4 losses{};
  f32x4 bias{};
  f32x4 even[quads];
  f32x4 odd[quads];
};

/// Predictions of four rows, each of which adds its quads.
[[gnu::always_inline]] inline f32x4 look_along(const float* const (&record)[group], const float* parameters,
                                               std::size_t quads, f32x4 bias) noexcept {
  f32x4 products[group];
  for (std::size_t i = 0; i < group; ++i) products[i] = load(record[i]) * load(parameters);
  for (std::size_t q = 1; q < quads; ++q) {
    const f32x4 factor = load(parameters + 4 * q);
    for (std::size_t i = 0; i < group; ++i) products[i] += load(record[i] + 4 * q) * factor;
  }
  return bias + sums_of(products);
}

/// Adds what rows' predictions tell: losses and, if wanted, shares, which `shares` receives.
template <bool squared, bool wants_shares, std::size_t capacity>
[[gnu::always_inline]] inline void add_terms(const LongRows& rows, const float* parameters, std::size_t quads,
                                             const LossTerms& terms, float* shares, LongSums<capacity>& sums) noexcept {
  const f32x4 bias = splat(parameters[4 * quads]);
  const auto look = [&](const float* const(&record)[group]) __attribute__((always_inline)) {
    const std::size_t d = rows.size - 1;
    const f32x4 labels{record[0][d], record[1][d], record[2][d], record[3][d]};
    return terms.of<squared>(look_along(record, parameters, quads, bias) - labels, true);
  };
  f32x4 losses = sums.losses;
  f32x4 bias_sum = sums.bias;
  const auto add = [&](std::size_t i, Terms of_rows) __attribute__((always_inline)) {
    losses += of_rows.loss;
    if (!wants_shares) return;
    bias_sum += of_rows.share;
    store(shares + i, of_rows.share);
  };
  const float* record = rows.record;
  std::size_t i = 0;
  for (; i + group <= rows.count; i += group, record += group * rows.size) {
    add(i, look({record, record + rows.size, record + 2 * rows.size, record + 3 * rows.size}));
  }
  if (const std::size_t left = rows.count - i; left != 0) {  // the last row stands in for those that the group lacks
    const auto at = [&](std::size_t k) { return record + std::min(k, left - 1) * rows.size; };
    Terms rest = look({at(0), at(1), at(2), at(3)});
    clear_from(rest.loss, left);
    clear_from(rest.share, left);
    add(i, rest);
  }
  sums.losses = losses;
  sums.bias = bias_sum;
}

/// Adds share * features from quad q on.
template <std::size_t quads, std::size_t capacity>
[[gnu::always_inline]] inline void add_along(const LongRows& rows, const float* shares, std::size_t q,
                                             LongSums<capacity>& sums) noexcept {
  f32x4 even[quads];
  f32x4 odd[quads];
  for (std::size_t k = 0; k < quads; ++k) even[k] = sums.even[q + k];
  for (std::size_t k = 0; k < quads; ++k) odd[k] = sums.odd[q + k];
  const float* record = rows.record + 4 * q;
  const auto add = [&](f32x4(&to)[quads]) __attribute__((always_inline)) {
    const f32x4 share = splat(*shares++);
    for (std::size_t k = 0; k < quads; ++k) to[k] += load(record + 4 * k) * share;
    record += rows.size;
  };
  std::size_t i = 0;
  for (; i + 2 <= rows.count; i += 2) {
    add(even);
    add(odd);
  }
  if (i < rows.count) add(even);
  for (std::size_t k = 0; k < quads; ++k) sums.even[q + k] = even[k];
  for (std::size_t k = 0; k < quads; ++k) sums.odd[q + k] = odd[k];
}

/// Adds share * features of all quads, as many at once as the registers hold.
template <std::size_t capacity>
[[gnu::always_inline]] inline void add_all(const LongRows& rows, const float* shares, std::size_t quads,
                                           LongSums<capacity>& sums) noexcept {
  std::size_t q = 0;
  if constexpr (capacity >= 4) {
    for (; q + 4 <= quads; q += 4) add_along<4>(rows, shares, q, sums);
  }
  if constexpr (capacity >= 2) {
    for (; q + 2 <= quads; q += 2) add_along<2>(rows, shares, q, sums);
  }
  for (; q < quads; ++q) add_along<1>(rows, shares, q, sums);
}

/// The features are `known_quads` * 4 when compiling, padding included; 0 stands for any number.
/// Without `wants_gradient` there is only the loss, and `gradient` is null.
///
/// A block's rows are looked at twice, for their shares and for what these add: all that both need would not fit into
/// the registers. Chunks are summed in float32 and added in float64.
template <std::size_t known_quads, bool squared, bool wants_gradient>
float long_gradient_of(const Rows& rows, std::size_t n, const float* parameters, const LossTerms& terms,
                       float* gradient) noexcept {
  constexpr std::size_t rows_at_once = wants_gradient ? block_rows : chunk;
  constexpr std::size_t capacity = known_quads != 0 ? known_quads : bias_position(max_features) / 4;
  const std::size_t quads = known_quads != 0 ? known_quads : bias_position(rows.d) / 4;
  const std::size_t padded = 4 * quads;
  const std::size_t size = rows.d + 1;
  std::array<double, parameters_size(max_features)> total{};
  double loss = 0.0;
  for (std::size_t begin = 0; begin < n; begin += chunk) {
    LongSums<capacity> sums;
    std::fill_n(sums.even, quads, f32x4{});
    std::fill_n(sums.odd, quads, f32x4{});
    const std::size_t end = std::min(n, begin + chunk);
    for (std::size_t first = begin; first < end; first += rows_at_once) {
      const LongRows block{rows.records + first * size, size, std::min(end - first, rows_at_once)};
      float shares[rows_at_once];
      add_terms<squared, wants_gradient>(block, parameters, quads, terms, shares, sums);
      if (!wants_gradient) continue;
      add_all(block, shares, quads, sums);
    }
    loss += static_cast<double>(sum(sums.losses));
    if (!wants_gradient) continue;
    for (std::size_t q = 0; q < quads; ++q) {
      const f32x4 of_quad = sums.even[q] + sums.odd[q];
      for (std::size_t k = 0; k < 4; ++k) total[4 * q + k] += static_cast<double>(of_quad[k]);
    }
    total[padded] += static_cast<double>(sum(sums.bias));
  }
  if (!wants_gradient) return static_cast<float>(loss);
  std::fill(total.begin() + static_cast<std::ptrdiff_t>(rows.d), total.begin() + static_cast<std::ptrdiff_t>(padded),
            0.0);
  for (std::size_t j = 0; j < padded + 4; ++j) gradient[j] = static_cast<float>(total[j]);
  return static_cast<float>(loss);
}

/// The sum of the rows' losses; `gradient` receives the gradient.
inline float long_gradient(const Rows& rows, std::size_t n, const float* parameters, const LossTerms& terms,
                           float* gradient) noexcept {
  const auto of = !terms.is_squared() ? long_gradient_of<0, false, true>
                  : rows.d <= 4       ? long_gradient_of<1, true, true>
                  : rows.d <= 8       ? long_gradient_of<2, true, true>
                                      : long_gradient_of<0, true, true>;
  return of(rows, n, parameters, terms, gradient);
}

/// The sum of the rows' losses.
inline float long_loss(const Rows& rows, std::size_t n, const float* parameters, const LossTerms& terms) noexcept {
  const auto of = terms.is_squared() ? long_gradient_of<0, true, false> : long_gradient_of<0, false, false>;
  return of(rows, n, parameters, terms, nullptr);
}

}  // namespace linreg::LINREG_UNIT
