// Minibatch SGD's inner loops, compiled once for each instruction set (LINREG_UNIT names it).
//
// A row meets the weights once: its prediction, residual and loss are computed and its share of the gradient is added in
// the same pass. Rows go four at a time, one in each lane; a row that the last group lacks repeats its first one.
#include "kernels/kernels.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "kernels/box_muller.hpp"
#include "kernels/cascade_sum.hpp"
#include "kernels/loss_terms.hpp"
#include "kernels/simd.hpp"
#include "linreg/dataset.hpp"

namespace linreg::LINREG_UNIT {
namespace {

constexpr std::size_t group = 4;      // rows
constexpr std::size_t chunk = 4096;   // rows whose gradient is summed in float32; chunks are added in float64
constexpr std::size_t sixteen = 16;   // see RowGradient

/// Four rows of a batch, by their addresses.
struct Group {
  const float* features[group];
  f32x4 labels;
  std::size_t count;

  Group(const Rows& rows, const Batch& batch, std::size_t first) noexcept : count(std::min(batch.count - first, group)) {
    for (std::size_t i = 0; i < group; ++i) {
      const std::size_t position = first + (i < count ? i : 0);
      const std::size_t row = batch.order != nullptr ? batch.order[position] : position;
      features[i] = rows.features + row * rows.stride;
      labels[i] = rows.labels[row * rows.label_stride];
    }
  }

  /// Features j to j + 3: x[k] holds feature j + k of the four rows.
  void columns(std::size_t j, f32x4 (&x)[4]) const noexcept {
    for (std::size_t i = 0; i < group; ++i) x[i] = load(features[i] + j);
    transpose(x);
  }
};

/// d is known when compiling for the few features of most lessons; 0 stands for any number.
template <std::size_t known>
constexpr std::size_t width(const Rows& rows) noexcept {
  return known != 0 ? known : rows.d;
}

/// weight . x + bias, added in the order of the features.
template <std::size_t known>
f32x4 predict_group(const Rows& rows, const Group& four, const float* parameters) noexcept {
  const std::size_t d = width<known>(rows);
  f32x4 x[4];
  four.columns(0, x);
  f32x4 sum = x[0] * parameters[0];
  for (std::size_t k = 1; k < std::min<std::size_t>(d, 4); ++k) sum += x[k] * parameters[k];
  std::size_t j = 4;
  for (; j + 4 <= d; j += 4) {
    four.columns(j, x);
    for (std::size_t k = 0; k < 4; ++k) sum += x[k] * parameters[j + k];
  }
  if (j < d) {
    four.columns(j, x);
    for (std::size_t k = 0; j + k < d; ++k) sum += x[k] * parameters[j + k];
  }
  return sum + parameters[bias_position(d)];
}

/// gradient += share * features, row after row. What stands beyond a row's end is added to the gradient's padding.
template <std::size_t known>
void add_rows(const Rows& rows, const Group& four, f32x4 shares, float* gradient) noexcept {
  const std::size_t padded = bias_position(width<known>(rows));
  if (four.count == group) {
    for (std::size_t j = 0; j < padded; j += 4) {
      f32x4 sum = load(gradient + j);
      for (std::size_t i = 0; i < group; ++i) sum += load(four.features[i] + j) * shares[i];
      store(gradient + j, sum);
    }
  } else {
    for (std::size_t j = 0; j < padded; j += 4) {
      f32x4 sum = load(gradient + j);
      for (std::size_t i = 0; i < four.count; ++i) sum += load(four.features[i] + j) * shares[i];
      store(gradient + j, sum);
    }
  }
}

/// Collects the values of four rows at a time into the blocks of a sum.
class RowSum {
 public:
  void add(f32x4 values, std::size_t count) noexcept {
    store(block_ + filled_, values);
    filled_ += count;
    if (filled_ == CascadeSum::block) flush();
  }
  float result() noexcept {
    flush();
    return sum_.result();
  }

 private:
  void flush() noexcept {
    sum_.add(block_, filled_);
    filled_ = 0;
  }

  CascadeSum sum_;
  float block_[CascadeSum::block];
  std::size_t filled_ = 0;
};

/// Calls f(first row's position, group, predictions) for every four rows of the batch.
template <std::size_t known, class F>
void for_each_group(const Rows& rows, const Batch& batch, const float* parameters, F f) noexcept {
  for (std::size_t first = 0; first < batch.count; first += group) {
    const Group four(rows, batch, first);
    f(first, four, predict_group<known>(rows, four, parameters));
  }
}

/// A gradient's weights. Long batches are added up in float64, chunk by chunk.
template <std::size_t known>
class WeightSum {
 public:
  explicit WeightSum(std::size_t padded) noexcept : padded_(padded) { std::fill_n(chunk_.data(), padded, 0.0F); }

  float* chunk() noexcept { return chunk_.data(); }

