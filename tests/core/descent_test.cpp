#include "linreg/descent.hpp"

#include <array>
#include <catch2/catch_all.hpp>
#include <numeric>

#include "closed_form.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::Curvature;
using linreg::Descent;
using linreg::Hessian;
using linreg::LeastSquaresFit;
using linreg::Loss;
using linreg::LossKind;
using linreg::Reduction;
using linreg::test::Problem;
using linreg::test::Random;
using linreg::test::random_problem;

namespace {

struct Setting {
  Problem problem;
  LeastSquaresFit fit;
  Curvature curvature;
  std::vector<double> optimum;  // weights, bias
};

Setting setting(Problem problem, Reduction reduction = Reduction::mean) {
  Setting made{std::move(problem), {}, {}, {}};
  made.fit = linreg::test::fitted(made.problem);
  auto hessian = *Hessian::create({LossKind::mse, reduction, 1.0}, made.fit.weight, made.fit.bias);
  REQUIRE(hessian.add(made.problem.features, made.problem.labels));
  made.curvature = *hessian.curvature();
  made.optimum = made.fit.weight;
  made.optimum.push_back(made.fit.bias);
  return made;
}

/// The least loss.
double floor_of(const Setting& setting) {
  const double squares = setting.fit.residual_norm * setting.fit.residual_norm;
  return setting.curvature.loss.reduction == Reduction::mean ? squares / static_cast<double>(setting.problem.n())
                                                             : squares;
}

/// PyTorch's SGD on MSE, in float64.
class Run {
 public:
  Run(const Setting& setting, const Descent& descent, std::vector<double> start)
      : setting_(setting), descent_(descent), p_(std::move(start)), v_(p_.size()), order_(setting.problem.n()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
  }

  void step(std::size_t first, std::size_t last) {
    const Problem& problem = setting_.problem;
    std::vector<double> g(p_.size());
    for (std::size_t k = first; k < last; ++k) {
      const std::size_t i = order_[k];
      double r = p_.back() - problem.labels[i];
      for (std::size_t j = 0; j < problem.d; ++j) r += p_[j] * problem.x(i, j);
      for (std::size_t j = 0; j < problem.d; ++j) g[j] += 2.0 * r * problem.x(i, j);
      g.back() += 2.0 * r;
    }
    const bool is_mean = setting_.curvature.loss.reduction == Reduction::mean;
    const double divisor = is_mean ? static_cast<double>(last - first) : 1.0;
    for (std::size_t j = 0; j < p_.size(); ++j) {
      const double gradient = g[j] / divisor + descent_.weight_decay * p_[j];
      v_[j] = descent_.momentum * v_[j] + gradient;
      p_[j] -= descent_.lr * (descent_.nesterov ? gradient + descent_.momentum * v_[j] : v_[j]);
    }
  }
  /// The next batch's rows drawn anew: batches are independent of each other.
  void independent_step(Random& random) {
    const std::size_t batch = batch_size();
    for (std::size_t k = 0; k < batch; ++k) std::swap(order_[k], order_[k + random.below(order_.size() - k)]);
    step(0, batch);
  }
  void shuffled_epoch(Random& random) {
    for (std::size_t i = order_.size(); i-- > 1;) std::swap(order_[i], order_[random.below(i + 1)]);
    for (std::size_t first = 0; first < order_.size(); first += batch_size()) {
      step(first, std::min(first + batch_size(), order_.size()));
    }
  }
  void full_step() { step(0, order_.size()); }

  [[nodiscard]] double distance() const {
    double squares = 0.0;
    for (std::size_t j = 0; j < p_.size(); ++j)
      squares += (p_[j] - setting_.optimum[j]) * (p_[j] - setting_.optimum[j]);
    return std::sqrt(squares);
  }
  [[nodiscard]] double excess() const {
    const Problem& problem = setting_.problem;
    const std::vector<double> weight(p_.begin(), p_.end() - 1);
    double sum = 0.0;
    for (std::size_t i = 0; i < problem.n(); ++i) {
      const double r = problem.residual(i, weight, p_.back());
      const double least = problem.residual(i, setting_.fit.weight, setting_.fit.bias);
      sum += (r - least) * (r - least);  // the cross term is zero: least is orthogonal to the columns
    }
    return setting_.curvature.loss.reduction == Reduction::mean ? sum / static_cast<double>(problem.n()) : sum;
  }

