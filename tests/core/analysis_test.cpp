#include "linreg/analysis.hpp"

#include <catch2/catch_all.hpp>
#include <memory>

#include "closed_form.hpp"
#include "l1_vertices.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::Analysis;
using linreg::Coefficients;
using linreg::Dataset;
using linreg::ErrorCode;
using linreg::Loss;
using linreg::LossKind;
using linreg::Reduction;
using linreg::StandardScaler;
using linreg::SurfaceGrid;
using linreg::test::gradient_of;
using linreg::test::loss_of;
using linreg::test::Problem;
using linreg::test::random_problem;

namespace {

constexpr double slice = 1e6;

Dataset dataset_of(const Problem& problem) {
  return *linreg::make_dataset(problem.features, problem.labels, problem.d);
}

/// The rows as training sees them.
Problem trained(const Dataset& data, const StandardScaler& scaler) {
  Problem problem{data.d, {}, {}};
  for (std::size_t i = 0; i < data.n(); ++i) {
    for (std::size_t j = 0; j < data.d; ++j)
      problem.features.push_back(scaler.transform_feature(data.features[i * data.d + j], j));
    problem.labels.push_back(scaler.transform_label(data.labels[i]));
  }
  return problem;
}

std::unique_ptr<Analysis> analysed(const Dataset& data, const StandardScaler& scaler, const Loss& loss) {
  auto analysis = std::make_unique<Analysis>(data, scaler);
  while (!analysis->run(loss, slice)) {
  }
  return analysis;
}

}  // namespace

TEST_CASE("the optimum in both units: least loss, zero gradient", "[analysis]") {
  const auto kind = GENERATE(LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1);
  const bool standardize = GENERATE(false, true);
  const Loss loss{kind, Reduction::mean, 0.1};
  CAPTURE(kind, standardize);
  auto problem = random_problem(3, 400, 3, 0.5);
  for (std::size_t i = 0; i < 400; ++i) problem.features[3 * i] = 1000.0 + 20.0 * problem.features[3 * i];
  const Dataset data = dataset_of(problem);
  const auto scaler = standardize ? StandardScaler::fit(data) : StandardScaler::identity(3);
  const auto analysis = analysed(data, scaler, loss);
  REQUIRE_FALSE(analysis->error());

  const auto& [weights, own, mean_loss] = analysis->optimum();
  const Problem seen = trained(data, scaler);
  CHECK_THAT(mean_loss, WithinRel(loss_of(seen, loss, weights.weight, weights.bias), 1e-11));
  const auto gradient = gradient_of(seen, loss, weights.weight, weights.bias);
  if (kind != LossKind::l1) {
    for (std::size_t j = 0; j < 4; ++j) CHECK(std::abs(gradient.sum[j]) <= 1e-12 * gradient.sizes[j]);
  }
  const Coefficients back = scaler.inverse(weights);
  for (std::size_t j = 0; j < 3; ++j) CHECK_THAT(own.weight[j], WithinRel(back.weight[j], 1e-12));
  CHECK_THAT(own.bias, WithinAbs(back.bias, 1e-9));
  if (kind == LossKind::mse) CHECK(own.weight == analysis->fit().weight);
}

