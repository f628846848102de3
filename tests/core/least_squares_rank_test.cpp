#include "linreg/least_squares.hpp"

#include <array>
#include <catch2/catch_all.hpp>
#include <limits>
#include <numeric>

#include "closed_form.hpp"
#include "linreg/refinement.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::ErrorCode;
using linreg::LeastSquares;
using linreg::test::check_finite;
using linreg::test::fitted;
using linreg::test::gathered;
using linreg::test::Problem;
using linreg::test::Random;
using linreg::test::random_problem;
using linreg::test::strd;

TEST_CASE("certified data: no set loses its rank, and only Filip is called ill-conditioned", "[least_squares][strd]") {
  const std::string name = GENERATE("Norris", "Longley", "Wampler1", "Wampler5", "Pontius", "NoInt1", "Filip");
  CAPTURE(name);
  const auto set = strd(name);
  const auto fit = fitted(set.problem, set.intercept, GENERATE(as<std::size_t>{}, 1, 7, 1000));
  CHECK(fit.rank == set.coef.size());
  CHECK(fit.ill_conditioned == (name == "Filip"));
  CHECK_FALSE(fit.refined);
}

TEST_CASE("dependent columns are named, and change no prediction", "[least_squares]") {
  const std::size_t n = GENERATE(as<std::size_t>{}, 12, 300, 20000);
  auto problem = random_problem(31, n, 6, 0.1);
  for (std::size_t i = 0; i < n; ++i) {
    double* row = &problem.features[i * 6];
    row[1] = 7.3;                          // constant
    row[3] = row[0] / 3.0 - 2.0 * row[2];  // a combination
    row[5] = 1e6 * row[4] + 0.1;           // a combination with the constant, in other units
  }
  const auto fit = fitted(problem, true, GENERATE(as<std::size_t>{}, 1, 50, 100000));
  CHECK(fit.dependent == std::vector<std::size_t>{1, 3, 5});
  CHECK(fit.rank == 4);
  CHECK_FALSE(fit.unique);
  CHECK_FALSE(fit.ill_conditioned);
  CHECK(fit.weight[1] == 0.0);
  CHECK_FALSE(fit.weight_se[1]);
  Problem independent{3, {}, problem.labels};
  for (std::size_t i = 0; i < n; ++i) {
    for (const std::size_t j : std::array<std::size_t, 3>{0, 2, 4}) independent.features.push_back(problem.x(i, j));
  }
  const auto alone = fitted(independent);
  CHECK(alone.unique);
  const double share = 1e6 * fit.weight[5] + fit.weight[4];
  CHECK_THAT(fit.weight[0] + fit.weight[3] / 3.0, WithinRel(alone.weight[0], 1e-10));
  CHECK_THAT(fit.weight[2] - 2.0 * fit.weight[3], WithinRel(alone.weight[1], 1e-10));
  CHECK_THAT(share, WithinRel(alone.weight[2], 1e-10));
  CHECK_THAT(fit.bias + 0.1 * fit.weight[5], WithinRel(alone.bias, 1e-10));
  CHECK_THAT(fit.residual_norm, WithinRel(alone.residual_norm, 1e-10));
  const auto refined = linreg::refine(gathered(problem), problem.features, problem.labels);
  CHECK(refined->refined);
  CHECK(refined->dependent == fit.dependent);
}

TEST_CASE("zeros, duplicates and an intercept of the user's own", "[least_squares]") {
  Problem problem{3, {}, {}};
  Random random(41);
  for (std::size_t i = 0; i < 30; ++i) {
    const double x = random.normal();
    problem.features.insert(problem.features.end(), {0.0, x, x});
    problem.labels.push_back(2.0 * x + 1.0 + 0.1 * random.normal());
  }
  CHECK(fitted(problem).dependent == std::vector<std::size_t>{0, 2});
  for (std::size_t i = 0; i < 30; ++i) problem.features[3 * i] = 1.0;
  CHECK(fitted(problem, true).dependent == std::vector<std::size_t>{0, 2});
  const auto fit = fitted(problem, false);  // without an intercept the constant column is one
  CHECK(fit.dependent == std::vector<std::size_t>{2});
  CHECK(fit.bias == 0.0);
  CHECK_FALSE(fit.bias_se);
}

