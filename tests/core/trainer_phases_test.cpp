// A step in one piece and part by part.
#include <catch2/catch_all.hpp>
#include <functional>
#include <numeric>

#include "random.hpp"
#include "support.hpp"

using linreg::ErrorCode;
using linreg::LossKind;
using linreg::OptimizerKind;
using linreg::Options;
using linreg::Phase;
using linreg::Reduction;
using linreg::Status;
using linreg::Trainer;
using linreg::TrainingOptions;
using linreg::test::changed;
using linreg::test::check_refused;
using linreg::test::created;
using linreg::test::difference;
using linreg::test::small_options;

namespace {

void forward_and_before(Trainer& trainer) {
  REQUIRE(trainer.draw());
  REQUIRE(trainer.forward());
}

void backward_and_step(Trainer& trainer) {
  REQUIRE(trainer.backward());
  REQUIRE(trainer.step());
}

/// One step in parts, with zero_grad before the part of that number (0: draw ... 2: backward).
void step_in_parts(Trainer& trainer, int zero_before) {
  if (zero_before == 0) REQUIRE(trainer.zero_grad());
  REQUIRE(trainer.draw());
  if (zero_before == 1) REQUIRE(trainer.zero_grad());
  REQUIRE(trainer.forward());
  if (zero_before == 2) REQUIRE(trainer.zero_grad());
  backward_and_step(trainer);
}

std::vector<Options> various_options() {
  std::vector<Options> all(8, small_options());
  all[1].training.loss = {LossKind::huber, Reduction::sum, 0.7};
  all[1].training.lr = 0.003;
  all[2].training.momentum = 0.9;
  all[3].training.momentum = 0.9;
  all[3].training.nesterov = true;
  all[3].training.weight_decay = 0.01;
  all[4].training.optimizer = OptimizerKind::adam;
  all[5].training.shuffle = false;
  all[5].training.drop_last = true;
  all[6].true_w = {1, 2, 3, 4, 5};
  all[6].training.batch_size = 100;
  all[7].training.loss.kind = LossKind::l1;
  all[7].training.batch_size = 17;
  return all;
}

}  // namespace

TEST_CASE("steps in parts are steps in one piece, to the bit", "[trainer]") {
  for (const Options& options : various_options()) {
    Trainer whole = created(options);
    Trainer parts = created(options);
    for (int step = 0; whole.status() == Status::ready || whole.status() == Status::running; ++step) {
      whole.step_batch();
      step_in_parts(parts, step % 3);
      REQUIRE(difference(parts, whole) == "");
    }
    CHECK(whole.status() == Status::finished);
  }
}

TEST_CASE("phases follow the notebook", "[trainer]") {
  Trainer trainer = created(small_options());
  CHECK(trainer.status() == Status::ready);
  CHECK(trainer.phase() == Phase::step);
  REQUIRE(trainer.draw());
  CHECK(trainer.status() == Status::running);
  CHECK(trainer.phase() == Phase::draw);
  REQUIRE(trainer.forward());
  CHECK(trainer.phase() == Phase::forward);
  REQUIRE(trainer.zero_grad());
  CHECK(trainer.phase() == Phase::zero_grad);
  REQUIRE(trainer.backward());
  CHECK(trainer.phase() == Phase::backward);
  CHECK(trainer.step_count() == 0);
  REQUIRE(trainer.step());
  CHECK(trainer.phase() == Phase::step);
  CHECK(trainer.step_count() == 1);
}

TEST_CASE("zero_grad may come at any time and keeps the turn", "[trainer]") {
  Trainer trainer = created(small_options());
  REQUIRE(trainer.zero_grad());
  CHECK(trainer.phase() == Phase::step);
  CHECK(trainer.status() == Status::ready);
  REQUIRE(trainer.draw());
  REQUIRE(trainer.zero_grad());
  CHECK(trainer.phase() == Phase::draw);
  REQUIRE(trainer.forward());
  REQUIRE(trainer.zero_grad());
  REQUIRE(trainer.zero_grad());
  REQUIRE(trainer.backward());
  REQUIRE(trainer.zero_grad());
  CHECK(trainer.phase() == Phase::backward);
  REQUIRE(trainer.step());
}