 private:
  [[nodiscard]] std::size_t batch_size() const { return static_cast<std::size_t>(descent_.batch_size); }

  const Setting& setting_;
  Descent descent_;
  std::vector<double> p_;
  std::vector<double> v_;
  std::vector<std::size_t> order_;
};

/// PyTorch's SGD along one direction, in float64.
struct Line {
  double error;
  double velocity;

  void step(const Descent& descent, double curvature, double noise) {
    const double gradient = curvature * error + noise;
    velocity = descent.momentum * velocity + gradient;
    error -= descent.lr * (descent.nesterov ? gradient + descent.momentum * velocity : velocity);
  }
};

}  // namespace

TEST_CASE("full batch: just below the bound converges, just above diverges", "[descent]") {
  const auto made = setting(random_problem(3, 80, 3, 0.5), GENERATE(Reduction::mean, Reduction::sum));
  Descent descent;
  descent.momentum = GENERATE(0.0, 0.3, 0.9);
  descent.nesterov = descent.momentum > 0.0 && GENERATE(false, true);
  descent.weight_decay = GENERATE(0.0, 0.7);
  const double bound = linreg::largest_stable_lr(made.curvature, descent).value();

  const auto after = [&](double share) {
    descent.lr = share * bound;
    Run run(made, descent, {1.0, -1.0, 2.0, 0.5});
    for (int i = 0; i < 3000; ++i) run.full_step();
    return run.distance();
  };
  for (const double share : {0.1, 0.5, 0.9, 0.99}) CHECK(after(share) < 10.0);
  for (const double share : {1.01, 1.05, 1.5, 3.0}) CHECK(!(after(share) < 1e6));

  // A batch of all rows is the same descent.
  descent.batch_size = GENERATE(as<std::uint64_t>{}, 80, 1000);
  CHECK_THAT(linreg::mean_square_stable_lr(made.curvature, descent).value(), WithinRel(bound, 1e-12));
}

TEST_CASE("batches: rates below the mean-square bound never diverge", "[descent]") {
  const auto made = setting(random_problem(5, 60, 2, 0.5), GENERATE(Reduction::mean, Reduction::sum));
  Descent descent;
  descent.batch_size = GENERATE(as<std::uint64_t>{}, 1, 2, 7, 10, 30);
  descent.momentum = GENERATE(0.0, 0.5, 0.9);
  descent.nesterov = descent.momentum > 0.0 && GENERATE(false, true);
  descent.weight_decay = GENERATE(0.0, 0.2);
  const double bound = linreg::mean_square_stable_lr(made.curvature, descent).value();
  const double scale =
      made.curvature.loss.reduction == Reduction::sum ? 60.0 / static_cast<double>(descent.batch_size) : 1.0;
  if (descent.weight_decay == 0.0) CHECK(bound < scale * linreg::largest_stable_lr(made.curvature, descent).value());

  for (const double share : {0.25, 0.7, 0.95}) {
    descent.lr = share * bound;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      Random random(seed);
      Run independent(made, descent, {1.0, -1.0, 0.5});
      Run shuffled = independent;
      double worst = 0.0;
      for (int i = 0; i < 3000; ++i) {
        independent.independent_step(random);
        worst = std::max(worst, independent.distance());
      }
      for (int i = 0; i < 200; ++i) {
        shuffled.shuffled_epoch(random);
        worst = std::max(worst, shuffled.distance());
      }
      CHECK(worst < 1e3);
    }
  }
}

