#include "linreg/curvature.hpp"

#include <catch2/catch_all.hpp>
#include <limits>
#include <numeric>

#include "closed_form.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::Curvature;
using linreg::ErrorCode;
using linreg::Hessian;
using linreg::LeastSquares;
using linreg::Loss;
using linreg::LossKind;
using linreg::Reduction;
using linreg::test::fitted;
using linreg::test::gradient_of;
using linreg::test::Problem;
using linreg::test::random_problem;

namespace {

Curvature curvature_of(const Problem& problem, const Loss& loss, const std::vector<double>& weight, double bias,
                       bool intercept = true, std::size_t block = 100000) {
  auto hessian = Hessian::create(loss, weight, bias, intercept);
  REQUIRE(hessian);
  for (std::size_t first = 0; first < problem.n(); first += block) {
    const std::size_t count = std::min(block, problem.n() - first);
    REQUIRE(hessian->add({problem.features.data() + first * problem.d, count * problem.d},
                         {problem.labels.data() + first, count}));
  }
  auto curvature = hessian->curvature();
  REQUIRE(curvature);
  return std::move(*curvature);
}

/// sum over k of eigenvalue_k q_k q_kᵀ.
std::vector<double> matrix_of(const Curvature& curvature) {
  const std::size_t p = curvature.parameters;
  std::vector<double> matrix(p * p);
  for (std::size_t k = 0; k < p; ++k) {
    for (std::size_t i = 0; i < p; ++i) {
      for (std::size_t j = 0; j < p; ++j) {
        matrix[i * p + j] +=
            curvature.eigenvalues[k] * curvature.directions[k * p + i] * curvature.directions[k * p + j];
      }
    }
  }
  return matrix;
}

void check_spectrum(const Curvature& curvature) {
  const std::size_t p = curvature.parameters;
  CHECK(std::ranges::is_sorted(curvature.eigenvalues));
  for (std::size_t i = 0; i < p; ++i) {
    CHECK(std::isfinite(curvature.eigenvalues[i]));
    CHECK(curvature.eigenvalues[i] >= 0.0);
    for (std::size_t j = 0; j < p; ++j) {
      double inner = 0.0;
      for (std::size_t k = 0; k < p; ++k) inner += curvature.directions[i * p + k] * curvature.directions[j * p + k];
      CHECK_THAT(inner, WithinAbs(i == j ? 1.0 : 0.0, 1e-13 * static_cast<double>(p)));
    }
  }
}

}  // namespace

TEST_CASE("the Hessian is the derivative of every loss's gradient", "[curvature]") {
  const auto kind = GENERATE(LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1);
  const auto reduction = GENERATE(Reduction::mean, Reduction::sum);
  const Loss loss{kind, reduction, GENERATE(0.4, 2.0)};
  const std::size_t d = GENERATE(as<std::size_t>{}, 1, 4);
  const auto problem = random_problem(7 + d, 90, d, 1.0);
  const auto fit = fitted(problem);
  const auto curvature = curvature_of(problem, loss, fit.weight, fit.bias);
  check_spectrum(curvature);
  CHECK(curvature.parameters == d + 1);
  CHECK(curvature.n == 90);
  if (kind == LossKind::mse) CHECK(curvature.curved_rows == 90);
  if (kind == LossKind::l1) CHECK(curvature.curved_rows == 0);
  CHECK(curvature.condition.has_value() == (kind != LossKind::l1));

  // Residuals are nowhere within 1e-7 of the end of a zone, so that the gradient is linear across the step.
  const auto matrix = matrix_of(curvature);
  const auto gradient = [&](const std::vector<double>& parameters) {
    return gradient_of(problem, loss, {parameters.begin(), parameters.end() - 1}, parameters.back()).sum;
  };
  std::vector<double> at = fit.weight;
  at.push_back(fit.bias);
  constexpr double step = 1e-8;
  for (std::size_t j = 0; j <= d; ++j) {
    auto above = at;
    auto below = at;
    above[j] += step;
    below[j] -= step;
    const auto high = gradient(above);
    const auto low = gradient(below);
    for (std::size_t i = 0; i <= d; ++i) {
      CHECK_THAT((high[i] - low[i]) / (2.0 * step),
                 WithinAbs(matrix[i * (d + 1) + j], 2e-6 * (1.0 + curvature.eigenvalues.back())));
    }
  }
  if (kind == LossKind::mse) {
    for (const double g : gradient(at)) CHECK_THAT(g, WithinAbs(0.0, 1e-12));
  }
}