TEST_CASE("standardised: a feature near 1e8 with spread 1 has its optimum at full accuracy", "[analysis]") {
  const auto kind = GENERATE(LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1);
  const Loss loss{kind, Reduction::mean, 0.5};
  CAPTURE(kind);
  auto problem = random_problem(5, 200, 2, 0.5);
  for (double& x : problem.features) x = std::round(x * 4096.0) / 4096.0;  // so that adding 1e8 rounds nothing
  const Dataset near_zero = dataset_of(problem);
  for (std::size_t i = 0; i < 200; ++i) problem.features[2 * i] += 1e8;
  const Dataset data = dataset_of(problem);
  const auto scaler = StandardScaler::fit(data);
  const auto analysis = analysed(data, scaler, loss);
  const auto plain = analysed(near_zero, StandardScaler::fit(near_zero), loss);
  const auto& at = analysis->optimum().trained;
  for (std::size_t j = 0; j < 2; ++j) CHECK_THAT(at.weight[j], WithinRel(plain->optimum().trained.weight[j], 1e-12));
  CHECK_THAT(analysis->optimum().mean_loss, WithinRel(plain->optimum().mean_loss, 1e-12));
  // A mean near 1e8 is itself rounded to about 1e-8.
  CHECK_THAT(at.bias, WithinAbs(plain->optimum().trained.bias, 1e-8));
  if (kind == LossKind::mse) CHECK(std::abs(at.bias) < 1e-9);  // the means' own place
  if (kind == LossKind::l1) return;
  const auto gradient = gradient_of(trained(data, scaler), loss, at.weight, at.bias);
  for (std::size_t j = 0; j < 3; ++j) CHECK(std::abs(gradient.sum[j]) <= 1e-8 * gradient.sizes[j]);
}

TEST_CASE("without intercept no loss has a bias", "[analysis]") {
  const auto kind = GENERATE(LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1);
  const Loss loss{kind, Reduction::mean, 0.5};
  CAPTURE(kind);
  auto problem = random_problem(23, 60, 2, 0.5);
  for (double& y : problem.labels) y += 3.0;
  const Dataset data = dataset_of(problem);
  Analysis analysis(data, StandardScaler::identity(2), false);
  while (!analysis.run(loss, slice)) {
  }
  REQUIRE_FALSE(analysis.error());
  const auto& [weights, own, mean_loss] = analysis.optimum();
  CHECK(weights.bias == 0.0);
  CHECK(own.bias == 0.0);
  CHECK(own.weight == weights.weight);
  CHECK(analysis.curvature().parameters == 2);
  CHECK_THAT(mean_loss, WithinRel(loss_of(problem, loss, weights.weight, 0.0), 1e-12));
  if (kind == LossKind::l1) {
    CHECK_THAT(mean_loss, WithinRel(linreg::test::least_mean_size(problem, false), 1e-12));
  } else {
    const auto gradient = gradient_of(problem, loss, weights.weight, 0.0);
    for (std::size_t j = 0; j < 2; ++j) CHECK(std::abs(gradient.sum[j]) <= 1e-12 * gradient.sizes[j]);
  }
}

TEST_CASE("slices and progress", "[analysis]") {
  const Dataset data = dataset_of(random_problem(7, 700, 4, 0.5));
  const Loss loss{GENERATE(LossKind::mse, LossKind::l1, LossKind::huber), Reduction::mean, 0.1};
  const auto whole = analysed(data, StandardScaler::identity(4), loss);
  Analysis sliced(data, StandardScaler::identity(4));
  double before = 0.0;
  std::size_t slices = 0;
  for (bool done = false; !done; ++slices) {
    done = sliced.run(loss, 1.0);
    CHECK(sliced.progress() <= 1.0);
    CHECK(sliced.progress() >= before);
    before = sliced.progress();
  }
  CHECK(slices > 20);
  CHECK(before == 1.0);
  CHECK(sliced.optimum().own.weight == whole->optimum().own.weight);
  CHECK(sliced.curvature().eigenvalues == whole->curvature().eigenvalues);
  CHECK(sliced.run(loss, 1.0));
}

TEST_CASE("another loss, or stopping, on the way", "[analysis]") {
  const Dataset data = dataset_of(random_problem(11, 700, 4, 0.5));
  const Loss huber{LossKind::huber, Reduction::mean, 0.1};
  const auto expected = analysed(data, StandardScaler::identity(4), huber);
  Analysis analysis(data, StandardScaler::identity(4));
  CHECK_FALSE(analysis.run({}, 1.0));
  CHECK_FALSE(analysis.run(huber, 1.0));
  analysis.stop();
  CHECK(analysis.progress() == 1.0);
  CHECK_FALSE(analysis.run_fit(1.0));
  while (!analysis.run(huber, slice)) {
  }
  CHECK(analysis.optimum().own.weight == expected->optimum().own.weight);
  CHECK(analysis.run({LossKind::huber, Reduction::sum, 0.1}, slice));  // nothing to do
  while (!analysis.run({}, slice)) {
  }
  CHECK(analysis.optimum().own.weight == analysis.fit().weight);
  CHECK_FALSE(analysis.run(huber, 1.0));
}

