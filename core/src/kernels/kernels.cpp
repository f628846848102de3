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

/// d is known when compiling for the few features of most lessons; 0 stands for any number.
template <std::size_t known>
constexpr std::size_t width(const Rows& rows) noexcept {
  return known != 0 ? known : rows.d;
}

/// Up to four records of a batch.
struct Group {
  const float* record[group];

  /// `count` rows from `first` on; the last of fewer than four is repeated.
  Group(const Rows& rows, const Batch& batch, std::size_t first, std::size_t count) noexcept {
    for (std::size_t i = 0; i < group; ++i) {
      const std::size_t position = first + std::min(i, count - 1);
      const std::size_t row = batch.order != nullptr ? batch.order[position] : position;
      record[i] = rows.records + row * (rows.d + 1);
    }
  }

  /// x[k] receives number j + k of each record, times factor[k].
  void columns(std::size_t j, f32x4 factor, f32x4 (&x)[4]) const noexcept {
    for (std::size_t i = 0; i < group; ++i) x[i] = load(record[i] + j) * factor;
    transpose(x);
  }
};

struct Outlook {
  f32x4 predictions;
  f32x4 labels;
};

/// weight . x + bias for each of four rows, added in the order of the features.
template <std::size_t known>
[[gnu::always_inline]] inline Outlook look(const Rows& rows, const Group& four, const float* parameters) noexcept {
  const std::size_t d = width<known>(rows);
  const f32x4 bias = splat(parameters[bias_position(d)]);
  f32x4 x[4];
  if constexpr (known != 0) {
    f32x4 factor = load(parameters);
    factor[known] = 1.0F;  // the label comes along
    four.columns(0, factor, x);
    f32x4 sum = x[0];
    for (std::size_t k = 1; k < known; ++k) sum += x[k];
    return {sum + bias, x[known]};
  }
  four.columns(0, load(parameters), x);
  f32x4 sum = ((x[0] + x[1]) + x[2]) + x[3];
  std::size_t j = 4;
  for (; j + 4 <= d; j += 4) {
    four.columns(j, load(parameters + j), x);
    sum = (((sum + x[0]) + x[1]) + x[2]) + x[3];
  }
  if (j < d) {
    four.columns(j, load(parameters + j), x);
    for (std::size_t k = 0; j + k < d; ++k) sum += x[k];
  }
  const f32x4 labels{four.record[0][d], four.record[1][d], four.record[2][d], four.record[3][d]};
  return {sum + bias, labels};
}

/// A gradient's weights: share * features, added row after row. What stands beyond a record's features is added to the
/// padding. Long batches are added up in float64, chunk by chunk.
template <std::size_t known>
class WeightSum {
 public:
  [[gnu::always_inline]] explicit WeightSum(std::size_t d) noexcept : padded_(known != 0 ? 4 : bias_position(d)) {
    for (std::size_t j = 0; j < padded_; j += 4) store(&chunk_[j], f32x4{});
  }

  [[gnu::always_inline]] void add(const Group& four, std::size_t count, f32x4 shares) noexcept {
    for (std::size_t j = 0; j < padded_; j += 4) {
      f32x4 sum = load(&chunk_[j]);
      if (count == group) {
        for (std::size_t i = 0; i < group; ++i) sum += load(four.record[i] + j) * shares[i];
      } else {
        for (std::size_t i = 0; i < count; ++i) sum += load(four.record[i] + j) * shares[i];
      }
      store(&chunk_[j], sum);
    }
  }

  void end_chunk() noexcept {
    if (!chunked_) std::fill_n(total_.data(), padded_, 0.0);
    chunked_ = true;
    for (std::size_t j = 0; j < padded_; ++j) {
      total_[j] += static_cast<double>(chunk_[j]);
      chunk_[j] = 0.0F;
    }
  }

