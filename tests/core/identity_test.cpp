// The committed bits (tests/fixtures/identity.json, by make_identity.js), on every instruction set of this machine.
#include <bit>
#include <catch2/catch_all.hpp>

#include "fixtures.hpp"
#include "support.hpp"

using linreg::Linear;
using linreg::Status;
using linreg::Trainer;

namespace {

/// FNV-1a, 64 bits, over the parameters' bytes, least significant first: d weights, then the bias.
std::string hash(const Linear& model) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&](float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned shift = 0; shift < 32; shift += 8) hash = (hash ^ ((bits >> shift) & 0xffU)) * 0x100000001b3;
  };
  for (const float weight : model.weight) add(weight);
  add(model.bias);
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash));
  return digits.data();
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
