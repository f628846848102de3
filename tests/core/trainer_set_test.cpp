// Options that change during a run.
#include <array>
#include <catch2/catch_all.hpp>

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

template <class Change>
void set(Trainer& trainer, Change change) {
  REQUIRE(trainer.set(changed(trainer.training(), change)));
}

}  // namespace

TEST_CASE("what is set before the run is as if it was created so", "[trainer][set]") {
  // The look at a first batch draws random numbers where it shuffles: without shuffling nothing else may need any.
  const bool shuffle = GENERATE(true, false);
  Options options = small_options();
  if (!shuffle) options.init = linreg::Init::zeros;
  const auto data = created(options).dataset();
  Trainer later = created(options, data);
  set(later, [=](auto& t) {
    t = {.batch_size = 4,
         .shuffle = shuffle,
         .loss = {LossKind::huber, Reduction::sum, 0.5},
         .lr = 0.001,
         .momentum = 0.5,
         .epochs = 5};
  });
  options.training = later.training();
  Trainer sooner = created(options, data);
  CHECK(later.steps_per_epoch() == 6);
  CHECK(later.total_steps() == 30);
  CHECK(difference(later, sooner) == "");
  later.step_batch();
  sooner.step_batch();
  CHECK(difference(later, sooner) == "");
  later.train();
  sooner.train();
  CHECK(later.step_count() == 30);
  CHECK(difference(later, sooner) == "");
}

TEST_CASE("a new rate applies from the next step on", "[trainer][set]") {
  Trainer trainer = created(small_options());
  trainer.step_batch();
  set(trainer, [](auto& t) { t.lr = 0.5; });
  const auto before = trainer.parameters();
  trainer.step_batch();
  const auto gradient = trainer.gradient();
  CHECK_THAT(trainer.parameters().bias, Catch::Matchers::WithinRel(before.bias - 0.5F * gradient.bias, 1e-6F));
  CHECK(trainer.options().training.lr == 0.03);  // as the run began
  CHECK(trainer.training().lr == 0.5);
}

TEST_CASE("options set in the middle of a step are due with the next", "[trainer][set]") {
  for (int parts = 1; parts <= 4; ++parts) {
    INFO(parts << " parts of a step");
    Trainer within = created(small_options());
    REQUIRE(within.draw());
    if (parts > 1) REQUIRE(within.forward());
    if (parts > 2) REQUIRE(within.zero_grad());
    if (parts > 3) REQUIRE(within.backward());
    set(within, [](auto& t) { t.lr = 0.9; });
    set(within, [](auto& t) { t.lr = 0.5, t.loss.kind = LossKind::l1, t.batch_size = 7; });
    CHECK(within.training().lr == 0.5);
    CHECK(within.steps_per_epoch() == 4);
    within.step_batch();

    Trainer after = created(small_options());
    after.step_batch();
    set(after, [](auto& t) { t.lr = 0.5, t.loss.kind = LossKind::l1, t.batch_size = 7; });
    CHECK(difference(within, after) == "");
    within.train();
    after.train();
    CHECK(difference(within, after) == "");
  }
}

TEST_CASE("a new batch size applies to the rows that the epoch has left", "[trainer][set]") {
  Trainer trainer = created(small_options());  // 23 rows by 5
  trainer.step_batch();
  set(trainer, [](auto& t) { t.batch_size = 16; });
  CHECK(trainer.steps_per_epoch() == 2);
  CHECK(trainer.total_steps() == 1 + 2 + 2 * 2);
  trainer.step_batch();
  CHECK(trainer.minibatch().rows.size() == 16);
  CHECK(trainer.epoch() == 0);
  trainer.step_batch();
  CHECK(trainer.minibatch().rows.size() == 2);
  CHECK(trainer.epoch() == 1);
}

TEST_CASE("shuffling changes with the next epoch", "[trainer][set]") {
  Options options = small_options();
  Trainer steady = created(options);
  Trainer trainer = created(options);
  trainer.step_batch();
  steady.step_batch();
  set(trainer, [](auto& t) { t.shuffle = false; });
  for (int step = 1; step < 5; ++step) {
    trainer.step_batch();
    steady.step_batch();
    CHECK(difference(trainer.minibatch(), steady.minibatch()) == "");
  }
  trainer.step_batch();
  CHECK(difference(trainer.minibatch().rows, std::vector<std::uint32_t>{0, 1, 2, 3, 4}) == "");
}

TEST_CASE("a change that leaves no full batch ends the epoch at once", "[trainer][set]") {
  Trainer trainer = created(small_options());
  trainer.step_batch();
  set(trainer, [](auto& t) { t.drop_last = true, t.batch_size = 20; });  // 18 rows are left
  CHECK(trainer.epoch() == 1);
  CHECK(trainer.step_count() == 1);
  CHECK(trainer.epochs().values[0] == 1.0);
  CHECK(trainer.epochs().values[1] == static_cast<double>(trainer.loss()));
  CHECK(trainer.status() == Status::running);
  CHECK(trainer.train() == Status::finished);
  CHECK(trainer.step_count() == 3);
}

TEST_CASE("a diverged run finishes no epoch, whatever is set", "[trainer][set]") {
  Options options;
  options.training.lr = 3;
  Trainer trainer = created(options);
  REQUIRE(trainer.train() == Status::diverged);
  REQUIRE(trainer.epoch() == 0);
  set(trainer, [](auto& t) { t.drop_last = true, t.batch_size = 2000; });
  CHECK(trainer.status() == Status::diverged);
  CHECK(trainer.epoch() == 0);
  CHECK(trainer.epochs().indices.empty());
}