TEST_CASE("blocks do not matter, the sum is n times the mean", "[curvature]") {
  const auto problem = random_problem(17, 300, 3, 1.0);
  const std::vector<double> weight{0.1, -0.2, 0.3};
  const Loss loss{LossKind::huber, Reduction::mean, 0.9};
  const auto whole = curvature_of(problem, loss, weight, 0.5);
  const auto blocks = curvature_of(problem, loss, weight, 0.5, true, GENERATE(as<std::size_t>{}, 1, 7, 120, 121));
  const auto sum = curvature_of(problem, {LossKind::huber, Reduction::sum, 0.9}, weight, 0.5);
  CHECK(blocks.curved_rows == whole.curved_rows);
  CHECK(whole.curved_rows > 0);
  CHECK(whole.curved_rows < 300);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK_THAT(blocks.eigenvalues[k], WithinRel(whole.eigenvalues[k], 1e-12));
    CHECK_THAT(sum.eigenvalues[k], WithinRel(300.0 * whole.eigenvalues[k], 1e-12));
  }
  for (std::size_t k = 0; k < 16; ++k) CHECK_THAT(blocks.row_squares[k], WithinAbs(whole.row_squares[k], 1e-10));
}

TEST_CASE("row_squares is the mean of the rows' squared Hessians", "[curvature]") {
  const auto problem = random_problem(19, 50, 2, 1.0);
  const auto curvature = curvature_of(problem, {}, {0.0, 0.0}, 0.0);
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      double mean = 0.0;
      for (std::size_t i = 0; i < 50; ++i) {
        const double x[] = {problem.x(i, 0), problem.x(i, 1), 1.0};
        double along_a = 0.0;
        double along_b = 0.0;
        double squares = 0.0;
        for (std::size_t k = 0; k < 3; ++k) {
          along_a += x[k] * curvature.directions[a * 3 + k];
          along_b += x[k] * curvature.directions[b * 3 + k];
          squares += x[k] * x[k];
        }
        mean += 4.0 * squares * along_a * along_b / 50.0;
      }
      CHECK_THAT(curvature.row_squares[a * 3 + b], WithinAbs(mean, 1e-11));
    }
  }
}

TEST_CASE("a feature near 1e8 with spread 1 has the right condition", "[curvature]") {
  // x = c + s, s = -1, 1: H = 2 [[c^2 + 1, c], [c, 1]], with determinant 4 and trace 2 (c^2 + 2).
  const double c = GENERATE(0.0, 1.0, 1e4, 1e8);
  const auto curvature = curvature_of({1, {c - 1.0, c + 1.0, c - 1.0, c + 1.0}, {0.0, 0.0, 0.0, 0.0}}, {}, {0.0}, 0.0);
  const double trace = 2.0 * (c * c + 2.0);
  const double largest = 0.5 * (trace + std::sqrt(trace * trace - 16.0));
  CHECK_THAT(curvature.eigenvalues[1], WithinRel(largest, 1e-14));
  CHECK_THAT(curvature.eigenvalues[0], WithinRel(4.0 / largest, 1e-7));
  CHECK_THAT(curvature.condition.value(), WithinRel(largest * largest / 4.0, 1e-7));
}

TEST_CASE("every machine finds the same spectrum, to the bit", "[curvature]") {
  const auto problem = linreg::test::strd("Longley").problem;
  const auto curvature = curvature_of(problem, {}, std::vector<double>(6), 0.0);
  CHECK(curvature.eigenvalues[0] == 0x1.f772600ec133cp-27);
  CHECK(curvature.eigenvalues[3] == 0x1.31c1c82b0d2fep+18);
  CHECK(curvature.eigenvalues[6] == 0x1.4236a0f044723p+38);
  CHECK(curvature.directions[10] == -0x1.40fde86a40fc8p-11);
}

