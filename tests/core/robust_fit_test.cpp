#include "robust_fit.hpp"

#include <catch2/catch_all.hpp>
#include <limits>
#include <numeric>

#include "closed_form.hpp"
#include "l1_vertices.hpp"
#include "support.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::Dataset;
using linreg::LeastSquares;
using linreg::LeastSquaresFit;
using linreg::Loss;
using linreg::LossKind;
using linreg::Reduction;
using linreg::RobustFit;
using linreg::test::gathered;
using linreg::test::gradient_of;
using linreg::test::loss_of;
using linreg::test::Problem;
using linreg::test::Random;
using linreg::test::random_problem;

namespace {

struct Solved {
  std::vector<double> weight;
  double bias;
  double mean_loss;
};

Solved solved(const Problem& problem, const Loss& loss, bool intercept = true, double flops = 1e9,
              double label_unit = 1.0) {
  const Dataset data{problem.features, problem.labels, problem.d, {}};
  const LeastSquares rows = gathered(problem, intercept);
  const LeastSquaresFit fit = *rows.solve();
  auto fitting = linreg::RobustFitting::create(data, rows, fit).value();
  auto work = fitting.solve(loss, label_unit);
  while (!work.run(flops)) CHECK(work.progress() <= 1.0);
  CHECK(work.progress() == 1.0);
  RobustFit robust = work.take();
  double bias = 0.0;
  if (intercept) {
    const auto mean = [&](auto value) {
      double sum = 0.0;
      for (std::size_t i = 0; i < problem.n(); ++i) sum += value(i) / static_cast<double>(problem.n());
      return sum;
    };
    bias = robust.offset + mean([&](std::size_t i) { return problem.labels[i]; });
    for (std::size_t j = 0; j < problem.d; ++j)
      bias -= robust.weight[j] * mean([&](std::size_t i) { return problem.x(i, j); });
  }
  return {std::move(robust.weight), bias, robust.mean_loss};
}

/// Rows that the model passes through exactly, but for rounding.
std::vector<std::size_t> touched(const Problem& problem, const Solved& at) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < problem.n(); ++i) {
    if (std::abs(problem.residual(i, at.weight, at.bias)) < 1e-12) rows.push_back(i);
  }
  return rows;
}

}  // namespace

TEST_CASE("Huber and SmoothL1: the gradient at the optimum is zero to rounding", "[robust_fit]") {
  const auto kind = GENERATE(LossKind::huber, LossKind::smooth_l1);
  const Loss loss{kind, Reduction::mean, GENERATE(10.0, 0.5, 0.1, 1e-3)};
  const std::size_t n = GENERATE(as<std::size_t>{}, 10, 90, 1000);
  const std::size_t d = GENERATE(as<std::size_t>{}, 1, 3, 8);
  CAPTURE(loss.delta, n, d);
  const auto problem = random_problem(n + d, n, d, 0.5);
  const auto at = solved(problem, loss);
  const auto gradient = gradient_of(problem, loss, at.weight, at.bias);
  // Rounding in a residual of size 1 is 1e-16; where only a few rows of a narrow zone decide, relative to delta.
  const double tolerance = 1e-14 + 1e-14 / std::min(1.0, loss.delta);
  for (std::size_t j = 0; j <= d; ++j) CHECK(std::abs(gradient.sum[j]) <= tolerance * gradient.sizes[j]);
  CHECK_THAT(at.mean_loss, WithinRel(loss_of(problem, loss, at.weight, at.bias), 1e-12));
}

TEST_CASE("L1: the optimum passes through d + 1 rows, and no direction leads down from it", "[robust_fit]") {
  const std::size_t n = GENERATE(as<std::size_t>{}, 10, 91, 1000);
  const std::size_t d = GENERATE(as<std::size_t>{}, 1, 3, 8);
  CAPTURE(n, d);
  const auto problem = random_problem(n + d, n, d, 0.5);
  const Loss loss{LossKind::l1, Reduction::mean, 1.0};
  const auto at = solved(problem, loss);
  CHECK_THAT(at.mean_loss, WithinRel(loss_of(problem, loss, at.weight, at.bias), 1e-12));

  // 0 is a subgradient: the rows off the model pull with their signs, and those on it can hold that with shares in [-1, 1].
  const auto rows = touched(problem, at);
  REQUIRE(rows.size() == d + 1);
  Problem balance{d + 1, {}, std::vector<double>(d + 1)};  // columns: the touched rows; labels: the pull
  for (std::size_t j = 0; j <= d; ++j) {
    for (const std::size_t row : rows) balance.features.push_back(j < d ? problem.x(row, j) : 1.0);
    for (std::size_t i = 0; i < n; ++i) {
      if (std::ranges::find(rows, i) != rows.end()) continue;
      const double sign = problem.residual(i, at.weight, at.bias) > 0.0 ? 1.0 : -1.0;
      balance.labels[j] -= sign * (j < d ? problem.x(i, j) : 1.0);
    }
  }
  const auto shares = linreg::test::fitted(balance, false);
  CHECK(shares.residual_norm < 1e-9 * static_cast<double>(n));
  for (const double share : shares.weight) CHECK(std::abs(share) <= 1.0 + 1e-9);
}

