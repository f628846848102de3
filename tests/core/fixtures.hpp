// The committed reference runs (tests/fixtures/*.json) as the core's own types.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "linreg/options.hpp"

namespace linreg::test {

/// Read once, and kept: the largest takes a second where every access is checked.
inline const nlohmann::json& read_fixture(const std::string& name) {
  static std::map<std::string, nlohmann::json> fixtures;
  auto& fixture = fixtures[name];
  if (fixture.is_null()) {
    std::ifstream file(std::string(LINREG_FIXTURES_DIR) + "/" + name);
    fixture = nlohmann::json::parse(file);
  }
  return fixture;
}

template <class Enum, std::size_t N>
Enum enumerator(const nlohmann::json& options, const char* key, Enum otherwise,
                const std::array<std::string_view, N>& names) {
  if (!options.contains(key)) return otherwise;
  return static_cast<Enum>(std::ranges::find(names, options[key].get<std::string>()) - names.begin());
}

/// Options by their names; what is not given is the notebook's.
inline Options options_of(const nlohmann::json& given) {
  Options options;
  options.seed = given.value("seed", options.seed);
  options.true_w = given.value("true_w", options.true_w);
  options.true_b = given.value("true_b", options.true_b);
  options.n = given.value("n", options.n);
  options.noise = given.value("noise", options.noise);
  options.init = enumerator(given, "init", options.init, init_names);
  options.init_std = given.value("init_std", options.init_std);
  TrainingOptions& training = options.training;
  training.batch_size = given.value("batch_size", training.batch_size);
  training.shuffle = given.value("shuffle", training.shuffle);
  training.drop_last = given.value("drop_last", training.drop_last);
  training.loss.kind = enumerator(given, "loss", training.loss.kind, loss_names);
  training.loss.reduction = enumerator(given, "reduction", training.loss.reduction, reduction_names);
  training.loss.delta = given.value("delta", training.loss.delta);
  training.optimizer = enumerator(given, "optimizer", training.optimizer, optimizer_names);
  training.lr = given.value("lr", training.lr);
  training.momentum = given.value("momentum", training.momentum);
  training.nesterov = given.value("nesterov", training.nesterov);
  training.weight_decay = given.value("weight_decay", training.weight_decay);
  training.epochs = given.value("epochs", training.epochs);
  return options;
}

inline std::vector<float> floats(const nlohmann::json& values) { return values.get<std::vector<float>>(); }

/// { weight, bias } as it is in the fixtures.
inline Linear linear_of(const nlohmann::json& model) { return {floats(model["weight"]), model["bias"].get<float>()}; }

}  // namespace linreg::test
