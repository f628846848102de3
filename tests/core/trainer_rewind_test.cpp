// Rewinding gives the state that a fresh run has after as many steps, to the bit.
#include <catch2/catch_all.hpp>
#include <functional>

#include "support.hpp"

using linreg::LossKind;
using linreg::OptimizerKind;
using linreg::Options;
using linreg::Reduction;
using linreg::Status;
using linreg::Trainer;
using linreg::TrainingOptions;
using linreg::test::changed;
using linreg::test::created;
using linreg::test::difference;
using linreg::test::small_options;

namespace {

/// Something done when so many steps are done.
struct Event {
  std::uint64_t step;
  bool is_step;  // it takes the next step itself
  std::function<void(Trainer&)> act;
};

struct Scenario {
  std::string name;
  Options options;
  std::vector<Event> events;  // ascending
};

bool is_over(const Trainer& trainer) {
  return trainer.status() == Status::finished || trainer.status() == Status::diverged;
}

/// Goes on to `step`, or to the end, with the events of the scenario that lie ahead.
void play(Trainer& trainer, const Scenario& scenario, std::uint64_t step, bool is_fresh = true) {
  auto event = scenario.events.begin();
  const std::uint64_t begin = trainer.step_count();
  // What was set at the step where the trainer stands is in force already.
  while (event != scenario.events.end() &&
         (event->step < begin || (!is_fresh && event->step == begin && !event->is_step)))
    ++event;
  for (;;) {
    const auto now = trainer.step_count();
    for (; event != scenario.events.end() && event->step == now && !event->is_step; ++event) event->act(trainer);
    if (now >= step || is_over(trainer)) return;
    if (event != scenario.events.end() && event->step == now) {
      event->act(trainer);
      ++event;
    } else {
      trainer.step_batch();
    }
  }
}

Trainer played(const Scenario& scenario, std::uint64_t step) {
  Trainer trainer = created(scenario.options);
  play(trainer, scenario, step);
  return trainer;
}

template <class Change>
Event set_at(std::uint64_t step, Change change) {
  return {step, false, [change](Trainer& t) { REQUIRE(t.set(changed(t.training(), change))); }};
}

/// A step in parts, in which options are set after draw: they apply from the next step on.
template <class Change>
Event set_within(std::uint64_t step, Change change) {
  return {step, true, [change](Trainer& t) {
            REQUIRE(t.draw());
            REQUIRE(t.set(changed(t.training(), change)));
            t.step_batch();
          }};
}

Event step_without_zero_grad(std::uint64_t step) {
  return {step, true, [](Trainer& t) { REQUIRE((t.draw() && t.forward() && t.backward() && t.step())); }};
}

Event step_with_late_zero_grad(std::uint64_t step) {
  return {step, true, [](Trainer& t) {
            REQUIRE((t.draw() && t.forward() && t.zero_grad() && t.backward() && t.zero_grad() && t.step()));
          }};
}

std::vector<Scenario> scenarios() {
  const auto with = [](auto change) {
    Options options = small_options();
    change(options);
    return options;
  };
  std::vector<Scenario> all{
      {"notebook", with([](Options&) {}), {}},
      {"batch 1", with([](Options& o) { o.training.batch_size = 1; }), {}},
      {"drop_last, no shuffle", with([](Options& o) { o.training.drop_last = true, o.training.shuffle = false; }), {}},
      {"batch over n", with([](Options& o) { o.training.batch_size = 100, o.training.epochs = 20; }), {}},
      {"no batch at all", with([](Options& o) { o.training.batch_size = 100, o.training.drop_last = true; }), {}},
      {"momentum", with([](Options& o) { o.training.momentum = 0.9; }), {}},
      {"nesterov",
       with([](Options& o) { o.training.momentum = 0.9, o.training.nesterov = true, o.training.weight_decay = 0.1; }),
       {}},
      {"adam", with([](Options& o) { o.training.optimizer = OptimizerKind::adam; }), {}},
      {"huber sum, d 5",
       with([](Options& o) {
         o.true_w = {1, 2, 3, 4, 5}, o.training.loss = {LossKind::huber, Reduction::sum, 0.5}, o.training.lr = 0.003;
       }),
       {}},
      {"diverges", with([](Options& o) { o.training.lr = 100, o.training.epochs = 20; }), {}},
      {"140 epochs", with([](Options& o) { o.n = 3, o.training.batch_size = 2, o.training.epochs = 140; }), {}},
  };
  const Options momentum = with([](Options& o) { o.training.momentum = 0.5, o.training.epochs = 4; });
  all.push_back({"options change between steps",
                 momentum,
                 {set_at(0, [](auto& t) { t.lr = 0.2; }), set_at(3, [](auto& t) { t.batch_size = 2; }),
                  set_at(3, [](auto& t) { t.loss.kind = LossKind::l1; }), set_at(8, [](auto& t) { t.momentum = 0; }),
                  set_at(12, [](auto& t) { t.shuffle = false; }), set_at(20, [](auto& t) { t.epochs = 6; })}});
  all.push_back({"options change within steps",
                 momentum,
                 {set_within(0, [](auto& t) { t.lr = 0.2; }), set_within(4, [](auto& t) { t.batch_size = 1; }),
                  set_at(5, [](auto& t) { t.batch_size = 3; }),
                  set_within(9, [](auto& t) { t.drop_last = true, t.batch_size = 20; }),
                  set_within(10, [](auto& t) { t.batch_size = 4, t.shuffle = false; })}});
  all.push_back({"a change ends the epoch early",
                 momentum,
                 {set_at(2, [](auto& t) { t.batch_size = 20, t.drop_last = true; }),
                  set_at(4, [](auto& t) { t.batch_size = 6; })}});
  all.push_back({"zero_grad forgotten",
                 momentum,
                 {step_without_zero_grad(0), step_without_zero_grad(4), step_without_zero_grad(5),
                  step_with_late_zero_grad(6), step_without_zero_grad(11)}});
  // Epochs of so many rows that checkpoints lie within them.
  const auto long_epochs = [&](auto change) {
    return with([&](Options& o) { o.n = 70000, o.training.batch_size = 7000, o.training.epochs = 2, change(o); });
  };
  all.push_back({"long epochs", long_epochs([](Options&) {}), {}});
  all.push_back({"long epochs in the rows' own order, changed within",
                 long_epochs([](Options& o) { o.training.shuffle = false, o.training.momentum = 0.5; }),
                 {set_at(5, [](auto& t) { t.shuffle = true; }), step_without_zero_grad(7),
                  set_within(13, [](auto& t) { t.batch_size = 10000; })}});
  all.push_back({"diverges after a change", with([](Options& o) { o.training.epochs = 20; }), {set_at(7, [](auto& t) {
                   t.lr = 1e9;
                 })}});
  return all;
}

}  // namespace

