// What the tests of the closed form share: problems gathered and fitted, losses and gradients straight from PyTorch's definitions.
#pragma once

#include <algorithm>
#include <catch2/catch_all.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "linreg/least_squares.hpp"
#include "linreg/loss.hpp"
#include "regression_data.hpp"

namespace linreg::test {

/// Losses that no options have, each with the field that is refused.
inline const std::vector<std::pair<Loss, std::string>> refused_losses{
    {{LossKind::huber, Reduction::mean, std::numeric_limits<double>::quiet_NaN()}, "delta"},
    {{LossKind::huber, Reduction::mean, -1.0}, "delta"},
    {{LossKind::huber, Reduction::sum, -std::numeric_limits<double>::infinity()}, "delta"},
    {{LossKind::smooth_l1, Reduction::mean, 0.0}, "delta"},
    {{static_cast<LossKind>(9), Reduction::mean, 1.0}, "loss"},
    {{LossKind::mse, static_cast<Reduction>(2), 1.0}, "reduction"}};

inline LeastSquares gathered(const Problem& problem, bool intercept = true, std::size_t block = 1000000) {
  auto rows = LeastSquares::create(problem.d, intercept);
  REQUIRE(rows);
  for (std::size_t first = 0; first < problem.n(); first += block) {
    const std::size_t count = std::min(block, problem.n() - first);
    REQUIRE(rows->add({problem.features.data() + first * problem.d, count * problem.d},
                      {problem.labels.data() + first, count}));
  }
  return std::move(*rows);
}

inline LeastSquaresFit fitted(const Problem& problem, bool intercept = true, std::size_t block = 1000000) {
  auto fit = gathered(problem, intercept, block).solve();
  REQUIRE(fit);
  return *fit;
}

inline void check_finite(const LeastSquaresFit& fit) {
  for (const double w : fit.weight) CHECK(std::isfinite(w));
  for (const auto& se : fit.weight_se) CHECK((!se || std::isfinite(*se)));
  CHECK(std::isfinite(fit.bias));
  CHECK((!fit.bias_se || std::isfinite(*fit.bias_se)));
  CHECK(std::isfinite(fit.residual_norm));
  CHECK((!fit.residual_std || std::isfinite(*fit.residual_std)));
  CHECK((!fit.r2 || (*fit.r2 >= 0.0 && *fit.r2 <= 1.0)));
  CHECK(std::isfinite(fit.condition));
}

/// The same fit but for roundings, amplified by the condition of well-behaved test data.
inline void check_same(const LeastSquaresFit& a, const LeastSquaresFit& b, double tolerance = 1e-12) {
  REQUIRE(a.weight.size() == b.weight.size());
  CHECK(a.n == b.n);
  CHECK(a.rank == b.rank);
  CHECK(a.dependent == b.dependent);
  for (std::size_t j = 0; j < a.weight.size(); ++j) {
    CHECK_THAT(a.weight[j], Catch::Matchers::WithinAbs(b.weight[j], tolerance));
    REQUIRE(a.weight_se[j].has_value() == b.weight_se[j].has_value());
    if (a.weight_se[j]) CHECK_THAT(*a.weight_se[j], Catch::Matchers::WithinRel(*b.weight_se[j], tolerance));
  }
  CHECK_THAT(a.bias, Catch::Matchers::WithinAbs(b.bias, tolerance));
  CHECK_THAT(a.residual_norm, Catch::Matchers::WithinRel(b.residual_norm, tolerance));
}

/// One residual's loss.
inline double loss_of(const Loss& loss, double residual) {
  const double r = std::abs(residual);
  switch (loss.kind) {
    case LossKind::mse: return r * r;
    case LossKind::l1: return r;
    case LossKind::huber: return r <= loss.delta ? 0.5 * r * r : loss.delta * (r - 0.5 * loss.delta);
    case LossKind::smooth_l1: return r < loss.delta ? 0.5 * r * r / loss.delta : r - 0.5 * loss.delta;
  }
  return 0.0;
}

/// Its derivative.
inline double slope_of(const Loss& loss, double r) {
  const double sign = r > 0.0 ? 1.0 : -1.0;
  switch (loss.kind) {
    case LossKind::mse: return 2.0 * r;
    case LossKind::l1: return sign;
    case LossKind::huber: return std::abs(r) <= loss.delta ? r : loss.delta * sign;
    case LossKind::smooth_l1: return std::abs(r) < loss.delta ? r / loss.delta : sign;
  }
  return 0.0;
}

/// The loss of all rows, reduced.
inline double loss_of(const Problem& problem, const Loss& loss, const std::vector<double>& weight, double bias) {
  double sum = 0.0;
  for (std::size_t i = 0; i < problem.n(); ++i) sum += loss_of(loss, problem.residual(i, weight, bias));
  return loss.reduction == Reduction::mean ? sum / static_cast<double>(problem.n()) : sum;
}

/// Its gradient in (weights, bias), and the sum of the sizes of the terms of each component.
struct Gradient {
  std::vector<double> sum;
  std::vector<double> sizes;
};
inline Gradient gradient_of(const Problem& problem, const Loss& loss, const std::vector<double>& weight, double bias) {
  const std::size_t d = problem.d;
  const double share = loss.reduction == Reduction::mean ? 1.0 / static_cast<double>(problem.n()) : 1.0;
  Gradient gradient{std::vector<double>(d + 1), std::vector<double>(d + 1)};
  for (std::size_t i = 0; i < problem.n(); ++i) {
    const double slope = share * slope_of(loss, problem.residual(i, weight, bias));
    for (std::size_t j = 0; j <= d; ++j) {
      const double term = slope * (j < d ? problem.x(i, j) : 1.0);
      gradient.sum[j] += term;
      gradient.sizes[j] += std::abs(term);
    }
  }
  return gradient;
}

}  // namespace linreg::test
