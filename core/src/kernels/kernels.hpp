// The hot loops behind one table, so that the widest instruction set of the machine can be picked at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "linreg/loss.hpp"

namespace linreg {

/// So many floats after the last record must be readable, because records are read four floats at a time.
inline constexpr std::size_t load_slack = 3;

/// The float32 copy of the data that training reads: records of d features and the label, one after the other, and then
/// load_slack floats of any value.
struct Rows {
  const float* records;
  std::size_t d;
  std::size_t n;
};

/// Parameters and gradients are one array: d weights, zeros up to a multiple of 4, the bias, zeros again.
constexpr std::size_t bias_position(std::size_t d) noexcept { return (d + 3) / 4 * 4; }
constexpr std::size_t parameters_size(std::size_t d) noexcept { return bias_position(d) + 4; }

/// Batches of more rows than this, in storage order, are summed otherwise than PyTorch sums: faster and more exactly.
/// PyTorch divides longer sums among its threads (at::internal::GRAIN_SIZE), so that their digits are a machine's own.
inline constexpr std::size_t long_batch = 32768;

/// Some rows: those that `order` names, or without it the first `count`.
struct Batch {
  const std::uint32_t* order;
  std::size_t count;
};

/// What plain SGD does with a batch; kind, delta and scale as for Kernels::gradient.
struct SgdTerms {
  LossKind kind;
  double delta;
  float scale;
  float lr;
  float weight_decay;
};

/// Where the terms of each of a batch's rows go: `count` numbers each.
struct RowTerms {
  float* predictions;
  float* losses;
  float* shares;  // the row's factor in the gradient: its features times this is what it adds
};

/// Every table computes the same bits, and they are PyTorch's: products are added in the order of features and of rows,
/// rows' losses and shares in the order of tensor.sum(). `delta` is Huber's delta or SmoothL1's beta, `scale` what a
/// row's loss counts in the gradient: 1 / count for the mean, 1 for the sum. A batch has at least one row.
struct Kernels {
  std::string_view name;
  /// Sum of the rows' losses; `gradient` receives the gradient of scale * that sum.
  float (*gradient)(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
                    float* gradient);
  /// Steps of plain SGD (no momentum), one for each of `losses`: step i takes the batch.count rows that batch.order names
  /// from i * batch.count on. losses[i] receives the sum of its rows' losses; `path`, unless null, the
  /// parameters after each step. Stops before a step whose loss or parameters are not finite; returns how many were done.
  std::size_t (*sgd)(const Rows& rows, Batch batch, const SgdTerms& terms, float* parameters, std::span<float> losses,
                     float* path);
  /// Sum of the rows' losses.
  float (*loss)(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta);
  /// predictions[i] for the batch's row i.
  void (*predict)(const Rows& rows, Batch batch, const float* parameters, float* predictions);
  /// What `gradient` computes for each row on its way.
  void (*explain)(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
                  const RowTerms& terms);
  /// Turns blocks of 16 uniforms into normals, in place.
  void (*box_muller)(float* x, std::size_t blocks, float mean, float std);
  /// draws[i] becomes temper(state[i]) % m, where m = bound - i >= 2 and reciprocals[i] = floor(2^32 / m).
  void (*draw_below)(const std::uint32_t* state, const std::uint32_t* reciprocals, std::size_t count,
                     std::uint32_t bound, std::uint32_t* draws);
};

/// The tables that this processor can run, the widest last.
std::span<const Kernels* const> available_kernels() noexcept;

/// The table in use: the widest, unless `use_kernels` chose another.
const Kernels& kernels() noexcept;

/// For tests and benchmarks that compare the tables.
void use_kernels(const Kernels& table) noexcept;

}  // namespace linreg
