// Minibatch SGD's inner loops, compiled once for each instruction set (LINREG_UNIT names it).
//
#include "kernels/kernels.hpp"

#include <algorithm>
#include <array>

#include "kernels/box_muller.hpp"
#include "kernels/gradient.hpp"
#include "kernels/long_gradient.hpp"
#include "kernels/remainders.hpp"

namespace linreg::LINREG_UNIT {
namespace {

/// Steps as Kernels::sgd does them; or, where `to` is null, no step but the gradient by the first of the batches.
template <std::size_t known>
std::size_t descend(const Rows& rows, Batch batch, const LossTerms& loss_terms, const SgdTerms& terms,
                    const float* parameters, float* to, float* gradient, std::span<float> losses,
                    float* path) noexcept {
  const std::size_t size = parameters_size(width<known>(rows));
  const f32x4 rate = splat(-terms.lr);
  const f32x4 decay = splat(terms.weight_decay);
  std::array<float, parameters_size(known != 0 ? known : max_features)> next;
  for (std::size_t i = 0; i < losses.size(); ++i, batch.order += batch.count) {
    losses[i] = ordered_gradient<known>(rows, batch, parameters, loss_terms, gradient);
    if (to == nullptr) return 1;
    i32x4 finite = splat(losses[i]) * 0.0F == 0.0F;
    for (std::size_t j = 0; j < size; j += 4) {
      const f32x4 p = load(parameters + j);
      f32x4 g = load(gradient + j);
      if (terms.weight_decay != 0.0F) g = fused(p, decay, g);
      const f32x4 updated = fused(g, rate, p);
      finite &= updated * 0.0F == 0.0F;
      store(&next[j], updated);
    }
    if ((finite[0] & finite[1] & finite[2] & finite[3]) == 0) return i;
    for (std::size_t j = 0; j < size; j += 4) store(to + j, load(&next[j]));
    if (path != nullptr) path = std::copy_n(next.data(), size, path);
  }
  return losses.size();
}

/// The one for d features.
auto descend_for(std::size_t d) noexcept {
  constexpr std::array few{&descend<0>, &descend<1>, &descend<2>, &descend<3>};
  return few[d < few.size() ? d : 0];
}

float gradient(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
               float* out) {
  const LossTerms terms(kind, delta, scale);
  if (batch.order == nullptr && batch.count > long_batch) {
    return long_gradient(rows, batch.count, parameters, terms, out);
  }
  float loss = 0.0F;
  descend_for(rows.d)(rows, batch, terms, SgdTerms{}, parameters, nullptr, out, std::span(&loss, 1), nullptr);
  return loss;
}

std::size_t sgd(const Rows& rows, Batch batch, const SgdTerms& terms, float* parameters, std::span<float> losses,
                float* path) {
  std::array<float, parameters_size(max_features)> gradient;
  return descend_for(rows.d)(rows, batch, LossTerms(terms.kind, terms.delta, terms.scale), terms, parameters,
                             parameters, gradient.data(), losses, path);
}

/// Predictions and labels of the rows from `begin` to `end`; up to three more numbers after them.
void look_at(const Rows& rows, const Batch& batch, const float* parameters, std::size_t begin, std::size_t end,
             float* predictions, float* labels) noexcept {
  for_each_block<0>(
      rows, batch, parameters, begin, end,
      [&](std::size_t first, const float* const*, f32x4 seen, f32x4 label) __attribute__((always_inline)) {
        store(predictions + (first - begin), seen);
        store(labels + (first - begin), label);
      },
      [](const Block&, std::size_t) __attribute__((always_inline)) {});
}

float loss(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta) {
  const LossTerms terms(kind, delta, 1.0F);
  RowSum losses;
  float labels[chunk + group];
  for (std::size_t begin = 0;; begin += chunk) {
    const std::size_t end = std::min(batch.count, begin + chunk);
    look_at(rows, batch, parameters, begin, end, losses.values, labels);
    for (std::size_t i = 0; i < end - begin; i += group) {
      store(losses.values + i, terms(load(losses.values + i) - load(labels + i), true).loss);
    }
    if (end == batch.count) return losses.finish(end - begin, batch.count);
    losses.end_chunk(chunk);
  }
}

void predict(const Rows& rows, Batch batch, const float* parameters, float* predictions) {
  float some[chunk + group];
  float labels[chunk + group];
  for (std::size_t begin = 0; begin < batch.count; begin += chunk) {
    const std::size_t end = std::min(batch.count, begin + chunk);
    look_at(rows, batch, parameters, begin, end, some, labels);
    std::copy_n(some, end - begin, predictions + begin);
  }
}

void explain(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
             const RowTerms& terms) {
  predict(rows, batch, parameters, terms.predictions);
  const LossTerms loss_terms(kind, delta, scale);
  const std::size_t sixteens = batch.count / block_rows * block_rows;
  for (std::size_t i = 0; i < batch.count; ++i) {
    const std::size_t row = batch.order != nullptr ? batch.order[i] : i;
    const float label = rows.records[row * (rows.d + 1) + rows.d];
    const auto [of_row, share] = loss_terms(splat(terms.predictions[i] - label), i < sixteens);
    terms.losses[i] = of_row[0];
    terms.shares[i] = share[0];
  }
}

#define LINREG_TEXT_OF(name) #name
#define LINREG_TEXT(name) LINREG_TEXT_OF(name)

}  // namespace

extern const Kernels table;
const Kernels table{LINREG_TEXT(LINREG_UNIT), gradient, sgd, loss, predict, explain, box_muller, remainders};

}  // namespace linreg::LINREG_UNIT
