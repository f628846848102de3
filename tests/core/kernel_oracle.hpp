// What the kernels must compute, row by row and without a thought of speed: to the bit in PyTorch's order, and in
// float64.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kernels/kernels.hpp"

namespace linreg::test {

/// All that a call of a kernel takes.
struct KernelCall {
  Rows rows;
  Batch batch;
  const float* parameters;
  LossKind kind;
  double delta;
  float scale;

  [[nodiscard]] std::size_t row(std::size_t position) const {
    return batch.order != nullptr ? batch.order[position] : position;
  }
  [[nodiscard]] const float* features(std::size_t position) const {
    return rows.records + row(position) * (rows.d + 1);
  }
  [[nodiscard]] float label(std::size_t position) const { return features(position)[rows.d]; }
  [[nodiscard]] float bias() const { return parameters[bias_position(rows.d)]; }
};

/// ATen's multi_row_sum (aten/src/ATen/native/cpu/SumKernel.cpp): four interleaved sums, each in a cascade of four
/// levels.
inline std::array<float, 4> cascade_of_four(const float* values, std::size_t stride, std::size_t count) {
  constexpr std::size_t level_step = 16;
  std::array<std::array<float, 4>, 4> level{};
  const auto add = [&](std::size_t i) {
    for (std::size_t k = 0; k < 4; ++k) level[0][k] += values[(4 * i + k) * stride];
  };
  std::size_t i = 0;
  while (i + level_step <= count) {
    for (std::size_t j = 0; j < level_step; ++j) add(i++);
    for (std::size_t j = 1; j < 4; ++j) {
      for (std::size_t k = 0; k < 4; ++k) {
        level[j][k] += level[j - 1][k];
        level[j - 1][k] = 0.0F;
      }
      if (((i >> (4 * j)) & (level_step - 1)) != 0) break;
    }
  }
  while (i < count) add(i++);
  for (std::size_t j = 1; j < 4; ++j) {
    for (std::size_t k = 0; k < 4; ++k) level[0][k] += level[j][k];
  }
  return level[0];
}

/// ATen's row_sum: the sum of `count` values that are `stride` apart.
inline float row_sum(const float* values, std::size_t stride, std::size_t count) {
  auto partial = cascade_of_four(values, stride, count / 4);
  for (std::size_t i = count / 4 * 4; i < count; ++i) partial[0] += values[i * stride];
  for (std::size_t k = 1; k < 4; ++k) partial[0] += partial[k];
  return partial[0];
}

/// tensor.sum() with vectors of 8 lanes.
inline float tensor_sum(std::span<const float> values) {
  constexpr std::size_t lanes = 8;
  if (values.size() < lanes) return row_sum(values.data(), 1, values.size());
  const std::size_t vectors = values.size() / lanes;
  float total = 0.0F;
  for (std::size_t i = vectors * lanes; i < values.size(); ++i) total += values[i];
  for (std::size_t lane = 0; lane < lanes; ++lane) total += row_sum(values.data() + lane, lanes, vectors);
  return total;
}

inline float row_loss(LossKind kind, float residual, float delta) {
  const float size = std::abs(residual);
  switch (kind) {
    case LossKind::mse: return residual * residual;
    case LossKind::l1: return size;
    case LossKind::huber: return size <= delta ? 0.5F * size * size : delta * (size - 0.5F * delta);
    case LossKind::smooth_l1: break;
  }
  return size < delta ? 0.5F * size * size / delta : size - 0.5F * delta;
}

/// The derivative of scale * row_loss. PyTorch computes whole sixteens of a batch in float32, the rest with delta in
/// float64.
inline float row_share(LossKind kind, float residual, double delta, float scale, bool in_sixteens) {
  const auto narrow = static_cast<float>(delta);
  const double bound = in_sixteens ? static_cast<double>(narrow) : delta;
  const bool above = static_cast<double>(residual) >= bound;
  const bool below = static_cast<double>(residual) <= -bound;
  switch (kind) {
    case LossKind::mse: return residual * (2.0F * scale);
    case LossKind::l1: return residual > 0.0F ? scale : residual < 0.0F ? -scale : 0.0F;
    case LossKind::huber: {
      const float end = in_sixteens ? narrow * scale : static_cast<float>(static_cast<double>(scale) * delta);
      return above ? end : below ? -end : residual * scale;
    }
    case LossKind::smooth_l1: break;
  }
  if (above || below) return above ? scale : -scale;
  return in_sixteens ? scale * (residual / narrow) : static_cast<float>(static_cast<double>(residual * scale) / delta);
}

/// The terms of every row of a batch, its losses' sum and its gradient.
struct Expected {
  std::vector<float> predictions;
  std::vector<float> losses;
  std::vector<float> shares;
  float loss = 0.0F;
  std::vector<float> gradient;  // laid out as parameters are
};

/// The weights' gradient adds the rows in their order.
inline std::vector<float> weight_gradient(const KernelCall& call, std::span<const float> shares) {
  std::vector<float> gradient(call.rows.d);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    for (std::size_t j = 0; j < call.rows.d; ++j) gradient[j] += call.features(i)[j] * shares[i];
  }
  return gradient;
}

