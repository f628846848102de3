// The loss and the gradient over long batches of rows in storage order, where nobody follows PyTorch digit by digit.
#pragma once

#include <algorithm>
#include <array>

#include "kernels/loss_terms.hpp"
#include "kernels/rows.hpp"

namespace linreg::LINREG_UNIT {

/// Even and odd rows have sums of their own, as more would not fit into the registers, and chunks are added in float64.
/// The features are `known_quads` * 4 when compiling, padding included; 0 stands for any number.
/// The call in the loop that other losses than the squared error need would keep the sums out of the registers.
/// Without `wants_gradient` there is only the loss, and `gradient` is null.
template <std::size_t known_quads, bool squared, bool wants_gradient>
float long_gradient_of(const Rows& rows, std::size_t n, const float* parameters, const LossTerms& terms,
                       float* gradient) noexcept {
  constexpr std::size_t capacity = known_quads != 0 ? known_quads : bias_position(max_features) / 4;
  const std::size_t quads = known_quads != 0 ? known_quads : bias_position(rows.d) / 4;
  const std::size_t padded = 4 * quads;
  const std::size_t size = rows.d + 1;
  const f32x4 bias = splat(parameters[padded]);
  std::array<double, parameters_size(max_features)> total{};
  double loss = 0.0;
  for (std::size_t begin = 0; begin < n; begin += chunk) {
    f32x4 sums[2][capacity];
    for (auto& of_row : sums) std::fill_n(of_row, quads, f32x4{});
    f32x4 bias_sum{};
    f32x4 losses{};
    const auto add = [&](const float* const(&record)[group], std::size_t count) __attribute__((always_inline)) {
      f32x4 products[group];
      for (std::size_t i = 0; i < group; ++i) products[i] = load(record[i]) * load(parameters);
      for (std::size_t q = 1; q < quads; ++q) {
        const f32x4 factor = load(parameters + 4 * q);
        for (std::size_t i = 0; i < group; ++i) products[i] += load(record[i] + 4 * q) * factor;
      }
      const f32x4 predictions = bias + sums_of(products);
      const f32x4 labels{record[0][rows.d], record[1][rows.d], record[2][rows.d], record[3][rows.d]};
      auto [of_row, shares] = terms.of<squared>(predictions - labels, true);
      if (count < group) {
        clear_from(shares, count);
        clear_from(of_row, count);
      }
      losses += of_row;
      if (!wants_gradient) return;
      bias_sum += shares;
      for (std::size_t i = 0; i < group; ++i) {
        for (std::size_t q = 0; q < quads; ++q) sums[i % 2][q] += load(record[i] + 4 * q) * shares[i];
      }
    };
    const float* record = rows.records + begin * size;
    std::size_t left = std::min(n - begin, chunk);
    for (; left >= group; left -= group, record += group * size) {
      add({record, record + size, record + 2 * size, record + 3 * size}, group);
    }
    if (left != 0) {  // the last row stands in for those that the group lacks
      const auto at = [&](std::size_t i) { return record + std::min(i, left - 1) * size; };
      add({at(0), at(1), at(2), at(3)}, left);
    }
    loss += static_cast<double>(sum(losses));
    if (!wants_gradient) continue;
    for (std::size_t q = 0; q < quads; ++q) {
      const f32x4 of_quad = sums[0][q] + sums[1][q];
      for (std::size_t k = 0; k < 4; ++k) total[4 * q + k] += static_cast<double>(of_quad[k]);
    }
    total[padded] += static_cast<double>(sum(bias_sum));
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
