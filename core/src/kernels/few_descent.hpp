// Plain SGD on one to three features: a record with its label is one vector, and so are the parameters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "kernels/gradient.hpp"
#include "kernels/loss_terms.hpp"
#include "kernels/rows.hpp"

namespace linreg::LINREG_UNIT {

/// Up to so many features and the label are read at once.
inline constexpr std::size_t few = 3;

/// What f returns for d features, 1 to `few` of them; f receives d as a constant.
template <class F>
auto for_few(std::size_t d, F f) noexcept {
  return d == 1   ? f(std::integral_constant<std::size_t, 1>{})
         : d == 2 ? f(std::integral_constant<std::size_t, 2>{})
                  : f(std::integral_constant<std::size_t, 3>{});
}

/// Weights and bias in one vector: the bias in the last lane, 0 in those between.
template <std::size_t d>
struct FewParameters {
  static_assert(d >= 1 && d <= few);
  f32x4 vector;

  static FewParameters read(const float* parameters) noexcept {
    f32x4 vector = load(parameters);
    vector[few] = parameters[bias_position(d)];
    return {vector};
  }
  void write(float* parameters) const noexcept {
    store(parameters, of(vector, 0.0F).vector);
    store(parameters + bias_position(d), f32x4{vector[few], 0.0F, 0.0F, 0.0F});
  }
  /// The first d lanes of a vector, and the bias.
  static FewParameters of(f32x4 weights, float bias) noexcept {
    return {f32x4{weights[0], d > 1 ? weights[1] : 0.0F, d > 2 ? weights[2] : 0.0F, bias}};
  }
};

/// A group of rows, and their residuals.
template <std::size_t d>
struct FewRows {
  f32x4 row[group];
  f32x4 residuals;

  [[gnu::always_inline]] FewRows(const float* const (&record)[group], const FewParameters<d>& parameters) noexcept {
    const f32x4 factor = with_one_at(parameters.vector, d);  // the label comes along
    f32x4 x[group];
    for (std::size_t i = 0; i < group; ++i) {
      row[i] = load(record[i]);
      x[i] = row[i] * factor;
    }
    transpose(x);
    // V8 has one instruction for a zip of which all is wanted, but takes three where half is: loads are cheaper.
    const f32x4 labels = d == 2 ? f32x4{record[0][d], record[1][d], record[2][d], record[3][d]} : x[d];
    f32x4 predictions = x[0];
    for (std::size_t j = 1; j < d; ++j) predictions += x[j];
    residuals = predictions + splat(parameters.vector[few]) - labels;
  }
};

/// A group of rows of a batch: `losses` and `shares` receive what is each row's, and `sum` what the first `count` of them
/// add, one after the other.
template <std::size_t d, bool is_squared>
[[gnu::always_inline]] inline void add_few(const float* const (&record)[group], std::size_t count,
                                           const FewParameters<d>& parameters, const LossTerms& terms, bool in_sixteens,
                                           float* losses, float* shares, f32x4& sum) noexcept {
  const FewRows<d> rows(record, parameters);
  const auto [loss, share] = terms.of<is_squared>(rows.residuals, in_sixteens);
  store(losses, loss);
  store(shares, share);
  for (std::size_t i = 0; i < group; ++i) {
    if (i < count) sum += rows.row[i] * share[i];
  }
}

/// The gradient over `count` rows, in an order; `loss` receives the sum of their losses.
template <std::size_t d, bool is_squared>
[[gnu::always_inline]] inline FewParameters<d> few_gradient(const Rows& rows, const std::uint32_t* order,
                                                            std::size_t count, const FewParameters<d>& parameters,
                                                            const LossTerms& terms, float& loss) noexcept {
  const std::size_t sixteens = LossTerms::in_sixteens(count);
  const auto record = [&](std::size_t i) __attribute__((always_inline)) { return rows.records + order[i] * (d + 1); };
  RowSum losses;
  RowSum shares;
  f32x4 sum{};
  std::size_t i = 0;
  for (; i + group <= count; i += group) {
    add_few<d, is_squared>({record(i), record(i + 1), record(i + 2), record(i + 3)}, group, parameters, terms,
                           i < sixteens, losses.values + i, shares.values + i, sum);
  }
  if (const std::size_t left = count - i; left != 0) {  // the last row stands in for those that the group lacks
    const std::size_t last = count - 1;
    add_few<d, is_squared>({record(i), record(std::min(i + 1, last)), record(std::min(i + 2, last)), record(last)},
                           left, parameters, terms, false, losses.values + i, shares.values + i, sum);
  }
  const auto [of_losses, of_shares] = finish_both(losses, shares, count);
  loss = of_losses;
  return FewParameters<d>::of(sum, of_shares);
}

/// Steps as Kernels::sgd does them, on batches no longer than a chunk.
/// If `to` is null, only computes the first batch's gradient and takes no step.
template <std::size_t d, bool is_squared>
std::size_t descend_few(const Rows& rows, Batch batch, const LossTerms& loss_terms, const SgdTerms& terms,
                        const float* parameters, float* to, float* gradient, std::span<float> losses,
                        float* path) noexcept {
  const f32x4 rate = splat(-terms.lr);
  const f32x4 decay = splat(terms.weight_decay);
  auto now = FewParameters<d>::read(parameters);
  std::size_t done = 0;
  for (; done < losses.size(); ++done, batch.order += batch.count) {
    float loss;
    f32x4 g = few_gradient<d, is_squared>(rows, batch.order, batch.count, now, loss_terms, loss).vector;
    losses[done] = loss;
    if (to == nullptr) {
      FewParameters<d>{g}.write(gradient);
      return 1;
    }
    if (terms.weight_decay != 0.0F) g = fused(now.vector, decay, g);
    const f32x4 next = fused(g, rate, now.vector);
    if (sum(next * 0.0F + splat(loss) * 0.0F) != 0.0F) break;
    now.vector = next;
    if (path != nullptr) {
      now.write(path);
      path += parameters_size(d);
    }
  }
  now.write(to);
  return done;
}

/// The sum of the squared errors of n rows in storage order, which are no more than a chunk.
template <std::size_t d>
float few_squared_loss(const Rows& rows, std::size_t n, const float* parameters, const LossTerms& terms) noexcept {
  constexpr std::size_t size = d + 1;
  const auto now = FewParameters<d>::read(parameters);
  RowSum losses;
  const float* const end = rows.records + n * size;
  float* loss = losses.values;
  const float* record = rows.records;
  const auto add = [&](const float* second, const float* third, const float* fourth) __attribute__((always_inline)) {
    store(loss, terms.of<true>(FewRows<d>({record, second, third, fourth}, now).residuals, true).loss);
  };
  for (; record + group * size <= end; record += group * size, loss += group) {
    add(record + size, record + 2 * size, record + 3 * size);
  }
  if (record != end) {  // the last row stands in for those that the group lacks
    const float* const last = end - size;
    add(std::min(record + size, last), std::min(record + 2 * size, last), last);
  }
  return losses.finish(n, n);
}

}  // namespace linreg::LINREG_UNIT
