#include "linreg/trainer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "dataset_checks.hpp"
#include "kernels/kernels.hpp"
#include "memory.hpp"
#include "reduction.hpp"
#include "row_checks.hpp"

namespace linreg {

namespace {

constexpr std::size_t loss_capacity = 20480;     // steps whose losses are kept,
constexpr std::size_t epoch_capacity = 1 << 15;  // epochs of which something is,
constexpr std::size_t path_capacity = 4096;      // steps whose parameters are
constexpr std::size_t leap_capacity = 256;       // steps taken in one call of a kernel,
constexpr std::size_t leap_numbers = 1 << 13;    // as long as their parameters fit a cache

/// What a row costs a trainer: its float32 copy, another to hand out, the order of rows and what it is drawn with.
constexpr std::size_t bytes_a_row(std::size_t d) noexcept { return 2 * (d + 1) * sizeof(float) + 16; }
/// What it costs as synthetic data besides.
constexpr std::size_t bytes_a_synthetic_row(std::size_t d) noexcept {
  return (d + 1) * (sizeof(double) + sizeof(float));
}

bool all_finite(std::span<const float> values) noexcept {
  constexpr std::uint32_t infinity = 0x7f800000;
  std::uint32_t largest = 0;
  for (const float x : values) largest = std::max(largest, std::bit_cast<std::uint32_t>(x) & 0x7fffffffU);
  return largest < infinity;
}

}  // namespace

Result<Trainer> Trainer::create(const Options& options) {
  if (auto checked = check(options); !checked) return std::unexpected(checked.error());
  const std::size_t d = options.true_w.size();
  const auto room = check_memory(options.n, bytes_a_row(d) + bytes_a_synthetic_row(d), "n", bytes_to_spare(d));
  if (!room) return std::unexpected(room.error());
  Generator generator(options.seed);
  Dataset data = synthetic_data(generator, options.true_w, options.true_b, options.n, options.noise);
  Trainer trainer(options, std::move(data), generator);
  if (auto loaded = trainer.load_rows(); !loaded) return std::unexpected(loaded.error());
  return trainer;
}

Result<Trainer> Trainer::create(const Options& options, Dataset data, bool drawn) {
  if (auto checked = check_run(options); !checked) return std::unexpected(checked.error());
  if (auto shape = check_shape(data); !shape) return std::unexpected(shape.error());
  const std::size_t bytes = bytes_a_row(data.d) + (drawn ? bytes_a_synthetic_row(data.d) : 0);
  const auto room = check_memory(data.n(), bytes, "labels", bytes_to_spare(data.d));
  if (!room) return std::unexpected(room.error());
  Generator generator(options.seed);
  if (drawn) static_cast<void>(synthetic_data(generator, std::vector<double>(data.d), 0.0, data.n(), 0.0));
  Trainer trainer(options, std::move(data), generator);
  if (auto loaded = trainer.load_rows(); !loaded) return std::unexpected(loaded.error());
  return trainer;
}

/// Twice what a trainer grows by while it is trained, however few its rows are, if that is more: its checkpoints and its
/// history are held twice where they move or are handed out. They come to 13 MB with as many features as there may be.
std::size_t Trainer::bytes_to_spare(std::size_t d) noexcept {
  constexpr std::size_t buffers = 5;  // of a state, each as long as the parameters
  const std::size_t checkpoints = checkpoint_capacity * (sizeof(State) + buffers * parameters_size(d) * sizeof(float));
  const std::size_t history =
      loss_capacity * sizeof(float) + path_capacity * (d + 1) * sizeof(float) + epoch_capacity * 2 * sizeof(double);
  return std::max(spare_bytes, 2 * (checkpoints + history));
}

Trainer::Trainer(Options options, Dataset data, Generator generator)
    : options_(std::move(options)),
      training_(options_.training),
      data_(std::move(data)),
      scaler_(options_.standardize ? StandardScaler::fit(data_) : StandardScaler::identity(data_.d)),
      loader_(data_.n()),
      leap_losses_(std::clamp(leap_numbers / parameters_size(data_.d), std::size_t{16}, leap_capacity)),
      leap_path_(leap_losses_.size() * parameters_size(data_.d)),
      path_row_(data_.d + 1),
      losses_(1, loss_capacity),
      path_(data_.d + 1, path_capacity),
      epochs_(2, epoch_capacity) {
  loader_.begin(generator, training_.shuffle);
  const auto first = loader_.next(training_.batch_size, training_.drop_last);
  peek_.assign(first.begin(), first.end());

  default_init_ = Linear::default_init(data_.d, generator);
  initial_ = default_init_;
  initial_.initialize(options_.init, options_.init_std, generator);

  const std::size_t size = parameters_size(data_.d);
  state_.generator = generator;
  state_.parameters.resize(size);
  std::ranges::copy(initial_.weight, state_.parameters.begin());
  state_.parameters[bias_position(data_.d)] = initial_.bias;
  state_.gradient.resize(size);
  batch_gradient_.resize(size);
  previous_ = state_.parameters;
  if (path_.count_one()) path_.keep(path_row(state_.parameters.data()));
}

/// Fills the float32 copy that training reads. The cells are checked on the way: a pass of its own would cost time.
Result<void> Trainer::load_rows() {
  const std::size_t d = data_.d;
  records_.resize(data_.n() * (d + 1) + load_slack);
  for (std::size_t i = 0; i < data_.n(); ++i) {
    for (std::size_t j = 0; j <= d; ++j) {
      const double given = j < d ? data_.features[i * d + j] : data_.labels[i];
      const double scaled = j < d ? scaler_.transform_feature(given, j) : scaler_.transform_label(given);
      const auto value = static_cast<float>(scaled);
      if (!is_usable(given) || !std::isfinite(value)) {
        if (auto cells = check_cells(data_); !cells) return cells;  // one that is not usable spoils its column's mean
        return std::unexpected(Error{ErrorCode::invalid_data, j < d ? feature_name(i, j) : label_name(i), given,
                                     "at most 3.4e38 in size unless standardize is on"});
      }
      records_[i * (d + 1) + j] = value;
    }
  }
  return scaler_.check_units();
}

// --- The parts of a step ---

Result<void> Trainer::expect(Phase part) const {
  const Phase due = phase_ == Phase::step       ? Phase::draw
                    : phase_ == Phase::draw     ? Phase::forward
                    : phase_ == Phase::backward ? Phase::step
                                                : Phase::backward;
  const auto name_of = [](Phase phase) { return std::string(phase_names[static_cast<std::size_t>(phase)]); };
  const auto refuse = [&](std::string range) {
    return std::unexpected(Error{ErrorCode::invalid_state, name_of(part), std::nullopt, std::move(range)});
  };
  if (status_ == Status::finished) return refuse("called before the run is finished; raise epochs or rewind");
  if (status_ == Status::diverged) return refuse("called before the run diverges; rewind and lower lr");
  if (part != Phase::zero_grad && part != due) return refuse("called in its turn; the next part is " + name_of(due));
  return {};
}

Result<void> Trainer::draw() {
  if (auto expected = expect(Phase::draw); !expected) return expected;
  draw_batch();
  if (batch_count_ != 0) phase_ = Phase::draw;
  return {};
}

Result<void> Trainer::forward() {
  if (auto expected = expect(Phase::forward); !expected) return expected;
  compute_gradient(batch_gradient_);
  phase_ = Phase::forward;
  return {};
}

Result<void> Trainer::zero_grad() {
  if (auto expected = expect(Phase::zero_grad); !expected) return expected;
  std::ranges::fill(state_.gradient, 0.0F);
  if (phase_ != Phase::step) carried_.clear();  // between two steps it is of the one done last
  zeroed_ = phase_ == Phase::backward ? ZeroGrad::after : ZeroGrad::before;
  if (phase_ == Phase::forward) phase_ = Phase::zero_grad;
  return {};
}

Result<void> Trainer::backward() {
  if (auto expected = expect(Phase::backward); !expected) return expected;
  if (zeroed_ == ZeroGrad::before) {
    state_.gradient = batch_gradient_;  // not 0 + g, which would lose the sign of a zero
  } else {
    accumulate_gradient();
  }
  phase_ = Phase::backward;
  return {};
}

Result<void> Trainer::step() {
  if (auto expected = expect(Phase::step); !expected) return expected;
  if (zeroed_ != ZeroGrad::before) record_irregular();
  apply_gradient();
  return {};
}

/// What comes before a minibatch is drawn.
void Trainer::begin_step() {
  save_checkpoint();
  if (in_epoch_) return;
  loader_.begin(state_.generator, training_.shuffle);
  in_epoch_ = true;
  status_ = Status::running;
}

void Trainer::draw_batch() {
  begin_step();
  carried_.clear();
  batch_first_ = data_.n() - loader_.left();
  batch_count_ = loader_.take(training_.batch_size, training_.drop_last);
  state_.rows += batch_count_;
  if (batch_count_ == 0) {  // no batch is full
    end_epoch();
    adopt_due_changes();
  }
}

void Trainer::compute_gradient(std::vector<float>& into) {
  const std::size_t count = batch_count_;
  batch_loss_options_ = training_.loss;
  // A long batch of all rows is summed in storage order, and its permutation is not even drawn.
  const bool in_storage_order = count == data_.n() && count > long_batch;
  const Batch batch{in_storage_order ? nullptr : batch_rows().data(), count};
  const float sum = kernels().gradient(rows(), batch, state_.parameters.data(), batch_loss_options_.kind,
                                       batch_loss_options_.delta, scale(batch_loss_options_, count), into.data());
  batch_loss_ = reduce(sum, batch_loss_options_, count);
}

void Trainer::accumulate_gradient() {
  carried_ = state_.gradient;
  for (std::size_t i = 0; i < batch_gradient_.size(); ++i) state_.gradient[i] += batch_gradient_[i];
}

void Trainer::apply_gradient() {
  previous_training_ = training_;
  if (training_.remembers()) previous_optimizer_ = state_.optimizer;
  if (training_.optimizer == OptimizerKind::adam) {
    linreg::step(Adam{training_.lr, training_.weight_decay}, state_.optimizer, state_.parameters, state_.gradient,
                 previous_);
  } else {
    linreg::step(Sgd{training_.lr, training_.momentum, training_.nesterov, training_.weight_decay}, state_.optimizer,
                 state_.parameters, state_.gradient, previous_);
  }
  phase_ = Phase::step;
  zeroed_ = ZeroGrad::never;
  if (!std::isfinite(batch_loss_) || !all_finite(previous_)) {
    previous_ = state_.parameters;
    status_ = Status::diverged;
    return;
  }
  std::swap(state_.parameters, previous_);
  ++state_.step_count;
  state_.last_loss = batch_loss_;
  if (losses_.count_one()) losses_.keep(std::span(&batch_loss_, 1));
  if (path_.count_one()) path_.keep(path_row(state_.parameters.data()));
  if (loader_.done(training_.batch_size, training_.drop_last)) end_epoch();
  adopt_due_changes();
}

void Trainer::end_epoch() {
  in_epoch_ = false;
  ++state_.epoch;
  const bool is_kept = epochs_.count_one();
  if (is_kept || loss_may_overflow()) {
    const float whole = loss();
    if (!std::isfinite(whole)) {
      epochs_.truncate(epochs_.count() - 1);
      status_ = Status::diverged;
      return;
    }
    if (is_kept) epochs_.keep(std::array{static_cast<double>(state_.step_count), static_cast<double>(whole)});
  }
  state_.epoch_end.step_count = state_.step_count;
  state_.epoch_end.parameters = state_.parameters;
  state_.epoch_end.loss = training_.loss;
  refresh_status();
}

/// Whether the whole data's loss may be beyond float32, told by bounds alone: |residual| <= (1 + sum of |parameters|) *
/// largest number of the records, and a loss is at most its square or its size. The rows are read once, for that number.
bool Trainer::loss_may_overflow() {
  if (!largest_) {
    float largest = 1.0F;  // of the bias
    for (const float value : records_) largest = std::max(largest, std::abs(value));
    largest_ = largest;
  }
  double sizes = 1.0;
  for (const float parameter : state_.parameters) sizes += static_cast<double>(std::abs(parameter));
  const double residual = sizes * static_cast<double>(*largest_);
  constexpr double bound =
      1e-3 * static_cast<double>(std::numeric_limits<float>::max());  // far from it: sums are rounded
  return !(static_cast<double>(data_.n()) * residual * residual < bound);
}

// --- Steps ---

Status Trainer::step_batch() {
  if (over()) return status_;
  if (phase_ == Phase::step) {
    draw_batch();
    if (batch_count_ == 0) return status_;
    compute_gradient(state_.gradient);  // zero_grad and backward in one
    apply_gradient();
    return status_;
  }
  // Each part is the one that is due, so none refuses.
  if (phase_ == Phase::draw) static_cast<void>(forward());
  if (phase_ == Phase::forward) static_cast<void>(zero_grad());
  if (phase_ == Phase::zero_grad) static_cast<void>(backward());
  static_cast<void>(step());
  return status_;
}

/// Up to `most` steps of plain SGD in one go, within an epoch. The step that follows is taken in the ordinary way: so all
/// that can be read of a last step is there, and a step that diverges, before which a leap stops, is met there. Returns
/// how many steps were done.
std::uint64_t Trainer::leap(std::uint64_t most) {
  const bool plain = training_.optimizer == OptimizerKind::sgd && training_.momentum == 0.0;
  most = std::min(most, std::uint64_t{leap_losses_.size()});
  if (next_change_ < changes_.size()) most = std::min(most, steps_before(changes_[next_change_].step_count));
  if (!plain || most == 0 || phase_ != Phase::step || over()) return 0;
  begin_step();

  const std::uint64_t whole = loader_.left() / training_.batch_size;
  if (whole < 2) return 0;  // the last one may end the epoch
  const auto steps = static_cast<std::size_t>(std::min(most, whole - 1));
  const auto size = static_cast<std::size_t>(training_.batch_size);
  const SgdTerms terms{training_.loss.kind, training_.loss.delta, scale(training_.loss, size),
                       static_cast<float>(training_.lr), static_cast<float>(training_.weight_decay)};
  const Batch first{loader_.order().data() + (data_.n() - loader_.left()), size};
  const std::size_t done =
      kernels().sgd(rows(), first, terms, state_.parameters.data(), std::span(leap_losses_).first(steps),
                    path_.until_kept() < steps ? leap_path_.data() : nullptr);
  if (done == 0) return 0;
  loader_.skip(done * size);
  state_.rows += done * size;
  state_.step_count += done;
  state_.last_loss = reduce(leap_losses_[done - 1], training_.loss, size);
  losses_.append(done, [&](std::size_t i) {
    leap_losses_[i] = reduce(leap_losses_[i], training_.loss, size);
    return std::span(&leap_losses_[i], 1);
  });
  path_.append(done, [&](std::size_t i) { return path_row(&leap_path_[i * state_.parameters.size()]); });
  return done;
}

/// The path keeps d + 1 numbers a step: the kernels' padding is left out.
std::span<const float> Trainer::path_row(const float* packed) {
  std::copy_n(packed, data_.d, path_row_.begin());
  path_row_.back() = packed[bias_position(data_.d)];
  return path_row_;
}

Status Trainer::step_epoch() {
  const std::uint64_t current = state_.epoch;
  while (!over() && state_.epoch == current) {
    leap(std::numeric_limits<std::uint64_t>::max());
    step_batch();
  }
  return status_;
}

Status Trainer::run(std::uint64_t rows, std::uint64_t until) {
  std::uint64_t visited = 0;
  while (!over() && state_.step_count < until) {
    const std::uint64_t current = state_.epoch;
    const std::uint64_t leapt = leap(std::min((rows - visited) / training_.batch_size, until - state_.step_count - 1));
    step_batch();
    visited += leapt * training_.batch_size + batch_count_ +
               (state_.epoch == current ? 0 : data_.n());  // an epoch's end visits every row
    if (visited >= rows) break;
  }
  return status_;
}

Status Trainer::train() {
  while (!over()) {
    leap(std::numeric_limits<std::uint64_t>::max());
    step_batch();
  }
  return status_;
}

}  // namespace linreg
