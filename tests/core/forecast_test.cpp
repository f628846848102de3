#include "linreg/forecast.hpp"

#include <catch2/catch_all.hpp>

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
  for (const std::uint64_t batch_size : {1U, 7U, 10U, 60U, 61U, 64U}) {
    for (const double momentum : {0.0, 0.5, 0.9}) {
      for (const bool nesterov : {false, true}) {
        if (nesterov && momentum == 0.0) continue;
        for (const double weight_decay : {0.0, 0.3}) {
          for (const double share : {0.1, 0.5, 0.9, 0.999}) {
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
  Options options = noisy(100, GENERATE(1U, 2U, 3U));
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
  Options options = noisy(200, 5);
  options.training.batch_size = 200;
  options.training.lr = GENERATE(0.02, 0.1);
  options.training.momentum = GENERATE(0.0, 0.9);
  options.training.epochs = 100'000;
  auto trainer = created(options);
  Analysis analysis(trainer.dataset(), trainer.scaler());
  finish(analysis, {});
  const double floor = analysis.optimum().mean_loss;
  const double epochs = forecast_of(trainer).epochs.value();
  REQUIRE(epochs > 2.0);
  while (static_cast<double>(trainer.epoch()) < epochs - 1.0) trainer.step_epoch();
  CHECK(static_cast<double>(trainer.loss()) > 1.00999 * floor);
  trainer.step_epoch();
  CHECK(static_cast<double>(trainer.loss()) < 1.01001 * floor);
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

TEST_CASE("the expected loss is the optimum's on average over draws", "[forecast]") {
  const linreg::Loss loss{GENERATE(LossKind::mse, LossKind::l1, LossKind::huber, LossKind::smooth_l1),
                          GENERATE(Reduction::mean, Reduction::sum), 0.4};
  const std::size_t n = 60;
  double sum = 0.0;
  constexpr int draws = 400;
  for (int seed = 0; seed < draws; ++seed) {
    auto trainer = created(noisy(n, static_cast<std::uint64_t>(seed)));
    Analysis analysis(trainer.dataset(), trainer.scaler());
    finish(analysis, loss);
    sum += analysis.optimum().mean_loss;
  }
  const double unit = loss.reduction == Reduction::sum ? static_cast<double>(n) : 1.0;
  // 400 draws of 60 rows tell the mean to about 1%.
  CHECK_THAT(linreg::expected_loss(loss, 0.5, n, 3), WithinRel(unit * sum / draws, 0.02));
  CHECK(linreg::expected_loss(loss, 0.0, n, 3) == 0.0);
  CHECK(linreg::expected_loss(loss, 0.5, 3, 3) == 0.0);
}
