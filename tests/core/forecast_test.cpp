#include "linreg/forecast.hpp"

#include <catch2/catch_all.hpp>
#include <cmath>
#include <numbers>

#include "closed_form.hpp"
#include "support.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::Analysis;
using linreg::Coefficients;
using linreg::Forecast;
using linreg::LossKind;
using linreg::OptimizerKind;
using linreg::Options;
using linreg::Reduction;
using linreg::Status;
using linreg::Trainer;
using linreg::test::created;

namespace {

void finish(Analysis& analysis, const linreg::Loss& loss) {
  while (!analysis.run(loss, 1e9)) {
  }
}

Forecast forecast_of(const Trainer& trainer) {
  Analysis analysis(trainer.dataset(), trainer.scaler());
  finish(analysis, trainer.training().loss);
  const Coefficients start{{trainer.initial().weight.begin(), trainer.initial().weight.end()}, trainer.initial().bias};
  return linreg::forecast(analysis.curvature(), trainer.training(), start, analysis.optimum());
}

linreg::Dataset norris() {
  const auto set = linreg::test::strd("Norris").problem;
  return *linreg::make_dataset(set.features, set.labels, 1);
}

Options noisy(std::size_t n, std::uint64_t seed) {
  Options options;
  options.seed = seed;
  options.n = n;
  options.noise = 0.5;
  return options;
}

}  // namespace

TEST_CASE("Norris, standardised, full batch at 1 / lambda_max: float32 ends within 1e-6 of the optimum", "[forecast]") {
  Options options;
  options.standardize = true;
  options.training.batch_size = 36;
  options.training.epochs = 20'000;
  const auto data = norris();
  Analysis analysis(data, linreg::StandardScaler::fit(data));
  finish(analysis, {});
  options.training.lr = 1.0 / analysis.curvature().eigenvalues.back();
  auto trainer = created(options, data);
  REQUIRE(trainer.train() == Status::finished);
  REQUIRE(trainer.step_count() == 20'000);
  const auto& optimum = analysis.optimum().trained;
  CHECK_THAT(static_cast<double>(trainer.parameters().weight[0]), WithinAbs(optimum.weight[0], 1e-6));
  CHECK_THAT(static_cast<double>(trainer.parameters().bias), WithinAbs(optimum.bias, 1e-6));
}

TEST_CASE("Norris, standardised, batches of 8 at a constant rate: excess loss at most 10%", "[forecast]") {
  Options options;
  options.standardize = true;
  options.training.batch_size = 8;
  options.training.drop_last = true;
  options.training.lr = 0.02;
  options.training.epochs = 2000;
  auto trainer = created(options, norris());
  const double excess = forecast_of(trainer).excess.value();
  CHECK(excess < 0.1);
  CHECK(excess > 1e-4);
  REQUIRE(trainer.train() == Status::finished);

  Analysis analysis(trainer.dataset(), trainer.scaler());
  finish(analysis, {});
  const double floor = analysis.optimum().mean_loss;
  const auto epochs = trainer.epochs();
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = epochs.indices.size() / 2; i < epochs.indices.size(); ++i, ++count)
    sum += epochs.values[2 * i + 1];
  const double seen = sum / static_cast<double>(count) / floor - 1.0;
  CHECK(seen <= 0.1);
  CHECK(seen >= -0.01);  // the float32 copy's own floor
}

