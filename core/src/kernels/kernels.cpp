// Minibatch SGD's inner loops, compiled once for each instruction set (LINREG_UNIT names it).

#include "kernels/kernels.hpp"

#include <algorithm>

#include "kernels/box_muller.hpp"
#include "kernels/draws.hpp"
#include "kernels/few_descent.hpp"
#include "kernels/gradient.hpp"
#include "kernels/long_gradient.hpp"

namespace linreg::LINREG_UNIT {
namespace {

/// Steps as Kernels::sgd does them. If `to` is null, only computes the first batch's gradient and takes no step.
template <bool is_squared>
std::size_t descend(const Rows& rows, Batch batch, const LossTerms& loss_terms, const SgdTerms& terms,
                    const float* parameters, float* to, float* gradient, std::span<float> losses,
                    float* path) noexcept {
  constexpr std::size_t room = parameters_size(max_features);
  const std::size_t size = parameters_size(rows.d);
  const f32x4 rate = splat(-terms.lr);
  const f32x4 decay = splat(terms.weight_decay);
  float now[room];
  float sums[room];
  float next[room];
  copy(parameters, size, now);
  Fetch fetch(rows, batch.order, losses.size() * batch.count);
  std::size_t done = 0;
  for (; done < losses.size(); ++done, batch.order += batch.count) {
    losses[done] = ordered_gradient<is_squared>(rows, batch, fetch, now, loss_terms, sums);
    if (to == nullptr) {
      copy(sums, size, gradient);
      return 1;
    }
    f32x4 zeros = splat(losses[done]) * 0.0F;  // not where something is not finite
    for (std::size_t j = 0; j < size; j += 4) {
      const f32x4 p = load(now + j);
      f32x4 g = load(sums + j);
      if (terms.weight_decay != 0.0F) g = fused(p, decay, g);
      const f32x4 updated = fused(g, rate, p);
      zeros += updated * 0.0F;
      store(next + j, updated);
    }
    if (sum(zeros) != 0.0F) break;
    copy(next, size, now);
    if (path != nullptr) {
      copy(now, size, path);
      path += size;
    }
  }
  copy(now, size, to);
  return done;
}

/// The one for a batch and a kind of loss.
template <bool is_squared>
auto descend_by(const Rows& rows, const Batch& batch) noexcept {
  if (batch.order == nullptr || batch.count > chunk || rows.d > few) return &descend<is_squared>;
  return for_few(rows.d, [](auto d) { return &descend_few<d, is_squared>; });
}
auto descend_for(const Rows& rows, const Batch& batch, LossKind kind) noexcept {
  return kind == LossKind::mse ? descend_by<true>(rows, batch) : descend_by<false>(rows, batch);
}

float gradient(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta, float scale,
               float* out) {
  const LossTerms terms(kind, delta, scale);
  if (batch.order == nullptr && batch.count > long_batch) {
    return long_gradient(rows, batch.count, parameters, terms, out);
  }
  float loss = 0.0F;
  descend_for(rows, batch, kind)(rows, batch, terms, SgdTerms{}, parameters, nullptr, out, std::span(&loss, 1),
                                 nullptr);
  return loss;
}

std::size_t sgd(const Rows& rows, Batch batch, const SgdTerms& terms, float* parameters, std::span<float> losses,
                float* path) {
  return descend_for(rows, batch, terms.kind)(rows, batch, LossTerms(terms.kind, terms.delta, terms.scale), terms,
                                              parameters, parameters, nullptr, losses, path);
}

/// Predictions and labels of the rows from `begin` to `end`; up to three more numbers after them.
void look_at(const Rows& rows, const Batch& batch, const float* parameters, std::size_t begin, std::size_t end,
             float* predictions, float* labels) noexcept {
  Fetch fetch(rows, batch.order == nullptr ? nullptr : batch.order + begin, end - begin);
  for_each_block(
      rows, batch, fetch, parameters, begin, end,
      [&](std::size_t first, f32x4 seen, f32x4 label) __attribute__((always_inline)) {
        store(predictions + (first - begin), seen);
        store(labels + (first - begin), label);
      },
      [](const Block&, std::size_t) __attribute__((always_inline)) {});
}

float loss(const Rows& rows, Batch batch, const float* parameters, LossKind kind, double delta) {
  const LossTerms terms(kind, delta, 1.0F);
  if (batch.order == nullptr && batch.count > long_batch) return long_loss(rows, batch.count, parameters, terms);
  if (batch.order == nullptr && batch.count <= chunk && rows.d <= few && terms.is_squared()) {
    return for_few(rows.d, [](auto d) { return &few_squared_loss<d>; })(rows, batch.count, parameters, terms);
  }
  RowSum losses;
  float labels[chunk + group];
  for (std::size_t begin = 0;; begin += chunk) {
    const std::size_t end = std::min(batch.count, begin + chunk);
    look_at(rows, batch, parameters, begin, end, losses.values, labels);
    for (std::size_t i = 0; i < end - begin; i += group) {
      store(losses.values + i, terms.of(load(losses.values + i) - load(labels + i), true).loss);
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
  const std::size_t sixteens = LossTerms::in_sixteens(batch.count);
  for (std::size_t i = 0; i < batch.count; ++i) {
    const std::size_t row = batch.order != nullptr ? batch.order[i] : i;
    const float label = rows.records[row * (rows.d + 1) + rows.d];
    const auto [of_row, share] = loss_terms.of(splat(terms.predictions[i] - label), i < sixteens);
    terms.losses[i] = of_row[0];
    terms.shares[i] = share[0];
  }
}

#define LINREG_TEXT_OF(name) #name
#define LINREG_TEXT(name) LINREG_TEXT_OF(name)

}  // namespace

extern const Kernels table;
const Kernels table{LINREG_TEXT(LINREG_UNIT), gradient, sgd, loss, predict, explain, box_muller, draw_below};

}  // namespace linreg::LINREG_UNIT
