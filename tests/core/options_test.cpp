#include "linreg/options.hpp"

#include <catch2/catch_all.hpp>
#include <functional>

#include "linreg/dataset.hpp"
#include "linreg/trainer.hpp"
#include "support.hpp"

using linreg::check;
using linreg::ErrorCode;
using linreg::Init;
using linreg::Loss;
using linreg::LossKind;
using linreg::OptimizerKind;
using linreg::Options;
using linreg::Reduction;
using linreg::TrainingOptions;
using linreg::test::check_refused;
using linreg::test::infinity;
using linreg::test::not_a_number;

namespace {

constexpr double above_largest = 1.0000000000000002e30;
constexpr std::uint64_t largest_integer = (std::uint64_t{1} << 53) - 1;

/// A number option: how it is set, and the values on both sides of its bounds.
struct NumberOption {
  std::string field;
  std::function<void(Options&, double)> set;
  std::string range;
  std::vector<double> accepted;
  std::vector<double> refused;
};

const std::string any_range = "a finite number from -1e30 to 1e30";
const std::string not_negative_range = "a finite number from 0 to 1e30";

const std::vector<NumberOption> number_options{
    {"true_w",
     [](Options& o, double v) { o.true_w = {1.0, v}; },
     any_range,
     {0, -1e30, 1e30},
     {above_largest, -above_largest}},
    {"true_b",
     [](Options& o, double v) { o.true_b = v; },
     any_range,
     {0, -1e30, 1e30},
     {above_largest, -above_largest}},
    {"noise",
     [](Options& o, double v) { o.noise = v; },
     not_negative_range,
     {0, -0.0, 5e-324, 1e30},
     {-5e-324, -1, above_largest}},
    {"init_std", [](Options& o, double v) { o.init_std = v; }, not_negative_range, {0, 1e30}, {-0.01, above_largest}},
    {"delta",
     [](Options& o, double v) { o.training.loss.delta = v; },
     "a finite number above 0, at most 1e30",
     {5e-324, 1, 1e30},
     {0, -0.0, -1, above_largest}},
    {"lr",
     [](Options& o, double v) { o.training.lr = v; },
     not_negative_range,
     {0, 1e-30, 1e30},
     {-1e-30, -1, above_largest}},
    {"momentum",
     [](Options& o, double v) { o.training.momentum = v; },
     "a number from 0 up to, but not including, 1",
     {0, 5e-324, 0.9999999999999999},
     {-1e-9, 1, 2}},
    {"weight_decay",
     [](Options& o, double v) { o.training.weight_decay = v; },
     not_negative_range,
     {0, 1e30},
     {-1e-9, above_largest}},
};

}  // namespace

TEST_CASE("the defaults are the notebook's and are accepted", "[options]") {
  const Options options;
  CHECK(options.true_w == std::vector<double>{2, -3.4});
  CHECK(options.true_b == 4.2);
  CHECK(options.n == 1000);
  CHECK(options.training.batch_size == 10);
  CHECK(options.training.lr == 0.03);
  CHECK(options.training.epochs == 3);
  CHECK(check(options).has_value());
}

TEST_CASE("numbers up to their bounds are accepted", "[options]") {
  for (const auto& option : number_options) {
    for (const double value : option.accepted) {
      INFO(option.field << " = " << value);
      Options options;
      option.set(options, value);
      CHECK(check(options).has_value());
    }
  }
}

TEST_CASE("numbers beyond their bounds are refused with field, value and range", "[options]") {
  for (const auto& option : number_options) {
    auto values = option.refused;
    values.insert(values.end(), {not_a_number, infinity, -infinity});
    for (const double value : values) {
      INFO(option.field << " = " << value);
      Options options;
      option.set(options, value);
      const auto result = check(options);
      check_refused(result, ErrorCode::invalid_option, option.field, option.range);
      CHECK(linreg::test::same_bits(result.error().value.value_or(12345.0), value));
      check_refused(linreg::Trainer::create(options), ErrorCode::invalid_option, option.field);
    }
  }
}

TEST_CASE("counts outside their ranges are refused", "[options]") {
  const auto refuse = [](const std::string& field, double value, auto change) {
    Options options;
    change(options);
    const auto result = check(options);
    check_refused(result, ErrorCode::invalid_option, field);
    CHECK(result.error().value == value);
  };
  refuse("seed", 0x1p53, [](Options& o) { o.seed = largest_integer + 1; });
  refuse("seed", 0x1p64, [](Options& o) { o.seed = ~std::uint64_t{0}; });
  refuse("n", 0, [](Options& o) { o.n = 0; });
  refuse("n", 1000001, [](Options& o) { o.n = 1000001; });
  refuse("n", static_cast<double>(SIZE_MAX), [](Options& o) { o.n = SIZE_MAX; });
  refuse("true_w", 0, [](Options& o) { o.true_w = {}; });
  refuse("true_w", 257, [](Options& o) { o.true_w = std::vector<double>(257, 1.0); });
  refuse("batch_size", 0, [](Options& o) { o.training.batch_size = 0; });
  refuse("epochs", 0, [](Options& o) { o.training.epochs = 0; });
  refuse("epochs", 0x1p53, [](Options& o) { o.training.epochs = largest_integer + 1; });
}

