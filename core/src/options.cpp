#include "linreg/options.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "linreg/dataset.hpp"

namespace linreg {

namespace {

constexpr double largest = 1e30;  // float32 ends at 3.4e38; beyond this nothing trains
constexpr std::uint64_t largest_integer = (std::uint64_t{1} << 53) - 1;
// As the ranges below have them: texts made of them would be made at every check, and cost a kilobyte of code.
static_assert(largest_integer == 9007199254740991 && max_features == 256 && max_rows == 1000000 &&
              max_cells == 16777216);

/// Collects the first refusal, so that a table of checks reads as one.
class Check {
 public:
  Check& that(bool accepted, std::string_view field, double value, std::string_view range) {
    if (!accepted && result_) {
      result_ = std::unexpected(Error{ErrorCode::invalid_option, std::string(field), value, std::string(range)});
    }
    return *this;
  }
  Check& finite(std::string_view field, double value) {
    return that(std::abs(value) <= largest, field, value, "a finite number from -1e30 to 1e30");
  }
  Check& not_negative(std::string_view field, double value) {
    return that(value >= 0.0 && value <= largest, field, value, "a finite number from 0 to 1e30");
  }
  Check& positive(std::string_view field, double value) {
    return that(value > 0.0 && value <= largest, field, value, "a finite number above 0, at most 1e30");
  }
  template <std::size_t N, class Enum>
  Check& one_of(std::string_view field, Enum value, const std::array<std::string_view, N>& names) {
    if (static_cast<std::size_t>(value) < N) return *this;
    std::string range = "one of";
    for (const auto name : names) range.append(" ").append(name);
    return that(false, field, static_cast<double>(value), range);
  }
  Check& loss(const Loss& loss) {
    return one_of("loss", loss.kind, loss_names)
        .one_of("reduction", loss.reduction, reduction_names)
        .positive("delta", loss.delta);
  }
  [[nodiscard]] const Result<void>& result() const noexcept { return result_; }

 private:
  Result<void> result_;
};

}  // namespace

Result<void> check(const TrainingOptions& options) {
  const bool has_velocity = options.optimizer == OptimizerKind::sgd && options.momentum > 0.0;
  return Check()
      .that(options.batch_size >= 1, "batch_size", static_cast<double>(options.batch_size),
            "a whole number of at least 1")
      .loss(options.loss)
      .one_of("optimizer", options.optimizer, optimizer_names)
      .not_negative("lr", options.lr)
      .that(options.momentum >= 0.0 && options.momentum < 1.0, "momentum", options.momentum,
            "a number from 0 up to, but not including, 1")
      .that(!options.nesterov || has_velocity, "nesterov", 1.0, "off unless optimizer is sgd and momentum is above 0")
      .not_negative("weight_decay", options.weight_decay)
      .that(options.epochs >= 1 && options.epochs <= largest_integer, "epochs", static_cast<double>(options.epochs),
            "a whole number from 1 to 9007199254740991")
      .result();
}

Result<void> check(const Loss& loss) { return Check().loss(loss).result(); }

Result<void> check_run(const Options& options) {
  const auto result = Check()
                          .that(options.seed <= largest_integer, "seed", static_cast<double>(options.seed),
                                "a whole number from 0 to 9007199254740991")
                          .one_of("init", options.init, init_names)
                          .not_negative("init_std", options.init_std)
                          .result();
  return result ? check(options.training) : result;
}

Result<void> check(const Options& options) {
  const std::size_t d = options.true_w.size();
  Check table;
  table.that(d >= 1 && d <= max_features, "true_w", static_cast<double>(d), "a list of 1 to 256 numbers");
  for (const double w : options.true_w) table.finite("true_w", w);
  const auto result =
      table.finite("true_b", options.true_b)
          .that(options.n >= 1 && options.n <= max_rows && options.n <= max_cells / std::max<std::size_t>(d, 1), "n",
                static_cast<double>(options.n), "a whole number from 1 to 1000000, and n times d at most 16777216")
          .not_negative("noise", options.noise)
          .result();
  return result ? check_run(options) : result;
}

}  // namespace linreg
