// The runs that PyTorch did (tests/fixtures/make_pytorch.py), to the bit.
#include <catch2/catch_all.hpp>
#include <cstdio>

#include "fixtures.hpp"
#include "support.hpp"

using linreg::Phase;
using linreg::Status;
using linreg::Trainer;
using linreg::test::created;
using linreg::test::difference;
using linreg::test::floats;
using linreg::test::linear_of;

namespace {

using Json = nlohmann::json;

/// Compares with a list of the fixture, of which long ones hold the first and the last values only.
template <class T>
std::string difference_from(const Json& run, const std::string& name, const std::vector<T>& got) {
  if (run.contains(name)) {
    return run[name].is_null() ? difference(got, std::vector<T>{}) : difference(got, run[name].get<std::vector<T>>());
  }
  const auto head = run[name + "_head"].get<std::vector<T>>();
  const auto tail = run[name + "_tail"].get<std::vector<T>>();
  const auto first = difference(std::span(got).first(head.size()), head);
  return first.empty() ? difference(std::span(got).last(tail.size()), tail) : first;
}

void check_start(const Trainer& trainer, const Json& run) {
  CHECK(difference_from(run, "features", trainer.features()) == "");
  CHECK(difference_from(run, "labels", trainer.labels()) == "");
  CHECK(difference_from(run, "peek", std::vector<std::uint32_t>(trainer.peek().begin(), trainer.peek().end())) == "");
  CHECK(difference(trainer.default_init(), linear_of(run["default_init"])) == "");
  CHECK(difference(trainer.initial(), linear_of(run["initial"])) == "");
}

/// The first step, part by part as the notebook takes it.
void check_first_step(Trainer trainer, const Json& expected) {
  REQUIRE(trainer.draw());
  if (expected.is_null()) {
    CHECK(trainer.phase() == Phase::step);  // there was no batch
    return;
  }
  REQUIRE(trainer.forward());
  CHECK(difference(std::array{trainer.minibatch().loss}, std::array{expected["loss"].get<float>()}) == "");
  REQUIRE(trainer.zero_grad());
  REQUIRE(trainer.backward());
  CHECK(difference(trainer.gradient(), linear_of(expected["gradient"])) == "");
  REQUIRE(trainer.step());
  CHECK(difference(trainer.parameters(), linear_of(expected)) == "");
}

/// The rows in the order in which the first epoch visits them, which no learning rate changes: 0 cannot diverge.
std::vector<std::uint32_t> first_epoch_rows(linreg::Options options) {
  options.training.lr = 0.0;
  Trainer trainer = created(options);
  std::vector<std::uint32_t> rows;
  while (trainer.epoch() == 0) {
    trainer.step_batch();
    const auto batch = trainer.minibatch();
    rows.insert(rows.end(), batch.rows.begin(), batch.rows.end());
  }
  return rows;
}

std::vector<std::string> lines(const Trainer& trainer) {
  const auto record = trainer.epochs();
  std::vector<std::string> printed;
  for (std::size_t i = 0; i < record.indices.size(); ++i) {
    std::array<char, 400> line{};
    std::snprintf(line.data(), line.size(), "epoch %d, loss %f", static_cast<int>(record.indices[i] + 1),
                  record.values[2 * i + 1]);
    printed.emplace_back(line.data());
  }
  return printed;
}

void check_whole_run(Trainer trainer, const Json& run) {
  trainer.train();
  CHECK(lines(trainer) == run["lines"].get<std::vector<std::string>>());
  if (run.contains("diverges")) {
    CHECK(trainer.status() == Status::diverged);
    // Its loss is not finite because of parameters which a step before made so large: either is refused.
    CHECK(trainer.step_count() + 1 == run["first_nonfinite_step"].get<std::uint64_t>());
  } else {
    CHECK(trainer.status() == Status::finished);
    CHECK(difference(trainer.parameters(), linear_of(run["final"])) == "");
  }
}

}  // namespace

TEST_CASE("runs are PyTorch's with every table", "[pytorch]") {
  // That all tables have the same bits other tests show: the slow builds run the plainest and the widest.
  const auto all = linreg::available_kernels();
  std::vector<const linreg::Kernels*> tables(all.begin(), all.end());
  if (linreg::test::trial_share > 1 && tables.size() > 2) tables = {tables.front(), tables.back()};
  const Json& fixture = linreg::test::read_fixture("pytorch.json");
  REQUIRE(fixture["runs"].size() >= 40);
  for (const auto* table : tables) {
    const linreg::test::UsingKernels guard(*table);
    for (const Json& run : fixture["runs"]) {
      INFO(run["name"] << ", " << table->name);
      const auto options = linreg::test::options_of(run["options"]);
      check_start(created(options), run);
      check_first_step(created(options), run["first_step"]);
      CHECK(difference_from(run, "first_epoch_rows", first_epoch_rows(options)) == "");
      check_whole_run(created(options), run);
    }
  }
}
