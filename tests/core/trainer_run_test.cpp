// Long runs: budgets, sizes, and histories that are thinned.
#include <catch2/catch_all.hpp>
#include <limits>
#include <map>

#include "support.hpp"

using linreg::LossKind;
using linreg::Options;
using linreg::Record;
using linreg::Status;
using linreg::Trainer;
using linreg::test::changed;
using linreg::test::created;
using linreg::test::difference;
using linreg::test::small_options;

namespace {

/// 6 steps an epoch, 30000 in all: histories, 4096 long, are thinned to every 8th step, checkpoints to every 64th
/// epoch.
Options long_options() {
  Options options = small_options();
  options.training.batch_size = 4;
  options.training.epochs = 6000;
  options.noise = 1;
  return options;
}

/// Each step's loss and parameters, and each epoch's end, when a run is taken batch by batch.
struct Course {
  std::vector<float> losses;
  std::vector<linreg::Linear> path;
  std::vector<std::array<double, 2>> epochs;
};

template <class T>
const T& at(const std::vector<T>& values, std::uint64_t i) {
  return values[static_cast<std::size_t>(i)];  // 32 bits are enough here
}

Course course_of(Trainer& trainer) {
  Course course{{}, {trainer.parameters()}, {}};
  while (trainer.status() != Status::finished) {
    const auto epoch = trainer.epoch();
    trainer.step_batch();
    course.losses.push_back(trainer.minibatch().loss);
    course.path.push_back(trainer.parameters());
    if (trainer.epoch() != epoch)
      course.epochs.push_back({static_cast<double>(trainer.step_count()), static_cast<double>(trainer.loss())});
  }
  return course;
}

/// Checks that a trainer's history is an even choice of the course up to where the trainer stands. After a rewind it
/// is as coarse as it was.
void check_history(const Trainer& trainer, const Course& course, bool rewound = false) {
  const auto even = [rewound](const std::vector<std::uint64_t>& indices, std::uint64_t count, std::size_t capacity) {
    REQUIRE(indices.size() <= capacity + 1);
    REQUIRE(indices.size() >= std::min<std::uint64_t>(count, rewound ? count / 16 : capacity / 2));
    if (count == 0) return;
    CHECK(indices.back() == count - 1);
    for (std::size_t k = 0; k + 1 < indices.size(); ++k)
      REQUIRE(indices[k] == k * (indices.size() > 2 ? indices[1] : 0));
  };
  const auto losses = trainer.losses();
  even(losses.indices, trainer.step_count(), 20480);
  for (std::size_t k = 0; k < losses.indices.size(); ++k)
    REQUIRE(losses.values[k] == at(course.losses, losses.indices[k]));
  const auto path = trainer.path();
  even(path.indices, trainer.step_count() + 1, 4096);
  for (std::size_t k = 0; k < path.indices.size(); ++k) {
    const auto& model = at(course.path, path.indices[k]);
    REQUIRE(difference(std::span(path.values).subspan(3 * k, 3),
                       std::array{model.weight[0], model.weight[1], model.bias}) == "");
  }
  const auto epochs = trainer.epochs();
  even(epochs.indices, trainer.epoch(), 32768);
  for (std::size_t k = 0; k < epochs.indices.size(); ++k) {
    REQUIRE(epochs.values[2 * k] == at(course.epochs, epochs.indices[k])[0]);
    REQUIRE(epochs.values[2 * k + 1] == at(course.epochs, epochs.indices[k])[1]);
  }
}

}  // namespace

TEST_CASE("long runs are the same however they are stepped, and their history is an even choice", "[trainer][run]") {
  for (const auto change :
       {+[](Options&) {}, +[](Options& o) { o.training.loss.kind = LossKind::huber, o.training.weight_decay = 0.01; },
        +[](Options& o) { o.training.momentum = 0.5, o.training.drop_last = true; }}) {
    Options options = long_options();
    change(options);
    Trainer by_batch = created(options);
    const Course course = course_of(by_batch);
    check_history(by_batch, course);

    Trainer at_once = created(options);
    at_once.train();
    CHECK(difference(at_once, by_batch) == "");

    Trainer by_epoch = created(options);
    Trainer by_budget = created(options);
    std::uint64_t budget = 1;
    while (by_epoch.status() != Status::finished) by_epoch.step_epoch();
    while (by_budget.status() != Status::finished) {
      by_budget.run(budget);
      budget = budget * 7 % 10007;
      if (budget % 5 == 0) check_history(by_budget, course);
    }
    CHECK(difference(by_epoch, by_batch) == "");
    CHECK(difference(by_budget, by_batch) == "");

    Trainer in_stages = created(options);
    constexpr std::uint64_t any_rows = 1'000'000'000;
    for (const std::uint64_t until : {std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{4097}, std::uint64_t{5}}) {
      const std::uint64_t before = in_stages.step_count();
      in_stages.run(any_rows, until);
      CHECK(in_stages.step_count() == std::max(before, until));
    }
    CHECK(difference(in_stages.parameters(), at(course.path, 4097)) == "");
    CHECK(in_stages.run(any_rows) == by_batch.status());
    CHECK(difference(in_stages, by_batch) == "");

    for (const std::uint64_t step :
         {by_batch.step_count() - 1, std::uint64_t{20000}, std::uint64_t{4097}, std::uint64_t{5}}) {
      INFO("rewound to " << step);
      REQUIRE(at_once.rewind(step));
      REQUIRE(at_once.step_count() == step);
      CHECK(difference(at_once.parameters(), at(course.path, step)) == "");
      CHECK(at_once.minibatch().loss == at(course.losses, step - 1));
      check_history(at_once, course, true);
    }
    at_once.train();
    CHECK(difference(at_once.parameters(), by_batch.parameters()) == "");
    check_history(at_once, course, true);
  }
}