TEST_CASE("L1 over a bias alone is the median", "[robust_fit]") {
  const Problem odd{1, std::vector<double>(5), {7.0, -1.0, 3.0, 100.0, 2.0}};
  CHECK(solved(odd, {LossKind::l1, Reduction::mean, 1.0}).bias == 3.0);
  const Problem even{1, std::vector<double>(4), {7.0, -1.0, 3.0, 100.0}};
  const auto between = solved(even, {LossKind::l1, Reduction::mean, 1.0});
  CHECK(between.bias >= 3.0);
  CHECK(between.bias <= 7.0);
  CHECK_THAT(between.mean_loss, WithinRel(105.0 / 4.0, 1e-14));
  CHECK(between.weight == std::vector{0.0});
}

TEST_CASE("a tiny delta is the limit of L1, a large one least squares", "[robust_fit]") {
  const auto problem = random_problem(31, 200, 3, 0.5);
  const auto l1 = solved(problem, {LossKind::l1, Reduction::mean, 1.0});
  const double delta = GENERATE(1e-10, 1e-30, 1e-300);
  const auto huber = solved(problem, {LossKind::huber, Reduction::mean, delta});
  const auto smooth = solved(problem, {LossKind::smooth_l1, Reduction::mean, delta});
  CHECK(huber.weight == l1.weight);
  CHECK_THAT(huber.mean_loss / delta, WithinRel(l1.mean_loss, 1e-8));
  CHECK_THAT(smooth.mean_loss, WithinRel(l1.mean_loss, 1e-8));

  const auto fit = linreg::test::fitted(problem);
  const auto wide = solved(problem, {LossKind::huber, Reduction::mean, 1e30});
  for (std::size_t j = 0; j < 3; ++j) CHECK_THAT(wide.weight[j], WithinRel(fit.weight[j], 1e-13));
  CHECK_THAT(wide.mean_loss, WithinRel(0.5 * fit.residual_norm * fit.residual_norm / 200.0, 1e-12));
}

TEST_CASE("rows far off do not move L1 and Huber", "[robust_fit]") {
  auto problem = random_problem(37, 101, 2, 0.1);
  const Loss loss{GENERATE(LossKind::l1, LossKind::huber), Reduction::mean, 0.05};
  const auto before = solved(problem, loss);
  std::size_t moved = 0;
  for (std::size_t i = 0; i < problem.n(); ++i) {
    const double residual = -problem.residual(i, before.weight, before.bias);
    if (residual > 0.12) {
      problem.labels[i] += 1e9;
      ++moved;
    }
  }
  REQUIRE(moved > 1);
  const auto after = solved(problem, loss);
  for (std::size_t j = 0; j < 2; ++j) CHECK_THAT(after.weight[j], WithinAbs(before.weight[j], 1e-7));
  CHECK_THAT(after.bias, WithinAbs(before.bias, 1e-7));
}

TEST_CASE("ties, few rows, dependent columns, no intercept", "[robust_fit]") {
  const auto kind = GENERATE(LossKind::l1, LossKind::huber, LossKind::smooth_l1);
  const Loss loss{kind, Reduction::mean, 0.5};
  SECTION("whole numbers: many rows on the model at once") {
    Problem problem{2, {}, {}};
    Random random(41);
    for (int i = 0; i < 200; ++i) {
      const double a = std::round(2.0 * random.normal());
      const double b = std::round(2.0 * random.normal());
      problem.features.insert(problem.features.end(), {a, b});
      problem.labels.push_back(a - 2.0 * b + 1.0 + (i % 3 == 0 ? std::round(3.0 * random.normal()) : 0.0));
    }
    const auto at = solved(problem, loss);
    const double least = loss_of(problem, loss, at.weight, at.bias);
    CHECK_THAT(at.mean_loss, WithinRel(least, 1e-12));
    for (int trial = 0; trial < 200; ++trial) {
      const double size = std::pow(10.0, -(trial % 8));
      const std::vector<double> weight{at.weight[0] + size * random.normal(), at.weight[1] + size * random.normal()};
      CHECK(loss_of(problem, loss, weight, at.bias + size * random.normal()) >= least * (1.0 - 1e-9));
    }
  }
  SECTION("as many rows as parameters, and fewer") {
    const std::size_t n = GENERATE(as<std::size_t>{}, 1, 2, 4);
    const auto problem = random_problem(43, n, 3, 0.5);
    CHECK(solved(problem, loss).mean_loss < 1e-14);
  }
  SECTION("of dependent columns' weights the least") {
    auto problem = random_problem(47, 60, 3, 0.5);
    for (std::size_t i = 0; i < 60; ++i) problem.features[3 * i + 2] = 2.0 * problem.features[3 * i] - 1.0;
    const auto at = solved(problem, loss);
    CHECK_THAT(at.weight[2], WithinRel(2.0 * at.weight[0], 1e-12));
    CHECK_THAT(at.mean_loss, WithinRel(loss_of(problem, loss, at.weight, at.bias), 1e-12));
  }
  SECTION("no intercept") {
    const auto problem = random_problem(53, 60, 2, 0.5);
    const auto at = solved(problem, {kind, Reduction::mean, 1.0}, false);
    CHECK_THAT(at.mean_loss, WithinRel(loss_of(problem, {kind, Reduction::mean, 1.0}, at.weight, 0.0), 1e-12));
    const auto gradient = gradient_of(problem, {kind, Reduction::mean, 1.0}, at.weight, 0.0);
    if (kind == LossKind::l1) {
      CHECK_THAT(at.mean_loss, WithinRel(linreg::test::least_mean_size(problem, false), 1e-12));
    } else {
      for (std::size_t j = 0; j < 2; ++j) CHECK(std::abs(gradient.sum[j]) <= 1e-13 * gradient.sizes[j]);
    }
  }
}

