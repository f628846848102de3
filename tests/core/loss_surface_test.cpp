#include "linreg/loss_surface.hpp"

#include <array>
#include <catch2/catch_all.hpp>
#include <limits>
#include <tuple>

#include "closed_form.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::ErrorCode;
using linreg::LeastSquares;
using linreg::Loss;
using linreg::LossKind;
using linreg::LossSurface;
using linreg::Reduction;
using linreg::SurfaceGrid;
using linreg::test::gathered;
using linreg::test::loss_of;
using linreg::test::Problem;
using linreg::test::random_problem;

namespace {

void check_against_direct(const LossSurface& surface, const Problem& problem, const Loss& loss,
                          std::vector<double> weight, double bias, double tolerance) {
  const SurfaceGrid& grid = surface.grid();
  REQUIRE(surface.values().size() == grid.width * grid.height);
  for (std::size_t row = 0; row < grid.height; ++row) {
    for (std::size_t column = 0; column < grid.width; ++column) {
      (grid.x < problem.d ? weight[grid.x] : bias) = grid.x_at(column);
      (grid.y < problem.d ? weight[grid.y] : bias) = grid.y_at(row);
      CHECK_THAT(surface.values()[row * grid.width + column],
                 WithinRel(loss_of(problem, loss, weight, bias), tolerance));
    }
  }
}

}  // namespace

TEST_CASE("every loss's surface is the loss at every point, in slices of any size", "[loss_surface]") {
  const Loss loss{GENERATE(LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1),
                  GENERATE(Reduction::mean, Reduction::sum), 0.8};
  const auto problem = random_problem(3, 61, 3, 0.5);
  const std::vector<double> weight{0.4, -1.0, 2.0};
  SurfaceGrid grid{.x = 0, .y = 2, .x_min = -1.0, .x_max = 2.0, .y_min = 0.5, .y_max = 1.5, .width = 9, .height = 5};
  std::tie(grid.x, grid.y) = GENERATE(table<std::size_t, std::size_t>({{0, 2}, {3, 1}, {1, 3}}));
  auto surface = *LossSurface::create(loss, grid, weight, 0.25);
  const std::size_t slice = GENERATE(as<std::size_t>{}, 1, 7, 60, 61);
  for (std::size_t first = 0; first < 61; first += slice) {
    const std::size_t rows = std::min<std::size_t>(slice, 61 - first);
    REQUIRE(surface.add({problem.features.data() + 3 * first, 3 * rows}, {problem.labels.data() + first, rows}));
  }
  check_against_direct(surface, problem, loss, weight, 0.25, 1e-12);
}

TEST_CASE("MSE from what was kept of the rows", "[loss_surface]") {
  const auto reduction = GENERATE(Reduction::mean, Reduction::sum);
  const std::size_t d = GENERATE(as<std::size_t>{}, 1, 3, 20);
  const auto problem = random_problem(5, 200, d, 0.5);
  const auto rows = gathered(problem);
  auto weight = rows.solve()->weight;
  const double bias = rows.solve()->bias;
  if (GENERATE(false, true)) weight.back() += 0.7;  // held away from the optimum
  SurfaceGrid grid{
      .x = 0, .y = d, .x_min = weight[0] - 1.0, .x_max = weight[0] + 2.0, .y_min = bias - 0.1, .y_max = bias + 3.0};
  grid.width = 7;
  grid.height = 6;
  if (GENERATE(false, true)) std::swap(grid.x, grid.y);
  const auto surface = LossSurface::mse(rows, reduction, grid, weight, bias);
  REQUIRE(surface);
  check_against_direct(*surface, problem, {LossKind::mse, reduction, 1.0}, weight, bias, 1e-12);
}