TEST_CASE("rewinding to any step gives what a fresh run has there, and goes on like it", "[trainer][rewind]") {
  for (const Scenario& scenario : scenarios()) {
    const Trainer whole = played(scenario, ~std::uint64_t{0});
    REQUIRE(is_over(whole));
    const auto total = static_cast<std::size_t>(whole.step_count());
    std::vector<Trainer> fresh{played(scenario, 0)};  // by step
    for (std::size_t step = 1; step <= total; ++step) {
      fresh.push_back(fresh.back());
      play(fresh.back(), scenario, step, false);
    }
    Trainer rewound = fresh[total];
    for (std::size_t step = 0; step <= total; ++step) {
      INFO(scenario.name << ": from the end to step " << step << " of " << total);
      Trainer once = fresh[total];
      REQUIRE(once.rewind(step));
      REQUIRE(difference(once, fresh[step]) == "");
      play(once, scenario, ~std::uint64_t{0}, false);
      REQUIRE(difference(once, whole) == "");
    }
    // Downwards, one step after the other, the same trainer.
    for (std::size_t step = total + 1; step-- > 0;) {
      INFO(scenario.name << ": step by step back to " << step << " of " << total);
      REQUIRE(rewound.rewind(step));
      REQUIRE(difference(rewound, fresh[step]) == "");
    }
  }
}