TEST_CASE("small whole numbers, most labels equal: every loss has its optimum", "[analysis]") {
  Problem problem{1, {}, {}};
  for (int copy = GENERATE(1, 50); copy > 0; --copy) {
    problem.features.insert(problem.features.end(), {1, 0, -2, -1, -1, -1});
    problem.labels.insert(problem.labels.end(), {20, 20, 19, 20, 21, 20});
  }
  const Dataset data = dataset_of(problem);
  Analysis analysis(data, GENERATE(false, true) ? StandardScaler::fit(data) : StandardScaler::identity(1));
  for (const auto kind : {LossKind::l1, LossKind::mse, LossKind::huber, LossKind::smooth_l1}) {
    while (!analysis.run({kind, Reduction::mean, 1e-3}, slice)) {
    }
    CHECK_FALSE(analysis.error());
    if (kind == LossKind::l1) CHECK_THAT(analysis.optimum().own.bias, WithinRel(20.0, 1e-12));
  }
}

TEST_CASE("an optimum beyond float64 is refused for its loss alone", "[analysis]") {
  // L1 passes through four rows with a slope of 2e308; the fifth turns that of least squares.
  const Dataset data =
      *linreg::make_dataset({0.0, 1e-200, 2e-200, 3e-200, 4e-200}, {0.0, 2e108, 4e108, 6e108, -8e108}, 1);
  const Loss l1{LossKind::l1, Reduction::mean, 1.0};
  Analysis analysis(data, StandardScaler::identity(1));
  const auto run = [&](const Loss& loss) {
    while (!analysis.run(loss, slice)) {
    }
  };
  run(l1);
  REQUIRE(analysis.error());
  CHECK(analysis.error()->field == "labels");
  CHECK(analysis.run(l1, 1.0));  // nothing to do
  CHECK(analysis.run_fit(1.0));
  CHECK_FALSE(analysis.error());
  run(l1);
  REQUIRE(analysis.error());
  run({});
  REQUIRE_FALSE(analysis.error());
  CHECK_THAT(analysis.optimum().own.weight[0], WithinRel(-1.2e308, 1e-12));
  run(l1);
  CHECK(analysis.error());

  Analysis half_done(data, StandardScaler::identity(1));
  REQUIRE_FALSE(half_done.run(l1, 1.0));
  CHECK(half_done.run_fit(1e9));
  CHECK_FALSE(half_done.error());
  CHECK_THAT(half_done.fit().weight[0], WithinRel(-1.2e308, 1e-12));
}

TEST_CASE("the surface, in the units that training sees", "[analysis]") {
  const auto kind = GENERATE(LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1);
  const Loss loss{kind, GENERATE(Reduction::mean, Reduction::sum), 0.3};
  auto problem = random_problem(13, 300, 2, 0.5);
  for (double& x : problem.features) x = 50.0 + 7.0 * x;
  const Dataset data = dataset_of(problem);
  const auto scaler = GENERATE(false, true) ? StandardScaler::fit(data) : StandardScaler::identity(2);
  const auto analysis = analysed(data, scaler, loss);
  const Problem seen = trained(data, scaler);
  const SurfaceGrid grid{
      .x = 0, .y = 2, .x_min = -1.0, .x_max = 1.0, .y_min = -0.5, .y_max = 2.0, .width = 5, .height = 4};
  Coefficients at{{0.0, 0.7}, 0.0};
  const auto surface = analysis->surface(loss, grid, at).finish();
  REQUIRE(surface);
  const auto values = surface->values();
  for (std::size_t row = 0; row < 4; ++row) {
    for (std::size_t column = 0; column < 5; ++column) {
      at.weight[0] = grid.x_at(column);
      CHECK_THAT(values[row * 5 + column], WithinRel(loss_of(seen, loss, at.weight, grid.y_at(row)), 1e-11));
    }
  }
  CHECK(analysis->surface(loss, {.x = 7}, at).finish().error().field == "x");
  for (const std::size_t weights : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
    const auto refused = analysis->surface(loss, {}, {std::vector<double>(weights), 0.0}).finish();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_data);
    CHECK(refused.error().field == "weight");
    CHECK(refused.error().value == static_cast<double>(weights));
    CHECK(refused.error().range == "2 numbers");
  }
}

