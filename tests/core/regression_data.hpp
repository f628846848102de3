// Data for the tests of the closed form: random problems and NIST's reference sets.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "fixtures.hpp"
#include "random.hpp"

namespace linreg::test {

struct Problem {
  std::size_t d = 0;
  std::vector<double> features;  // row-major
  std::vector<double> labels;

  [[nodiscard]] std::size_t n() const { return labels.size(); }
  [[nodiscard]] double x(std::size_t i, std::size_t j) const { return features[i * d + j]; }
  [[nodiscard]] double residual(std::size_t i, const std::vector<double>& weight, double bias) const {
    double r = bias - labels[i];
    for (std::size_t j = 0; j < d; ++j) r += weight[j] * x(i, j);
    return r;
  }
};

/// Correlated features with means of their own, weights of about 1, bias 0.5.
inline Problem random_problem(std::uint64_t seed, std::size_t n, std::size_t d, double noise) {
  Random random(seed);
  Problem problem{d, {}, {}};
  std::vector<double> weight(d);
  for (double& w : weight) w = random.normal();
  for (std::size_t i = 0; i < n; ++i) {
    const double shared = random.normal();
    double label = 0.5 + noise * random.normal();
    for (std::size_t j = 0; j < d; ++j) {
      const double x = random.normal() + 0.5 * shared + 0.3 * static_cast<double>(j % 3);
      problem.features.push_back(x);
      label += weight[j] * x;
    }
    problem.labels.push_back(label);
  }
  return problem;
}

struct StrdSet {
  Problem problem;
  bool intercept = true;
  std::vector<std::string> coef;          // bias first, where there is one
  std::vector<std::string> coef_float64;  // of the data as rounded to float64
  std::vector<std::string> se;
  std::string rsd;
  std::string r2;
};

inline StrdSet strd(const std::string& name) {
  const auto& json = read_fixture("strd/" + name + ".json");
  StrdSet set;
  set.intercept = json["intercept"];
  const auto& exact = json["exact"];
  exact["coef"].get_to(set.coef);
  json["exact_float64"]["coef"].get_to(set.coef_float64);
  exact["se"].get_to(set.se);
  exact["rsd"].get_to(set.rsd);
  exact["r2"].get_to(set.r2);
  const bool polynomial = json["model"] == "polynomial";
  for (const auto& row : json["rows"]) {
    set.problem.labels.push_back(std::stod(row[0].get<std::string>()));
    set.problem.d = polynomial ? json["degree"].get<std::size_t>() : row.size() - 1;
    double power = 1.0;
    for (std::size_t j = 0; j < set.problem.d; ++j) {
      const double x = std::stod(row[polynomial ? 1 : j + 1].get<std::string>());
      power = polynomial ? power * x : x;
      set.problem.features.push_back(power);
    }
  }
  return set;
}

/// Correct digits: -log10 of the relative error, or of the error itself where the truth is 0; at most 15.
inline double digits(double computed, const std::string& truth) {
  const double exact = std::stod(truth);
  const double error = std::abs(computed - exact) / (exact == 0.0 ? 1.0 : std::abs(exact));
  return error == 0.0 ? 15.0 : std::min(15.0, -std::log10(error));
}

}  // namespace linreg::test