TEST_CASE("rewinding leaves the middle of a step", "[trainer][rewind]") {
  const Scenario scenario{"", small_options(), {}};
  for (const std::uint64_t step : {0U, 1U, 4U, 5U, 7U}) {
    for (int parts = 1; parts <= 4; ++parts) {
      INFO("step " << step << ", " << parts << " parts");
      Trainer trainer = played(scenario, 7);
      REQUIRE(trainer.draw());
      REQUIRE(
          trainer.set(changed(trainer.training(), [](auto& t) { t.lr = 0.5; })));  // due with the next step: forgotten
      if (parts > 1) REQUIRE(trainer.forward());
      if (parts > 2) REQUIRE(trainer.zero_grad());
      if (parts > 3) REQUIRE(trainer.backward());
      REQUIRE(trainer.rewind(step));
      CHECK(difference(trainer, played(scenario, step)) == "");
    }
  }
}

TEST_CASE("another way may be taken after rewinding", "[trainer][rewind]") {
  const Scenario first{"", small_options(), {set_at(9, [](auto& t) { t.lr = 0.5; })}};
  const Scenario other{"", small_options(), {set_at(6, [](auto& t) { t.batch_size = 4, t.momentum = 0.9; })}};
  Trainer trainer = played(first, 15);
  REQUIRE(trainer.rewind(6));
  other.events[0].act(trainer);
  trainer.train();
  CHECK(difference(trainer, played(other, ~std::uint64_t{0})) == "");
}

TEST_CASE("steps without zero_grad that were rewound are not replayed", "[trainer][rewind]") {
  // The three are remembered as one piece, of which going back to its middle leaves the beginning.
  Scenario first{
      "", small_options(), {step_without_zero_grad(4), step_without_zero_grad(5), step_without_zero_grad(6)}};
  for (const std::size_t kept : {0U, 1U, 2U, 3U}) {
    Scenario other = first;
    other.events.resize(kept);
    Trainer trainer = played(first, 9);
    REQUIRE(trainer.rewind(4 + kept));
    linreg::test::step_to(trainer, 10);
    CHECK(difference(trainer, played(other, 10)) == "");
    for (const std::uint64_t step : {8U, 7U, 6U, 5U}) {
      INFO(kept << " kept, step " << step);
      REQUIRE(trainer.rewind(step));
      CHECK(difference(trainer, played(other, step)) == "");
    }
  }
}

TEST_CASE("after divergence a smaller rate may be tried from any step", "[trainer][rewind]") {
  Options options = small_options();
  options.training.lr = 100;
  options.training.epochs = 20;
  Trainer diverged = created(options);
  diverged.train();
  REQUIRE(diverged.status() == Status::diverged);
  const auto last = diverged.step_count();
  for (const std::uint64_t step : {last / 2, std::uint64_t{0}}) {
    const Scenario repaired{"", options, {set_at(step, [](auto& t) { t.lr = 1e-30; })}};
    REQUIRE(diverged.rewind(step));
    repaired.events[0].act(diverged);
    CHECK(diverged.train() == Status::finished);
    CHECK(difference(diverged, played(repaired, ~std::uint64_t{0})) == "");
  }
}

TEST_CASE("epochs without a batch are replayed", "[trainer][rewind]") {
  // Two epochs train, three have no full batch, then some train again.
  Options options = small_options();
  options.training.epochs = 100;
  const auto play_to = [&](std::uint64_t step) {
    Trainer trainer = created(options);
    const auto to = [&](std::uint64_t s) { linreg::test::step_to(trainer, std::min(s, step)); };
    to(10);
    if (step <= 10) return trainer;
    REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.batch_size = 24, t.drop_last = true; })));
    for (int empty = 0; empty < 3; ++empty) trainer.step_batch();
    CHECK(trainer.step_count() == 10);
    CHECK(trainer.epoch() == 5);
    REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.batch_size = 7; })));
    to(20);
    return trainer;
  };
  for (std::uint64_t step = 11; step <= 20; ++step) {
    INFO("step " << step);
    Trainer trainer = play_to(20);
    REQUIRE(trainer.rewind(step));
    CHECK(difference(trainer, play_to(step)) == "");
  }
  Trainer trainer = play_to(20);
  REQUIRE(trainer.rewind(4));
  CHECK(difference(trainer, play_to(4)) == "");
}

