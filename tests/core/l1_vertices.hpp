// The least sum of absolute residuals the long way: it is at a model that meets as many rows as it has parameters.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "regression_data.hpp"

namespace linreg::test {

/// Solves p equations, each p factors and the right side, by Gauss and Jordan; none where they are dependent.
inline std::optional<std::vector<double>> solved_equations(std::vector<std::vector<double>> rows) {
  const std::size_t p = rows.size();
  for (std::size_t k = 0; k < p; ++k) {
    const auto size = [&](std::size_t i) { return std::abs(rows[i][k]); };
    std::size_t pivot = k;
    for (std::size_t i = k; i < p; ++i) pivot = size(i) > size(pivot) ? i : pivot;
    if (size(pivot) < 1e-9) return std::nullopt;
    std::swap(rows[k], rows[pivot]);
    for (std::size_t i = 0; i < p; ++i) {
      const double factor = rows[i][k] / rows[k][k];
      for (std::size_t c = k; c <= p && i != k; ++c) rows[i][c] -= factor * rows[k][c];
    }
  }
  std::vector<double> solution;
  for (std::size_t k = 0; k < p; ++k) solution.push_back(rows[k][p] / rows[k][k]);
  return solution;
}

/// The mean of the residuals' sizes where it is least, for columns that are independent.
inline double least_mean_size(const Problem& problem, bool intercept) {
  const std::size_t n = problem.n();
  const std::size_t p = problem.d + (intercept ? 1 : 0);
  double least = std::numeric_limits<double>::infinity();
  std::vector<int> met(n);
  std::fill_n(met.begin(), p, 1);
  do {
    std::vector<std::vector<double>> equations;
    for (std::size_t i = 0; i < n; ++i) {
      if (met[i] == 0) continue;
      auto& equation = equations.emplace_back();
      for (std::size_t j = 0; j < problem.d; ++j) equation.push_back(problem.x(i, j));
      if (intercept) equation.push_back(1.0);
      equation.push_back(problem.labels[i]);
    }
    auto model = solved_equations(std::move(equations));
    if (!model) continue;
    const double bias = intercept ? model->back() : 0.0;
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += std::abs(problem.residual(i, *model, bias));
    least = std::min(least, sum / static_cast<double>(n));
  } while (std::prev_permutation(met.begin(), met.end()));
  return least;
}

}  // namespace linreg::test