TEST_CASE("a rate called stable never diverges, through the trainer", "[forecast]") {
  const auto reduction = GENERATE(Reduction::mean, Reduction::sum);
  const auto kind = GENERATE(LossKind::mse, LossKind::huber);
  int combination = 0;
  for (const std::uint64_t batch_size : {1U, 7U, 10U, 60U, 61U, 64U}) {
    for (const double momentum : {0.0, 0.5, 0.9}) {
      for (const bool nesterov : {false, true}) {
        if (nesterov && momentum == 0.0) continue;
        for (const double weight_decay : {0.0, 0.3}) {
          for (const double share : {0.1, 0.5, 0.9, 0.999}) {
            if (combination++ % linreg::test::trial_share != 0) continue;
            Options options = noisy(61, batch_size + 1);
            options.training.loss = {kind, reduction, 1.0};
            options.training.batch_size = batch_size;
            options.training.momentum = momentum;
            options.training.nesterov = nesterov;
            options.training.weight_decay = weight_decay;
            options.training.epochs = 300;
            options.training.lr = 0.0;
            options.training.lr = share * forecast_of(created(options)).mean_square_stable_lr.value();
            CAPTURE(batch_size, momentum, nesterov, weight_decay, share, options.training.lr);
            auto trainer = created(options);
            const float before = trainer.loss();
            REQUIRE(trainer.train() == Status::finished);
            CHECK(trainer.loss() < before);
          }
        }
      }
    }
  }
}

TEST_CASE("5% above the full-batch bound always diverges, 1% below never, through the trainer", "[forecast]") {
  const auto reduction = GENERATE(Reduction::mean, Reduction::sum);
  const double momentum = GENERATE(0.0, 0.5, 0.9);
  const bool nesterov = momentum > 0.0 && GENERATE(false, true);
  const double weight_decay = GENERATE(0.0, 0.3);
  const int seed = GENERATE(range(1, 1 + linreg::test::trials(3)));
  Options options = noisy(100, static_cast<std::uint64_t>(seed));
  options.training.loss.reduction = reduction;
  options.training.batch_size = 100;
  options.training.momentum = momentum;
  options.training.nesterov = nesterov;
  options.training.weight_decay = weight_decay;
  options.training.epochs = 20'000;
  const auto forecast = forecast_of(created(options));
  const double bound = forecast.largest_stable_lr.value();
  CHECK_THAT(forecast.mean_square_stable_lr.value(), WithinRel(bound, 1e-12));  // every batch is all rows
  CAPTURE(momentum, nesterov, weight_decay, bound);
  options.training.lr = 1.05 * bound;
  CHECK(created(options).train() == Status::diverged);
  options.training.lr = 0.99 * bound;
  auto below = created(options);
  CHECK(below.train() == Status::finished);
  CHECK(below.loss() < 5.0F * (reduction == Reduction::sum ? 100.0F : 1.0F));
}

TEST_CASE("epochs until the loss is within 1% of the optimum's", "[forecast]") {
  const auto reduction = GENERATE(Reduction::mean, Reduction::sum);
  const double unit = reduction == Reduction::sum ? 200.0 : 1.0;
  Options options = noisy(200, 5);
  options.training.loss.reduction = reduction;
  options.training.batch_size = 200;
  options.training.lr = GENERATE(0.02, 0.1) / unit;
  options.training.momentum = GENERATE(0.0, 0.9);
  options.training.epochs = 100'000;
  auto trainer = created(options);
  Analysis analysis(trainer.dataset(), trainer.scaler());
  finish(analysis, {});
  const double floor = unit * analysis.optimum().mean_loss;
  const double epochs = forecast_of(trainer).epochs.value();
  REQUIRE(epochs > 2.0);
  while (static_cast<double>(trainer.epoch()) < epochs - 1.0) trainer.step_epoch();
  CHECK(static_cast<double>(trainer.loss()) > 1.00999 * floor);
  trainer.step_epoch();
  CHECK(static_cast<double>(trainer.loss()) < 1.01001 * floor);
}

TEST_CASE("a floor that float32 cannot tell from 0 is that of an exact fit", "[forecast]") {
  const double noise = GENERATE(0.0, 1e-9, 1e-7);
  Options options;
  options.noise = noise;
  options.training.batch_size = 1000;
  options.training.loss.reduction = GENERATE(Reduction::mean, Reduction::sum);
  options.training.lr = options.training.loss.reduction == Reduction::mean ? 0.03 : 0.03 / 1000.0;
  options.training.epochs = 1000;
  auto trainer = created(options);
  const double epochs = forecast_of(trainer).epochs.value();
  const auto start = static_cast<double>(trainer.loss());
  while (static_cast<double>(trainer.epoch()) < epochs - 1.0) trainer.step_epoch();
  CHECK(static_cast<double>(trainer.loss()) > 0.00999 * start);
  trainer.step_epoch();
  CHECK(static_cast<double>(trainer.loss()) < 0.01001 * start);
}

