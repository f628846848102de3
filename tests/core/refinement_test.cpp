#include "linreg/refinement.hpp"

#include <catch2/catch_all.hpp>

#include "closed_form.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::ErrorCode;
using linreg::LeastSquares;
using linreg::Refinement;
using linreg::test::digits;
using linreg::test::gathered;
using linreg::test::Problem;
using linreg::test::Random;
using linreg::test::strd;

TEST_CASE("certified data: digits of the refined fit", "[refinement][strd]") {
  struct Goal {
    std::string name;
    double coef;
    double se;
    double r2;
  };
  // Filip's limit is its powers of x, which float64 rounds; Norris's and Longley's their decimals. Where R2 is near 1 or near 0
  // its digits follow those of the residual.
  const auto goal =
      GENERATE(Goal{"Norris", 13.5, 12, 10.5}, Goal{"Longley", 14, 11, 10.5}, Goal{"Wampler4", 13, 12, 10.5},
               Goal{"Pontius", 13, 12, 10.5}, Goal{"NoInt1", 15, 14, 14}, Goal{"NoInt2", 15, 14, 14},
               Goal{"Filip", 7.5, 7.5, 10}, Goal{"Wampler1", 13, 15, 15}, Goal{"Wampler2", 13, 14, 15},
               Goal{"Wampler3", 13, 12, 10.5}, Goal{"Wampler5", 13, 12, 10.5});
  CAPTURE(goal.name);
  const auto set = strd(goal.name);
  const auto& problem = set.problem;
  const auto fit = linreg::refine(gathered(problem, set.intercept), problem.features, problem.labels);
  REQUIRE(fit);
  CHECK(fit->refined);
  CHECK(fit->rank == set.coef.size());
  CHECK(fit->unique);
  const std::size_t one = set.intercept ? 1 : 0;
  for (std::size_t j = 0; j < problem.d; ++j) {
    CHECK(digits(fit->weight[j], set.coef[j + one]) >= goal.coef);
    CHECK(digits(fit->weight_se[j].value(), set.se[j + one]) >= goal.se);
  }
  if (set.intercept) {
    CHECK(digits(fit->bias, set.coef[0]) >= goal.coef);
    CHECK(digits(fit->bias_se.value(), set.se[0]) >= goal.se);
  }
  CHECK(digits(fit->residual_std.value(), set.rsd) >= goal.se);
  CHECK(digits(fit->r2.value(), set.r2) >= goal.r2);
}

TEST_CASE("refined coefficients are those of the float64 data, rounded", "[refinement][strd]") {
  const std::string name = GENERATE("Norris", "Longley", "Pontius", "NoInt1", "NoInt2", "Filip", "Wampler1", "Wampler2",
                                    "Wampler3", "Wampler4", "Wampler5");
  CAPTURE(name);
  const auto set = strd(name);
  const auto fit = linreg::refine(gathered(set.problem, set.intercept), set.problem.features, set.problem.labels);
  const std::size_t one = set.intercept ? 1 : 0;
  for (std::size_t j = 0; j < set.problem.d; ++j) CHECK(fit->weight[j] == std::stod(set.coef_float64[j + one]));
  if (set.intercept) CHECK(fit->bias == std::stod(set.coef_float64[0]));
}

TEST_CASE("refinement may stream, and counts its rows", "[refinement]") {
  const auto set = strd("Longley");
  const auto& problem = set.problem;
  const auto rows = gathered(problem);
  const auto at_once = linreg::refine(rows, problem.features, problem.labels);

  auto refinement = Refinement::create(rows);
  REQUIRE(refinement);
  int passes = 0;
  for (bool again = true; again; ++passes) {
    for (std::size_t i = problem.n(); i-- > 0;) {  // the other way round
      REQUIRE(refinement->add({&problem.features[i * problem.d], problem.d}, {&problem.labels[i], 1}));
    }
    const auto more = refinement->end_pass();
    REQUIRE(more);
    again = *more;
  }
  CHECK(passes <= 3);
  CHECK(refinement->fit()->weight == at_once->weight);

  REQUIRE(refinement->add({problem.features.data(), 2 * problem.d}, {problem.labels.data(), 2}));
  const auto refused = refinement->end_pass();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_state);
  CHECK_FALSE(refinement->add({problem.features.data(), 3}, {problem.labels.data(), 2}));
}