  /// The padding past the d weights becomes 0.
  [[gnu::always_inline]] void copy_to(float* gradient, std::size_t d) const noexcept {
    for (std::size_t j = 0; j < padded_; j += 4) {
      f32x4 sum = load(&chunk_[j]);
      if (chunked_) {
        for (std::size_t i = 0; i < 4; ++i) sum[i] = static_cast<float>(total_[j + i] + static_cast<double>(sum[i]));
      }
      const auto left = static_cast<std::int32_t>(d - j);
      store(gradient + j, select(i32x4{0, 1, 2, 3} < i32x4{left, left, left, left}, sum, f32x4{}));
    }
  }

 private:
  static constexpr std::size_t capacity = bias_position(known != 0 ? known : max_features);

  std::size_t padded_;
  bool chunked_ = false;
  std::array<float, capacity> chunk_;
  std::array<double, capacity> total_;
};

/// Calls f(position of the first row, how many, group, predictions and labels) for every four rows.
template <std::size_t known, class F>
[[gnu::always_inline]] inline void for_each_group(const Rows& rows, const Batch& batch, const float* parameters, F f) noexcept {
  std::size_t first = 0;
  for (; first + group <= batch.count; first += group) {
    const Group four(rows, batch, first, group);
    f(first, group, four, look<known>(rows, four, parameters));
  }
  if (first < batch.count) {
    const Group four(rows, batch, first, batch.count - first);
    f(first, batch.count - first, four, look<known>(rows, four, parameters));
  }
}

/// A number for each row of a chunk, and the sum over all chunks.
class RowSum {
 public:
  float values[chunk + group];  // a last group writes four

  void end_chunk(std::size_t count) noexcept { sum_.add(values, count / CascadeSum::block * CascadeSum::block); }
  [[nodiscard]] float finish(std::size_t count) const noexcept {
    const std::size_t whole = count / CascadeSum::block * CascadeSum::block;
    return sum_.finish(values + whole, count - whole);
  }

 private:
  CascadeSum sum_;
};

template <std::size_t known, LossKind kind>
[[gnu::always_inline]] inline float gradient_of(const Rows& rows, const Batch& batch, const float* parameters, double delta, float scale,
                  float* gradient) noexcept {
  const std::size_t d = width<known>(rows);
  const std::size_t sixteens = batch.count / sixteen * sixteen;
  const RowGradient<kind> row_gradient(delta, scale);
  WeightSum<known> weights(d);
  RowSum losses;
  RowSum shares;
  std::size_t filled = 0;
  for_each_group<known>(rows, batch, parameters, [&](std::size_t first, std::size_t count, const Group& four, Outlook seen) {
    if (filled == chunk) {
      weights.end_chunk();
      losses.end_chunk(chunk);
      shares.end_chunk(chunk);
      filled = 0;
    }
    const f32x4 residuals = seen.predictions - seen.labels;
    const f32x4 share = row_gradient(residuals, first < sixteens);
    store(losses.values + filled, row_loss<kind>(residuals, static_cast<float>(delta)));
    store(shares.values + filled, share);
    weights.add(four, count, share);
    filled += count;
  });
  weights.copy_to(gradient, d);
  losses.end_chunk(filled);
  shares.end_chunk(filled);
  store(gradient + bias_position(d), f32x4{shares.finish(filled), 0.0F, 0.0F, 0.0F});
  return losses.finish(filled);
}

template <std::size_t known, LossKind kind>
std::size_t sgd_of(const Rows& rows, const Batch& batch, const SgdTerms& terms, float* parameters,
                   std::span<float> losses) noexcept {
  const std::size_t size = parameters_size(width<known>(rows));
  std::array<float, parameters_size(known != 0 ? known : max_features)> gradient;
  std::array<float, parameters_size(known != 0 ? known : max_features)> next;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    losses[i] = gradient_of<known, kind>(rows, {batch.order + i * batch.count, batch.count}, parameters, terms.delta,
                                         terms.scale, gradient.data());
    i32x4 finite = splat(losses[i]) * 0.0F == 0.0F;
    for (std::size_t j = 0; j < size; j += 4) {
      const f32x4 p = load(parameters + j);
      f32x4 g = load(&gradient[j]);
      if (terms.weight_decay != 0.0F) g = fused(p, splat(terms.weight_decay), g);
      const f32x4 updated = fused(g, splat(-terms.lr), p);
      finite &= updated * 0.0F == 0.0F;
      store(&next[j], updated);
    }
    if ((finite[0] & finite[1] & finite[2] & finite[3]) == 0) return i;
    for (std::size_t j = 0; j < size; j += 4) store(parameters + j, load(&next[j]));
  }
  return losses.size();
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