TEST_CASE("near the optimum the surface is the floor plus a square, to the last digits", "[loss_surface]") {
  // Tiny noise far from 0: the sums of squares that the loss is the difference of are 1e20 times as large as the loss.
  auto problem = random_problem(7, 300, 1, 0.0);
  linreg::test::Random random(9);
  for (std::size_t i = 0; i < 300; ++i) {
    problem.features[i] = std::round(problem.features[i] * 1024.0) / 1024.0;
    problem.labels[i] = 3.0 * problem.features[i] + 1000.0 + std::round(1000.0 * random.normal()) * 0x1p-30;
  }
  const auto rows = gathered(problem);
  const auto fit = *rows.solve();
  const SurfaceGrid grid{.x = 0,
                         .y = 1,
                         .x_min = fit.weight[0] - 1e-6,
                         .x_max = fit.weight[0] + 1e-6,
                         .y_min = fit.bias - 1e-6,
                         .y_max = fit.bias + 1e-6,
                         .width = 3,
                         .height = 3};
  const auto surface = *LossSurface::mse(rows, Reduction::mean, grid, fit.weight, fit.bias);
  check_against_direct(surface, problem, {}, fit.weight, fit.bias, 1e-6);
  const double floor = fit.residual_norm * fit.residual_norm / 300.0;
  CHECK_THAT(surface.values()[4], WithinRel(floor, 1e-6));
  for (const double value : surface.values()) CHECK(value >= surface.values()[4]);
}

TEST_CASE("without an intercept", "[loss_surface]") {
  const auto problem = random_problem(11, 50, 2, 0.3);
  const auto rows = gathered(problem, false);
  const std::vector<double> weight{0.0, 0.0};
  const SurfaceGrid grid{.x = 0, .y = 1, .width = 4, .height = 3};
  check_against_direct(*LossSurface::mse(rows, Reduction::mean, grid, weight, 0.0), problem, {}, weight, 0.0, 1e-12);
  CHECK(LossSurface::mse(rows, Reduction::mean, grid, weight, 1.0).error().field == "bias");
  CHECK(LossSurface::mse(rows, Reduction::mean, {.x = 0, .y = 2}, weight, 0.0).error().field == "y");
}

TEST_CASE("constant and dependent columns, extreme values: finite and right", "[loss_surface]") {
  auto problem = random_problem(13, 40, 2, 0.3);
  const SurfaceGrid grid{.x = 0, .y = 1, .width = 5, .height = 5};
  const std::vector<double> weight{0.0, 0.0};
  SECTION("flat directions") {
    const double constant = GENERATE(0.0, 2.0);
    for (std::size_t i = 0; i < 40; ++i) problem.features[2 * i + 1] = constant;
    check_against_direct(*LossSurface::mse(gathered(problem), Reduction::mean, grid, weight, 0.5), problem, {}, weight,
                         0.5, 1e-11);
  }
  SECTION("losses that do not fit saturate") {
    for (double& x : problem.features) x *= 1e300;
    const auto mse = *LossSurface::mse(gathered(problem), Reduction::mean, grid, weight, 0.5);
    for (const double value : mse.values()) CHECK(std::isfinite(value));
    CHECK(mse.values()[0] == std::numeric_limits<double>::max());
    CHECK_THAT(mse.values()[12], WithinRel(loss_of(problem, {}, weight, 0.5), 1e-12));
    auto direct = *LossSurface::create({}, {.x_min = -1e30, .x_max = 1e30}, weight, 0.5);
    REQUIRE(direct.add(problem.features, problem.labels));
    for (const double value : direct.values()) CHECK(std::isfinite(value));
  }
  SECTION("tiny values") {
    for (double& x : problem.features) x *= 1e-300;
    for (double& y : problem.labels) y *= 1e-140;
    const auto surface = *LossSurface::mse(
        gathered(problem), Reduction::mean,
        {.x_min = -1e160, .x_max = 1e160, .y_min = -1e160, .y_max = 1e160, .width = 5, .height = 5}, weight, 0.0);
    for (const double value : surface.values()) CHECK(value > 1e-290);
    for (const double value : surface.values()) CHECK(value < 1e-270);
  }
}

