// The hot loops behind one table, so that the widest instruction set of the machine can be picked at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "linreg/loss.hpp"

namespace linreg {

/// The float32 copy of the data that training reads. Row i's features start at features + i * stride; three more
/// floats than the last row needs must be readable, because rows are read four floats at a time.
struct Rows {
  const float* features;
  std::size_t stride;
  const float* labels;
  std::size_t label_stride;
  std::size_t d;
};

/// Parameters and gradients are one array: d weights, zeros up to a multiple of 4, the bias, zeros again.
constexpr std::size_t bias_position(std::size_t d) noexcept { return (d + 3) / 4 * 4; }
constexpr std::size_t parameters_size(std::size_t d) noexcept { return bias_position(d) + 4; }

/// Some rows: those that `order` names, or without it the first `count`.
struct Batch {
  const std::uint32_t* order;
  std::size_t count;
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
  /// Sum of the rows' losses.
  float (*loss)(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta);
  /// predictions[i] for the batch's row i.
  void (*predict)(const Rows& rows, Batch batch, const float* parameters, float* predictions);
  /// What `gradient` computes for each row on its way.
  void (*explain)(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
                  const RowTerms& terms);
  /// Turns blocks of 16 uniforms into normals, in place.
  void (*box_muller)(float* x, std::size_t blocks, float mean, float std);
};

/// The tables that this processor can run, the widest last.
std::span<const Kernels* const> available_kernels() noexcept;

/// The table in use: the widest, unless `use_kernels` chose another.
const Kernels& kernels() noexcept;

/// For tests and benchmarks that compare the tables.
void use_kernels(const Kernels& table) noexcept;

}  // namespace linreg
