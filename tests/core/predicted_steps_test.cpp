// How many steps are predicted until the loss stays near its floor, beside counting them.
#include <catch2/catch_all.hpp>
#include <numbers>

#include "linreg/descent.hpp"

using linreg::Curvature;
using linreg::Descent;

namespace {

/// Curvatures along the axes.
Curvature axes(std::vector<double> eigenvalues) {
  Curvature curvature;
  curvature.n = curvature.curved_rows = 100;
  curvature.parameters = eigenvalues.size();
  curvature.directions.resize(eigenvalues.size() * eigenvalues.size());
  for (std::size_t k = 0; k < eigenvalues.size(); ++k) curvature.directions[k * eigenvalues.size() + k] = 1.0;
  curvature.eigenvalues = std::move(eigenvalues);
  return curvature;
}

/// How many steps it takes until the excess stays at most `allowed`, of `most`.
int steps_to_stay(const Curvature& curvature, const Descent& descent, std::span<const double> start,
                  std::span<const double> optimum, double allowed, int most) {
  const double m = descent.momentum;
  std::vector<double> at(start.begin(), start.end());
  std::vector<double> velocity(at.size());
  int last = 0;
  for (int step = 0; step < most; ++step) {
    double excess = 0.0;
    for (std::size_t k = 0; k < at.size(); ++k) {
      const double error = at[k] - optimum[k];
      excess += 0.5 * curvature.eigenvalues[k] * error * error;
      const double gradient = curvature.eigenvalues[k] * error + descent.weight_decay * at[k];
      velocity[k] = m * velocity[k] + gradient;
      at[k] -= descent.lr * (descent.nesterov ? gradient + m * velocity[k] : velocity[k]);
    }
    if (excess > allowed) last = step + 1;
  }
  return last;
}

}  // namespace

TEST_CASE("predicted steps: from there on the excess stays within the target, however momentum swings", "[descent]") {
  const auto curvature = axes(GENERATE(values<std::vector<double>>({{2.0}, {0.5, 2.0}, {0.03, 0.9, 1.0, 3.0}})));
  const std::vector<double> start(curvature.parameters);
  const std::vector<double> optimum(curvature.parameters, 3.0);
  Descent descent;
  descent.batch_size = 100;
  descent.momentum = GENERATE(0.0, 0.25, 0.5, 0.8, 0.9, 0.95, 0.99);
  descent.nesterov = descent.momentum > 0.0 && GENERATE(false, true);
  const double floor = GENERATE(1e-4, 1e-2, 1.0);
  const double bound = linreg::largest_stable_lr(curvature, descent).value();
  for (double share = 0.01; share < 0.95; share *= 1.15) {
    descent.lr = share * bound;
    CAPTURE(curvature.eigenvalues, descent.momentum, descent.nesterov, descent.lr, floor);
    const auto predicted = linreg::predicted_steps(curvature, descent, start, optimum, floor);
    REQUIRE(predicted);
    // Further on the envelope has decayed, and no swing is as long: whatever else is predicted is found out.
    const auto most = static_cast<int>(std::min(60'000.0, 2.0 * *predicted + 2000.0));
    CHECK(*predicted == steps_to_stay(curvature, descent, start, optimum, 0.01 * floor, most));
  }
}

TEST_CASE("predicted steps where no one would count them", "[descent]") {
  const auto curvature = axes({2.0});
  const double m = 1.0 - 1e-7;
  const double x = GENERATE(1e-6, 1e-10, 1e-14);  // half a swing is of 3e3, 3e5 and 4e7 steps
  const Descent descent{.lr = x / 2.0, .momentum = m, .batch_size = 100};
  const double predicted = *linreg::predicted_steps(curvature, descent, std::vector{0.0}, std::vector{3.0}, 1.0);
  // The error is radius^k (cos kt + c sin kt), c = (1 - x - m) / (2 radius sin t).
  const double sine = std::sqrt(x - 0.25 * (1.0 + x - m) * (1.0 + x - m));
  const double angle = std::asin(sine / std::sqrt(m));
  const auto excess = [&](double k) {
    const double swing = std::cos(k * angle) + 0.5 * (1.0 - x - m) / sine * std::sin(k * angle);
    return 9.0 * std::pow(m, k) * swing * swing;
  };
  const double half_swing = std::numbers::pi / angle;
  for (int i = 1; i < 1000; ++i) CHECK(excess(predicted + i / 250.0 * half_swing) <= 0.01 * (1.0 + 1e-6));
  double before = 0.0;
  for (int i = 0; i <= 1000; ++i) before = std::max(before, excess(predicted - i / 1000.0 * half_swing));
  CHECK(before > 0.01);
}

TEST_CASE("predicted steps: a start within the target counts where the run leaves it no more", "[descent]") {
  const auto curvature = axes({1.0});
  const std::vector<double> optimum{3.0};
  const std::vector<double> near{2.95};
  CHECK(linreg::predicted_steps(curvature, {.lr = 0.1}, near, optimum, 1.0) == 0.0);
  CHECK_FALSE(linreg::predicted_steps(curvature, {.lr = 0.1, .weight_decay = 0.1}, near, optimum, 1.0));
}

TEST_CASE("predicted steps where weight decay leaves an offset that the error swings about", "[descent]") {
  const auto curvature = axes({0.5, 2.0});
  const std::vector<double> start{-1.0, 7.0};
  const std::vector<double> optimum{3.0, -2.0};
  Descent descent{.momentum = GENERATE(0.0, 0.9), .weight_decay = 0.02, .batch_size = 100};
  const double bound = linreg::largest_stable_lr(curvature, descent).value();
  for (const double share : {0.01, 0.1, 0.3, 0.6, 0.9}) {
    descent.lr = share * bound;
    CAPTURE(descent.momentum, descent.lr);
    const auto predicted = linreg::predicted_steps(curvature, descent, start, optimum, 1.0);
    REQUIRE(predicted);
    CHECK(*predicted == steps_to_stay(curvature, descent, start, optimum, 0.01, 10'000));
  }
}

TEST_CASE("predicted steps where an error passes the optimum on its way to what weight decay leaves", "[descent]") {
  const auto curvature = axes({0.1, 1.0});
  const std::vector<double> start{0.44, 4.14};
  const std::vector<double> optimum{0.0, 2.8};
  Descent descent{.weight_decay = 0.05, .batch_size = 100};
  descent.momentum = GENERATE(0.0, 0.5);
  descent.lr = 0.05 * (1.0 - descent.momentum);
  // There it is within the target for 60 steps, and then beyond it for 40.
  CHECK(linreg::predicted_steps(curvature, descent, start, optimum, 1.0) ==
        steps_to_stay(curvature, descent, start, optimum, 0.01, 10'000));
}
