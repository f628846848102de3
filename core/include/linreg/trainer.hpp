// The notebook's training loop, in one piece or part by part, forwards and back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "linreg/data_loader.hpp"
#include "linreg/dataset.hpp"
#include "linreg/history.hpp"
#include "linreg/options.hpp"
#include "linreg/standard_scaler.hpp"

namespace linreg {

struct Rows;  // what the kernels read

enum class Status { ready, running, finished, diverged };
/// The part of a step that was done last; `step` is also the state between two steps.
enum class Phase { step, draw, forward, zero_grad, backward };

inline constexpr std::array<std::string_view, 4> status_names{"ready", "running", "finished", "diverged"};
inline constexpr std::array<std::string_view, 5> phase_names{"step", "draw", "forward", "zero_grad", "backward"};

/// The minibatch drawn last, with what each of its rows had to say; the terms are empty before forward.
struct Minibatch {
  std::size_t size = 0;                 // all its rows
  std::span<const std::uint32_t> rows;  // their numbers from 0, or the first of them
  std::vector<float> predictions;
  std::vector<float> losses;
  std::vector<float> shares;  // the gradient is the sum of share * (features, 1)
  float loss = 0.0F;
};

/// What a step starts from, and the options it goes by. Buffers that it does not read are all 0.
struct StepStart {
  TrainingOptions training;
  Linear parameters;
  Linear carried;   // the gradient that backward adds to: 0 after zero_grad
  Linear momentum;  // SGD's buffer, Adam's exp_avg
  Linear variance;  // Adam's exp_avg_sq
};

/// Trains a linear model by minibatch SGD on a float32 copy of the data. A run is a function of its options and data:
/// the same ones give the same bits on every platform, forwards, in parts, or after rewinding.
///
/// The random numbers are drawn in the notebook's order: synthetic data, the minibatch it looks at, nn.Linear's own
/// initialisation, its replacement, then the epochs.
class Trainer {
 public:
  /// On synthetic data. Errors: invalid_option; out_of_memory (n).
  static Result<Trainer> create(const Options& options);
  /// On data of the user's own; true_w, true_b, n and noise are not used. `drawn`: they are synthetic data in which
  /// something was changed since, so that the random numbers go on where they had come to with those.
  /// Errors: invalid_option; those of make_dataset, and names are needed; out_of_memory (labels); invalid_data where a value
  /// does not fit float32 and standardize is off, or standardize is on and the columns' units are too far apart: see
  /// StandardScaler::check_units.
  static Result<Trainer> create(const Options& options, Dataset data, bool drawn = false);

  // The parts of a step, in the notebook's order. zero_grad may be left out (gradients then pile up, as in PyTorch) or
  // called at any time. Errors: invalid_state when another part is due, or the run is over.
  Result<void> draw();
  Result<void> forward();
  Result<void> zero_grad();
  Result<void> backward();
  Result<void> step();

  /// Finishes the step at hand, or does a whole one. Does nothing when the run is finished or diverged.
  Status step_batch();
  /// Steps to the end of the epoch at hand, or through the next one.
  Status step_epoch();
  /// Steps until about `rows` rows have been visited (at least one step), `until` steps are done in all, or the run is over.
  Status run(std::uint64_t rows, std::uint64_t until = std::numeric_limits<std::uint64_t>::max());
  /// Steps until the run is over.
  Status train();
  /// Goes back to the state after `step` steps by replay; options are again those of that time. What was recorded up to
  /// there stays. Errors: invalid_option when step > step_count().
  Result<void> rewind(std::uint64_t step);

  /// Options from the next step on (shuffle: from the next epoch on). The optimizer's kind cannot change. In the middle of
  /// a step they wait for its end; where it diverges they come into force no more, and the next set or rewind forgets them.
  /// Errors: invalid_option; the run goes on as it was.
  Result<void> set(const TrainingOptions& training);