TEST_CASE("the losses of tens of thousands of epochs are all kept, those of more evenly", "[trainer][run]") {
  Options options = long_options();
  options.n = 2;
  options.training.batch_size = 2;
  for (const std::uint64_t count : {32768U, 40000U}) {
    options.training.epochs = count;
    Trainer trainer = created(options);
    trainer.train();
    const auto epochs = trainer.epochs().indices;
    const std::uint64_t stride = count == 32768 ? 1 : 2;
    REQUIRE(epochs.size() == (count - 1) / stride + (stride == 1 ? 1 : 2));
    for (std::size_t k = 0; k + 1 < epochs.size(); ++k) REQUIRE(epochs[k] == k * stride);
    CHECK(epochs.back() == count - 1);
  }
}

TEST_CASE("changes and parts of steps in a long run", "[trainer][run]") {
  // Every so often something happens between whole stretches of steps; once the stretches are batches one by one.
  const auto play = [](bool in_stretches) {
    Trainer trainer = created(long_options());
    const auto go_to = [&](std::uint64_t epoch) {
      while (trainer.epoch() < epoch) in_stretches ? trainer.step_epoch() : trainer.step_batch();
    };
    go_to(1500);
    trainer.step_batch();
    REQUIRE((trainer.draw() && trainer.forward() && trainer.backward() && trainer.step()));  // zero_grad forgotten
    REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.lr = 0.01, t.batch_size = 3; })));
    go_to(1600);
    REQUIRE(trainer.zero_grad());
    REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.momentum = 0.9; })));
    go_to(1700);
    REQUIRE(trainer.draw());
    REQUIRE(trainer.set(
        changed(trainer.training(), [](auto& t) { t.momentum = 0.0, t.drop_last = true, t.shuffle = false; })));
    go_to(3000);
    return trainer;
  };
  const Trainer by_batch = play(false);
  Trainer in_stretches = play(true);
  CHECK(difference(in_stretches, by_batch) == "");
  REQUIRE(in_stretches.rewind(by_batch.step_count() - 1));
  in_stretches.step_batch();
  CHECK(difference(in_stretches, by_batch) == "");
}

TEST_CASE("a run that diverges late stops at the same step however it is stepped", "[trainer][run]") {
  // 23 steps an epoch, of which every 8th is recorded; the rates diverge at steps of every place between two records.
  Options options = long_options();
  options.training.batch_size = 1;
  for (const double lr : {1.2, 1.5, 2.0, 3.0, 5.0, 9.0, 17.0, 100.0}) {
    INFO("lr " << lr);
    const auto diverge = [&](auto go) {
      Trainer trainer = created(options);
      for (int epoch = 0; epoch < 800; ++epoch) trainer.step_epoch();
      REQUIRE(trainer.set(changed(trainer.training(), [lr](auto& t) { t.lr = lr; })));
      while (trainer.status() == Status::running) go(trainer);
      CHECK(trainer.status() == Status::diverged);
      return trainer;
    };
    const Trainer by_batch = diverge([](Trainer& t) { t.step_batch(); });
    CHECK(difference(diverge([](Trainer& t) { t.step_epoch(); }), by_batch) == "");
    CHECK(difference(diverge([](Trainer& t) { t.run(1000); }), by_batch) == "");
    CHECK(difference(diverge([](Trainer& t) { t.train(); }), by_batch) == "");
  }
}