TEST_CASE("a short last batch lowers the mean-square bound of the mean, not of the sum", "[forecast]") {
  Options options = noisy(61, 3);
  options.training.batch_size = 20;
  const double whole = [&] {
    Options dropped = options;
    dropped.training.drop_last = true;
    return forecast_of(created(dropped)).mean_square_stable_lr.value();
  }();
  Options single = options;
  single.training.batch_size = 1;
  const double of_one = forecast_of(created(single)).mean_square_stable_lr.value();
  CHECK(of_one < whole);
  CHECK(forecast_of(created(options)).mean_square_stable_lr.value() == of_one);
}

TEST_CASE("Adam and L1 have no such rates", "[forecast]") {
  Options options = noisy(50, 3);
  if (GENERATE(false, true)) {
    options.training.optimizer = OptimizerKind::adam;
  } else {
    options.training.loss.kind = LossKind::l1;
  }
  const auto forecast = forecast_of(created(options));
  CHECK_FALSE(forecast.largest_stable_lr);
  CHECK_FALSE(forecast.mean_square_stable_lr);
  CHECK_FALSE(forecast.epochs);
  CHECK_FALSE(forecast.excess);
}

TEST_CASE("the noise's loss for a delta far below its deviation, or far above", "[forecast]") {
  // delta, E[huber(noise)] and E[huber'^2] / (2 E[huber'']) where sigma is 1: integrals over the normal density, by mpmath's
  // quadrature with 120 digits.
  struct Case {
    double delta, loss, taken;
  };
  const auto [delta, mean, taken] =
      GENERATE(values<Case>({{1e-20, 7.9788456080286531211e-21, 6.2665706865775009123e-21},
                             {1e-17, 7.9788456080286540796e-18, 6.266570686577501671e-18},
                             {1e-12, 7.9788456080236533983e-13, 6.2665706865741677967e-13},
                             {1e-8, 7.9788455580286538587e-9, 6.2665706532441681583e-9},
                             {1e-5, 7.9787956081616349716e-6, 6.2665373533486110579e-6},
                             {1e-3, 0.00079738469378361885724, 0.00062632383974504110114},
                             {0.03, 0.023490127143048335253, 0.018502514059602319591},
                             {0.25, 0.17029250023881875874, 0.13737797927028144993},
                             {0.5, 0.29036073997466611843, 0.24172932374687820492},
                             {0.9, 0.40632789803124466982, 0.35695375824718321163},
                             {0.999, 0.42449342697912287037, 0.37776293799702778199},
                             {1.0, 0.42466021665622924697, 0.37795993413216864562},
                             {1.5, 0.47715298937504887691, 0.44926024766262270408},
                             {2.0, 0.4942312732854800679, 0.48220910431785033154},
                             {4.0, 0.49999690979189650275, 0.49997141715576203305},
                             {7.0, 0.49999999999995241566, 0.49999999999876777179},
                             {20.0, 0.5, 0.5},
                             {1e3, 0.5, 0.5}}));
  const double sigma = GENERATE(1.0, 0.01, 1e-30, 1e30);
  CAPTURE(delta, sigma);
  const linreg::Loss huber{LossKind::huber, Reduction::mean, delta * sigma};
  const linreg::Loss smooth{LossKind::smooth_l1, Reduction::sum, delta * sigma};
  const std::size_t n = 10;
  CHECK_THAT(linreg::noise_loss(huber, sigma, n), WithinRel(mean * sigma * sigma, 1e-14));
  CHECK_THAT(linreg::noise_loss(smooth, sigma, n), WithinRel(10.0 * mean * sigma / delta, 1e-14));
  CHECK_THAT(linreg::expected_loss(huber, sigma, n, 3), WithinRel((mean - 0.3 * taken) * sigma * sigma, 1e-14));
  CHECK_THAT(linreg::expected_loss(smooth, sigma, n, 3), WithinRel((10.0 * mean - 3.0 * taken) * sigma / delta, 1e-14));
}