TEST_CASE("L1: most labels equal, or most rows met exactly", "[robust_fit]") {
  const Loss l1{LossKind::l1, Reduction::mean, 1.0};
  const auto zero_model = [&](const Problem& problem, double bias) {
    return loss_of(problem, l1, std::vector<double>(problem.d), bias);
  };
  SECTION("the labels that are not the mean lie to both sides") {
    const Problem problem{1, {1, 0, -2, -1, -1, -1}, {20, 20, 19, 20, 21, 20}};
    const auto at = solved(problem, l1);
    CHECK_THAT(at.mean_loss, WithinRel(loss_of(problem, l1, at.weight, at.bias), 1e-12));
    CHECK_THAT(at.mean_loss, WithinRel(zero_model(problem, 20.0), 1e-12));
  }
  SECTION("two of many labels differ") {
    auto problem = random_problem(67, 101, 1, 0.5);
    problem.labels.assign(101, 0.0);
    problem.labels[3] = 5.0;
    problem.labels[70] = -5.0;
    CHECK_THAT(solved(problem, l1).mean_loss, WithinRel(zero_model(problem, 0.0), 1e-12));
  }
}

TEST_CASE("L1 of a few whole numbers: the least loss of all lines through two rows", "[robust_fit]") {
  const Loss l1{LossKind::l1, Reduction::mean, 1.0};
  const double unit = GENERATE(1.0, 0.1);
  const double base = GENERATE(0.0, 20.1);
  Random random(71);
  for (int trial = 0; trial < linreg::test::trials(4000); ++trial) {
    Problem problem{1, {}, {}};
    for (std::size_t left = 3 + random.below(8); left > 0; --left) {
      problem.features.push_back(unit * static_cast<double>(random.below(4)));
      problem.labels.push_back(base + unit * static_cast<double>(random.below(4)));
    }
    const auto at = solved(problem, l1);
    const std::vector<double>& x = problem.features;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < problem.n(); ++i) {
      least = std::min(least, loss_of(problem, l1, std::vector{0.0}, problem.labels[i]));
      for (std::size_t j = 0; j < i; ++j) {
        if (x[i] == x[j]) continue;
        const double slope = (problem.labels[i] - problem.labels[j]) / (x[i] - x[j]);
        least = std::min(least, loss_of(problem, l1, std::vector{slope}, problem.labels[i] - slope * x[i]));
      }
    }
    CAPTURE(problem.features, problem.labels, at.weight, at.bias, least);
    REQUIRE(std::abs(at.mean_loss - loss_of(problem, l1, at.weight, at.bias)) <= 1e-12 * unit);
    REQUIRE(at.mean_loss <= least + 1e-9 * unit);
  }
}

TEST_CASE("units change nothing, to the ends of float64", "[robust_fit]") {
  const auto kind = GENERATE(LossKind::l1, LossKind::huber, LossKind::smooth_l1);
  const auto problem = random_problem(59, 80, 2, 0.5);
  const auto plain = solved(problem, {kind, Reduction::mean, 0.25});
  const double x_unit = GENERATE(0x1p900, 0x1p-900, 1.0);
  const double y_unit = GENERATE(0x1p950, 0x1p-950);
  Problem scaled = problem;
  for (double& x : scaled.features) x *= x_unit;
  for (double& y : scaled.labels) y *= y_unit;
  if (!std::isfinite(y_unit / x_unit) || y_unit / x_unit == 0.0) return;
  const auto at = solved(scaled, {kind, Reduction::mean, 0.25}, true, 1e9, y_unit);
  for (std::size_t j = 0; j < 2; ++j) CHECK_THAT(at.weight[j] / (y_unit / x_unit), WithinRel(plain.weight[j], 1e-12));
  CHECK_THAT(at.mean_loss, WithinRel(plain.mean_loss, 1e-12));
}

TEST_CASE("slices change no bit", "[robust_fit]") {
  const auto kind = GENERATE(LossKind::l1, LossKind::huber);
  const auto problem = random_problem(61, 500, 3, 0.5);
  const auto whole = solved(problem, {kind, Reduction::mean, 0.1});
  const auto sliced = solved(problem, {kind, Reduction::mean, 0.1}, true, GENERATE(1.0, 1e4));
  CHECK(sliced.weight == whole.weight);
  CHECK(sliced.mean_loss == whole.mean_loss);
}
