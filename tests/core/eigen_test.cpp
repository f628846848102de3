// Another library's answers: Eigen's pivoted QR and its symmetric eigenvalues, which share no line with ours.
#include <Eigen/Dense>
#include <catch2/catch_all.hpp>

#include "closed_form.hpp"
#include "linreg/curvature.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::test::Problem;

namespace {

/// The features with a column of ones.
Eigen::MatrixXd design(const Problem& problem) {
  const auto n = static_cast<Eigen::Index>(problem.n());
  const auto d = static_cast<Eigen::Index>(problem.d);
  Eigen::MatrixXd x = Eigen::MatrixXd::Ones(n, d + 1);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < d; ++j) x(i, j) = problem.features[static_cast<std::size_t>(i * d + j)];
  }
  return x;
}

}  // namespace

TEST_CASE("least squares and curvature agree with Eigen's", "[least_squares][curvature]") {
  const std::size_t d = GENERATE(as<std::size_t>{}, 1, 2, 5, 16, 33);
  const Problem problem = linreg::test::random_problem(40 + d, 400, d, 0.5);
  const Eigen::MatrixXd x = design(problem);
  const Eigen::VectorXd y =
      Eigen::Map<const Eigen::VectorXd>(problem.labels.data(), static_cast<Eigen::Index>(problem.n()));
  const Eigen::VectorXd weights = x.colPivHouseholderQr().solve(y);
  const auto fit = linreg::test::fitted(problem);
  for (std::size_t j = 0; j < d; ++j) {
    CHECK_THAT(fit.weight[j], WithinAbs(weights(static_cast<Eigen::Index>(j)), 1e-12));
  }
  CHECK_THAT(fit.bias, WithinAbs(weights(static_cast<Eigen::Index>(d)), 1e-12));
  CHECK_THAT(fit.residual_norm, WithinRel((y - x * weights).norm(), 1e-12));

  auto hessian = linreg::Hessian::create({}, fit.weight, fit.bias);
  REQUIRE(hessian->add(problem.features, problem.labels));
  const auto curvature = hessian->curvature();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(2.0 / static_cast<double>(problem.n()) *
                                                             (x.transpose() * x));
  for (std::size_t k = 0; k <= d; ++k) {
    CHECK_THAT(curvature->eigenvalues[k], WithinRel(eigen.eigenvalues()(static_cast<Eigen::Index>(k)), 1e-11));
  }
}
