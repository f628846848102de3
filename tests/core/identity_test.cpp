// The committed bits (tests/fixtures/identity.json, by make_identity.js), on every instruction set of this machine.
#include <catch2/catch_all.hpp>

#include "fixtures.hpp"
#include "hash.hpp"
#include "support.hpp"

using linreg::Linear;
using linreg::Status;
using linreg::Trainer;

namespace {

/// Of d weights, then the bias.
std::string hash(const Linear& model) {
  linreg::test::Hash hash;
  hash.add(model.weight);
  hash.add(model.bias);
  return hash.text();
}

/// One hash every 100 steps and one at the end.
std::vector<std::string> hashes(Trainer& trainer) {
  std::vector<std::string> result;
  for (std::uint64_t step = 100; trainer.status() != Status::finished && trainer.status() != Status::diverged;
       step += 100) {
    linreg::test::step_to(trainer, step);
    result.push_back(hash(trainer.parameters()));
  }
  return result;
}

}  // namespace

TEST_CASE("parameters have the committed bits with every table", "[identity]") {
  const auto& fixture = linreg::test::read_fixture("identity.json");
  REQUIRE(fixture["runs"].size() >= 24);
  for (const auto* table : linreg::available_kernels()) {
    const linreg::test::UsingKernels guard(*table);
    for (const auto& run : fixture["runs"]) {
      INFO(run["name"] << ", " << table->name);
      Trainer trainer = linreg::test::created(linreg::test::options_of(run["options"]));
      CHECK(hashes(trainer) == run["hashes"].get<std::vector<std::string>>());
      Trainer at_once = linreg::test::created(linreg::test::options_of(run["options"]));
      at_once.train();
      CHECK(hash(at_once.parameters()) == run["hashes"].back().get<std::string>());
      CHECK(trainer.step_count() == run["steps"].get<std::uint64_t>());
      CHECK(linreg::status_names[static_cast<std::size_t>(trainer.status())] == run["status"].get<std::string>());
    }
  }
}
