#include "linreg/least_squares.hpp"

#include <array>
#include <catch2/catch_all.hpp>
#include <limits>
#include <numeric>

#include "closed_form.hpp"
#include "linreg/refinement.hpp"

using Catch::Matchers::WithinRel;
using linreg::ErrorCode;
using linreg::test::check_finite;
using linreg::test::fitted;
using linreg::test::gathered;
using linreg::test::random_problem;

TEST_CASE("constant labels have no R2", "[least_squares]") {
  auto problem = random_problem(61, 40, 2, 0.0);
  std::ranges::fill(problem.labels, GENERATE(0.0, 0.1, -3e200));
  const auto fit = fitted(problem);
  CHECK_FALSE(fit.r2);
  CHECK_THAT(fit.bias, WithinRel(problem.labels[0], 1e-14));
  check_finite(fit);
}

TEST_CASE("a feature near 1e8 with spread 1 loses no digits", "[least_squares]") {
  const std::size_t block = GENERATE(as<std::size_t>{}, 1, 64, 1000);
  auto problem = random_problem(71, 400, 2, 0.5);
  for (double& x : problem.features) x = std::round(x * 4096.0) / 4096.0;  // so that adding 1e8 rounds nothing
  const auto plain = fitted(problem);
  for (std::size_t i = 0; i < problem.n(); ++i) problem.features[2 * i] += 1e8;
  const auto shifted = fitted(problem, true, block);
  CHECK(shifted.unique);
  CHECK_FALSE(shifted.ill_conditioned);
  for (std::size_t j = 0; j < 2; ++j) {
    CHECK_THAT(shifted.weight[j], WithinRel(plain.weight[j], 1e-12));
    CHECK_THAT(shifted.weight_se[j].value(), WithinRel(plain.weight_se[j].value(), 1e-12));
  }
  CHECK_THAT(shifted.bias, WithinRel(plain.bias - 1e8 * plain.weight[0], 1e-12));
}

TEST_CASE("values at the ends of float64", "[least_squares]") {
  auto problem = random_problem(81, 100, 3, 0.1);
  const auto plain = fitted(problem);
  SECTION("features and labels alike") {
    const double scale = GENERATE(1e300, 1e-300, 1e-310);
    for (double& x : problem.features) x *= scale;
    for (double& y : problem.labels) y *= scale;
    const auto fit = fitted(problem, true, GENERATE(as<std::size_t>{}, 1, 1000));
    check_finite(fit);
    if (scale < 1e-308) return;  // subnormal numbers have few digits
    for (std::size_t j = 0; j < 3; ++j) CHECK_THAT(fit.weight[j], WithinRel(plain.weight[j], 1e-9));
    CHECK_THAT(fit.bias / scale, WithinRel(plain.bias, 1e-9));
  }
  SECTION("a ratio that does not fit is refused") {
    for (double& x : problem.features) x *= 1e-300;
    for (double& y : problem.labels) y *= 1e300;
    const auto fit = gathered(problem).solve();
    REQUIRE_FALSE(fit);
    CHECK(fit.error().code == ErrorCode::invalid_data);
    CHECK(fit.error().field == "labels");
    CHECK(linreg::refine(gathered(problem), problem.features, problem.labels).error().field == "labels");
  }
  SECTION("one outlier") {
    problem.features[4] = GENERATE(1e15, 1e300);
    check_finite(fitted(problem, true, GENERATE(as<std::size_t>{}, 1, 1000)));
    problem.labels[7] = 1e307;
    check_finite(fitted(problem));
  }
  SECTION("small values first, huge ones later") {
    for (std::size_t i = 0; i < 50; ++i) problem.features[3 * i] *= 1e-300;
    for (std::size_t i = 50; i < 100; ++i) problem.features[3 * i] *= 1e300;
    check_finite(fitted(problem, true, GENERATE(as<std::size_t>{}, 1, 10, 1000)));
  }
  SECTION("the largest numbers there are") {
    for (double& x : problem.features) x = std::copysign(std::numeric_limits<double>::max(), x);
    for (double& y : problem.labels) y = std::copysign(std::numeric_limits<double>::max(), y);
    const auto fit = gathered(problem).solve();
    if (fit) check_finite(*fit);
    const auto refined = linreg::refine(gathered(problem), problem.features, problem.labels);
    if (refined) check_finite(*refined);
  }
}
