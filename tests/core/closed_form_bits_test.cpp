// What the closed form finds, to the bit and on every machine: so eigen_test.cpp, which compares with another library and takes
// long to compile, speaks for every build though only one has it.
#include <catch2/catch_all.hpp>

#include "closed_form.hpp"
#include "hash.hpp"
#include "linreg/curvature.hpp"
#include "linreg/refinement.hpp"
#include "robust_fit.hpp"

using linreg::test::Hash;
using linreg::test::Problem;

namespace {

/// As random_problem, but of sums of uniform numbers: no logarithm, which differs between machines.
Problem exact_problem(std::uint64_t seed, std::size_t n, std::size_t d) {
  linreg::test::Random random(seed);
  Problem problem{d, {}, {}};
  std::vector<double> weight(d);
  for (double& w : weight) w = random.uniform() - 0.5;
  for (std::size_t i = 0; i < n; ++i) {
    const double shared = random.uniform();
    double label = random.uniform();
    for (std::size_t j = 0; j < d; ++j) {
      const double x = random.uniform() + 0.5 * shared;
      problem.features.push_back(x);
      label += weight[j] * x;
    }
    problem.labels.push_back(label);
  }
  return problem;
}

void add(Hash& hash, const linreg::LeastSquaresFit& fit) {
  hash.add(fit.weight);
  hash.add(fit.bias);
  hash.add(fit.residual_norm);
  for (const auto& se : fit.weight_se) hash.add(se.value_or(-1.0));
}

}  // namespace

TEST_CASE("every machine finds the same least squares and curvature", "[least_squares][curvature]") {
  const auto [d, bits] = GENERATE(table<std::size_t, std::string>({{1, "783f0c6ef12da09f"},
                                                                   {2, "7a615a8de6a29237"},
                                                                   {5, "1f505ef0330577c5"},
                                                                   {16, "74d51bf4b9717463"},
                                                                   {33, "b0eb8698fbfdfffb"}}));
  CAPTURE(d);
  const Problem problem = exact_problem(40 + d, 400, d);
  const auto fit = linreg::test::fitted(problem);
  auto hessian = linreg::Hessian::create({}, fit.weight, fit.bias);
  REQUIRE(hessian->add(problem.features, problem.labels));
  const auto curvature = hessian->curvature();
  Hash hash;
  add(hash, fit);
  hash.add(curvature->eigenvalues);
  hash.add(curvature->directions);
  CHECK(hash.text() == bits);
}

TEST_CASE("every machine finds the same weights of minimum norm", "[least_squares]") {
  const auto [n, bits] = GENERATE(table<std::size_t, std::string>({{4, "5207d5ece42f1751"}, {60, "2df7235ce954c4c4"}}));
  CAPTURE(n);
  Problem problem = exact_problem(90 + n, n, 9);
  for (std::size_t i = 0; i < n; ++i) {
    double* row = &problem.features[i * 9];
    row[2] = row[0] - 3.0 * row[1] + 4.0;
    row[6] = 5.0;
    row[7] = row[2] + row[5];
    row[8] = 100.0 * row[3];
  }
  Hash hash;
  add(hash, linreg::test::fitted(problem));
  CHECK(hash.text() == bits);
}

TEST_CASE("every machine finds the same minimum of L1 and Huber", "[robust_fit]") {
  const auto [n, d, kind, bits] = GENERATE(table<std::size_t, std::size_t, linreg::LossKind, std::string>(
      {{105, 100, linreg::LossKind::l1, "9b28c37d3a61f486"},
       {60, 20, linreg::LossKind::l1, "f56b7e4d12830bad"},
       {400, 5, linreg::LossKind::l1, "f66b0e40d642ec3b"},
       {50, 1, linreg::LossKind::l1, "20fedf22a2340ae3"},
       {400, 5, linreg::LossKind::huber, "2e020c2b93d9dedb"}}));
  CAPTURE(n, d);
  const Problem problem = exact_problem(70 + n, n, d);
  const linreg::Dataset data = *linreg::make_dataset(problem.features, problem.labels, d);
  const auto rows = linreg::test::gathered(problem);
  const auto fit = *linreg::refine(rows, problem.features, problem.labels);
  auto fitting = linreg::RobustFitting::create(data, rows, fit).value();
  const auto robust = fitting.solve({kind, linreg::Reduction::mean, 0.25}, 1.0).finish();
  Hash hash;
  hash.add(robust.weight);
  hash.add(robust.offset);
  hash.add(robust.mean_loss);
  CHECK(hash.text() == bits);
}
