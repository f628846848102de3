// Options that change during a run, and the way back: both are replayed from checkpoints.
#include <algorithm>
#include <string>
#include <utility>

#include "linreg/trainer.hpp"

namespace linreg {

Result<void> Trainer::set(const TrainingOptions& training) {
  if (auto checked = check(training); !checked) return checked;
  if (training.optimizer != options_.training.optimizer) {
    return std::unexpected(
        Error{ErrorCode::invalid_option, "optimizer", std::nullopt, "the one that the run began with"});
  }
  const bool between_steps = phase_ == Phase::step;
  // A change that waits for the end of a step that diverged would wait for ever, and in the way of this one.
  if (between_steps) changes_.resize(next_change_);
  if (training == this->training()) return {};
  // In the middle of a step a change waits for its end, whichever epoch that is in.
  const Change change =
      between_steps ? Change{state_.step_count, state_.epoch, training} : Change{state_.step_count + 1, 0, training};
  const bool replaces =
      !changes_.empty() && changes_.back().step_count == change.step_count && changes_.back().epoch == change.epoch;
  if (replaces) {
    changes_.back() = change;
  } else {
    changes_.push_back(change);
    if (between_steps) ++next_change_;
  }
  if (between_steps) adopt(training);
  return {};
}

void Trainer::adopt(const TrainingOptions& training) {
  training_ = training;
  // The batch on which a run diverged has left the loader, so that done() would take its epoch for complete.
  if (in_epoch_ && status_ != Status::diverged && loader_.done(training_.batch_size, training_.drop_last)) end_epoch();
  refresh_status();
}

bool Trainer::change_is_due() const noexcept {
  if (next_change_ == changes_.size()) return false;
  const Change& next = changes_[next_change_];
  return next.step_count < state_.step_count || (next.step_count == state_.step_count && next.epoch <= state_.epoch);
}

void Trainer::adopt_due_changes() {
  while (change_is_due()) adopt(changes_[next_change_++].training);
}

void Trainer::refresh_status() noexcept {
  if (status_ == Status::diverged) return;
  if (in_epoch_ || state_.epoch < training_.epochs) {
    status_ = in_epoch_ || state_.epoch > 0 ? Status::running : Status::ready;
  } else {
    status_ = Status::finished;
  }
}

void Trainer::save_checkpoint() {
  if (!checkpoints_.empty() && state_.rows < checkpoints_.back().rows + checkpoint_stride_) return;
  if (checkpoints_.size() == checkpoint_capacity) {
    for (std::size_t i = 1; 2 * i < checkpoint_capacity; ++i) checkpoints_[i] = std::move(checkpoints_[2 * i]);
    checkpoints_.resize(checkpoint_capacity / 2);
    checkpoint_stride_ *= 2;
  }
  checkpoints_.push_back(state_);
  checkpoints_.back().place = in_epoch_ ? std::optional(loader_.place()) : std::nullopt;
}

Result<void> Trainer::rewind(std::uint64_t step) {
  if (step > state_.step_count) {
    return std::unexpected(Error{ErrorCode::invalid_option, "step", static_cast<double>(step),
                                 "a whole number from 0 to " + std::to_string(state_.step_count)});
  }
  forget_irregular(step);
  if (checkpoints_.empty()) return {};  // no step was begun
  while (checkpoints_.size() > 1 && checkpoints_.back().step_count >= step) checkpoints_.pop_back();
  restore(checkpoints_.back());
  replay(step);
  changes_.resize(next_change_);  // what was changed later is forgotten
  return {};
}

void Trainer::restore(const State& checkpoint) {
  state_ = checkpoint;
  previous_ = state_.parameters;
  batch_count_ = 0;
  phase_ = Phase::step;
  zeroed_ = ZeroGrad::never;
  in_epoch_ = checkpoint.place.has_value();
  if (in_epoch_) loader_.return_to(*checkpoint.place);
  losses_.truncate(state_.step_count);
  epochs_.truncate(state_.epoch);
  path_.truncate(state_.step_count + 1);

  training_ = options_.training;
  for (next_change_ = 0; change_is_due();) training_ = changes_[next_change_++].training;
  status_ = Status::ready;
  refresh_status();
}

void Trainer::record_irregular() {
  const std::uint64_t step = state_.step_count;
  if (!irregular_.empty() && irregular_.back().end == step && irregular_.back().zero_grad == zeroed_) {
    ++irregular_.back().end;
  } else {
    irregular_.push_back({step, step + 1, zeroed_});
  }
}

void Trainer::forget_irregular(std::uint64_t from) {
  while (!irregular_.empty() && irregular_.back().first >= from) irregular_.pop_back();
  if (!irregular_.empty()) irregular_.back().end = std::min(irregular_.back().end, from);
}

void Trainer::replay(std::uint64_t step) {
  while (state_.step_count < step && !over()) {
    const auto irregular = std::ranges::upper_bound(irregular_, state_.step_count, {}, &IrregularSteps::end);
    const bool none = irregular == irregular_.end();
    // An irregular step adds to the gradient of the one before it, which a leap would not leave behind.
    leap(steps_before(none ? step : std::min(step, irregular->first)));
    replay_step(none || state_.step_count < irregular->first ? ZeroGrad::before : irregular->zero_grad);
  }
}

void Trainer::replay_step(ZeroGrad zero_grad) {
  draw_batch();
  if (batch_count_ == 0) return;
  if (zero_grad == ZeroGrad::before) {
    compute_gradient(state_.gradient);
  } else {
    compute_gradient(batch_gradient_);
    accumulate_gradient();
    if (zero_grad == ZeroGrad::after) {
      std::ranges::fill(state_.gradient, 0.0F);
      carried_.clear();
    }
  }
  apply_gradient();
}

}  // namespace linreg
