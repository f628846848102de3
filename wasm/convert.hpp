// Between JavaScript's values and the core's. Everything is copied: no view of wasm memory outlives a call.
#pragma once

#include <emscripten/val.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linreg/error.hpp"
#include "linreg/options.hpp"
#include "linreg/trainer.hpp"

namespace linreg::wasm {

using emscripten::val;

/// A typed array with a copy of the numbers: Float32Array, Float64Array or Uint32Array.
template <class T>
val to_array(std::span<const T> values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).template call<val>("slice");
}

/// Counts are whole numbers of up to 2^53 in JavaScript: as a Float64Array.
inline val to_array(const std::vector<std::uint64_t>& counts) {
  const std::vector<double> numbers(counts.begin(), counts.end());
  return to_array(std::span<const double>(numbers));
}

inline val to_array(const std::vector<std::string>& names) {
  val result = val::array();
  for (const auto& name : names) result.call<void>("push", name);
  return result;
}

/// { weight, bias } of a Linear or of Coefficients.
template <class Model>
val to_parameters(const Model& model) {
  val result = val::object();
  result.set("weight", to_array(std::span(model.weight)));
  result.set("bias", model.bias);
  return result;
}

/// { code, field, value, range }; value is left out where there is none.
inline val to_object(const Error& error) {
  val result = val::object();
  result.set("code", std::string(name(error.code)));
  result.set("field", error.field);
  if (error.value) result.set("value", *error.value);
  result.set("range", error.range);
  return result;
}

/// null where there is none.
inline val to_number(std::optional<double> number) { return number ? val(*number) : val::null(); }

/// The numbers of a typed array.
inline std::vector<double> to_vector(const val& numbers) {
  return emscripten::convertJSArrayToNumberVector<double>(numbers);
}

/// undefined, or the error.
inline val to_object(const Result<void>& result) { return result ? val::undefined() : to_object(result.error()); }

/// The enumerator's name.
template <class Enum, std::size_t N>
std::string to_text(Enum value, const std::array<std::string_view, N>& names) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

/// A count; what is negative or not a number becomes 0, what is too large the largest, so that the core's check sees it.
inline std::uint64_t to_count(const val& number) {
  const double value = number.as<double>();
  return value >= 0x1p64 ? UINT64_MAX : value > 0.0 ? static_cast<std::uint64_t>(value) : 0;
}

/// The enumerator of this name; an unknown one becomes a value that the core's check refuses.
template <class Enum, std::size_t N>
Enum to_enum(const val& text, const std::array<std::string_view, N>& names) {
  return static_cast<Enum>(std::ranges::find(names, text.as<std::string>()) - names.begin());
}

inline Loss to_loss(const val& options) {
  return {.kind = to_enum<LossKind>(options["loss"], loss_names),
          .reduction = to_enum<Reduction>(options["reduction"], reduction_names),
          .delta = options["delta"].as<double>()};
}

inline TrainingOptions to_training(const val& options) {
  return {
      .batch_size = to_count(options["batch_size"]),
      .shuffle = options["shuffle"].as<bool>(),
      .drop_last = options["drop_last"].as<bool>(),
      .loss = to_loss(options),
      .optimizer = to_enum<OptimizerKind>(options["optimizer"], optimizer_names),
      .lr = options["lr"].as<double>(),
      .momentum = options["momentum"].as<double>(),
      .nesterov = options["nesterov"].as<bool>(),
      .weight_decay = options["weight_decay"].as<double>(),
      .epochs = to_count(options["epochs"]),
  };
}

inline val to_object(const TrainingOptions& options) {
  val result = val::object();
  result.set("batch_size", static_cast<double>(options.batch_size));
  result.set("shuffle", options.shuffle);
  result.set("drop_last", options.drop_last);
  result.set("loss", to_text(options.loss.kind, loss_names));
  result.set("reduction", to_text(options.loss.reduction, reduction_names));
  result.set("delta", options.loss.delta);
  result.set("optimizer", to_text(options.optimizer, optimizer_names));
  result.set("lr", options.lr);
  result.set("momentum", options.momentum);
  result.set("nesterov", options.nesterov);
  result.set("weight_decay", options.weight_decay);
  result.set("epochs", static_cast<double>(options.epochs));
  return result;
}

/// `options` has every option, as options.js completes them.
inline Options to_options(const val& options) {
  return {
      .seed = to_count(options["seed"]),
      .true_w = emscripten::convertJSArrayToNumberVector<double>(options["true_w"]),
      .true_b = options["true_b"].as<double>(),
      .n = static_cast<std::size_t>(std::min<std::uint64_t>(to_count(options["n"]), SIZE_MAX)),
      .noise = options["noise"].as<double>(),
      .standardize = options["standardize"].as<bool>(),
      .init = to_enum<Init>(options["init"], init_names),
      .init_std = options["init_std"].as<double>(),
      .training = to_training(options),
  };
}

/// `data` is { features, labels, d, names }. It is copied only where there is room for it.
inline Result<Dataset> to_dataset(const val& data) {
  const val labels = data["labels"];
  auto dataset = reserve_dataset(static_cast<std::size_t>(to_count(labels["length"])),
                                 static_cast<std::size_t>(to_count(data["d"])),
                                 emscripten::vecFromJSArray<std::string>(data["names"]));
  if (!dataset) return dataset;
  if (auto appended = append(*dataset, to_vector(data["features"]), to_vector(labels)); !appended) {
    return std::unexpected(appended.error());
  }
  return dataset;
}

}  // namespace linreg::wasm
