#include "l1_edges.hpp"

#include <catch2/catch_all.hpp>

#include "closed_form.hpp"
#include "l1_vertices.hpp"
#include "robust_fit.hpp"

using Catch::Matchers::WithinRel;
using linreg::Loss;
using linreg::LossKind;
using linreg::Reduction;
using linreg::test::least_mean_size;
using linreg::test::Problem;
using linreg::test::Random;

namespace {

/// Whole numbers of about this size: the smaller, the more rows a model meets at once.
Problem whole_problem(std::uint64_t seed, std::size_t d, double size) {
  Random random(seed);
  Problem problem{d, {}, {}};
  for (int i = 0; i < 12; ++i) {
    for (std::size_t j = 0; j < d; ++j) problem.features.push_back(std::round(size * random.normal()));
    problem.labels.push_back(std::round(size * random.normal()));
  }
  return problem;
}

}  // namespace

TEST_CASE("along the edges it is a few passes over the rows to the least of all vertices", "[robust_fit]") {
  const std::size_t d = GENERATE(as<std::size_t>{}, 1, 2, 3);
  const bool intercept = GENERATE(true, false);
  const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{11}));
  CAPTURE(d, intercept, seed);
  const auto problem = whole_problem(seed, d, 10.0);
  const std::size_t p = d + (intercept ? 1 : 0);
  std::vector<double> row(p, 1.0);
  std::size_t looked_at = 0;
  const linreg::ModelRows rows{problem.n(), p, [&](std::size_t i) {
                                 ++looked_at;
                                 std::copy_n(&problem.features[i * d], d, row.begin());
                                 return std::span<const double>(row);
                               }};
  std::vector<double> residual = problem.labels;
  std::vector<double> theta(p);
  auto work = linreg::descend_edges(rows, residual, theta);
  REQUIRE(work.run(2e4));  // where it goes astray it takes 4e9
  CHECK(looked_at <= 30 * problem.n());

  const double least = least_mean_size(problem, intercept);
  const Loss loss{LossKind::l1, Reduction::mean, 1.0};
  const double bias = intercept ? theta[d] : 0.0;
  CHECK_THAT(linreg::test::loss_of(problem, loss, theta, bias), WithinRel(least, 1e-12));
  for (std::size_t i = 0; i < problem.n(); ++i) CHECK(std::abs(residual[i] + problem.residual(i, theta, bias)) < 1e-12);
}

TEST_CASE("L1 where models meet many rows at once: the least of all vertices, soon", "[robust_fit]") {
  const std::size_t d = GENERATE(as<std::size_t>{}, 1, 2, 3);
  const double size = GENERATE(1.0, 3.0);
  const bool intercept = GENERATE(true, false);
  const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{11}));
  CAPTURE(d, size, intercept, seed);
  const auto problem = whole_problem(seed, d, size);
  const auto rows = linreg::test::gathered(problem, intercept);
  const auto fit = *rows.solve();
  REQUIRE(fit.unique);
  const linreg::Dataset data{problem.features, problem.labels, d, {}};
  auto fitting = linreg::RobustFitting::create(data, rows, fit).value();
  auto work = fitting.solve({LossKind::l1, Reduction::mean, 1.0}, 1.0);
  REQUIRE(work.run(2e6));
  const double least = least_mean_size(problem, intercept);
  const auto robust = work.take();
  CHECK_THAT(robust.mean_loss, WithinRel(least, 1e-12));
}

TEST_CASE("L1 where most labels are 0 but for rounding is no more work than elsewhere", "[robust_fit]") {
  constexpr std::size_t d = 10;
  constexpr std::size_t n = 300;
  Random random(5);
  Problem problem{d, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) problem.features.push_back(random.normal());
    problem.labels.push_back(i % 10 < 7 ? 0.1 + 0.2 - 0.3 : random.normal());
  }
  const auto rows = linreg::test::gathered(problem, false);
  const auto fit = *rows.solve();
  const linreg::Dataset data{problem.features, problem.labels, d, {}};
  auto fitting = linreg::RobustFitting::create(data, rows, fit).value();
  auto work = fitting.solve({LossKind::l1, Reduction::mean, 1.0}, 1.0);
  CHECK(work.run(6e7));
}