TEST_CASE("batches: the bound is where single steps stop shrinking the mean squared distance", "[descent]") {
  // One feature, no noise, batches of one: E (1 - lr h)^2 over the rows, in closed form.
  Problem problem{1, {}, {}};
  Random random(7);
  for (int i = 0; i < 40; ++i) {
    problem.features.push_back(random.normal());
    problem.labels.push_back(3.0 * problem.features.back());
  }
  auto hessian = *Hessian::create({}, std::vector{3.0}, 0.0, false);
  REQUIRE(hessian.add(problem.features, problem.labels));
  const auto curvature = *hessian.curvature();
  double mean = 0.0;
  double square = 0.0;
  for (const double x : problem.features) {
    mean += 2.0 * x * x / 40.0;
    square += 4.0 * x * x * x * x / 40.0;
  }
  CHECK_THAT(linreg::mean_square_stable_lr(curvature, {}).value(), WithinRel(2.0 * mean / square, 1e-12));
  CHECK_THAT(linreg::largest_stable_lr(curvature, {}).value(), WithinRel(2.0 / mean, 1e-12));
}

TEST_CASE("no curvature, no bound", "[descent]") {
  auto hessian = *Hessian::create({LossKind::l1, Reduction::mean, 1.0}, std::vector{1.0}, 0.0);
  REQUIRE(hessian.add(std::vector{1.0, 2.0}, std::vector{1.0, 3.0}));
  const auto curvature = *hessian.curvature();
  CHECK_FALSE(linreg::largest_stable_lr(curvature, {}));
  CHECK_FALSE(linreg::mean_square_stable_lr(curvature, {}));
  CHECK_FALSE(linreg::stationary_excess(curvature, {.lr = 0.1}));
  const std::vector<double> start{0.0, 0.0};
  const std::vector<double> optimum{1.0, 0.0};
  CHECK_FALSE(linreg::predicted_steps(curvature, {.lr = 0.1}, start, optimum, 1.0));
  const Descent decayed{.lr = 0.1, .weight_decay = 0.5};
  CHECK(linreg::largest_stable_lr(curvature, decayed).value() == 4.0);
  CHECK(linreg::mean_square_stable_lr(curvature, decayed).value() == 4.0);
}

TEST_CASE("predicted steps are the steps it takes", "[descent]") {
  const auto made = setting(random_problem(9, 100, 2, 0.5), GENERATE(Reduction::mean, Reduction::sum));
  Descent descent;
  descent.momentum = GENERATE(0.0, 0.5);
  descent.nesterov = descent.momentum > 0.0 && GENERATE(false, true);
  descent.batch_size = 100;
  const double bound = linreg::largest_stable_lr(made.curvature, descent).value();
  descent.lr = GENERATE(0.003, 0.1, 0.4) * bound;
  const double floor = floor_of(made);
  const std::vector<double> start{0.0, 0.0, 0.0};

  const auto predicted = linreg::predicted_steps(made.curvature, descent, start, made.optimum, floor);
  REQUIRE(predicted);
  Run run(made, descent, start);
  int steps = 0;
  while (run.excess() > 0.01 * floor) {
    run.full_step();
    ++steps;
  }
  CHECK(std::abs(steps - *predicted) <= (descent.momentum > 0.0 ? 0.05 * steps + 2.0 : 0.0));
  CHECK(linreg::predicted_steps(made.curvature, descent, made.optimum, made.optimum, floor).value() == 0.0);
  // On an exact fit the measure is the excess at the start.
  CHECK(linreg::predicted_steps(made.curvature, descent, start, made.optimum, 0.0).value() > 0.0);

  CHECK_FALSE(linreg::predicted_steps(made.curvature, {.lr = 0.0}, start, made.optimum, floor));
  CHECK_FALSE(linreg::predicted_steps(made.curvature, {.lr = 1.01 * bound * 2.0, .batch_size = 100}, start,
                                      made.optimum, floor));
  CHECK_FALSE(linreg::predicted_steps(made.curvature, descent, std::vector{0.0}, made.optimum, floor));
  descent.weight_decay = 10.0 * made.curvature.eigenvalues.back();
  descent.lr = 0.01 * bound;
  CHECK_FALSE(linreg::predicted_steps(made.curvature, descent, start, made.optimum, floor));
}