TEST_CASE("run visits about as many rows as it is given", "[trainer][run]") {
  Options options;
  options.n = 1000;
  options.training.epochs = 1000000000000;
  for (const std::uint64_t batch_size : {1U, 10U, 999U, 1000U}) {
    options.training.batch_size = batch_size;
    Trainer trainer = created(options);
    // An epoch visits every row twice: in its batches, and at its end.
    const auto total = [&] {
      const auto steps = trainer.step_count() - trainer.epoch() * trainer.steps_per_epoch();
      return trainer.epoch() * 2000 + steps * batch_size;
    };
    for (const std::uint64_t rows : {1U, 100U, 5000U, 100000U}) {
      const auto before = total();
      trainer.run(rows);
      const auto visited = total() - before;
      INFO("batch_size " << batch_size << ", asked for " << rows << ", visited " << visited);
      CHECK(visited >= rows);
      CHECK(visited <= rows + 2 * batch_size + 1000);
    }
    CHECK(trainer.status() == Status::running);
  }
}

TEST_CASE("runs without end are stopped by their budget", "[trainer][run]") {
  Options options = small_options();
  options.training.epochs = (std::uint64_t{1} << 53) - 1;
  Trainer trainer = created(options);
  CHECK(trainer.run(10000) == Status::running);
  CHECK(trainer.step_count() < 3000);
  options.training.batch_size = 24;
  options.training.drop_last = true;  // nothing ever trains
  Trainer empty = created(options);
  CHECK(empty.run(10000) == Status::running);
  CHECK(empty.step_count() == 0);
  CHECK(empty.epoch() < 1000);
  CHECK(empty.epoch() > 100);
}

TEST_CASE("total_steps saturates", "[trainer][run]") {
  Options options = small_options();
  options.n = 3000;
  options.training.batch_size = 1;
  options.training.epochs = (std::uint64_t{1} << 53) - 1;
  Trainer trainer = created(options);
  CHECK(trainer.total_steps() == std::numeric_limits<std::uint64_t>::max());
  trainer.step_batch();
  CHECK(trainer.total_steps() == std::numeric_limits<std::uint64_t>::max());
  REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.epochs = 2; })));
  CHECK(trainer.total_steps() == 6000);
}

TEST_CASE("a batch over n is all rows", "[trainer][run]") {
  for (const std::uint64_t batch_size : {std::uint64_t{24}, std::uint64_t{1} << 31, (std::uint64_t{1} << 32) + 1,
                                         std::uint64_t{1000000000000000000}, ~std::uint64_t{0}}) {
    Options options = small_options();
    options.training.batch_size = 23;
    Trainer all = created(options);
    options.training.batch_size = batch_size;
    Trainer over = created(options);
    CHECK(over.steps_per_epoch() == 1);
    CHECK(over.total_steps() == 3);
    CHECK(over.peek().size() == 23);
    all.train();
    over.train();
    CHECK(difference(over.parameters(), all.parameters()) == "");
    CHECK(difference(over.losses(), all.losses()) == "");
  }
}

TEST_CASE("drop_last drops the only batch, as in PyTorch", "[trainer][run]") {
  Options options = small_options();
  options.training.batch_size = 24;
  options.training.drop_last = true;
  Trainer trainer = created(options);
  CHECK(trainer.steps_per_epoch() == 0);
  CHECK(trainer.total_steps() == 0);
  CHECK(trainer.peek().empty());
  CHECK(trainer.train() == Status::finished);
  CHECK(trainer.step_count() == 0);
  CHECK(trainer.epoch() == 3);
  CHECK(difference(trainer.parameters(), trainer.initial()) == "");
  CHECK(trainer.epochs().values[5] == static_cast<double>(trainer.loss()));
  CHECK(trainer.minibatch().rows.empty());
}

TEST_CASE("a run is a function of its options", "[trainer][run]") {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1} << 40, (std::uint64_t{1} << 53) - 1}) {
    Options options = small_options();
    options.seed = seed;
    Trainer one = created(options);
    Trainer two = created(options);
    while (one.status() != Status::finished) {  // in turn: trainers share nothing
      one.step_batch();
      two.step_batch();
    }
    CHECK(difference(one, two) == "");
    options.seed ^= 1;
    CHECK(difference(created(options).initial(), one.initial()) != "");
  }
}

TEST_CASE("synthetic data given as data go on as if they had been drawn", "[trainer]") {
  for (const bool shuffle : {true, false}) {
    Options options = small_options();
    options.training.shuffle = shuffle;
    Trainer own = created(options);
    Trainer given = Trainer::create(options, own.dataset(), true).value();
    const Trainer fresh = Trainer::create(options, own.dataset()).value();
    CHECK(difference(given.initial().weight, own.initial().weight) == "");
    CHECK(difference(fresh.initial().weight, own.initial().weight) != "");
    own.step_epoch();
    given.step_epoch();
    CHECK(difference(given.parameters().weight, own.parameters().weight) == "");
  }
}
