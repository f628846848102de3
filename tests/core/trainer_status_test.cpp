// What may be called when, and where a run ends.
#include <catch2/catch_all.hpp>
#include <map>

#include "support.hpp"

using linreg::Dataset;
using linreg::ErrorCode;
using linreg::Init;
using linreg::Options;
using linreg::Phase;
using linreg::Status;
using linreg::Trainer;
using linreg::test::check_refused;
using linreg::test::created;
using linreg::test::difference;
using linreg::test::small_options;

namespace {

const std::vector<std::string> states{"ready",      "drawn",   "forwarded", "zeroed",
                                      "backwarded", "running", "finished",  "diverged"};

Options diverging_options() {
  Options options = small_options();
  options.training.lr = 100;
  options.training.epochs = 100;
  return options;
}

Trainer in_state(const std::string& state) {
  Trainer trainer = created(state == "diverged" ? diverging_options() : small_options());
  if (state == "ready") return trainer;
  if (state == "finished" || state == "diverged") {
    trainer.train();
    return trainer;
  }
  trainer.step_batch();
  if (state == "running") return trainer;
  REQUIRE(trainer.draw());
  if (state == "drawn") return trainer;
  REQUIRE(trainer.forward());
  if (state == "forwarded") return trainer;
  REQUIRE(trainer.zero_grad());
  if (state == "zeroed") return trainer;
  REQUIRE(trainer.backward());
  return trainer;
}

bool is_over(const std::string& state) { return state == "finished" || state == "diverged"; }

}  // namespace

TEST_CASE("every part in every state", "[trainer]") {
  using Part = linreg::Result<void> (Trainer::*)();
  const std::vector<std::pair<std::string, Part>> parts{{"draw", &Trainer::draw},
                                                        {"forward", &Trainer::forward},
                                                        {"zero_grad", &Trainer::zero_grad},
                                                        {"backward", &Trainer::backward},
                                                        {"step", &Trainer::step}};
  // Which of these five are accepted.
  const std::map<std::string, std::string> accepted{
      {"ready", "+-+--"},      {"drawn", "-++--"},   {"forwarded", "--++-"}, {"zeroed", "--++-"},
      {"backwarded", "--+-+"}, {"running", "+-+--"}, {"finished", "-----"},  {"diverged", "-----"}};
  for (const auto& state : states) {
    for (std::size_t p = 0; p < parts.size(); ++p) {
      INFO(parts[p].first << " when " << state);
      Trainer trainer = in_state(state);
      const auto result = (trainer.*parts[p].second)();
      CHECK(result.has_value() == (accepted.at(state)[p] == '+'));
      if (result.has_value()) continue;
      check_refused(result, ErrorCode::invalid_state, parts[p].first);
      CHECK(difference(trainer, in_state(state)) == "");
    }
  }
}

TEST_CASE("every way to step in every state", "[trainer]") {
  for (const auto& state : states) {
    INFO(state);
    const Trainer before = in_state(state);

    Trainer batch = in_state(state);
    const Status after_batch = batch.step_batch();
    CHECK(after_batch == batch.status());
    CHECK(batch.step_count() == before.step_count() + (is_over(state) ? 0 : 1));
    CHECK(batch.phase() == Phase::step);

    Trainer run = in_state(state);
    CHECK(run.run(1) == after_batch);
    CHECK(difference(run, batch) == "");
    CHECK(in_state(state).run(0) == after_batch);

    Trainer epoch = in_state(state);
    const Status after_epoch = epoch.step_epoch();
    CHECK(after_epoch == epoch.status());
    CHECK(epoch.epoch() == before.epoch() + (is_over(state) ? 0 : 1));

    Trainer whole = in_state(state);
    CHECK(whole.train() == (state == "diverged" ? Status::diverged : Status::finished));
    if (is_over(state)) {
      CHECK(difference(batch, before) == "");
      CHECK(difference(epoch, before) == "");
      CHECK(difference(whole, before) == "");
    }
  }
}

TEST_CASE("rewind and set in every state", "[trainer]") {
  for (const auto& state : states) {
    INFO(state);
    Trainer rewound = in_state(state);
    REQUIRE(rewound.rewind(0));
    CHECK(difference(rewound, created(rewound.options())) == "");

    Trainer refused = in_state(state);
    check_refused(refused.rewind(refused.step_count() + 1), ErrorCode::invalid_option, "step",
                  "a whole number from 0 to " + std::to_string(refused.step_count()));
    auto wrong = refused.training();
    wrong.lr = -1;
    check_refused(refused.set(wrong), ErrorCode::invalid_option, "lr");
    CHECK(difference(refused, in_state(state)) == "");

    auto right = refused.training();
    right.lr = 0.5;
    REQUIRE(refused.set(right));
    CHECK(refused.training().lr == 0.5);
    CHECK(refused.status() == in_state(state).status());
  }
}

TEST_CASE("a run that is over says how to go on", "[trainer]") {
  check_refused(in_state("finished").draw(), ErrorCode::invalid_state, "draw",
                "called before the run is finished; raise epochs or rewind");
  check_refused(in_state("diverged").zero_grad(), ErrorCode::invalid_state, "zero_grad",
                "called before the run diverges; rewind and lower lr");
}