TEST_CASE("predicted steps are the steps it takes with batches that are all alike", "[descent]") {
  // The same 25 rows four times: every batch's gradient is the mean path's, so that nothing scatters.
  const auto part = random_problem(19, 25, 2, 0.5);
  Problem problem{2, {}, {}};
  for (int copy = 0; copy < 4; ++copy) {
    problem.features.insert(problem.features.end(), part.features.begin(), part.features.end());
    problem.labels.insert(problem.labels.end(), part.labels.begin(), part.labels.end());
  }
  const auto made = setting(std::move(problem), GENERATE(Reduction::mean, Reduction::sum));
  Descent descent;
  descent.batch_size = GENERATE(as<std::uint64_t>{}, 25, 50);
  const bool is_sum = made.curvature.loss.reduction == Reduction::sum;
  const double share = is_sum ? static_cast<double>(descent.batch_size) / 100.0 : 1.0;  // of the rows, in a sum
  descent.lr = GENERATE(0.01, 0.4) / share * linreg::largest_stable_lr(made.curvature, descent).value();
  const double floor = floor_of(made);
  const std::vector<double> start{0.0, 0.0, 0.0};

  Run run(made, descent, start);
  double steps = 0.0;
  for (; run.excess() > 0.01 * floor; ++steps) run.step(0, static_cast<std::size_t>(descent.batch_size));
  REQUIRE(steps > 5.0);
  CHECK(linreg::predicted_steps(made.curvature, descent, start, made.optimum, floor).value() == steps);
}

TEST_CASE("sums with a short last batch: an epoch's mean steps are stable up to the bound, and not just above",
          "[descent]") {
  // Rows that are all the same do not scatter, so that the bound is that of the mean steps alone.
  Descent descent;
  descent.momentum = GENERATE(0.5, 0.9);
  descent.batch_size = 10;
  descent.last_batch = GENERATE(as<std::uint64_t>{}, 1, 5);
  descent.nesterov = descent.last_batch == 1 && GENERATE(false, true);
  const std::uint64_t whole = GENERATE(as<std::uint64_t>{}, 1, 2, 3, 5);
  const std::size_t n = static_cast<std::size_t>(whole * descent.batch_size + descent.last_batch);
  auto hessian = *Hessian::create({LossKind::mse, Reduction::sum, 1.0}, std::vector{0.0}, 0.0, false);
  REQUIRE(hessian.add(std::vector<double>(n, 1.0), std::vector<double>(n)));
  const auto curvature = *hessian.curvature();
  CAPTURE(descent.momentum, descent.nesterov, descent.last_batch, whole);

  const auto is_stable = [&](double lr) {
    descent.lr = lr;
    Line from_error{1.0, 0.0};
    Line from_velocity{0.0, 1.0};
    for (Line* line : {&from_error, &from_velocity}) {
      for (std::uint64_t i = 0; i < whole; ++i) line->step(descent, 2.0 * static_cast<double>(descent.batch_size), 0.0);
      line->step(descent, 2.0 * static_cast<double>(descent.last_batch), 0.0);
    }
    const double trace = from_error.error + from_velocity.velocity;
    const double determinant = from_error.error * from_velocity.velocity - from_velocity.error * from_error.velocity;
    return std::abs(determinant) < 1.0 && std::abs(trace) < 1.0 + determinant;
  };
  descent.lr = 0.0;
  const double bound = linreg::mean_square_stable_lr(curvature, descent).value();
  descent.last_batch = 0;
  const double grid = linreg::mean_square_stable_lr(curvature, descent).value() / 1000.0;
  descent.last_batch = n - whole * descent.batch_size;
  CHECK(bound < 999.0 * grid);
  for (double lr = grid; lr < 1.0001 * bound; lr += grid) CHECK(is_stable(lr));
  CHECK_FALSE(is_stable(bound + grid));
}

