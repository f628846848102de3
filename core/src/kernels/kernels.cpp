// Minibatch SGD's inner loops, compiled once for each instruction set (LINREG_UNIT names it).
//
#include "kernels/kernels.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "kernels/box_muller.hpp"
#include "kernels/gradient.hpp"
#include "kernels/long_gradient.hpp"
#include "kernels/remainders.hpp"

namespace linreg::LINREG_UNIT {
namespace {

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

/// Batches in an order, of any length.
template <std::size_t known, LossKind kind>
float gradient_of(const Rows& rows, const Batch& batch, const float* parameters, double delta, float scale,
                  float* gradient) noexcept {
  if (batch.count > chunk) return chunked_gradient_of<known, kind>(rows, batch, parameters, delta, scale, gradient);
  return short_gradient_of<known, kind>(rows, batch, parameters, delta, scale, gradient);
}

/// Calls f with the number of features, as with_width gives it, and the kind of loss as constants.
template <class F>
auto with_both(std::size_t d, LossKind kind, F f) noexcept {
  return with_width(d, [&]<std::size_t known>(std::integral_constant<std::size_t, known> width) {
    return with_kind(
        kind, [&]<LossKind k>(std::integral_constant<LossKind, k> kind_of_loss) { return f(width, kind_of_loss); });
  });
}

float gradient(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
               float* out) {
  if (batch.order == nullptr && batch.count > long_batch) {
    return with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
      const auto of = rows.d <= 4   ? long_gradient_of<1, k>
                      : rows.d <= 8 ? long_gradient_of<2, k>
                                    : long_gradient_of<0, k>;
      return of(rows, batch.count, parameters, delta, scale, out);
    });
  }
  return with_both(rows.d, kind,
                   [&]<std::size_t known, LossKind k>(std::integral_constant<std::size_t, known>,
                                                      std::integral_constant<LossKind, k>) {
                     return gradient_of<known, k>(rows, batch, parameters, delta, scale, out);
                   });
}

template <std::size_t known, LossKind kind>
std::size_t sgd_of(const Rows& rows, Batch batch, const SgdTerms& terms, float* parameters, std::span<float> losses,
                   float* path) noexcept {
  constexpr std::size_t capacity = parameters_size(known != 0 ? known : max_features);
  const std::size_t size = parameters_size(width<known>(rows));
  const f32x4 rate = splat(-terms.lr);
  const f32x4 decay = splat(terms.weight_decay);
  std::array<float, capacity> gradient;
  std::array<float, capacity> next;
  for (std::size_t i = 0; i < losses.size(); ++i, batch.order += batch.count) {
    losses[i] = gradient_of<known, kind>(rows, batch, parameters, terms.delta, terms.scale, gradient.data());
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
    if (path != nullptr) path = std::copy_n(next.data(), size, path);
  }
  return losses.size();
}

std::size_t sgd(const Rows& rows, Batch batch, const SgdTerms& terms, float* parameters, std::span<float> losses,
                float* path) {
  return with_both(rows.d, terms.kind,
                   [&]<std::size_t known, LossKind kind>(std::integral_constant<std::size_t, known>,
                                                         std::integral_constant<LossKind, kind>) {
                     return sgd_of<known, kind>(rows, batch, terms, parameters, losses, path);
                   });
}

/// Writes f(predictions, labels) of the rows from `begin` to `end`, one number a row; up to three more after them.
template <class F>
void for_each_prediction(const Rows& rows, const Batch& batch, const float* parameters, std::size_t begin,
                         std::size_t end, float* out, F f) noexcept {
  with_width(rows.d, [&]<std::size_t known>(std::integral_constant<std::size_t, known>) {
    for_each_block<known>(
        rows, batch, parameters, begin, end,
        [&](std::size_t first, const float* const*, f32x4 predictions, f32x4 labels)
            __attribute__((always_inline)) { store(out + (first - begin), f(predictions, labels)); },
        [](const Block&, std::size_t) __attribute__((always_inline)) {});
  });
}

/// Residuals first, then their losses: so the many loops over rows are compiled once for all kinds.
float loss(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta) {
  RowSum losses;
  for (std::size_t begin = 0;; begin += chunk) {
    const std::size_t end = std::min(batch.count, begin + chunk);
    for_each_prediction(rows, batch, parameters, begin, end, losses.values,
                        [](f32x4 predictions, f32x4 labels) { return predictions - labels; });
    with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
      for (float* value = losses.values; value < losses.values + (end - begin); value += group) {
        store(value, row_loss<k>(load(value), static_cast<float>(delta)));
      }
    });
    if (end == batch.count) return losses.finish(end - begin, batch.count);
    losses.end_chunk(chunk);
  }
}

void predict(const Rows& rows, Batch batch, const float* parameters, float* predictions) {
  float some[chunk + group];
  for (std::size_t begin = 0; begin < batch.count; begin += chunk) {
    const std::size_t end = std::min(batch.count, begin + chunk);
    for_each_prediction(rows, batch, parameters, begin, end, some, [](f32x4 seen, f32x4) { return seen; });
    std::copy_n(some, end - begin, predictions + begin);
  }
}

void explain(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
             const RowTerms& terms) {
  predict(rows, batch, parameters, terms.predictions);
  with_kind(kind, [&]<LossKind k>(std::integral_constant<LossKind, k>) {
    const std::size_t sixteens = batch.count / block_rows * block_rows;
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
