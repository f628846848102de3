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
#include "kernels/remainders.hpp"
#include "kernels/simd.hpp"
#include "linreg/dataset.hpp"

namespace linreg::LINREG_UNIT {
namespace {

constexpr std::size_t group = 4;           // rows
constexpr std::size_t chunk = long_batch;  // rows whose gradient is summed in float32; chunks are added in float64
constexpr std::size_t touched = 64;        // rows fetched ahead at a time
constexpr std::size_t sixteen = 16;        // see RowGradient

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

  /// x[k] receives number j + k of each record.
  void columns(std::size_t j, f32x4 (&x)[4]) const noexcept {
    for (std::size_t i = 0; i < group; ++i) x[i] = load(record[i] + j);
    transpose(x);
  }

  /// The same, times factor[k].
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

  [[gnu::noinline]] void end_chunk() noexcept {
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

/// Whether records in random order are worth fetching ahead: long ones, and more than the cache holds. Measured; below
/// this it costs more than it saves.
bool worth_touching(const Rows& rows, const Batch& batch) noexcept {
  return batch.order != nullptr && rows.d >= 32 && rows.n * (rows.d + 1) > (std::size_t{1} << 18);
}

/// Reads one number of every cache line of the coming records, all at once instead of one after the other as they are
/// needed: WebAssembly has no prefetch.
[[gnu::noinline]] void touch(const Rows& rows, const Batch& batch, std::size_t first) noexcept {
  constexpr std::size_t line = 16;  // floats
  const std::size_t last = std::min(batch.count, first + touched);
  for (std::size_t position = first; position < last; ++position) {
    const float* const record = rows.records + batch.order[position] * (rows.d + 1);
    for (std::size_t j = 0; j <= rows.d; j += line) static_cast<void>(*static_cast<const volatile float*>(record + j));
  }
}

/// Calls f(position of the first row, how many, group, predictions and labels) for every four rows from `begin` to `end`.
template <std::size_t known, class F>
[[gnu::always_inline]] inline void for_each_group(const Rows& rows, const Batch& batch, const float* parameters,
                                                  std::size_t begin, std::size_t end, F f) noexcept {
  const bool touching = known == 0 && worth_touching(rows, batch);
  for (std::size_t first = begin; first < end; first += group) {
    if (touching && first % touched == 0) touch(rows, batch, first);
    const std::size_t count = std::min(end - first, group);
    const Group four(rows, batch, first, count);
    f(first, count, four, look<known>(rows, four, parameters));
  }
}

/// A number for each row of a chunk, and the sum over all chunks.
class RowSum {
 public:
  float values[chunk + group];  // a last group writes four

  void end_chunk(std::size_t count) noexcept {
    if (count >= CascadeSum::block) sum_.add(values, count / CascadeSum::block * CascadeSum::block);
  }
  [[nodiscard]] float finish(std::size_t count) const noexcept {
    const std::size_t whole = count / CascadeSum::block * CascadeSum::block;
    return sum_.finish(values + whole, count - whole);
  }

 private:
  CascadeSum sum_;
};

template <std::size_t known, LossKind kind>
float gradient_of(const Rows& rows, const Batch& batch, const float* parameters, double delta, float scale,
                  float* gradient) noexcept {
  const std::size_t d = width<known>(rows);
  const std::size_t sixteens = batch.count / sixteen * sixteen;
  const RowGradient<kind> row_gradient(delta, scale);
  WeightSum<known> weights(d);
  RowSum losses;
  RowSum shares;
  std::size_t begin = 0;
  for (;; begin += chunk) {
    const std::size_t end = std::min(batch.count, begin + chunk);
    for_each_group<known>(rows, batch, parameters, begin, end,
                          [&](std::size_t first, std::size_t count, const Group& four, const Outlook& seen) {
                            const f32x4 residuals = seen.predictions - seen.labels;
                            const f32x4 share = row_gradient(residuals, first < sixteens);
                            store(losses.values + (first - begin),
                                  row_loss<kind>(residuals, static_cast<float>(delta)));
                            store(shares.values + (first - begin), share);
                            weights.add(four, count, share);
                          });
    losses.end_chunk(end - begin);
    shares.end_chunk(end - begin);
    if (end == batch.count) break;
    weights.end_chunk();
  }
  weights.copy_to(gradient, d);
  store(gradient + bias_position(d), f32x4{shares.finish(batch.count - begin), 0.0F, 0.0F, 0.0F});
  return losses.finish(batch.count - begin);
}

/// The gradient over long batches of rows in storage order, where nobody follows PyTorch digit by digit: lanes run over
/// rows throughout, and chunks are added in float64, which is nearer to the exact sum and as fast as memory can be read.
template <std::size_t known_quads, LossKind kind>
float long_gradient_of(const Rows& rows, std::size_t n, const float* parameters, double delta, float scale,
                       float* gradient) noexcept {
  constexpr std::size_t capacity = known_quads != 0 ? known_quads : bias_position(max_features) / 4;
  const std::size_t quads = known_quads != 0 ? known_quads : bias_position(rows.d) / 4;
  const std::size_t padded = 4 * quads;
  const f32x4 bias = splat(parameters[padded]);
  const RowGradient<kind> row_gradient(delta, scale);
  std::array<double, parameters_size(max_features)> total{};
  double loss = 0.0;
  for (std::size_t begin = 0; begin < n; begin += chunk) {
    const std::size_t end = std::min(n, begin + chunk);
    f32x4 sums[capacity][4];
    for (std::size_t q = 0; q < quads; ++q) {
      for (auto& sum : sums[q]) sum = f32x4{};
    }
    f32x4 bias_sum{};
    f32x4 losses{};
    for (std::size_t first = begin; first < end; first += group) {
      const std::size_t count = std::min(end - first, group);
      const Group four(rows, {nullptr, n}, first, count);
      f32x4 x[capacity][4];
      f32x4 prediction = bias;
      for (std::size_t q = 0; q < quads; ++q) {
        four.columns(4 * q, x[q]);
        for (std::size_t k = 0; k < 4; ++k) prediction += x[q][k] * parameters[4 * q + k];
      }
      const f32x4 labels{four.record[0][rows.d], four.record[1][rows.d], four.record[2][rows.d],
                         four.record[3][rows.d]};
      const auto left = static_cast<std::int32_t>(count);
      const i32x4 present = i32x4{0, 1, 2, 3} < i32x4{left, left, left, left};
      const f32x4 residuals = prediction - labels;
      const f32x4 shares = select(present, row_gradient(residuals, true), f32x4{});
      losses += select(present, row_loss<kind>(residuals, static_cast<float>(delta)), f32x4{});
      bias_sum += shares;
      for (std::size_t q = 0; q < quads; ++q) {
        for (std::size_t k = 0; k < 4; ++k) sums[q][k] += x[q][k] * shares;
      }
    }
    for (std::size_t j = 0; j < rows.d; ++j) total[j] += static_cast<double>(sum(sums[j / 4][j % 4]));
    total[padded] += static_cast<double>(sum(bias_sum));
    loss += static_cast<double>(sum(losses));
  }
  for (std::size_t j = 0; j < parameters_size(rows.d); ++j) gradient[j] = static_cast<float>(total[j]);
  return static_cast<float>(loss);
}

template <LossKind kind>
float long_gradient(const Rows& rows, std::size_t n, const float* parameters, double delta, float scale,
                    float* gradient) noexcept {
  switch (bias_position(rows.d) / 4) {
    case 1: return long_gradient_of<1, kind>(rows, n, parameters, delta, scale, gradient);
    case 2: return long_gradient_of<2, kind>(rows, n, parameters, delta, scale, gradient);
    default: return long_gradient_of<0, kind>(rows, n, parameters, delta, scale, gradient);
  }
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

using Gradient = float (*)(const Rows& rows, const Batch& batch, const float* parameters, double delta, float scale,
                           float* gradient);

Gradient find_gradient(std::size_t d, LossKind kind) noexcept {
  return with_width(d, [&]<std::size_t known>(std::integral_constant<std::size_t, known>) {
    return with_kind(kind,
                     []<LossKind k>(std::integral_constant<LossKind, k>) -> Gradient { return gradient_of<known, k>; });
  });
}

float gradient(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
               float* out) {
  if (batch.order == nullptr && batch.count > long_batch) {
    return with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
      return long_gradient<k>(rows, batch.count, parameters, delta, scale, out);
    });
  }
  return find_gradient(rows.d, kind)(rows, batch, parameters, delta, scale, out);
}

std::size_t sgd(const Rows& rows, Batch batch, const SgdTerms& terms, float* parameters, std::span<float> losses) {
  const Gradient gradient_of_batch = find_gradient(rows.d, terms.kind);
  const std::size_t size = parameters_size(rows.d);
  const f32x4 rate = splat(-terms.lr);
  const f32x4 decay = splat(terms.weight_decay);
  std::array<float, parameters_size(max_features)> gradient;
  std::array<float, parameters_size(max_features)> next;
  for (std::size_t i = 0; i < losses.size(); ++i, batch.order += batch.count) {
    losses[i] = gradient_of_batch(rows, batch, parameters, terms.delta, terms.scale, gradient.data());
    i32x4 finite = splat(losses[i]) * 0.0F == 0.0F;
    for (std::size_t j = 0; j < size; j += 4) {
      const f32x4 p = load(parameters + j);
      f32x4 g = load(&gradient[j]);
      if (terms.weight_decay != 0.0F) g = fused(p, decay, g);
      const f32x4 updated = fused(g, rate, p);
      finite &= updated * 0.0F == 0.0F;
      store(&next[j], updated);
    }
    if ((finite[0] & finite[1] & finite[2] & finite[3]) == 0) return i;
    for (std::size_t j = 0; j < size; j += 4) store(parameters + j, load(&next[j]));
  }
  return losses.size();
}

/// f(predictions, labels) of the rows from `begin` to `end`, one number a row.
template <class F>
void for_each_prediction(const Rows& rows, const Batch& batch, const float* parameters, std::size_t begin,
                         std::size_t end, float* out, F f) noexcept {
  with_width(rows.d, [&]<std::size_t known>(std::integral_constant<std::size_t, known>) {
    for_each_group<known>(rows, batch, parameters, begin, end,
                          [&](std::size_t first, std::size_t count, const Group&, const Outlook& seen) {
                            const f32x4 values = f(seen.predictions, seen.labels);
                            float* const to = out + (first - begin);
                            if (count == group) {
                              store(to, values);
                            } else {
                              for (std::size_t i = 0; i < count; ++i) to[i] = values[i];
                            }
                          });
  });
}

float loss(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta) {
  RowSum losses;
  std::size_t begin = 0;
  for (;; begin += chunk) {
    const std::size_t end = std::min(batch.count, begin + chunk);
    for_each_prediction(rows, batch, parameters, begin, end, losses.values,
                        [](f32x4 predictions, f32x4 labels) { return predictions - labels; });
    store(losses.values + (end - begin), f32x4{});  // the lanes that a last group lacks
    with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
      for (float* value = losses.values; value < losses.values + (end - begin); value += group) {
        store(value, row_loss<k>(load(value), static_cast<float>(delta)));
      }
    });
    losses.end_chunk(end - begin);
    if (end == batch.count) return losses.finish(end - begin);
  }
}

void predict(const Rows& rows, Batch batch, const float* parameters, float* predictions) {
  for_each_prediction(rows, batch, parameters, 0, batch.count, predictions, [](f32x4 seen, f32x4) { return seen; });
}

void explain(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
             const RowTerms& terms) {
  predict(rows, batch, parameters, terms.predictions);
  with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
    const std::size_t sixteens = batch.count / sixteen * sixteen;
    const RowGradient<k> row_gradient(delta, scale);
    for (std::size_t i = 0; i < batch.count; ++i) {
      const std::size_t row = batch.order != nullptr ? batch.order[i] : i;
      const float label = rows.records[row * (rows.d + 1) + rows.d];
      const f32x4 residual = splat(terms.predictions[i] - label);
      terms.losses[i] = row_loss<k>(residual, static_cast<float>(delta))[0];
      terms.shares[i] = row_gradient(residual, i < sixteens)[0];
    }
  });
}

#define LINREG_TEXT_OF(name) #name
#define LINREG_TEXT(name) LINREG_TEXT_OF(name)

}  // namespace

extern const Kernels table;
const Kernels table{LINREG_TEXT(LINREG_UNIT), gradient, sgd, loss, predict, explain, box_muller, remainders};

}  // namespace linreg::LINREG_UNIT
