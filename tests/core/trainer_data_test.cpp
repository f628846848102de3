// Data that a trainer is given: put together by hand, they are checked as make_dataset checks them.
#include <catch2/catch_all.hpp>

#include "linreg/analysis.hpp"
#include "support.hpp"

using linreg::Dataset;
using linreg::ErrorCode;
using linreg::Options;
using linreg::Trainer;
using linreg::test::check_refused;
using linreg::test::infinity;
using linreg::test::not_a_number;

namespace {

Options options_of_data(bool standardize) {
  Options options;
  options.standardize = standardize;
  return options;
}

const char* const too_far = "in units whose ratio to the features' is within float64's range";

}  // namespace

TEST_CASE("data of a wrong shape are refused", "[trainer]") {
  const bool drawn = GENERATE(false, true);
  const Options options = options_of_data(GENERATE(false, true));
  const auto create = [&](const Dataset& data) { return Trainer::create(options, data, drawn); };
  check_refused(create({}), ErrorCode::invalid_data, "d", "a whole number from 1 to 256");
  check_refused(create(*linreg::reserve_dataset(5, 2)), ErrorCode::invalid_data, "labels", "at least one number");
  check_refused(create({{1, 2}, {1, 2, 3}, 1, {"x"}}), ErrorCode::invalid_data, "features",
                "3 numbers: d for each label");
  check_refused(create({{1, 2, 3}, {1, 2}, 1, {"x"}}), ErrorCode::invalid_data, "features");
  check_refused(create({{1, 2}, {1, 2}, 1, {}}), ErrorCode::invalid_data, "names", "1 names: one for each feature");
  check_refused(create({{1, 2}, {1, 2}, 1, {"x", "y"}}), ErrorCode::invalid_data, "names");
  check_refused(create({std::vector<double>(257), {1}, 257, std::vector<std::string>(257)}), ErrorCode::invalid_data,
                "d");
  check_refused(create({{}, std::vector<double>(linreg::max_rows + 1), 1, {"x"}}), ErrorCode::out_of_memory, "labels");
}

TEST_CASE("a cell that cannot be used is named, whatever it does to its column", "[trainer]") {
  const Options options = options_of_data(GENERATE(false, true));
  const double bad = GENERATE(not_a_number, infinity, -infinity, 1.1e307, -1.7e308);
  CAPTURE(options.standardize, bad);
  const auto feature = Trainer::create(options, Dataset{{1, 2, 3, bad, 5, 6}, {1, 2, 3}, 2, {"a", "b"}});
  check_refused(feature, ErrorCode::invalid_data, "features[1][1]", "a finite number from -1e307 to 1e307");
  CHECK(linreg::test::same_bits(feature.error().value.value_or(0.0), bad));
  check_refused(Trainer::create(options, Dataset{{1, 2, 3}, {1, 2, bad}, 1, {"x"}}), ErrorCode::invalid_data,
                "labels[2]");
}

TEST_CASE("standardised columns in units too far apart are refused, by trainer and analysis", "[trainer][analysis]") {
  const Dataset data = GENERATE(Dataset{{1, 1, 2, 5, 3, 2, 4, 9}, {1e-308, 2e-308, 3e-308, 5e-308}, 2, {"a", "b"}},
                                Dataset{{1e-307, 2e-307, 3e-307, 4e-307}, {100, 200, 300, 450}, 1, {"x"}},
                                Dataset{{1e8, 1e8 + 1, 1e8 + 2, 1e8 + 4}, {1e306, 2e306, 3e306, 1e306}, 1, {"x"}},
                                Dataset{{1, 4, 2, 4, 3, 4, 4, 4}, {1e-308, 2e-308, 3e-308, 5e-308}, 2, {"x", "fixed"}});
  check_refused(Trainer::create(options_of_data(true), data), ErrorCode::invalid_data, "labels", too_far);
  for (const auto kind : linreg::test::all_losses) {
    linreg::Analysis analysis(data, linreg::StandardScaler::fit(data));
    while (!analysis.run({kind, linreg::Reduction::mean, 1.0}, 1e9)) {
    }
    REQUIRE(analysis.error());
    CHECK(analysis.error()->field == "labels");
    CHECK(analysis.error()->range == too_far);
  }
}

TEST_CASE("standardised columns of any units not as far apart have finite weights, and the right ones", "[trainer]") {
  // The labels are 2 x + 3 of the feature in its own unit, but for the last, and that in theirs.
  const auto [of_feature, of_label] = GENERATE(table<double, double>(
      {{1, 1}, {1, 1e305}, {1, 1e-305}, {1e305, 1}, {1e-305, 1}, {1e305, 1e305}, {1e-305, 1e-305}}));
  CAPTURE(of_feature, of_label);
  const auto data_of = [](double x, double y) {
    return Dataset{{1 * x, 2 * x, 3 * x, 5 * x}, {5 * y, 7 * y, 9 * y, 13.5 * y}, 1, {"x"}};
  };
  const Dataset data = data_of(of_feature, of_label);
  const Dataset plain = data_of(1, 1);
  Trainer trainer = linreg::test::created(options_of_data(true), data);
  trainer.train();
  const auto reached = trainer.coefficients();
  CHECK(std::isfinite(reached.weight[0]));
  CHECK(std::isfinite(reached.bias));
  for (const auto kind : linreg::test::all_losses) {
    CAPTURE(kind);
    linreg::Analysis scaled(data, linreg::StandardScaler::fit(data));
    linreg::Analysis expected(plain, linreg::StandardScaler::fit(plain));
    for (auto* analysis : {&scaled, &expected}) {
      while (!analysis->run({kind, linreg::Reduction::mean, 0.01}, 1e9)) {
      }
      REQUIRE_FALSE(analysis->error());
    }
    const auto& got = scaled.optimum();
    const auto& wanted = expected.optimum();
    CHECK_THAT(got.trained.weight[0], Catch::Matchers::WithinRel(wanted.trained.weight[0], 1e-9));
    CHECK_THAT(got.trained.bias, Catch::Matchers::WithinAbs(wanted.trained.bias, 1e-9));
    CHECK_THAT(got.mean_loss, Catch::Matchers::WithinRel(wanted.mean_loss, 1e-6) ||
                                  Catch::Matchers::WithinAbs(wanted.mean_loss, 1e-14));
    CHECK_THAT(got.own.weight[0], Catch::Matchers::WithinRel(wanted.own.weight[0] * (of_label / of_feature), 1e-9));
  }
}