TEST_CASE("a part out of turn is refused, names the one that is due, and changes nothing", "[trainer]") {
  Trainer trainer = created(small_options());
  Trainer untouched = created(small_options());
  const auto refused = [&](auto part, const std::string& field, const std::string& due) {
    check_refused((trainer.*part)(), ErrorCode::invalid_state, field, "called in its turn; the next part is " + due);
    CHECK(difference(trainer, untouched) == "");
  };
  const auto both = [&](auto part) {
    REQUIRE((trainer.*part)());
    REQUIRE((untouched.*part)());
  };
  refused(&Trainer::forward, "forward", "draw");
  refused(&Trainer::backward, "backward", "draw");
  refused(&Trainer::step, "step", "draw");
  both(&Trainer::draw);
  refused(&Trainer::draw, "draw", "forward");
  refused(&Trainer::step, "step", "forward");
  both(&Trainer::forward);
  refused(&Trainer::forward, "forward", "backward");
  both(&Trainer::zero_grad);
  refused(&Trainer::draw, "draw", "backward");
  both(&Trainer::backward);
  refused(&Trainer::backward, "backward", "step");
  both(&Trainer::step);
  refused(&Trainer::step, "step", "draw");
}

TEST_CASE("without zero_grad gradients pile up, as in PyTorch", "[trainer]") {
  Trainer forgetful = created(small_options());
  Trainer careful = created(small_options());
  forgetful.step_batch();
  careful.step_batch();
  const auto first = careful.gradient();
  forward_and_before(forgetful);
  REQUIRE(forgetful.backward());
  forward_and_before(careful);
  REQUIRE(careful.zero_grad());
  REQUIRE(careful.backward());
  const auto second = careful.gradient();
  for (std::size_t j = 0; j < 2; ++j) CHECK(forgetful.gradient().weight[j] == first.weight[j] + second.weight[j]);
  CHECK(forgetful.gradient().bias == first.bias + second.bias);

  REQUIRE(forgetful.step());
  REQUIRE(careful.step());
  for (std::size_t j = 0; j < 2; ++j) CHECK(forgetful.parameters().weight[j] != careful.parameters().weight[j]);
  // The next whole step calls zero_grad again.
  forgetful.step_batch();
  const auto batch = forgetful.minibatch();
  CHECK_THAT(forgetful.gradient().bias,
             Catch::Matchers::WithinAbs(std::accumulate(batch.shares.begin(), batch.shares.end(), 0.0), 1e-5));
}

TEST_CASE("zero_grad between backward and step makes a step without a gradient", "[trainer]") {
  Trainer trainer = created(small_options());
  const auto before = trainer.parameters();
  forward_and_before(trainer);
  REQUIRE(trainer.backward());
  REQUIRE(trainer.zero_grad());
  CHECK(difference(trainer.gradient(), linreg::Linear{{0.0F, 0.0F}, 0.0F}) == "");
  REQUIRE(trainer.step());
  CHECK(difference(trainer.parameters(), before) == "");
  CHECK(trainer.step_count() == 1);
}

TEST_CASE("a step taken half by hand is finished by step_batch", "[trainer]") {
  const std::vector<std::function<void(Trainer&)>> beginnings{
      [](Trainer& t) { REQUIRE(t.draw()); },
      [](Trainer& t) { forward_and_before(t); },
      [](Trainer& t) { REQUIRE((t.draw() && t.forward() && t.zero_grad())); },
      [](Trainer& t) { REQUIRE((t.draw() && t.forward() && t.zero_grad() && t.backward())); },
  };
  for (const auto& begin : beginnings) {
    Trainer half = created(small_options());
    Trainer whole = created(small_options());
    whole.step_batch();
    begin(half);
    half.step_batch();
    CHECK(difference(half, whole) == "");

    Trainer epoch = created(small_options());
    begin(epoch);
    epoch.step_epoch();
    whole.step_epoch();
    CHECK(difference(epoch, whole) == "");

    Trainer run = created(small_options());
    begin(run);
    run.train();
    whole.train();
    CHECK(difference(run, whole) == "");
  }
}

