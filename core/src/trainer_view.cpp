// What can be read of a trainer.
#include <algorithm>
#include <array>
#include <limits>

#include "kernels/kernels.hpp"
#include "linreg/trainer.hpp"
#include "reduction.hpp"

namespace linreg {

Rows Trainer::rows() const noexcept { return {records_.data(), data_.d, data_.n()}; }

std::uint64_t Trainer::steps_per_epoch() const noexcept {
  return DataLoader::batches(data_.n(), training().batch_size, training().drop_last);
}

std::uint64_t Trainer::total_steps() const noexcept {
  // A minibatch that was drawn but not yet used, or on which the run diverged, has left the loader.
  const bool pending = phase_ != Phase::step || (status_ == Status::diverged && in_epoch_);
  const std::uint64_t now = state_.step_count + (pending ? 1 : 0) +
                            (in_epoch_ ? loader_.remaining(training().batch_size, training().drop_last) : 0);
  const std::uint64_t begun = state_.epoch + (in_epoch_ ? 1 : 0);
  const std::uint64_t left = training().epochs > begun ? training().epochs - begun : 0;
  std::uint64_t total = 0;
  if (__builtin_mul_overflow(left, steps_per_epoch(), &total) || __builtin_add_overflow(total, now, &total)) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return total;
}

std::vector<float> Trainer::features() const {
  std::vector<float> result(data_.n() * data_.d);
  for (std::size_t i = 0; i < data_.n(); ++i) std::copy_n(&records_[i * (data_.d + 1)], data_.d, &result[i * data_.d]);
  return result;
}

std::vector<float> Trainer::gather(std::span<const std::uint32_t> rows) const {
  const std::size_t width = data_.d + 1;
  std::vector<float> result(rows.size() * width);
  for (std::size_t i = 0; i < rows.size(); ++i) std::copy_n(&records_[rows[i] * width], width, &result[i * width]);
  return result;
}

std::vector<float> Trainer::labels() const {
  std::vector<float> result(data_.n());
  for (std::size_t i = 0; i < data_.n(); ++i) result[i] = records_[i * (data_.d + 1) + data_.d];
  return result;
}

Linear Trainer::unpack(const std::vector<float>& packed) const {
  return {{packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(data_.d)}, packed[bias_position(data_.d)]};
}

Coefficients Trainer::coefficients() const {
  const Linear model = parameters();
  return scaler_.inverse({{model.weight.begin(), model.weight.end()}, static_cast<double>(model.bias)});
}

Minibatch Trainer::minibatch(std::size_t most) const {
  // Sixteen rows at a time, as the kernels round them.
  const std::size_t count = std::min(batch_count_, (std::min(most, batch_count_) + 15) / 16 * 16);
  const auto batch = batch_rows().first(count);
  if (batch_count_ == 0 || phase_ == Phase::draw) return {batch_count_, batch, {}, {}, {}, 0.0F};
  Minibatch result{batch_count_, batch, std::vector<float>(count), std::vector<float>(count), std::vector<float>(count),
                   batch_loss_};
  const auto& met = phase_ == Phase::step ? previous_ : state_.parameters;
  kernels().explain(rows(), {batch.data(), count}, met.data(), batch_loss_options_.kind, batch_loss_options_.delta,
                    scale(batch_loss_options_, batch_count_),
                    {result.predictions.data(), result.losses.data(), result.shares.data()});
  return result;
}

bool Trainer::step_is_done() const noexcept { return phase_ == Phase::step && batch_count_ != 0; }

StepStart Trainer::step_start() const {
  const bool done = step_is_done();
  const TrainingOptions& training = done ? previous_training_ : training_;
  const OptimizerState& optimizer = done ? previous_optimizer_ : state_.optimizer;
  const auto unpack_if = [this](bool in_use, const std::vector<float>& packed) {
    return in_use && !packed.empty() ? unpack(packed) : Linear{std::vector<float>(data_.d), 0.0F};
  };
  const bool has_added = done || phase_ == Phase::backward;
  return {training, unpack(done ? previous_ : state_.parameters),
          unpack_if(true, has_added ? carried_ : state_.gradient), unpack_if(training.remembers(), optimizer.momentum),
          unpack_if(training.remembers(), optimizer.variance)};
}

Linear Trainer::full_gradient() const {
  const std::vector<float>& parameters = step_is_done() ? previous_ : state_.parameters;
  const Loss& loss = (step_is_done() ? previous_training_ : training_).loss;
  std::vector<float> gradient(parameters.size());
  kernels().gradient(rows(), {nullptr, data_.n()}, parameters.data(), loss.kind, loss.delta, scale(loss, data_.n()),
                     gradient.data());
  return unpack(gradient);
}

float Trainer::whole_loss(const std::vector<float>& parameters, const Loss& loss) const {
  const float sum = kernels().loss(rows(), {nullptr, data_.n()}, parameters.data(), loss.kind, loss.delta);
  return reduce(sum, loss, data_.n());
}

std::vector<float> Trainer::predictions() const {
  std::vector<float> result(data_.n());
  kernels().predict(rows(), {nullptr, data_.n()}, state_.parameters.data(), result.data());
  return result;
}

Record<float> Trainer::path() const {
  std::vector<float> last = parameters().weight;
  last.push_back(parameters().bias);
  return path_.record(last);
}

Record<double> Trainer::epochs() const {
  std::array<double, 2> last{};
  if (!epochs_.last_is_kept()) {
    last = {static_cast<double>(state_.epoch_end.step_count),
            static_cast<double>(whole_loss(state_.epoch_end.parameters, state_.epoch_end.loss))};
  }
  return epochs_.record(last);
}

}  // namespace linreg