  [[nodiscard]] const Options& options() const noexcept { return options_; }
  /// The training options in force, or due with the next step.
  [[nodiscard]] const TrainingOptions& training() const noexcept {
    return next_change_ < changes_.size() ? changes_.back().training : training_;
  }
  [[nodiscard]] Status status() const noexcept { return status_; }
  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  [[nodiscard]] std::uint64_t step_count() const noexcept { return state_.step_count; }
  /// Finished epochs.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return state_.epoch; }
  /// Minibatches in a whole epoch with training(), which may be due only with the next step.
  [[nodiscard]] std::uint64_t steps_per_epoch() const noexcept;
  /// Steps of the run from its start to its end, should no option change any more.
  [[nodiscard]] std::uint64_t total_steps() const noexcept;

  /// The data as given, in float64.
  [[nodiscard]] const Dataset& dataset() const noexcept { return data_; }
  [[nodiscard]] const StandardScaler& scaler() const noexcept { return scaler_; }
  /// The rows that training reads: n * d features, row-major, and n labels, in float32, scaled if standardize.
  [[nodiscard]] std::vector<float> features() const;
  [[nodiscard]] std::vector<float> labels() const;
  /// Some of those rows, each number below n: d features and the label of each, one row after the other.
  [[nodiscard]] std::vector<float> gather(std::span<const std::uint32_t> rows) const;

  /// Rows of next(iter(data_iter)) in the notebook's third cell.
  [[nodiscard]] std::span<const std::uint32_t> peek() const noexcept { return peek_; }
  [[nodiscard]] const Linear& default_init() const noexcept { return default_init_; }
  [[nodiscard]] const Linear& initial() const noexcept { return initial_; }
  [[nodiscard]] Linear parameters() const { return unpack(state_.parameters); }
  /// What backward has accumulated.
  [[nodiscard]] Linear gradient() const { return unpack(state_.gradient); }
  /// The parameters as weights of the data in their own units. Not finite where they are beyond float64, as those of a
  /// diverging run may be.
  [[nodiscard]] Coefficients coefficients() const;
  /// Its rows with their terms, or only the first `most` (rounded up to sixteens); the loss is always that of all.
  [[nodiscard]] Minibatch minibatch(std::size_t most = SIZE_MAX) const;
  /// Of the step at hand; between two steps, of the one done last.
  [[nodiscard]] StepStart step_start() const;
  /// The gradient of the whole data's loss where step_start stands, to set beside the minibatch's.
  [[nodiscard]] Linear full_gradient() const;

  /// The whole data's loss with the parameters of now.
  [[nodiscard]] float loss() const { return whole_loss(state_.parameters, training_.loss); }
  /// n predictions for the training rows, in the units that training sees.
  [[nodiscard]] std::vector<float> predictions() const;

  // What the run left behind: an even choice of it where the run is long, and always the last.
  /// The loss of each step's minibatch; row 0 is step 1's.
  [[nodiscard]] Record<float> losses() const { return losses_.record(std::span(&state_.last_loss, 1)); }
  /// Weights and bias (d + 1 numbers) after each step; row 0 is the initial model.
  [[nodiscard]] Record<float> path() const;
  /// For each finished epoch: the step at which it ended, and the whole data's loss then. Row 0 is epoch 1's.
  [[nodiscard]] Record<double> epochs() const;

 private:
  /// The last epoch's end, from which its loss can be computed when someone asks.
  struct EpochEnd {
    std::uint64_t step_count = 0;
    std::vector<float> parameters;
    Loss loss;
  };
  /// All that a run needs to go on from between two steps.
  struct State {
    Generator generator{0};
    std::optional<DataLoader::Place> place;  // in the epoch at hand; kept in checkpoints
    std::vector<float> parameters;           // as the kernels have them: see bias_position
    std::vector<float> gradient;
    OptimizerState optimizer;
    std::uint64_t step_count = 0;
    std::uint64_t epoch = 0;
    std::uint64_t rows = 0;  // drawn so far
    float last_loss = 0.0F;
    EpochEnd epoch_end;
  };
  enum class ZeroGrad { before, never, after };  // when zero_grad ran relative to backward
  struct Change {
    std::uint64_t step_count;  // steps and epochs done when it takes effect
    std::uint64_t epoch;
    TrainingOptions training;
  };
  struct IrregularSteps {  // steps that did not call zero_grad just before backward
    std::uint64_t first;
    std::uint64_t end;
    ZeroGrad zero_grad;
  };