TEST_CASE("of many solutions that of minimum norm", "[least_squares]") {
  // Two columns of which one is `ratio` times the other: the weights' ratio is the same, and so is that of their errors.
  const double ratio = GENERATE(2.0, -0.125, 1e8, -1e-8, 1e150, 1e-150);
  const double unit = GENERATE(1.0, 1e100, 1e-100);
  auto problem = random_problem(37, 40, 3, 0.3);
  Problem alone{2, {}, problem.labels};
  for (std::size_t i = 0; i < 40; ++i) {
    double* row = &problem.features[i * 3];
    row[0] *= unit;
    row[2] = ratio * row[0];
    alone.features.insert(alone.features.end(), {row[0], row[1]});
  }
  CAPTURE(ratio, unit);
  const auto fit = fitted(problem);
  const auto one = fitted(alone);
  CHECK(fit.dependent == std::vector<std::size_t>{2});
  const double norm = 1.0 + ratio * ratio;  // of (1, ratio), squared
  const double tolerance = 1e-12 * std::max(std::abs(ratio), 1.0 / std::abs(ratio));
  const double length = std::abs(one.weight[0]) / std::sqrt(norm);
  CHECK_THAT(fit.weight[0], WithinAbs(one.weight[0] / norm, 1e-13 * length));
  CHECK_THAT(fit.weight[2], WithinAbs(ratio * one.weight[0] / norm, 1e-13 * length));
  CHECK_THAT(fit.weight[1], WithinRel(one.weight[1], 1e-13));
  CHECK_THAT(fit.weight_se[1].value(), WithinRel(one.weight_se[1].value(), 1e-13));
  CHECK_THAT(fit.bias, WithinRel(one.bias, 1e-12));
  CHECK_THAT(fit.bias_se.value(), WithinRel(one.bias_se.value(), 1e-12));
  if (tolerance < 1e-3) {  // beyond, the lesser one is below the rounding of the greater
    CHECK_THAT(fit.weight_se[0].value(), WithinRel(one.weight_se[0].value() / norm, tolerance));
    CHECK_THAT(fit.weight_se[2].value(), WithinRel(std::abs(ratio) * one.weight_se[0].value() / norm, tolerance));
  }
}

TEST_CASE("few rows and few columns", "[least_squares]") {
  SECTION("one row") {
    const auto fit = fitted({2, {3.0, -1.0}, {5.0}});
    CHECK(fit.bias == 5.0);
    CHECK(fit.weight == std::vector<double>{0.0, 0.0});
    CHECK(fit.rank == 1);
    CHECK_FALSE(fit.unique);
    CHECK_FALSE(fit.residual_std);
    CHECK_FALSE(fit.r2);
    CHECK_FALSE(fit.bias_se);
    CHECK(fit.residual_norm == 0.0);
  }
  SECTION("two rows, one column") {
    const auto fit = fitted({1, {1.0, 2.0}, {10.0, 13.0}});
    CHECK_THAT(fit.weight[0], WithinRel(3.0, 1e-14));
    CHECK_THAT(fit.bias, WithinRel(7.0, 1e-14));
    CHECK(fit.unique);
    CHECK_FALSE(fit.r2);
    CHECK_FALSE(fit.weight_se[0]);
  }
  SECTION("n below d") {
    const std::size_t n = GENERATE(as<std::size_t>{}, 2, 3, 9, 10);
    const auto problem = random_problem(51, n, 10, 1.0);
    const auto fit = fitted(problem);
    CHECK(fit.rank == n);
    CHECK(fit.dependent.size() == 10 - (n - 1));
    CHECK_FALSE(fit.residual_std);
    CHECK_FALSE(fit.r2);
    for (std::size_t i = 0; i < n; ++i) CHECK_THAT(problem.residual(i, fit.weight, fit.bias), WithinAbs(0.0, 1e-10));
    check_finite(fit);
  }
  SECTION("no features: the mean") {
    const auto fit = fitted({0, {}, {1.0, 2.0, 6.0}});
    CHECK(fit.bias == 3.0);
    CHECK_THAT(fit.residual_std.value(), WithinRel(std::sqrt(7.0), 1e-14));
    CHECK_THAT(fit.bias_se.value(), WithinRel(std::sqrt(7.0 / 3.0), 1e-14));
    CHECK(fit.r2.value() == 0.0);
  }
  SECTION("no parameters at all") {
    const auto fit = fitted({0, {}, {3.0, 4.0}}, false);
    CHECK(fit.residual_norm == 5.0);
    CHECK(fit.rank == 0);
  }
  SECTION("no rows") {
    const auto fit = LeastSquares::create(2)->solve();
    REQUIRE_FALSE(fit);
    CHECK(fit.error().code == ErrorCode::invalid_state);
    CHECK(fit.error().field == "rows");
  }
}
