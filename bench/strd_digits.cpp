// Prints, as a Markdown table, how many digits of NIST's reference sets for linear least squares come out right.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "linreg/refinement.hpp"
#include "regression_data.hpp"

namespace {

using linreg::LeastSquaresFit;
using linreg::test::digits;
using linreg::test::StrdSet;

/// What others reach in float64 with the same measure, as strd_peers.py prints it; coefficients.
struct Others {
  const char* name;
  const char* r;
  const char* numpy;
};

constexpr std::array<Others, 11> sets{{
    {"Norris", "12.5", "12.2"},
    {"Pontius", "12.7", "6.2"},
    {"NoInt1", "15.0", "15.0"},
    {"NoInt2", "15.0", "15.0"},
    {"Filip", "0.0", "0.0"},
    {"Longley", "13.0", "11.0"},
    {"Wampler1", "9.8", "9.0"},
    {"Wampler2", "13.6", "10.2"},
    {"Wampler3", "9.3", "9.5"},
    {"Wampler4", "7.5", "8.0"},
    {"Wampler5", "5.5", "6.0"},
}};

struct Score {
  double coefficients = 15.0;
  double standard_errors = 15.0;
  double r2 = 15.0;
};

Score score(const StrdSet& set, const LeastSquaresFit& fit) {
  Score worst;
  const std::size_t one = set.intercept ? 1 : 0;
  const auto take = [&](double coefficient, double se, std::size_t k) {
    worst.coefficients = std::min(worst.coefficients, digits(coefficient, set.coef[k]));
    worst.standard_errors = std::min(worst.standard_errors, digits(se, set.se[k]));
  };
  for (std::size_t j = 0; j < set.problem.d; ++j) take(fit.weight[j], fit.weight_se[j].value_or(0.0), j + one);
  if (set.intercept) take(fit.bias, fit.bias_se.value_or(0.0), 0);
  worst.r2 = digits(fit.r2.value_or(0.0), set.r2);
  return worst;
}

}  // namespace

int main() {
  std::puts("| set | ours | R lm | NumPy lstsq | unrefined | standard errors | R2 |");
  std::puts("|---|--:|--:|--:|--:|--:|--:|");
  for (const auto& [name, r, numpy] : sets) {
    const StrdSet set = linreg::test::strd(name);
    auto rows = linreg::LeastSquares::create(set.problem.d, set.intercept);
    if (!rows || !rows->add(set.problem.features, set.problem.labels)) return 1;
    const auto plain = rows->solve();
    const auto refined = linreg::refine(*rows, set.problem.features, set.problem.labels);
    if (!plain || !refined) return 1;
    const Score best = score(set, *refined);
    std::printf("| %s | %.1f | %s | %s | %.1f | %.1f | %.1f |\n", name, best.coefficients, r, numpy,
                score(set, *plain).coefficients, best.standard_errors, best.r2);
  }
}