  void flush() noexcept {
    if (!flushed_) std::fill_n(total_.data(), padded_, 0.0);
    flushed_ = true;
    for (std::size_t j = 0; j < padded_; ++j) {
      total_[j] += static_cast<double>(chunk_[j]);
      chunk_[j] = 0.0F;
    }
  }

  void store(float* gradient) const noexcept {
    for (std::size_t j = 0; j < padded_; ++j) {
      gradient[j] = flushed_ ? static_cast<float>(total_[j] + static_cast<double>(chunk_[j])) : chunk_[j];
    }
  }

 private:
  static constexpr std::size_t capacity = bias_position(known != 0 ? known : max_features);

  std::size_t padded_;
  bool flushed_ = false;
  std::array<float, capacity> chunk_;
  std::array<double, capacity> total_;
};

template <std::size_t known, LossKind kind>
float gradient_of(const Rows& rows, const Batch& batch, const float* parameters, double delta, float scale,
                  float* gradient) noexcept {
  const std::size_t d = width<known>(rows);
  const std::size_t padded = bias_position(d);
  const std::size_t sixteens = batch.count / sixteen * sixteen;
  const RowGradient<kind> row_gradient(delta, scale);
  WeightSum<known> weights(padded);
  RowSum losses;
  RowSum shares;
  for_each_group<known>(rows, batch, parameters, [&](std::size_t first, const Group& four, f32x4 predictions) {
    if (first % chunk == 0 && first != 0) weights.flush();
    const f32x4 residuals = predictions - four.labels;
    const f32x4 share = row_gradient(residuals, first < sixteens);
    add_rows<known>(rows, four, share, weights.chunk());
    losses.add(row_loss<kind>(residuals, static_cast<float>(delta)), four.count);
    shares.add(share, four.count);
  });
  weights.store(gradient);
  std::fill(gradient + d, gradient + parameters_size(d), 0.0F);
  gradient[padded] = shares.result();
  return losses.result();
}

/// Calls f with d as a constant where it is one to three features, else with 0.
template <class F>
auto with_width(std::size_t d, F f) noexcept {
  switch (d) {
    case 1: return f(std::integral_constant<std::size_t, 1>());
    case 2: return f(std::integral_constant<std::size_t, 2>());
    case 3: return f(std::integral_constant<std::size_t, 3>());
    default: return f(std::integral_constant<std::size_t, 0>());
  }
}

template <class F>
auto with_kind(LossKind kind, F f) noexcept {
  switch (kind) {
    case LossKind::l1: return f(std::integral_constant<LossKind, LossKind::l1>());
    case LossKind::huber: return f(std::integral_constant<LossKind, LossKind::huber>());
    case LossKind::smooth_l1: return f(std::integral_constant<LossKind, LossKind::smooth_l1>());
    case LossKind::mse: break;
  }
  return f(std::integral_constant<LossKind, LossKind::mse>());
}

float gradient(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
               float* out) {
  return with_width(rows.d, [&]<std::size_t known>(std::integral_constant<std::size_t, known>) {
    return with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
      return gradient_of<known, k>(rows, batch, parameters, delta, scale, out);
    });
  });
}

float loss(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta) {
  return with_width(rows.d, [&]<std::size_t known>(std::integral_constant<std::size_t, known>) {
    return with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
      RowSum losses;
      for_each_group<known>(rows, batch, parameters, [&](std::size_t, const Group& four, f32x4 predictions) {
        losses.add(row_loss<k>(predictions - four.labels, static_cast<float>(delta)), four.count);
      });
      return losses.result();
    });
  });
}

void predict(const Rows& rows, Batch batch, const float* parameters, float* predictions) {
  for_each_group<0>(rows, batch, parameters, [&](std::size_t first, const Group& four, f32x4 four_predictions) {
    for (std::size_t i = 0; i < four.count; ++i) predictions[first + i] = four_predictions[i];
  });
}

void explain(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
             const RowTerms& terms) {
  with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
    const std::size_t sixteens = batch.count / sixteen * sixteen;
    const RowGradient<k> row_gradient(delta, scale);
    for_each_group<0>(rows, batch, parameters, [&](std::size_t first, const Group& four, f32x4 predictions) {
      const f32x4 residuals = predictions - four.labels;
      const f32x4 losses = row_loss<k>(residuals, static_cast<float>(delta));
      const f32x4 shares = row_gradient(residuals, first < sixteens);
      for (std::size_t i = 0; i < four.count; ++i) {
        terms.predictions[first + i] = predictions[i];
        terms.losses[first + i] = losses[i];
        terms.shares[first + i] = shares[i];
      }
    });
  });
}

#define LINREG_TEXT_OF(name) #name
#define LINREG_TEXT(name) LINREG_TEXT_OF(name)

}  // namespace

extern const Kernels table;
const Kernels table{LINREG_TEXT(LINREG_UNIT), gradient, loss, predict, explain, box_muller};

}  // namespace linreg::LINREG_UNIT