TEST_CASE("a column of zeros may be shifted, however far", "[loss_surface]") {
  const double shift = GENERATE(5.0, 1.0, -1e-3, 1e-200, 1e100);
  CAPTURE(shift);
  const SurfaceGrid grid{.x = 0, .y = 1, .x_min = -1.0, .x_max = 2.0, .width = 4, .height = 3};
  const std::vector<double> weight{0.0};
  const Problem zeros{1, {0.0, 0.0, 0.0}, {1.0, 2.0, 4.0}};
  const auto rows = gathered(zeros).rescaled(std::array{shift, 0.0}, std::array{1.0, 1.0});
  CHECK(std::isfinite(rows.state().mean[0]));
  const Problem shifted{1, {-shift, -shift, -shift}, zeros.labels};
  check_against_direct(*LossSurface::mse(rows, Reduction::mean, grid, weight, 0.0), shifted, {}, weight, 0.0, 1e-12);
}

TEST_CASE("what a surface refuses", "[loss_surface]") {
  const auto problem = random_problem(17, 10, 2, 0.3);
  const std::vector<double> weight{0.0, 0.0};
  const auto refusal = [&](const SurfaceGrid& grid) {
    const auto direct = LossSurface::create({}, grid, weight, 0.0);
    const auto mse = LossSurface::mse(gathered(problem), Reduction::mean, grid, weight, 0.0);
    REQUIRE_FALSE(direct);
    REQUIRE_FALSE(mse);
    CHECK(direct.error().field == mse.error().field);
    CHECK(direct.error().code == ErrorCode::invalid_option);
    return direct.error().field;
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal({.x = 3}) == "x");
  CHECK(refusal({.x = 1, .y = 1}) == "y");
  CHECK(refusal({.y = std::numeric_limits<std::size_t>::max()}) == "y");
  CHECK(refusal({.width = 0}) == "width");
  CHECK(refusal({.height = 0}) == "height");
  CHECK(refusal({.width = 1 << 21, .height = 0}) == "width");
  CHECK(refusal({.width = 1 << 11, .height = 1 << 10}) == "height");
  CHECK(LossSurface::create({}, {.height = 0}, weight, 0.0).error().message() ==
        "height must be a whole number from 1 to 1048576, got 0");
  CHECK(LossSurface::create({}, {.width = 1 << 11, .height = 1 << 10}, weight, 0.0).error().message() ==
        "height must be a whole number of at least 1, and width times height at most 1048576, got 1024");
  CHECK(refusal({.width = std::numeric_limits<std::size_t>::max(),
                 .height = std::numeric_limits<std::size_t>::max()}) == "width");
  CHECK(refusal({.x_min = nan}) == "x_min");
  CHECK(refusal({.x_min = 2.0}) == "x_min");
  CHECK(refusal({.y_max = std::numeric_limits<double>::infinity()}) == "y_min");
  for (const auto& [loss, field] : linreg::test::refused_losses) {
    const auto refused = LossSurface::create(loss, {}, weight, 0.0);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_option);
    CHECK(refused.error().field == field);
  }
  auto surface = *LossSurface::create({}, {}, weight, 0.0);
  CHECK(surface.add(std::span(problem.features).first(5), problem.labels).error().field == "features");
  for (const double value : surface.values()) CHECK(value == 0.0);
  CHECK(LossSurface::mse(*LeastSquares::create(2), Reduction::mean, {}, weight, 0.0).error().code ==
        ErrorCode::invalid_state);
  CHECK(LossSurface::mse(gathered(problem), Reduction::mean, {}, std::vector{1.0}, 0.0).error().field == "weight");
}

TEST_CASE("a surface of MSE is complete: rows cannot be added to it", "[loss_surface]") {
  const auto problem = random_problem(19, 10, 2, 0.3);
  auto surface = *LossSurface::mse(gathered(problem), Reduction::mean, {}, std::vector{0.0, 0.0}, 0.0);
  const auto values = surface.values();
  for (const auto& refused : {surface.add({}, problem.labels), surface.add(problem.features, problem.labels)}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_state);
    CHECK(refused.error().field == "surface");
  }
  CHECK(surface.values() == values);
}
