#include "linreg/optimizer.hpp"

#include <catch2/catch_all.hpp>

#include "random.hpp"
#include "support.hpp"

using Catch::Matchers::WithinAbs;
using linreg::Adam;
using linreg::OptimizerState;
using linreg::Sgd;
using linreg::test::Random;

namespace {

constexpr std::size_t parameter_count = 5;

/// The same steps in float64 by the formulas as they are written in PyTorch's documentation.
struct Plain {
  std::vector<double> p;
  std::vector<double> v = std::vector<double>(parameter_count);
  std::vector<double> m = std::vector<double>(parameter_count);
  int steps = 0;

  void step(const Sgd& sgd, const std::vector<float>& gradient) {
    for (std::size_t i = 0; i < parameter_count; ++i) {
      double g = static_cast<double>(gradient[i]) + sgd.weight_decay * p[i];
      if (sgd.momentum != 0.0) {
        v[i] = steps == 0 ? g : sgd.momentum * v[i] + g;
        g = sgd.nesterov ? g + sgd.momentum * v[i] : v[i];
      }
      p[i] -= sgd.lr * g;
    }
    ++steps;
  }

  void step(const Adam& adam, const std::vector<float>& gradient) {
    ++steps;
    for (std::size_t i = 0; i < parameter_count; ++i) {
      const double g = static_cast<double>(gradient[i]) + adam.weight_decay * p[i];
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const double mean = m[i] / (1.0 - std::pow(0.9, steps));
      const double square = v[i] / (1.0 - std::pow(0.999, steps));
      p[i] -= adam.lr * mean / (std::sqrt(square) + 1e-8);
    }
  }
};

/// Runs both on the same gradients and compares the parameters after every step.
template <class Optimizer>
void check_against_plain(const Optimizer& optimizer, double tolerance) {
  Random random(17);
  std::vector<float> parameters(parameter_count);
  for (float& p : parameters) p = static_cast<float>(random.normal());
  Plain plain{{parameters.begin(), parameters.end()}};
  OptimizerState state;
  std::vector<float> gradient(parameter_count);
  std::vector<float> next(parameter_count);
  for (int k = 0; k < 100; ++k) {
    for (float& g : gradient) g = static_cast<float>(random.normal());
    step(optimizer, state, parameters, gradient, next);
    plain.step(optimizer, gradient);
    for (std::size_t i = 0; i < parameter_count; ++i) {
      REQUIRE_THAT(static_cast<double>(next[i]), WithinAbs(plain.p[i], tolerance));
    }
    parameters = next;
  }
}

}  // namespace

TEST_CASE("optimizers follow their formulas", "[optimizer]") {
  check_against_plain(Sgd{.lr = 0.1}, 1e-5);
  check_against_plain(Sgd{.lr = 0.1, .weight_decay = 0.3}, 1e-5);
  check_against_plain(Sgd{.lr = 0.1, .momentum = 0.9}, 1e-4);
  check_against_plain(Sgd{.lr = 0.1, .momentum = 0.5, .weight_decay = 0.01}, 1e-5);
  check_against_plain(Sgd{.lr = 0.1, .momentum = 0.9, .nesterov = true}, 1e-4);
  check_against_plain(Sgd{.lr = 0.1, .momentum = 0.9, .nesterov = true, .weight_decay = 0.01}, 1e-4);
  check_against_plain(Adam{.lr = 0.03}, 1e-5);
  check_against_plain(Adam{.lr = 0.001, .weight_decay = 0.1}, 1e-5);
}

// From here on every number is exact in float32.

TEST_CASE("plain SGD takes off lr times the gradient", "[optimizer]") {
  OptimizerState state;
  const std::vector<float> parameters{1.0F, -2.0F};
  std::vector<float> next(2);
  step(Sgd{.lr = 0.5}, state, parameters, std::vector{4.0F, 0.25F}, next);
  CHECK(next == std::vector{-1.0F, -2.125F});
  CHECK_FALSE(state.started);
}

TEST_CASE("momentum begins with the gradient itself", "[optimizer]") {
  OptimizerState state;
  std::vector<float> next(1);
  const Sgd sgd{.lr = 1.0, .momentum = 0.5};
  step(sgd, state, std::vector{0.0F}, std::vector{8.0F}, next);
  CHECK(next[0] == -8.0F);
  CHECK(state.momentum == std::vector{8.0F});
  step(sgd, state, std::vector{0.0F}, std::vector{1.0F}, next);
  CHECK(next[0] == -5.0F);
  step(sgd, state, std::vector{0.0F}, std::vector{0.0F}, next);
  CHECK(next[0] == -2.5F);
}

TEST_CASE("Nesterov's step looks ahead, from the first step on", "[optimizer]") {
  OptimizerState state;
  std::vector<float> next(1);
  const Sgd sgd{.lr = 1.0, .momentum = 0.5, .nesterov = true};
  step(sgd, state, std::vector{0.0F}, std::vector{8.0F}, next);
  CHECK(next[0] == -12.0F);  // g + m v with v = g
  step(sgd, state, std::vector{0.0F}, std::vector{1.0F}, next);
  CHECK(next[0] == -3.5F);  // v = 5
}

TEST_CASE("weight decay pulls every parameter, the bias too, and goes through the momentum", "[optimizer]") {
  OptimizerState state;
  std::vector<float> next(2);
  step(Sgd{.lr = 0.5, .weight_decay = 0.5}, state, std::vector{4.0F, -8.0F}, std::vector{0.0F, 1.0F}, next);
  CHECK(next == std::vector{3.0F, -6.5F});
  step(Sgd{.lr = 0.5, .momentum = 0.5, .weight_decay = 0.5}, state, std::vector{4.0F, -8.0F}, std::vector{0.0F, 1.0F},
       next);
  CHECK(state.momentum == std::vector{2.0F, -3.0F});
}

TEST_CASE("momentum that sets in later begins with that step's gradient", "[optimizer]") {
  OptimizerState state;
  std::vector<float> next(1);
  step(Sgd{.lr = 1.0}, state, std::vector{0.0F}, std::vector{8.0F}, next);
  step(Sgd{.lr = 1.0, .momentum = 0.5}, state, std::vector{0.0F}, std::vector{2.0F}, next);
  CHECK(next[0] == -2.0F);
}

TEST_CASE("Adam's first step has the size of lr whatever the gradient's", "[optimizer]") {
  for (const float gradient : {1e-3F, 1.0F, 1e6F, -1e6F}) {
    OptimizerState state;
    std::vector<float> next(1);
    step(Adam{.lr = 0.25}, state, std::vector{0.0F}, std::vector{gradient}, next);
    CHECK_THAT(next[0], Catch::Matchers::WithinRel(std::copysign(0.25F, -gradient), 2e-5F));
  }
}

TEST_CASE("no learning rate, no change", "[optimizer]") {
  OptimizerState state;
  const std::vector<float> parameters{1.5F, -0.25F};
  std::vector<float> next(2);
  step(Sgd{.lr = 0.0, .momentum = 0.9, .weight_decay = 0.1}, state, parameters, std::vector{4.0F, 1.0F}, next);
  CHECK(next == parameters);
  OptimizerState fresh;
  step(Adam{.lr = 0.0}, fresh, parameters, std::vector{4.0F, 1.0F}, next);
  CHECK(next == parameters);
}