std::size_t sgd(const Rows& rows, Batch batch, const SgdTerms& terms, float* parameters, std::span<float> losses) {
  return with_width(rows.d, [&]<std::size_t known>(std::integral_constant<std::size_t, known>) {
    return with_kind(terms.kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
      return sgd_of<known, k>(rows, batch, terms, parameters, losses);
    });
  });
}

float loss(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta) {
  return with_width(rows.d, [&]<std::size_t known>(std::integral_constant<std::size_t, known>) {
    return with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
      RowSum losses;
      std::size_t filled = 0;
      for_each_group<known>(rows, batch, parameters, [&](std::size_t, std::size_t count, const Group&, Outlook seen) {
        if (filled == chunk) {
          losses.end_chunk(chunk);
          filled = 0;
        }
        store(losses.values + filled, row_loss<k>(seen.predictions - seen.labels, static_cast<float>(delta)));
        filled += count;
      });
      losses.end_chunk(filled);
      return losses.finish(filled);
    });
  });
}

void predict(const Rows& rows, Batch batch, const float* parameters, float* predictions) {
  with_width(rows.d, [&]<std::size_t known>(std::integral_constant<std::size_t, known>) {
    for_each_group<known>(rows, batch, parameters, [&](std::size_t first, std::size_t count, const Group&, Outlook seen) {
      for (std::size_t i = 0; i < count; ++i) predictions[first + i] = seen.predictions[i];
    });
  });
}

void explain(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
             const RowTerms& terms) {
  predict(rows, batch, parameters, terms.predictions);
  with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
    const std::size_t sixteens = batch.count / sixteen * sixteen;
    const RowGradient<k> row_gradient(delta, scale);
    for (std::size_t i = 0; i < batch.count; ++i) {
      const float label = rows.records[batch.order[i] * (rows.d + 1) + rows.d];
      const f32x4 residual = splat(terms.predictions[i] - label);
      terms.losses[i] = row_loss<k>(residual, static_cast<float>(delta))[0];
      terms.shares[i] = row_gradient(residual, i < sixteens)[0];
    }
  });
}

/// x % m = x - m floor(x / m), and floor(x / m) = floor((x + 1/2) / m), whose distance from a whole number, at least
/// 1 / (2 m), is far above float64's rounding: the quotient is exact.
void remainders(std::uint32_t* words, std::size_t count, std::uint32_t divisor) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    u32x4 x;
    std::memcpy(&x, words + i, sizeof x);
    const u32x4 m = divisor - static_cast<std::uint32_t>(i) - u32x4{0, 1, 2, 3};
    const f64x4 quotient = (__builtin_convertvector(x, f64x4) + 0.5) / __builtin_convertvector(m, f64x4);
    // At least 2 divides, so the quotient fits a signed integer, for which hardware has an instruction.
    x -= m * reinterpret_cast<u32x4>(__builtin_convertvector(quotient, i32x4));
    std::memcpy(words + i, &x, sizeof x);
  }
  for (; i < count; ++i) words[i] %= divisor - static_cast<std::uint32_t>(i);
}

#define LINREG_TEXT_OF(name) #name
#define LINREG_TEXT(name) LINREG_TEXT_OF(name)

}  // namespace

extern const Kernels table;
const Kernels table{LINREG_TEXT(LINREG_UNIT), gradient, sgd, loss, predict, explain, box_muller, remainders};

}  // namespace linreg::LINREG_UNIT