TEST_CASE("little data, dependent columns and units beyond float64", "[analysis]") {
  const Loss loss{GENERATE(LossKind::mse, LossKind::l1, LossKind::huber), Reduction::mean, 1.0};
  SECTION("one row") {
    const Dataset data = *linreg::make_dataset({3.0, 4.0}, {5.0}, 2);
    const auto scaler = GENERATE(false, true) ? StandardScaler::fit(data) : StandardScaler::identity(2);
    const auto analysis = analysed(data, scaler, loss);
    CHECK(analysis->optimum().own.bias == 5.0);
    CHECK(analysis->optimum().mean_loss == 0.0);
    CHECK_FALSE(analysis->fit().unique);
    CHECK_FALSE(analysis->curvature().condition);
    for (const double value : analysis->curvature().eigenvalues) CHECK(std::isfinite(value));
  }
  SECTION("a constant and a repeated column") {
    auto problem = random_problem(17, 50, 3, 0.5);
    for (std::size_t i = 0; i < 50; ++i) {
      problem.features[3 * i + 1] = 4.0;
      problem.features[3 * i + 2] = problem.features[3 * i];
    }
    const Dataset data = dataset_of(problem);
    const auto analysis = analysed(data, StandardScaler::fit(data), loss);
    CHECK(analysis->fit().dependent == std::vector<std::size_t>{1, 2});
    CHECK(analysis->optimum().trained.weight[1] == 0.0);
    CHECK_THAT(analysis->optimum().trained.weight[2], WithinRel(analysis->optimum().trained.weight[0], 1e-13));
  }
  SECTION("labels of 1e300 over features of 1e-300") {
    auto problem = random_problem(19, 50, 1, 0.5);
    for (double& x : problem.features) x *= 1e-300;
    for (double& y : problem.labels) y *= 1e300;
    const Dataset data = dataset_of(problem);
    const auto analysis = analysed(data, StandardScaler::fit(data), loss);
    REQUIRE(analysis->error());
    CHECK(analysis->error()->code == ErrorCode::invalid_data);
    CHECK(analysis->error()->field == "labels");
    CHECK(analysis->run(loss, slice));
  }
}

TEST_CASE("a loss that no options have is refused, and the answers stay", "[analysis]") {
  const Dataset data = dataset_of(random_problem(23, 60, 2, 0.5));
  const auto analysis = analysed(data, StandardScaler::identity(2), {});
  const auto weight = analysis->optimum().own.weight;
  for (const auto& [loss, field] : linreg::test::refused_losses) {
    REQUIRE(analysis->run(loss, slice));
    REQUIRE(analysis->error());
    CHECK(analysis->error()->code == ErrorCode::invalid_option);
    CHECK(analysis->error()->field == field);
    const auto surface = analysis->surface(loss, {.x = 0, .y = 2}, {{0.0, 0.7}, 0.0}).finish();
    REQUIRE_FALSE(surface);
    CHECK(surface.error().code == ErrorCode::invalid_option);
    CHECK(surface.error().field == field);
  }
  CHECK(analysis->run_fit(slice));
  CHECK_FALSE(analysis->error());
  CHECK(analysis->run({}, slice));
  CHECK_FALSE(analysis->error());
  CHECK(analysis->optimum().own.weight == weight);
}