TEST_CASE("divergence keeps the last finite parameters", "[trainer]") {
  Trainer diverged = created(diverging_options());
  CHECK(diverged.train() == Status::diverged);
  REQUIRE(diverged.step_count() > 5);
  const auto model = diverged.parameters();
  CHECK(std::isfinite(model.weight[0]));
  CHECK(std::isfinite(model.weight[1]));
  CHECK(std::isfinite(model.bias));
  for (const float loss : diverged.losses().values) CHECK(std::isfinite(loss));
  for (const float value : diverged.path().values) CHECK(std::isfinite(value));
  for (const double value : diverged.epochs().values) CHECK(std::isfinite(value));
  CHECK(diverged.losses().indices.size() == diverged.step_count());
  // The minibatch at fault is shown as those parameters see it.
  const auto batch = diverged.minibatch();
  const auto predictions = diverged.predictions();
  for (std::size_t i = 0; i < batch.rows.size(); ++i) CHECK(batch.predictions[i] == predictions[batch.rows[i]]);

  Trainer before = created(diverging_options());
  while (before.step_count() < diverged.step_count()) REQUIRE(before.step_batch() == Status::running);
  CHECK(difference(before.parameters(), model) == "");
  CHECK(difference(before.path(), diverged.path()) == "");
  CHECK(before.step_batch() == Status::diverged);
}

TEST_CASE("every loss, optimizer and way to step meets divergence at the same step", "[trainer]") {
  for (const auto kind : linreg::test::all_losses) {
    for (const double momentum : {0.0, 0.9}) {
      Options options = diverging_options();
      options.training.loss.kind = kind;
      options.training.momentum = momentum;
      options.training.weight_decay = 1;  // lets the linear losses diverge too
      Trainer by_batch = created(options);
      while (by_batch.step_batch() == Status::running) {
      }
      CHECK(by_batch.status() == Status::diverged);
      Trainer by_epoch = created(options);
      while (by_epoch.step_epoch() == Status::running) {
      }
      CHECK(difference(by_epoch, by_batch) == "");
      Trainer at_once = created(options);
      at_once.train();
      CHECK(difference(at_once, by_batch) == "");
    }
  }
}

TEST_CASE("a start that is too large diverges in its first step", "[trainer]") {
  Options options = small_options();
  options.init_std = 1e30;
  Trainer trainer = created(options);
  CHECK(trainer.train() == Status::diverged);
  CHECK(trainer.step_count() == 0);
  CHECK(difference(trainer.parameters(), trainer.initial()) == "");
  CHECK(trainer.losses().indices.empty());
}

TEST_CASE("a whole loss that overflows ends the run though every step was finite", "[trainer]") {
  // The last row is dropped from every epoch, and its square is more than float32 holds.
  Options options;
  options.training.shuffle = false;
  options.training.drop_last = true;
  options.training.batch_size = 2;
  Trainer trainer = created(options, Dataset{{1, 2, 3}, {1, 2, 1e30}, 1, {"x"}});
  CHECK(trainer.step_epoch() == Status::diverged);
  CHECK(trainer.step_count() == 1);
  CHECK(trainer.epochs().indices.empty());
  REQUIRE(trainer.rewind(0));
  CHECK(trainer.status() == Status::ready);
}

TEST_CASE("a whole loss that overflows ends the run though few epochs' losses are kept", "[trainer]") {
  const std::uint64_t epochs = (1 << 15) + GENERATE(as<std::uint64_t>{}, 0, 1, 2, 3);
  Options options;
  options.n = 10;
  options.training.epochs = epochs + 10;
  Trainer trainer = created(options);
  while (trainer.epoch() < epochs) trainer.step_epoch();
  const auto before = trainer.epochs();
  auto training = trainer.training();
  training.lr = 1e25;
  REQUIRE(trainer.set(training));
  CHECK(trainer.step_epoch() == Status::diverged);
  CHECK(trainer.step_count() == epochs + 1);
  CHECK(difference(trainer.epochs(), before) == "");
  REQUIRE(trainer.rewind(epochs));
  CHECK(trainer.status() == Status::running);
  CHECK(difference(trainer.epochs(), before) == "");
}

TEST_CASE("values that float32 cannot hold are refused unless they are scaled", "[trainer]") {
  const auto data = [] { return Dataset{{1, 2, 3, 4, 1e39, 6}, {1, 2, -1e300}, 2, {"a", "b"}}; };
  Options options;
  const auto refused = Trainer::create(options, data());
  check_refused(refused, ErrorCode::invalid_data, "features[2][0]", "at most 3.4e38 in size unless standardize is on");
  CHECK(refused.error().value == 1e39);
  Dataset labels = data();
  labels.features[4] = 5;
  check_refused(Trainer::create(options, labels), ErrorCode::invalid_data, "labels[2]");
  options.standardize = true;
  Trainer trainer = created(options, data());
  for (const float value : trainer.features()) CHECK(std::abs(value) < 2.0F);
  CHECK(trainer.train() == Status::finished);
}

TEST_CASE("options of synthetic data are not looked at with real data", "[trainer]") {
  Options options;
  options.true_w = {};
  options.true_b = linreg::test::not_a_number;
  options.n = 0;
  options.noise = -1;
  CHECK(Trainer::create(options, Dataset{{1, 2}, {3, 4}, 1, {"x"}}).has_value());
}

TEST_CASE("one row, one feature", "[trainer]") {
  Options options;
  options.standardize = true;
  Trainer trainer = created(options, Dataset{{3}, {7}, 1, {"x"}});
  CHECK(trainer.train() == Status::finished);
  CHECK(trainer.step_count() == 3);
  CHECK(trainer.features()[0] == 0.0F);
  CHECK_THAT(trainer.coefficients().weight[0] * 3 + trainer.coefficients().bias, Catch::Matchers::WithinRel(7.0, 1e-6));
}

TEST_CASE("a moved trainer goes on", "[trainer]") {
  Trainer moved_from = created(small_options());
  moved_from.step_batch();
  REQUIRE(moved_from.draw());
  Trainer moved = std::move(moved_from);
  Trainer expected = created(small_options());
  expected.step_batch();
  REQUIRE(expected.draw());
  CHECK(difference(moved, expected) == "");
  moved.train();
  expected.train();
  CHECK(difference(moved, expected) == "");
}
