// How kernels meet the rows of a batch: a block at a time, four in each vector, one in each lane.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/fetch.hpp"
#include "kernels/kernels.hpp"
#include "kernels/simd.hpp"
#include "linreg/dataset.hpp"

namespace linreg::LINREG_UNIT {

// Rows:
inline constexpr std::size_t group = 4;        // in a vector
inline constexpr std::size_t block_rows = 32;  // whose records are looked at again while they are at hand
inline constexpr std::size_t chunk = 4096;     // whose losses and shares are held at once

/// The records of some rows of a batch. A last group that lacks rows repeats the last one.
struct Block {
  std::size_t count;
  const float* record[block_rows];

  [[gnu::always_inline]] Block(const Rows& rows, const Batch& batch, std::size_t first, std::size_t rows_left) noexcept
      : count(std::min(rows_left, block_rows)) {
    const std::size_t size = rows.d + 1;
    if (batch.order != nullptr) {
      for (std::size_t i = 0; i < count; ++i) record[i] = rows.records + batch.order[first + i] * size;
    } else {
      for (std::size_t i = 0; i < count; ++i) record[i] = rows.records + (first + i) * size;
    }
    for (std::size_t i = count; i % group != 0; ++i) record[i] = record[count - 1];
  }
};

/// x[k] receives number j + k of each of four records, times factor[k].
[[gnu::always_inline]] inline void columns(const float* const* record, std::size_t j, f32x4 factor,
                                           f32x4 (&x)[4]) noexcept {
  for (std::size_t i = 0; i < group; ++i) x[i] = load(record[i] + j) * factor;
  transpose(x);
}

/// weight . x + bias, added in the order of the features, and the label, for each row of `count` groups.
template <std::size_t count>
[[gnu::always_inline]] inline void look(const Rows& rows, const float* const* record, const float* parameters,
                                        f32x4 (&predictions)[count], f32x4 (&labels)[count]) noexcept {
  const std::size_t whole = rows.d / 4 * 4;
  const f32x4 bias = splat(parameters[bias_position(rows.d)]);
  f32x4 x[4];
  if (whole != 0) {
    const f32x4 first = load(parameters);
    for (std::size_t g = 0; g < count; ++g) {
      columns(record + group * g, 0, first, x);
      predictions[g] = ((x[0] + x[1]) + x[2]) + x[3];
    }
    for (std::size_t j = 4; j < whole; j += 4) {
      const f32x4 factor = load(parameters + j);
      for (std::size_t g = 0; g < count; ++g) {
        columns(record + group * g, j, factor, x);
        predictions[g] = (((predictions[g] + x[0]) + x[1]) + x[2]) + x[3];
      }
    }
  }
  const std::size_t rest = rows.d - whole;
  if (rest == 0) {
    for (std::size_t g = 0; g < count; ++g) {
      const float* const* const r = record + group * g;
      labels[g] = f32x4{r[0][whole], r[1][whole], r[2][whole], r[3][whole]};
    }
  } else {
    const f32x4 factor = with_one_at(load(parameters + whole), rest);  // the label comes along
    for (std::size_t g = 0; g < count; ++g) {
      columns(record + group * g, whole, factor, x);
      predictions[g] = whole == 0 ? x[0] : predictions[g] + x[0];
      if (rest > 1) predictions[g] += x[1];
      if (rest > 2) predictions[g] += x[2];
      labels[g] = rest == 1 ? x[1] : rest == 2 ? x[2] : x[3];
    }
  }
  for (auto& of_group : predictions) of_group += bias;
}

/// Calls f(position of the first row, predictions, labels) for the groups of four rows from `begin` to `end`, two groups
/// at once where there are eight rows, and after each block done(block, position of its first row).
template <class F, class Done>
[[gnu::always_inline]] inline void for_each_block(const Rows& rows, const Batch& batch, Fetch& fetch,
                                                  const float* parameters, std::size_t begin, std::size_t end, F f,
                                                  Done done) noexcept {
  for (std::size_t first = begin; first < end; first += block_rows) {
    const Block block(rows, batch, first, end - first);
    fetch.before(rows, block.count);
    std::size_t i = 0;
    for (; i + 2 * group <= block.count; i += 2 * group) {
      f32x4 predictions[2]{};
      f32x4 labels[2];
      look(rows, block.record + i, parameters, predictions, labels);
      f(first + i, predictions[0], labels[0]);
      f(first + i + group, predictions[1], labels[1]);
    }
    for (; i < block.count; i += group) {
      f32x4 predictions[1]{};
      f32x4 labels[1];
      look(rows, block.record + i, parameters, predictions, labels);
      f(first + i, predictions[0], labels[0]);
    }
    done(block, first);
  }
}

}  // namespace linreg::LINREG_UNIT
