// The settings of a run, in the words of the notebook; the defaults are the notebook's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "linreg/error.hpp"
#include "linreg/linear.hpp"
#include "linreg/loss.hpp"
#include "linreg/optimizer.hpp"

namespace linreg {

/// What may change between two steps of a run.
struct TrainingOptions {
  std::uint64_t batch_size = 10;  // >= 1; more than n is one batch of n rows
  bool shuffle = true;            // from the next epoch on
  bool drop_last = false;
  Loss loss;
  OptimizerKind optimizer = OptimizerKind::sgd;  // fixed when the run begins
  double lr = 0.03;
  double momentum = 0.0;
  bool nesterov = false;
  double weight_decay = 0.0;
  std::uint64_t epochs = 3;

  /// Whether the optimizer has buffers that a step reads.
  [[nodiscard]] bool remembers() const noexcept { return optimizer == OptimizerKind::adam || momentum != 0.0; }

  friend bool operator==(const TrainingOptions&, const TrainingOptions&) = default;
};

struct Options {
  std::uint64_t seed = 0;  // torch.manual_seed's; at most 2^53 - 1, of which PyTorch uses the low 32 bits
  // The synthetic data. d is true_w.size(). Not used with data of the user's own.
  std::vector<double> true_w{2.0, -3.4};
  double true_b = 4.2;
  std::size_t n = 1000;
  double noise = 0.01;
  bool standardize = false;  // features and labels, before the float32 copy
  Init init = Init::normal;
  double init_std = 0.01;
  TrainingOptions training;
};

/// Errors: invalid_option with the first field outside its range.
[[nodiscard]] Result<void> check(const TrainingOptions& options);
/// The fields loss, reduction and delta; delta also where the loss has none.
[[nodiscard]] Result<void> check(const Loss& loss);
/// Those that count whatever the data are: all but true_w, true_b, n and noise.
[[nodiscard]] Result<void> check_run(const Options& options);
[[nodiscard]] Result<void> check(const Options& options);

}  // namespace linreg