TEST_CASE("an epoch that one change ended stays ended though another change follows at once", "[trainer][rewind]") {
  const auto play_to = [](std::uint64_t step) {
    Trainer trainer = created(small_options());
    linreg::test::step_to(trainer, 2);
    REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.batch_size = 20, t.drop_last = true; })));
    CHECK(trainer.epoch() == 1);
    REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.batch_size = 5, t.drop_last = false; })));
    CHECK(trainer.epoch() == 1);
    linreg::test::step_to(trainer, step);
    return trainer;
  };
  for (std::uint64_t step = 2; step <= 12; ++step) {
    INFO("step " << step);
    Trainer trainer = play_to(12);
    REQUIRE(trainer.rewind(step));
    CHECK(difference(trainer, play_to(step)) == "");
  }
}

TEST_CASE("epochs without a batch are replayed from a checkpoint before them", "[trainer][rewind]") {
  const auto play_to = [](std::uint64_t step) {
    Options options = small_options();
    options.n = 2;
    options.training.batch_size = 1;
    options.training.epochs = 300;
    Trainer trainer = created(options);
    linreg::test::step_to(trainer, 400);
    REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.batch_size = 3, t.drop_last = true; })));
    trainer.step_batch();
    CHECK(trainer.epoch() == 201);
    CHECK(trainer.step_count() == 400);
    REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.batch_size = 2; })));
    linreg::test::step_to(trainer, step);
    return trainer;
  };
  for (std::uint64_t step = 401; step <= 404; ++step) {
    INFO("step " << step);
    Trainer trainer = play_to(410);
    REQUIRE(trainer.rewind(step));
    CHECK(difference(trainer, play_to(step)) == "");
  }
}

TEST_CASE("many steps are replayed at once, up to the very one", "[trainer][rewind]") {
  Options options = small_options();
  options.n = 30000;
  options.training.batch_size = 20;
  options.training.epochs = 2;
  options.training.lr = 0.001;
  const Scenario scenario{"",
                          options,
                          {set_at(300, [](auto& t) { t.lr = 0.002; }), step_without_zero_grad(700),
                           step_without_zero_grad(701), set_within(1700, [](auto& t) { t.weight_decay = 0.01; })}};
  for (const std::uint64_t step : {1U, 299U, 300U, 301U, 700U, 701U, 702U, 1499U, 1500U, 1501U, 1701U, 2990U}) {
    INFO("step " << step);
    Trainer trainer = played(scenario, 2995);
    REQUIRE(trainer.rewind(step));
    CHECK(difference(trainer, played(scenario, step)) == "");
  }
}

TEST_CASE("runs of more checkpoints than are kept are rewound", "[rewind]") {
  Options options = small_options();
  options.n = options.training.batch_size = 1 << 15;  // a checkpoint before every step
  options.training.epochs = 1100;
  Trainer trainer = created(options);
  trainer.train();
  for (const std::uint64_t step : {1099U, 1023U, 514U, 1U}) {
    INFO("step " << step);
    REQUIRE(trainer.rewind(step));
    Trainer fresh = created(options);
    linreg::test::step_to(fresh, step);
    CHECK(difference(trainer, fresh) == "");
  }
}

TEST_CASE("runs of many epochs are rewound", "[trainer][rewind]") {
  for (const double momentum : {0.0, 0.9}) {
    Options options = small_options();
    options.n = 4;
    options.training.batch_size = 3;
    options.training.epochs = 1000;
    options.training.momentum = momentum;
    Trainer trainer = created(options);
    trainer.train();
    REQUIRE(trainer.step_count() == 2000);
    for (const std::uint64_t step : {1999U, 1998U, 1023U, 1U, 0U}) {
      INFO("step " << step);
      REQUIRE(trainer.rewind(step));
      Trainer fresh = created(options);
      linreg::test::step_to(fresh, step);
      CHECK(difference(trainer, fresh) == "");
    }
    trainer.train();
    Trainer fresh = created(options);
    fresh.train();
    CHECK(difference(trainer, fresh) == "");
  }
}