TEST_CASE("where columns are dependent, each standard error is a slice", "[refinement]") {
  const std::size_t n = 60;
  const std::size_t d = 40;
  Problem problem = linreg::test::random_problem(71, n, d, 0.5);
  for (std::size_t i = 0; i < n; ++i) {
    double* row = &problem.features[i * d];
    for (std::size_t j = 20; j < d; ++j) row[j] = row[j - 20] - 2.0 * row[(j + 1) % 20];
  }
  auto refinement = Refinement::create(gathered(problem));
  REQUIRE(refinement);
  for (bool again = true; again; again = *refinement->end_pass()) {
    REQUIRE(refinement->add(problem.features, problem.labels));
  }
  const auto whole = refinement->fit();
  auto sliced = refinement->fit_in_slices();
  std::size_t slices = 1;
  while (!sliced.run(1.0)) ++slices;
  CHECK(slices > d);
  const auto fit = sliced.take();
  REQUIRE(whole);
  REQUIRE(fit);
  CHECK(fit->dependent.size() == 20);
  CHECK(fit->weight == whole->weight);
  CHECK(fit->weight_se == whole->weight_se);
  CHECK(fit->bias_se == whole->bias_se);
}

TEST_CASE("an exact fit has exactly no residual once refined", "[refinement]") {
  Random random(111);
  Problem problem{3, {}, {}};
  for (std::size_t i = 0; i < 99; ++i) {
    double label = 4.0;
    for (const double w : {2.0, 0.0, -3.0}) {
      const double x = std::round(1000.0 * random.normal());
      problem.features.push_back(x);
      label += w * x;
    }
    problem.labels.push_back(label);
  }
  const auto fit = linreg::refine(gathered(problem), problem.features, problem.labels);
  CHECK(fit->refined);
  CHECK(fit->weight[0] == 2.0);
  CHECK_THAT(fit->weight[1], WithinAbs(0.0, 1e-25));
  CHECK(fit->weight[2] == -3.0);
  CHECK(fit->bias == 4.0);
  CHECK(fit->residual_norm == 0.0);
  CHECK(fit->r2.value() == 1.0);
}

TEST_CASE("rows that are not finite are refused by their cell, and the pass goes on", "[refinement]") {
  const Problem problem = linreg::test::random_problem(73, 200, 3, 0.5);
  const auto rows = gathered(problem);
  const double bad = GENERATE(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
  const auto check = [](const auto& refused, const std::string& field) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_data);
    CHECK(refused.error().field == field);
    CHECK(refused.error().range == "a finite number");
  };
  auto features = problem.features;
  auto labels = problem.labels;
  features[3 * 150 + 2] = bad;
  check(linreg::refine(rows, features, problem.labels), "features[150][2]");
  labels[7] = bad;
  check(linreg::refine(rows, problem.features, labels), "labels[7]");

  auto refinement = *Refinement::create(rows);
  REQUIRE(refinement.add({problem.features.data(), 3 * 100}, {problem.labels.data(), 100}));
  check(refinement.add(std::span(features).subspan(3 * 100), std::span(labels).subspan(100)), "features[150][2]");
  for (bool again = true, first = true; again; first = false) {
    if (!first) REQUIRE(refinement.add({problem.features.data(), 3 * 100}, {problem.labels.data(), 100}));
    REQUIRE(refinement.add({&problem.features[3 * 100], 3 * 100}, {&problem.labels[100], 100}));
    again = *refinement.end_pass();
  }
  CHECK(refinement.fit()->weight == linreg::refine(rows, problem.features, problem.labels)->weight);
}