TEST_CASE("flat directions have curvature zero", "[curvature]") {
  auto problem = random_problem(23, 60, 4, 0.1);
  for (std::size_t i = 0; i < 60; ++i) {
    problem.features[4 * i + 1] = 3.0;  // constant, like the bias
    problem.features[4 * i + 3] = problem.features[4 * i] + problem.features[4 * i + 2];
  }
  const auto curvature = curvature_of(problem, {}, {0.0, 0.0, 0.0, 0.0}, 0.0);
  check_spectrum(curvature);
  CHECK(curvature.eigenvalues[0] == 0.0);
  CHECK(curvature.eigenvalues[1] == 0.0);
  CHECK(curvature.eigenvalues[2] > 1e-3);
  CHECK_FALSE(curvature.condition);
}

TEST_CASE("few rows, no intercept, no features, many features", "[curvature]") {
  SECTION("one row") {
    const auto curvature = curvature_of({2, {3.0, 4.0}, {1.0}}, {}, {0.0, 0.0}, 0.0);
    check_spectrum(curvature);
    CHECK(curvature.eigenvalues[1] == 0.0);
    CHECK_THAT(curvature.eigenvalues[2], WithinRel(52.0, 1e-14));  // 2 (9 + 16 + 1)
  }
  SECTION("no intercept") {
    const auto curvature = curvature_of({1, {3.0, 1.0}, {1.0, 1.0}}, {}, {0.0}, 0.0, false);
    CHECK(curvature.parameters == 1);
    CHECK_THAT(curvature.eigenvalues[0], WithinRel(10.0, 1e-14));
    CHECK_THAT(curvature.condition.value(), WithinRel(1.0, 1e-14));
  }
  SECTION("the bias alone") {
    const auto curvature = curvature_of({0, {}, {1.0, 2.0}}, {}, {}, 0.0);
    CHECK_THAT(curvature.eigenvalues[0], WithinRel(2.0, 1e-14));
  }
  SECTION("no parameters") {
    const auto curvature = curvature_of({0, {}, {1.0, 2.0}}, {}, {}, 0.0, false);
    CHECK(curvature.eigenvalues.empty());
    CHECK_FALSE(curvature.condition);
  }
  SECTION("many") {
    const auto problem = random_problem(29, 400, 64, 0.1);
    const auto curvature = curvature_of(problem, {}, std::vector<double>(64), 0.0);
    check_spectrum(curvature);
    double trace = 2.0;
    for (const double x : problem.features) trace += 2.0 * x * x / 400.0;
    CHECK_THAT(std::accumulate(curvature.eigenvalues.begin(), curvature.eigenvalues.end(), 0.0),
               WithinRel(trace, 1e-12));
  }
}

TEST_CASE("what a Hessian refuses", "[curvature]") {
  auto hessian = Hessian::create({}, std::vector{0.0, 0.0}, 0.0);
  REQUIRE(hessian);
  CHECK(hessian->curvature().error().code == ErrorCode::invalid_state);
  const double bad =
      GENERATE(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e71, -1e300);
  auto result = hessian->add(std::vector{1.0, 2.0, 3.0, bad}, std::vector{1.0, 1.0});
  REQUIRE_FALSE(result);
  CHECK(result.error().field == "features[1][1]");
  result = hessian->add(std::vector{1.0, 2.0}, std::vector{std::numeric_limits<double>::quiet_NaN()});
  REQUIRE_FALSE(result);
  CHECK(result.error().field == "labels[0]");
  CHECK(hessian->add(std::vector{1.0}, std::vector{1.0}).error().field == "features");
  CHECK(hessian->curvature().error().code == ErrorCode::invalid_state);
  CHECK(Hessian::create({}, std::vector<double>(LeastSquares::max_columns), 0.0).error().code ==
        ErrorCode::out_of_memory);
  for (const auto& [loss, field] : linreg::test::refused_losses) {
    const auto refused = Hessian::create(loss, std::vector{0.0, 0.0}, 0.0);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_option);
    CHECK(refused.error().field == field);
  }
  REQUIRE(hessian->add(std::vector{1e70, -1e70, 1e-300, 0.0}, std::vector{1.0, 2.0}));
  check_spectrum(*hessian->curvature());
}