TEST_CASE("counts up to their bounds are accepted", "[options]") {
  const auto accept = [](auto change) {
    Options options;
    change(options);
    CHECK(check(options).has_value());
  };
  accept([](Options& o) { o.seed = largest_integer; });
  accept([](Options& o) { o.n = 1; });
  accept([](Options& o) { o.n = linreg::max_rows; });
  accept([](Options& o) { o.true_w = {0.0}; });
  accept([](Options& o) { o.true_w = std::vector<double>(linreg::max_features, -1e30); });
  accept([](Options& o) { o.training.batch_size = 1; });
  accept([](Options& o) { o.training.batch_size = ~std::uint64_t{0}; });
  accept([](Options& o) { o.training.epochs = 1; });
  accept([](Options& o) { o.training.epochs = largest_integer; });
}

TEST_CASE("n times d is limited", "[options]") {
  Options options;
  options.true_w.resize(linreg::max_features);
  options.n = linreg::max_cells / linreg::max_features;
  CHECK(check(options).has_value());
  ++options.n;
  const auto result = check(options);
  check_refused(result, ErrorCode::invalid_option, "n",
                "a whole number from 1 to 1000000, and n times d at most 16777216");
  CHECK(result.error().message() ==
        "n must be a whole number from 1 to 1000000, and n times d at most 16777216, got 65537");
}

TEST_CASE("enumerators that do not exist are refused with those that do", "[options]") {
  const auto refuse = [](const std::string& field, const std::string& range, auto change) {
    for (const int value : {-1, 4, 1000}) {
      Options options;
      change(options, value);
      check_refused(check(options), ErrorCode::invalid_option, field, range);
    }
  };
  refuse("init", "one of normal default zeros", [](Options& o, int v) { o.init = static_cast<Init>(v); });
  refuse("loss", "one of mse l1 huber smooth_l1",
         [](Options& o, int v) { o.training.loss.kind = static_cast<LossKind>(v); });
  refuse("reduction", "one of mean sum",
         [](Options& o, int v) { o.training.loss.reduction = static_cast<Reduction>(v); });
  refuse("optimizer", "one of sgd adam",
         [](Options& o, int v) { o.training.optimizer = static_cast<OptimizerKind>(v); });
}

TEST_CASE("a loss by itself is checked as one of the options", "[options]") {
  CHECK(check(Loss{LossKind::huber, Reduction::sum, 1e-300}).has_value());
  for (const double delta : {0.0, -1.0, -infinity, infinity, not_a_number}) {
    check_refused(check(Loss{LossKind::mse, Reduction::mean, delta}), ErrorCode::invalid_option, "delta",
                  "a finite number above 0, at most 1e30");
  }
  check_refused(check(Loss{static_cast<LossKind>(9), Reduction::mean, 1.0}), ErrorCode::invalid_option, "loss",
                "one of mse l1 huber smooth_l1");
  check_refused(check(Loss{LossKind::l1, static_cast<Reduction>(-1), 1.0}), ErrorCode::invalid_option, "reduction",
                "one of mean sum");
}

TEST_CASE("nesterov needs SGD with momentum, as in PyTorch", "[options]") {
  TrainingOptions options;
  options.nesterov = true;
  check_refused(check(options), ErrorCode::invalid_option, "nesterov",
                "off unless optimizer is sgd and momentum is above 0");
  options.momentum = 0.5;
  CHECK(check(options).has_value());
  options.optimizer = OptimizerKind::adam;
  check_refused(check(options), ErrorCode::invalid_option, "nesterov");
}

TEST_CASE("the first field that is wrong is named", "[options]") {
  Options options;
  options.true_b = not_a_number;
  options.n = 0;
  options.training.lr = -1;
  check_refused(check(options), ErrorCode::invalid_option, "true_b");
  options.true_b = 0;
  check_refused(check(options), ErrorCode::invalid_option, "n");
  options.n = 1;
  check_refused(check(options), ErrorCode::invalid_option, "lr");
}

TEST_CASE("an error reads as a sentence", "[options]") {
  Options options;
  options.training.lr = -1.5;
  CHECK(check(options).error().message() == "lr must be a finite number from 0 to 1e30, got -1.5");
  options.training.lr = not_a_number;
  CHECK(check(options).error().message() == "lr must be a finite number from 0 to 1e30, got nan");
  options.training.lr = 1.0;
  options.n = 2'000'000;
  CHECK(check(options).error().message() ==
        "n must be a whole number from 1 to 1000000, and n times d at most 16777216, got 2000000");
  const auto got = [](double value) { return linreg::Error{ErrorCode::invalid_data, "d", value, "1"}.message(); };
  CHECK(got(0.0) == "d must be 1, got 0");
  CHECK(got(-30000000.0) == "d must be 1, got -30000000");
  CHECK(got(999999999999999.0) == "d must be 1, got 999999999999999");
  CHECK(got(1e15) == "d must be 1, got 1e+15");
  CHECK(got(2000000.5) == "d must be 1, got 2000000.5");
  CHECK(got(infinity) == "d must be 1, got inf");
  const linreg::Error without{ErrorCode::invalid_state, "backward", std::nullopt, "called in its turn"};
  CHECK(without.message() == "backward must be called in its turn");
  CHECK(linreg::name(ErrorCode::invalid_option) == "invalid_option");
  CHECK(linreg::name(ErrorCode::invalid_data) == "invalid_data");
  CHECK(linreg::name(ErrorCode::invalid_state) == "invalid_state");
  CHECK(linreg::name(ErrorCode::out_of_memory) == "out_of_memory");
}