TEST_CASE("the minibatch explains its gradient", "[trainer]") {
  for (const Options& options : various_options()) {
    Trainer trainer = created(options);
    CHECK(trainer.minibatch().rows.empty());
    const auto features = trainer.features();
    const auto labels = trainer.labels();
    const std::size_t d = options.true_w.size();
    for (int step = 0; step < 3; ++step) {
      REQUIRE(trainer.draw());
      const auto drawn = trainer.minibatch();
      REQUIRE_FALSE(drawn.rows.empty());
      CHECK(drawn.predictions.empty());
      CHECK(drawn.losses.empty());
      CHECK(drawn.shares.empty());
      CHECK(drawn.loss == 0.0F);

      const auto model = trainer.parameters();
      REQUIRE(trainer.forward());
      REQUIRE(trainer.zero_grad());
      REQUIRE(trainer.backward());
      const auto batch = trainer.minibatch();
      std::vector<double> gradient(d + 1);
      double loss = 0.0;
      for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const float* x = &features[batch.rows[i] * d];
        float prediction = x[0] * model.weight[0];
        for (std::size_t j = 1; j < d; ++j) prediction += x[j] * model.weight[j];
        CHECK(batch.predictions[i] == prediction + model.bias);
        if (options.training.loss.kind == LossKind::l1) {
          CHECK(batch.losses[i] == std::abs(batch.predictions[i] - labels[batch.rows[i]]));
        }
        loss += static_cast<double>(batch.losses[i]);
        for (std::size_t j = 0; j <= d; ++j)
          gradient[j] += static_cast<double>(j < d ? batch.shares[i] * x[j] : batch.shares[i]);
      }
      if (options.training.loss.reduction == Reduction::mean) loss /= static_cast<double>(batch.rows.size());
      CHECK_THAT(static_cast<double>(batch.loss), Catch::Matchers::WithinRel(loss, 1e-5));
      for (std::size_t j = 0; j <= d; ++j) {
        const float got = j < d ? trainer.gradient().weight[j] : trainer.gradient().bias;
        CHECK_THAT(static_cast<double>(got), Catch::Matchers::WithinAbs(gradient[j], 1e-4));
      }

      // After the step the minibatch is still what it was: seen with the parameters before the step.
      REQUIRE(trainer.step());
      CHECK(difference(trainer.minibatch(), batch) == "");
      CHECK(trainer.losses().values.back() == batch.loss);
    }
  }
}

TEST_CASE("the epoch's loss is the whole data's, with the parameters at its end", "[trainer]") {
  Trainer trainer = created(small_options());
  std::vector<double> expected;
  while (trainer.status() != Status::finished) {
    const auto epoch = trainer.epoch();
    trainer.step_batch();
    if (trainer.epoch() == epoch) continue;
    expected.push_back(static_cast<double>(trainer.step_count()));
    expected.push_back(static_cast<double>(trainer.loss()));
  }
  CHECK(trainer.epochs().indices == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(trainer.epochs().values == expected);

  const auto predictions = trainer.predictions();
  const auto labels = trainer.labels();
  double sum = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) sum += std::pow(static_cast<double>(predictions[i] - labels[i]), 2.0);
  CHECK_THAT(static_cast<double>(trainer.loss()), Catch::Matchers::WithinRel(sum / 23.0, 1e-5));
}

TEST_CASE("history has a loss for each step and parameters before and after", "[trainer]") {
  Trainer trainer = created(small_options());
  std::vector<float> losses;
  std::vector<float> path;
  const auto append = [&] {
    const auto model = trainer.parameters();
    path.insert(path.end(), {model.weight[0], model.weight[1], model.bias});
  };
  append();
  while (trainer.status() != Status::finished) {
    trainer.step_batch();
    losses.push_back(trainer.minibatch().loss);
    append();
  }
  CHECK(difference(trainer.losses().values, losses) == "");
  CHECK(difference(trainer.path().values, path) == "");
  CHECK(trainer.losses().indices.size() == 15);
  CHECK(trainer.path().indices.size() == 16);
}
