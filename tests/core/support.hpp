// What the tests of the core share: comparisons to the bit, and trainers in a state of one's choice.
#pragma once

#include <array>
#include <bit>
#include <catch2/catch_all.hpp>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/kernels.hpp"
#include "linreg/trainer.hpp"

namespace linreg::test {

inline constexpr std::array<LossKind, 4> all_losses{LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1};
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class T>
bool same_bits(T a, T b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

/// Of trials that differ only in their numbers all are made natively. Sanitizers and Node take many times as long over the
/// same bits, and try one of so many: a prime, so that every value of nested loops is met.
#if defined(__EMSCRIPTEN__) || defined(__SANITIZE_ADDRESS__)
inline constexpr int trial_share = 11;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr int trial_share = 11;
#else
inline constexpr int trial_share = 1;
#endif
#else
inline constexpr int trial_share = 1;
#endif

/// How many of n trials this build makes.
constexpr int trials(int n) { return (n + trial_share - 1) / trial_share; }

/// The parts, as a stream writes them, in one text.
template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream stream;
  stream.precision(17);
  (stream << ... << parts);
  return stream.str();
}

/// Empty if two lists of numbers are the same to the bit (0 is not -0, NaN is itself), else where they first differ.
template <class Got, class Expected>
std::string difference(const Got& got, const Expected& expected) {
  static_assert(std::same_as<std::remove_cvref_t<decltype(got[0])>, std::remove_cvref_t<decltype(expected[0])>>);
  if (std::size(got) != std::size(expected)) return text(std::size(got), " values instead of ", std::size(expected));
  for (std::size_t i = 0; i < std::size(got); ++i) {
    if (!same_bits(got[i], expected[i])) return text("[", i, "]: ", got[i], " instead of ", expected[i]);
  }
  return {};
}

inline std::string difference(const Linear& got, const Linear& expected) {
  const std::string weight = difference(got.weight, expected.weight);
  return weight.empty() ? difference(std::array{got.bias}, std::array{expected.bias}) : text("weight", weight);
}

template <class T>
std::string difference(const Record<T>& got, const Record<T>& expected) {
  const std::string indices = difference(got.indices, expected.indices);
  return indices.empty() ? difference(got.values, expected.values) : text("indices", indices);
}

inline std::string difference(const Minibatch& got, const Minibatch& expected) {
  const std::array differences{
      difference(got.rows, expected.rows),
      difference(got.predictions, expected.predictions),
      difference(got.losses, expected.losses),
      difference(got.shares, expected.shares),
      difference(std::array{got.loss}, std::array{expected.loss}),
  };
  for (const auto& found : differences) {
    if (!found.empty()) return found;
  }
  return {};
}

inline std::string difference(const StepStart& got, const StepStart& expected) {
  if (!(got.training == expected.training)) return "training";
  for (const auto part : {&StepStart::parameters, &StepStart::carried, &StepStart::momentum, &StepStart::variance}) {
    if (const std::string found = difference(got.*part, expected.*part); !found.empty()) return found;
  }
  return {};
}

/// Empty if all that two trainers show is the same to the bit, else what differs.
inline std::string difference(const Trainer& got, const Trainer& expected) {
  const auto numbers = [](const Trainer& t) {
    return std::array<std::uint64_t, 6>{static_cast<std::uint64_t>(t.status()),
                                        static_cast<std::uint64_t>(t.phase()),
                                        t.step_count(),
                                        t.epoch(),
                                        t.steps_per_epoch(),
                                        t.total_steps()};
  };
  const std::array<std::pair<const char*, std::string>, 10> differences{{
      {"status, phase, step_count, epoch, steps_per_epoch, total_steps", difference(numbers(got), numbers(expected))},
      {"training", got.training() == expected.training() ? "" : "other options"},
      {"parameters", difference(got.parameters(), expected.parameters())},
      {"gradient", difference(got.gradient(), expected.gradient())},
      {"minibatch", difference(got.minibatch(), expected.minibatch())},
      {"step_start", difference(got.step_start(), expected.step_start())},
      {"loss", difference(std::array{got.loss()}, std::array{expected.loss()})},
      {"losses", difference(got.losses(), expected.losses())},
      {"path", difference(got.path(), expected.path())},
      {"epochs", difference(got.epochs(), expected.epochs())},
  }};
  for (const auto& [what, found] : differences) {
    if (!found.empty()) return text(what, " ", found);
  }
  return {};
}

/// The table's kernels are in use as long as this lives.
class UsingKernels {
 public:
  explicit UsingKernels(const Kernels& table) : before_(kernels()) { use_kernels(table); }
  ~UsingKernels() { use_kernels(before_); }
  UsingKernels(const UsingKernels&) = delete;
  UsingKernels& operator=(const UsingKernels&) = delete;

 private:
  const Kernels& before_;
};

inline Trainer created(const Options& options) {
  auto trainer = Trainer::create(options);
  REQUIRE(trainer.has_value());
  return std::move(*trainer);
}

inline Trainer created(const Options& options, Dataset data) {
  auto trainer = Trainer::create(options, std::move(data));
  REQUIRE(trainer.has_value());
  return std::move(*trainer);
}

/// A small run: 23 rows, so that batches of 5 leave one of 3.
inline Options small_options() {
  Options options;
  options.seed = 7;
  options.n = 23;
  options.training.batch_size = 5;
  return options;
}

/// Steps until so many are done or the run is over.
inline void step_to(Trainer& trainer, std::uint64_t step) {
  while (trainer.step_count() < step && trainer.status() != Status::finished && trainer.status() != Status::diverged) {
    trainer.step_batch();
  }
}

/// The training options with some of them changed.
template <class Change>
TrainingOptions changed(TrainingOptions options, Change change) {
  change(options);
  return options;
}

/// Checks that an operation was refused as it should be. An empty range is not compared.
template <class T>
void check_refused(const Result<T>& result, ErrorCode code, const std::string& field, const std::string& range = {}) {
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == code);
  CHECK(result.error().field == field);
  if (!range.empty()) CHECK(result.error().range == range);
  CHECK_FALSE(result.error().range.empty());
}

}  // namespace linreg::test