TEST_CASE("what is set after a step that diverged holds, whatever was set within that step", "[trainer][set]") {
  const double within = GENERATE(0.5, 0.01);
  Options options;
  options.n = 100;
  Trainer trainer = created(options);
  linreg::test::step_to(trainer, 5);
  set(trainer, [](auto& t) { t.lr = 1e30; });
  REQUIRE(trainer.train() == Status::diverged);
  const auto step = trainer.step_count();
  REQUIRE(trainer.rewind(step));
  REQUIRE(trainer.draw());
  set(trainer, [=](auto& t) { t.lr = within; });
  REQUIRE(trainer.step_batch() == Status::diverged);
  set(trainer, [](auto& t) { t.lr = 0.01; });
  CHECK(trainer.training().lr == 0.01);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(trainer.rewind(step));
    CHECK(trainer.training().lr == 0.01);
  }
  REQUIRE(trainer.rewind(5));
  CHECK(trainer.training().lr == 1e30);
}

TEST_CASE("epochs may be raised and lowered", "[trainer][set]") {
  Trainer trainer = created(small_options());
  trainer.train();
  set(trainer, [](auto& t) { t.epochs = 5; });
  CHECK(trainer.status() == Status::running);
  CHECK(trainer.total_steps() == 25);
  trainer.train();
  CHECK(trainer.epoch() == 5);

  Options options = small_options();
  options.training.epochs = 5;
  Trainer at_once = created(options);
  at_once.train();
  CHECK(difference(trainer, at_once) == "");

  set(trainer, [](auto& t) { t.epochs = 2; });
  CHECK(trainer.status() == Status::finished);
  REQUIRE(trainer.rewind(8));
  CHECK(trainer.training().epochs == 3);

  // In the middle of an epoch that is no longer asked for, the epoch is still finished.
  Trainer lowered = created(small_options());
  linreg::test::step_to(lowered, 7);
  set(lowered, [](auto& t) { t.epochs = 1; });
  CHECK(lowered.status() == Status::running);
  CHECK(lowered.total_steps() == 10);
  lowered.train();
  CHECK(lowered.step_count() == 10);
}

TEST_CASE("momentum that is switched off and on keeps its buffer", "[trainer][set]") {
  Options options = small_options();
  options.training.momentum = 0.9;
  Trainer trainer = created(options);
  linreg::test::step_to(trainer, 3);
  set(trainer, [](auto& t) { t.momentum = 0.0; });
  linreg::test::step_to(trainer, 5);
  set(trainer, [](auto& t) { t.momentum = 0.9, t.nesterov = true; });
  linreg::test::step_to(trainer, 8);
  REQUIRE(trainer.rewind(6));
  linreg::test::step_to(trainer, 8);
  Trainer again = created(options);
  linreg::test::step_to(again, 3);
  set(again, [](auto& t) { t.momentum = 0.0; });
  linreg::test::step_to(again, 5);
  set(again, [](auto& t) { t.momentum = 0.9, t.nesterov = true; });
  linreg::test::step_to(again, 8);
  CHECK(difference(trainer, again) == "");
}

TEST_CASE("the optimizer is fixed when the run begins", "[trainer][set]") {
  Trainer trainer = created(small_options());
  auto other = trainer.training();
  other.optimizer = OptimizerKind::adam;
  const auto refused = trainer.set(other);
  check_refused(refused, ErrorCode::invalid_option, "optimizer", "the one that the run began with");
  CHECK(refused.error().message() == "optimizer must be the one that the run began with");
  CHECK(trainer.training() == small_options().training);
}

TEST_CASE("setting what is set already changes nothing", "[trainer][set]") {
  Trainer trainer = created(small_options());
  Trainer untouched = created(small_options());
  for (int step = 0; step < 7; ++step) {
    REQUIRE(trainer.set(trainer.training()));
    trainer.step_batch();
    untouched.step_batch();
  }
  CHECK(difference(trainer, untouched) == "");
}

TEST_CASE("total_steps is the same all through a run", "[trainer][set]") {
  Trainer trainer = created(small_options());
  const auto total = trainer.total_steps();
  CHECK(total == 15);
  while (trainer.status() != Status::finished) {
    CHECK(trainer.total_steps() == total);
    for (const auto part :
         {&Trainer::draw, &Trainer::forward, &Trainer::zero_grad, &Trainer::backward, &Trainer::step}) {
      REQUIRE((trainer.*part)());
      INFO("after " << linreg::phase_names[static_cast<std::size_t>(trainer.phase())]);
      CHECK(trainer.total_steps() == total);
    }
  }
  CHECK(trainer.step_count() == total);
}

TEST_CASE("total_steps stays the same where a run diverges, at any place in its epoch", "[trainer][set]") {
  std::array<int, 5> seen{};  // at which of an epoch's steps
  for (double lr = 10.0; lr < 1e7; lr *= 3.0) {
    INFO("lr " << lr);
    Options options = small_options();
    options.training.lr = lr;
    options.training.epochs = 20;
    Trainer trainer = created(options);
    REQUIRE(trainer.train() == Status::diverged);
    CHECK(trainer.total_steps() == 100);
    ++seen.at(static_cast<std::size_t>(trainer.step_count() % 5));
  }
  for (const int count : seen) CHECK(count > 0);
}

TEST_CASE("total_steps foresees the options that are due", "[trainer][set]") {
  Trainer trainer = created(small_options());
  trainer.step_batch();
  REQUIRE(trainer.draw());
  set(trainer, [](auto& t) { t.batch_size = 2, t.epochs = 2; });
  const auto total = trainer.total_steps();
  trainer.train();
  CHECK(trainer.step_count() == total);
}