TEST_CASE("the excess along one direction is where the error's covariance ends", "[descent]") {
  // Two rows, one to a batch. With the floor's 1 for the residuals' variance the gradient's is twice the curvature.
  Curvature curvature;
  curvature.n = 2;
  curvature.parameters = 1;
  curvature.eigenvalues = {1.0};
  Descent descent;
  descent.momentum = GENERATE(0.0, 0.3, 0.9);
  descent.nesterov = descent.momentum > 0.0 && GENERATE(false, true);
  descent.lr = GENERATE(0.01, 0.3, 0.7, 0.97) * linreg::largest_stable_lr(curvature, descent).value();
  CAPTURE(descent.momentum, descent.nesterov, descent.lr);

  Line error{1.0, 0.0};
  Line velocity{0.0, 1.0};
  Line noise{0.0, 0.0};
  error.step(descent, 1.0, 0.0);
  velocity.step(descent, 1.0, 0.0);
  noise.step(descent, 1.0, 1.0);
  double ee = 0.0;  // the covariance of error and velocity
  double ev = 0.0;
  double vv = 0.0;
  for (int i = 0; i < 20000; ++i) {
    const auto next = [&](double Line::* a, double Line::* b) {
      return error.*a * error.*b * ee + (error.*a * velocity.*b + velocity.*a * error.*b) * ev +
             velocity.*a * velocity.*b * vv + 2.0 * (noise.*a * noise.*b);
    };
    const std::array covariance{next(&Line::error, &Line::error), next(&Line::error, &Line::velocity),
                                next(&Line::velocity, &Line::velocity)};
    ee = covariance[0];
    ev = covariance[1];
    vv = covariance[2];
  }
  CHECK_THAT(linreg::stationary_excess(curvature, descent).value(), WithinRel(0.5 * ee, 1e-10));
}

TEST_CASE("SGD's excess above the floor at a constant small rate", "[descent]") {
  const auto made = setting(random_problem(13, 200, 2, 0.5), GENERATE(Reduction::mean, Reduction::sum));
  Descent descent;
  descent.batch_size = GENERATE(as<std::uint64_t>{}, 4, 50);
  descent.momentum = GENERATE(0.0, 0.6);
  descent.nesterov = descent.momentum > 0.0 && GENERATE(false, true);
  descent.lr = 0.05 * linreg::mean_square_stable_lr(made.curvature, descent).value();
  const double floor = floor_of(made);
  Random random(17);
  Run run(made, descent, made.optimum);
  double mean = 0.0;
  constexpr int steps = 60000;
  for (int i = 0; i < steps; ++i) {
    run.independent_step(random);
    if (i % 10 == 0) mean += run.excess() / floor * 10.0 / steps;
  }
  CHECK_THAT(linreg::stationary_excess(made.curvature, descent).value(), WithinRel(mean, 0.2));

  Run shuffled(made, descent, made.optimum);
  double epochs = 0.0;
  for (int i = 0; i < 300; ++i) {
    shuffled.shuffled_epoch(random);
    epochs += shuffled.excess() / floor / 300.0;
  }
  CHECK(epochs < mean);
}

TEST_CASE("of no rows, or of batches of none, nothing is said", "[descent]") {
  const auto reduction = GENERATE(Reduction::mean, Reduction::sum);
  auto made = setting(random_problem(19, 50, 2, 0.5), reduction).curvature;
  Descent descent;
  descent.lr = 0.01;
  descent.momentum = 0.5;
  descent.batch_size = 7;
  descent.last_batch = 1;
  REQUIRE(linreg::mean_square_stable_lr(made, descent));
  REQUIRE(linreg::stationary_excess(made, descent));
  if (GENERATE(false, true)) {
    made.n = 0;
  } else {
    descent.batch_size = 0;
  }
  CHECK_FALSE(linreg::mean_square_stable_lr(made, descent));
  CHECK_FALSE(linreg::stationary_excess(made, descent));
  const std::vector<double> start(3);
  CHECK_FALSE(linreg::predicted_steps(made, descent, start, std::vector{1.0, 1.0, 1.0}, 0.0));
  Curvature empty;
  empty.loss.reduction = reduction;
  CHECK_FALSE(linreg::mean_square_stable_lr(empty, descent));
  CHECK_FALSE(linreg::stationary_excess(empty, descent));
}
