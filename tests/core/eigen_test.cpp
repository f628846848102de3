// Another library's answers: Eigen's pivoted QR and its symmetric eigenvalues, which share no line with ours.
#define EIGEN_DONT_VECTORIZE  // which halves the time to compile it
#include <Eigen/Dense>
#include <catch2/catch_all.hpp>

#include "closed_form.hpp"
#include "linreg/curvature.hpp"
#include "linreg/refinement.hpp"
#include "robust_fit.hpp"

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

TEST_CASE("minimum norm agrees with the pseudo-inverse by Eigen's eigenvalues", "[least_squares]") {
  const std::size_t n = GENERATE(as<std::size_t>{}, 4, 60);
  const std::size_t d = 9;  // more than 4 rows tell apart
  Problem problem = linreg::test::random_problem(90 + n, n, d, 0.5);
  for (std::size_t i = 0; i < n; ++i) {
    double* row = &problem.features[i * d];
    row[2] = row[0] - 3.0 * row[1] + 4.0;
    row[6] = 5.0;
    row[7] = row[2] + row[5];
    row[8] = 100.0 * row[3];
  }
  const auto rows = static_cast<Eigen::Index>(n);
  const auto columns = static_cast<Eigen::Index>(d);
  Eigen::MatrixXd x = design(problem).leftCols(columns);
  const Eigen::MatrixXd mean = x.colwise().mean();
  x -= Eigen::MatrixXd::Ones(rows, 1) * mean;
  const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(problem.labels.data(), rows);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(x.transpose() * x);
  Eigen::VectorXd inverse = eigen.eigenvalues();
  for (double& value : inverse) value = value > 1e-9 * eigen.eigenvalues()(columns - 1) ? 1.0 / value : 0.0;
  const Eigen::MatrixXd covariance = eigen.eigenvectors() * inverse.asDiagonal() * eigen.eigenvectors().transpose();
  const Eigen::VectorXd weights = covariance * (x.transpose() * y);

  const auto fit = linreg::test::fitted(problem);
  CHECK(fit.rank == std::min<std::size_t>(n, 6));
  for (std::size_t j = 0; j < d; ++j) {
    const auto k = static_cast<Eigen::Index>(j);
    CHECK_THAT(fit.weight[j], WithinAbs(weights(k), 1e-9));
    if (j == 6) CHECK_FALSE(fit.weight_se[j]);
    if (j == 6 || n <= fit.rank) continue;
    CHECK_THAT(fit.weight_se[j].value(), WithinRel(*fit.residual_std * std::sqrt(covariance(k, k)), 1e-6));
  }
  CHECK_THAT(fit.bias, WithinAbs(y.mean() - (mean * weights)(0), 1e-8));
}

TEST_CASE("L1's minimum is certified by its dual", "[robust_fit]") {
  // More than half of the rows are met exactly in the first two.
  const auto [n, d] = GENERATE(table<std::size_t, std::size_t>({{105, 100}, {200, 100}, {60, 20}, {400, 40}, {50, 1}}));
  CAPTURE(n, d);
  const Problem problem = linreg::test::random_problem(70 + n, n, d, 1.0);
  const linreg::Dataset data = *linreg::make_dataset(problem.features, problem.labels, d);
  const auto rows = linreg::test::gathered(problem);
  const auto fit = *linreg::refine(rows, problem.features, problem.labels);
  const linreg::Loss loss{linreg::LossKind::l1, linreg::Reduction::mean, 1.0};
  const auto robust = linreg::RobustFitting::create(data, rows, fit).value().solve(loss, 1.0).finish();

  const auto p = static_cast<Eigen::Index>(d + 1);
  const Eigen::MatrixXd x = design(problem);
  const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(problem.labels.data(), x.rows());
  Eigen::VectorXd theta(p);
  for (std::size_t j = 0; j < d; ++j) theta(static_cast<Eigen::Index>(j)) = robust.weight[j];
  theta(p - 1) = 0.0;
  theta(p - 1) = (y - x * theta).mean() + robust.offset;
  const Eigen::VectorXd residual = y - x * theta;
  CHECK_THAT(robust.mean_loss, WithinRel(residual.cwiseAbs().mean(), 1e-9));
  Eigen::MatrixXd met(p, p);
  Eigen::VectorXd signs = Eigen::VectorXd::Zero(p);
  Eigen::Index count = 0;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    if (std::abs(residual(i)) > 1e-9) {
      signs += std::copysign(1.0, residual(i)) * x.row(i).transpose();
    } else if (count < p) {
      met.col(count++) = x.row(i).transpose();
    }
  }
  REQUIRE(count == p);
  const Eigen::VectorXd dual = met.colPivHouseholderQr().solve(signs);
  CHECK(dual.cwiseAbs().maxCoeff() <= 1.0 + 1e-9);
}