TEST_CASE("the noise's loss where delta over its deviation is beyond float64, and without noise", "[forecast]") {
  const double l1 = std::sqrt(2.0 / std::numbers::pi);
  const auto noise_loss = [](LossKind kind, double delta, double sigma) {
    return linreg::noise_loss({kind, Reduction::mean, delta}, sigma, 10);
  };
  CHECK_THAT(noise_loss(LossKind::huber, 1e-300, 1e30), WithinRel(l1 * 1e-270, 1e-14));
  CHECK_THAT(noise_loss(LossKind::smooth_l1, 5e-324, 1e30), WithinRel(l1 * 1e30, 1e-14));
  CHECK_THAT(noise_loss(LossKind::smooth_l1, 1e30, 1e-100), WithinRel(0.5e-230, 1e-14));
  CHECK(noise_loss(LossKind::huber, 1e30, 1e-300) == 0.0);
  CHECK(noise_loss(LossKind::mse, 1.0, 0.5) == 0.25);
  CHECK_THAT(noise_loss(LossKind::l1, 1.0, 0.5), WithinRel(0.5 * l1, 1e-14));
  CHECK(linreg::noise_loss({LossKind::mse, Reduction::sum, 1.0}, 0.5, 100) == 25.0);
  for (const auto kind : linreg::test::all_losses) CHECK(noise_loss(kind, 1.0, 0.0) == 0.0);
}

TEST_CASE("the expected loss is the optimum's on average over draws", "[forecast]") {
  const auto kind = GENERATE(LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1);
  const std::size_t n = 60;
  double sum = 0.0;
  constexpr int draws = 400;
  for (int seed = 0; seed < draws; ++seed) {
    auto trainer = created(noisy(n, static_cast<std::uint64_t>(seed)));
    Analysis analysis(trainer.dataset(), trainer.scaler());
    finish(analysis, {kind, Reduction::mean, 0.4});
    sum += analysis.optimum().mean_loss;
  }
  for (const auto reduction : {Reduction::mean, Reduction::sum}) {
    const linreg::Loss loss{kind, reduction, 0.4};
    const double unit = reduction == Reduction::sum ? static_cast<double>(n) : 1.0;
    // 400 draws of 60 rows tell the mean to about 1%.
    CHECK_THAT(linreg::expected_loss(loss, 0.5, n, 3), WithinRel(unit * sum / draws, 0.02));
    CHECK(linreg::expected_loss(loss, 0.0, n, 3) == 0.0);
    CHECK(linreg::expected_loss(loss, 0.5, 3, 3) == 0.0);
  }
}

TEST_CASE("nothing is forecast from no rows, or for batches of none", "[forecast]") {
  Options options = noisy(61, 1);
  options.training.loss.reduction = GENERATE(Reduction::mean, Reduction::sum);
  const Trainer trainer = created(options);
  Analysis analysis(trainer.dataset(), trainer.scaler());
  finish(analysis, {});
  const Coefficients start{{0.0, 0.0}, 0.0};
  const auto check_empty = [&](const linreg::Curvature& curvature) {
    const Forecast empty = linreg::forecast(curvature, options.training, start, analysis.optimum());
    CHECK_FALSE(empty.largest_stable_lr);
    CHECK_FALSE(empty.mean_square_stable_lr);
    CHECK_FALSE(empty.epochs);
    CHECK_FALSE(empty.excess);
  };
  check_empty({});
  auto no_rows = analysis.curvature();
  no_rows.n = 0;
  check_empty(no_rows);
  options.training.batch_size = 0;
  check_empty(analysis.curvature());
}