  static constexpr std::size_t checkpoint_capacity = 1024;  // about 3 KB each with few features

  Trainer(Options options, Dataset data, Generator generator);

  [[nodiscard]] static std::size_t bytes_to_spare(std::size_t d) noexcept;
  Result<void> load_rows();
  Result<void> expect(Phase part) const;
  [[nodiscard]] bool over() const noexcept { return status_ == Status::finished || status_ == Status::diverged; }
  void begin_step();
  [[nodiscard]] std::span<const std::uint32_t> batch_rows() const {
    return batch_count_ == 0 ? std::span<const std::uint32_t>() : loader_.order().subspan(batch_first_, batch_count_);
  }
  void draw_batch();
  void compute_gradient(std::vector<float>& into);
  void accumulate_gradient();
  void apply_gradient();
  void end_epoch();
  [[nodiscard]] bool loss_may_overflow();
  std::uint64_t leap(std::uint64_t most);
  void adopt(const TrainingOptions& training);
  [[nodiscard]] bool change_is_due() const noexcept;
  void adopt_due_changes();
  void refresh_status() noexcept;
  void save_checkpoint();
  void restore(const State& checkpoint);
  void record_irregular();
  void forget_irregular(std::uint64_t from);
  void replay(std::uint64_t step);
  void replay_step(ZeroGrad zero_grad);
  /// How many steps are left before the one that reaches this number of steps.
  [[nodiscard]] std::uint64_t steps_before(std::uint64_t step) const noexcept {
    return step > state_.step_count ? step - state_.step_count - 1 : 0;
  }
  [[nodiscard]] bool step_is_done() const noexcept;
  [[nodiscard]] Rows rows() const noexcept;
  [[nodiscard]] float whole_loss(const std::vector<float>& parameters, const Loss& loss) const;
  [[nodiscard]] Linear unpack(const std::vector<float>& packed) const;
  std::span<const float> path_row(const float* packed);

  Options options_;           // as the run began
  TrainingOptions training_;  // as of now
  Dataset data_;
  StandardScaler scaler_;
  std::vector<float> records_;    // n rows of d features and the label
  std::optional<float> largest_;  // size of a number in records_, or 1 if that is more; when it is first needed
  std::vector<std::uint32_t> peek_;
  Linear default_init_;
  Linear initial_;

  Status status_ = Status::ready;
  Phase phase_ = Phase::step;
  State state_;
  DataLoader loader_;
  bool in_epoch_ = false;
  std::size_t batch_first_ = 0;  // the minibatch drawn last: its place in the epoch's order
  std::size_t batch_count_ = 0;
  Loss batch_loss_options_;            // the loss that it met
  std::vector<float> batch_gradient_;  // what backward will add
  float batch_loss_ = 0.0F;
  ZeroGrad zeroed_ = ZeroGrad::never;
  // Before the last step:
  std::vector<float> previous_;  // the parameters
  TrainingOptions previous_training_;
  OptimizerState previous_optimizer_;  // where there is one to remember
  std::vector<float> carried_;         // what backward has added to, unless zero_grad came first

  std::vector<float> leap_losses_;
  std::vector<float> leap_path_;
  std::vector<float> path_row_;

  Series<float> losses_;
  Series<float> path_;
  Series<double> epochs_;
  std::vector<Change> changes_;  // ascending; those from next_change_ on are still due
  std::size_t next_change_ = 0;
  std::vector<IrregularSteps> irregular_;  // ascending, apart
  std::vector<State> checkpoints_;
  std::uint64_t checkpoint_stride_ = 1 << 15;  // rows drawn between two checkpoints
};

}  // namespace linreg