inline Expected expected_of(const KernelCall& call) {
  Expected expected;
  const std::size_t d = call.rows.d;
  for (std::size_t i = 0; i < call.batch.count; ++i) {
    float sum = call.features(i)[0] * call.parameters[0];
    for (std::size_t j = 1; j < d; ++j) sum += call.features(i)[j] * call.parameters[j];
    expected.predictions.push_back(sum + call.bias());
    const float residual = expected.predictions.back() - call.label(i);
    expected.losses.push_back(row_loss(call.kind, residual, static_cast<float>(call.delta)));
    const bool in_sixteens = i < call.batch.count / 16 * 16;
    expected.shares.push_back(row_share(call.kind, residual, call.delta, call.scale, in_sixteens));
  }
  expected.loss = tensor_sum(expected.losses);
  expected.gradient.resize(parameters_size(d));
  std::ranges::copy(weight_gradient(call, expected.shares), expected.gradient.begin());
  expected.gradient[bias_position(d)] = tensor_sum(expected.shares);
  return expected;
}

/// A number in float64 and how far roundings in float32 may take it.
struct Bounded {
  double value = 0.0;
  double error = 0.0;
  [[nodiscard]] bool holds(float x) const { return std::abs(static_cast<double>(x) - value) <= error; }
};

/// What is computed, in float64 and by the textbook's formulas. Errors are bounded by eps * number of operations * sum
/// of magnitudes.
struct Exact {
  Bounded loss;
  std::vector<Bounded> gradient;  // d weights, then the bias
};

inline Exact exact_of(const KernelCall& call) {
  constexpr double eps = std::numeric_limits<float>::epsilon();
  const std::size_t d = call.rows.d;
  const double delta = call.delta;
  const double scale = static_cast<double>(call.scale);
  Exact exact{{}, std::vector<Bounded>(d + 1)};
  std::vector<double> magnitude(d + 1);
  double loss_magnitude = 0.0;
  for (std::size_t i = 0; i < call.batch.count; ++i) {
    double r = static_cast<double>(call.bias()) - static_cast<double>(call.label(i));
    double size = std::abs(static_cast<double>(call.bias())) + std::abs(static_cast<double>(call.label(i)));
    for (std::size_t j = 0; j < d; ++j) {
      const double product = static_cast<double>(call.features(i)[j]) * static_cast<double>(call.parameters[j]);
      r += product;
      size += std::abs(product);
    }
    const double slack = static_cast<double>(d + 2) * eps * size;  // how wrong the residual may be
    const bool quadratic = std::abs(r) <= delta;
    double loss = 0.0;
    double slope = 0.0;  // the loss's, and how steeply it changes
    double curvature = 0.0;
    switch (call.kind) {
      case LossKind::mse: loss = r * r, slope = 2.0 * r, curvature = 2.0; break;
      case LossKind::l1:
        loss = std::abs(r), slope = std::copysign(1.0, r), curvature = std::abs(r) <= slack ? 2.0 / slack : 0.0;
        break;
      case LossKind::huber:
      case LossKind::smooth_l1:
        loss = quadratic ? 0.5 * r * r : delta * (std::abs(r) - 0.5 * delta);
        slope = quadratic ? r : std::copysign(delta, r);
        curvature = 1.0;
        if (call.kind == LossKind::smooth_l1) loss /= delta, slope /= delta, curvature /= delta;
        break;
    }
    const double share = scale * slope;
    const double share_slack = scale * curvature * slack + 4.0 * eps * std::abs(share);
    exact.loss.value += loss;
    exact.loss.error += std::abs(slope) * slack + curvature * slack * slack + 8.0 * eps * std::abs(loss);
    loss_magnitude += std::abs(loss);
    for (std::size_t j = 0; j <= d; ++j) {
      const double x = j < d ? static_cast<double>(call.features(i)[j]) : 1.0;
      exact.gradient[j].value += share * x;
      exact.gradient[j].error += std::abs(x) * share_slack;
      magnitude[j] += std::abs(share * x);
    }
  }
  const double n_eps = static_cast<double>(call.batch.count) * eps;
  exact.loss.error += n_eps * loss_magnitude;
  for (std::size_t j = 0; j <= d; ++j) exact.gradient[j].error += n_eps * magnitude[j];
  return exact;
}

}  // namespace linreg::test
