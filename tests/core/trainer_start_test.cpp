// What a step starts from, and the gradient of all the data beside the minibatch's.
#include <catch2/catch_all.hpp>

#include "support.hpp"

using linreg::Linear;
using linreg::LossKind;
using linreg::OptimizerKind;
using linreg::Options;
using linreg::Reduction;
using linreg::Status;
using linreg::StepStart;
using linreg::Trainer;
using linreg::TrainingOptions;
using linreg::test::changed;
using linreg::test::created;
using linreg::test::difference;
using linreg::test::small_options;

namespace {

std::vector<Options> each_optimizer() {
  std::vector<Options> all(3, small_options());
  all[1].training.momentum = 0.9;
  all[1].training.weight_decay = 0.01;
  all[2].training.optimizer = OptimizerKind::adam;
  return all;
}

bool remembers(const TrainingOptions& training) {
  return training.optimizer == OptimizerKind::adam || training.momentum != 0.0;
}

bool is_zero(const Linear& model) {
  return model.bias == 0.0F && std::ranges::all_of(model.weight, [](float w) { return w == 0.0F; });
}

}  // namespace

TEST_CASE("a step's start is the same before it, after it, in one piece, and after a rewind", "[trainer]") {
  for (const Options& options : each_optimizer()) {
    Trainer parts = created(options);
    Trainer whole = created(options);
    for (std::uint64_t step = 1; parts.status() != Status::finished; ++step) {
      const Linear parameters = parts.parameters();
      REQUIRE(parts.draw());
      REQUIRE(parts.forward());
      CHECK(difference(parts.step_start().carried, parts.gradient()) == "");
      REQUIRE(parts.zero_grad());
      CHECK(is_zero(parts.step_start().carried));
      REQUIRE(parts.backward());
      const StepStart before = parts.step_start();
      CHECK(difference(before.parameters, parameters) == "");
      CHECK(is_zero(before.carried));
      CHECK(is_zero(before.momentum) == (step == 1 || !remembers(options.training)));
      REQUIRE(parts.step());
      whole.step_batch();
      CHECK(difference(parts.step_start(), before) == "");
      CHECK(difference(whole.step_start(), before) == "");
      Trainer again = whole;
      REQUIRE(again.rewind(step));
      CHECK(difference(again.step_start(), before) == "");
    }
  }
}

TEST_CASE("without zero_grad a step's start carries the gradient that was there", "[trainer]") {
  Trainer trainer = created(small_options());
  trainer.step_batch();
  const Linear left = trainer.gradient();
  REQUIRE(trainer.draw());
  REQUIRE(trainer.forward());
  CHECK(difference(trainer.step_start().carried, left) == "");
  REQUIRE(trainer.backward());
  CHECK(difference(trainer.step_start().carried, left) == "");
  CHECK(difference(trainer.gradient(), left) != "");
  REQUIRE(trainer.step());
  CHECK(difference(trainer.step_start().carried, left) == "");
  REQUIRE(trainer.rewind(2));
  CHECK(difference(trainer.step_start().carried, left) == "");
  trainer.step_batch();
  CHECK(is_zero(trainer.step_start().carried));
}

TEST_CASE("zero_grad between two steps changes nothing of the step that was done", "[trainer]") {
  Trainer trainer = created(small_options());
  trainer.step_batch();
  REQUIRE((trainer.draw() && trainer.forward() && trainer.backward() && trainer.step()));
  const auto before = trainer.step_start();
  REQUIRE_FALSE(is_zero(before.carried));
  REQUIRE(trainer.zero_grad());
  CHECK(is_zero(trainer.gradient()));
  CHECK(difference(trainer.step_start(), before) == "");
  REQUIRE(trainer.draw());
  CHECK(is_zero(trainer.step_start().carried));
}

TEST_CASE("a step that was done keeps the options that it went by", "[trainer]") {
  Trainer trainer = created(small_options());
  trainer.step_batch();
  const TrainingOptions before = trainer.training();
  REQUIRE(trainer.set(changed(before, [](TrainingOptions& training) { training.lr = 0.5; })));
  CHECK(trainer.step_start().training == before);
  REQUIRE(trainer.draw());
  CHECK(trainer.step_start().training.lr == 0.5);
}

TEST_CASE("the full gradient is of the loss that the step went by", "[trainer]") {
  Trainer trainer = created(small_options());
  trainer.step_batch();
  const auto of_mse = trainer.full_gradient();
  REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.loss = {LossKind::l1, Reduction::sum, 1.0}; })));
  CHECK(difference(trainer.full_gradient(), of_mse) == "");

  Trainer l1 = created(small_options());
  l1.step_batch();
  REQUIRE(l1.set(trainer.training()));
  REQUIRE(l1.draw());  // a step of the new loss is at hand, from the same parameters
  trainer.step_batch();
  const auto of_l1 = trainer.full_gradient();
  CHECK(difference(of_l1, l1.full_gradient()) == "");
  CHECK(difference(of_l1, of_mse) != "");
}

TEST_CASE("the full gradient is the mean of an epoch's minibatch gradients, where each of them stood still",
          "[trainer]") {
  for (const LossKind kind : linreg::test::all_losses) {
    for (const Reduction reduction : {Reduction::mean, Reduction::sum}) {
      Options options = small_options();
      options.training.lr = 0.0;
      options.training.batch_size = 1;
      options.training.epochs = 1;
      options.training.loss = {kind, reduction, 0.7};
      Trainer trainer = created(options);
      const Linear full = trainer.full_gradient();
      double weight = 0.0;
      double bias = 0.0;
      while (trainer.status() != Status::finished) {
        trainer.step_batch();
        weight += trainer.gradient().weight[0];
        bias += trainer.gradient().bias;
      }
      const double count = reduction == Reduction::mean ? static_cast<double>(options.n) : 1.0;
      CHECK_THAT(full.weight[0],
                 Catch::Matchers::WithinAbs(weight / count, 1e-5 * static_cast<double>(options.n) / count));
      CHECK_THAT(full.bias, Catch::Matchers::WithinAbs(bias / count, 1e-5 * static_cast<double>(options.n) / count));
    }
  }
}

TEST_CASE("a minibatch's first rows are the first of all its rows, to the bit", "[trainer]") {
  Options options = small_options();
  options.n = 60;
  options.training.batch_size = 50;
  Trainer trainer = created(options);
  trainer.step_batch();
  const auto all = trainer.minibatch();
  const auto some = trainer.minibatch(17);
  REQUIRE(all.size == 50);
  CHECK(some.size == 50);
  CHECK(all.rows.size() == 50);
  REQUIRE(some.rows.size() == 32);
  CHECK(some.loss == all.loss);
  for (std::size_t i = 0; i < some.rows.size(); ++i) {
    CHECK(some.rows[i] == all.rows[i]);
    CHECK(linreg::test::same_bits(some.predictions[i], all.predictions[i]));
    CHECK(linreg::test::same_bits(some.losses[i], all.losses[i]));
    CHECK(linreg::test::same_bits(some.shares[i], all.shares[i]));
  }
}
