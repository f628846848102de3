// Registers the core with Embind; the engine (web/src/engine.js) is its only caller.
#include <emscripten/bind.h>

#include <memory>

#include "convert.hpp"

namespace {

using namespace linreg;
using namespace linreg::wasm;

/// { trainer } or { error }. `data` is undefined for synthetic data.
val create_trainer(const val& options, const val& data) {
  val answer = val::object();
  auto trainer = [&]() -> Result<Trainer> {
    if (data.isUndefined()) return Trainer::create(to_options(options));
    auto dataset = to_dataset(data);
    if (!dataset) return std::unexpected(dataset.error());
    return Trainer::create(to_options(options), std::move(*dataset), data["drawn"].as<bool>());
  }();
  if (trainer) {
    answer.set("trainer", val(std::make_unique<Trainer>(std::move(*trainer))));
  } else {
    answer.set("error", to_object(trainer.error()));
  }
  return answer;
}

/// { rows, features, labels } of training rows.
val rows_of(const Trainer& trainer, std::span<const std::uint32_t> rows) {
  const std::size_t d = trainer.dataset().d;
  std::vector<float> features;
  std::vector<float> labels;
  features.reserve(rows.size() * d);
  labels.reserve(rows.size());
  const std::vector<float> records = trainer.gather(rows);
  for (auto record = records.begin(); record != records.end(); record += static_cast<std::ptrdiff_t>(d) + 1) {
    features.insert(features.end(), record, record + static_cast<std::ptrdiff_t>(d));
    labels.push_back(record[static_cast<std::ptrdiff_t>(d)]);
  }
  val result = val::object();
  result.set("rows", to_array(rows));
  result.set("features", to_array(std::span<const float>(features)));
  result.set("labels", to_array(std::span<const float>(labels)));
  return result;
}

val minibatch(const Trainer& trainer, const val& most) {
  const Minibatch batch =
      trainer.minibatch(static_cast<std::size_t>(std::min<std::uint64_t>(to_count(most), SIZE_MAX)));
  val result = rows_of(trainer, batch.rows);
  result.set("size", batch.size);
  result.set("predictions", to_array(std::span<const float>(batch.predictions)));
  result.set("losses", to_array(std::span<const float>(batch.losses)));
  result.set("shares", to_array(std::span<const float>(batch.shares)));
  result.set("loss", batch.loss);
  return result;
}

val step_start(const Trainer& trainer) {
  const StepStart start = trainer.step_start();
  val result = val::object();
  result.set("training", to_object(start.training));
  result.set("parameters", to_parameters(start.parameters));
  result.set("carried", to_parameters(start.carried));
  result.set("momentum", to_parameters(start.momentum));
  result.set("variance", to_parameters(start.variance));
  return result;
}

/// { stride, last, values }: the rows that are kept. Their numbers are the multiples of the stride and the last.
template <class T>
val record(const Record<T>& record) {
  val result = val::object();
  result.set("stride", static_cast<double>(record.stride));
  result.set("last", record.indices.empty() ? 0.0 : static_cast<double>(record.indices.back()));
  result.set("values", to_array(std::span<const T>(record.values)));
  return result;
}

}  // namespace

EMSCRIPTEN_BINDINGS(linreg) {
  using emscripten::class_;
  using emscripten::function;

  function("create_trainer", &create_trainer);

  // clang-format off
  class_<Trainer>("Trainer")
      .function("draw", +[](Trainer& t) { return to_object(t.draw()); })
      .function("forward", +[](Trainer& t) { return to_object(t.forward()); })
      .function("zero_grad", +[](Trainer& t) { return to_object(t.zero_grad()); })
      .function("backward", +[](Trainer& t) { return to_object(t.backward()); })
      .function("step", +[](Trainer& t) { return to_object(t.step()); })
      .function("step_batch", +[](Trainer& t) { t.step_batch(); })
      .function("step_epoch", +[](Trainer& t) { t.step_epoch(); })
      .function("run", +[](Trainer& t, const val& rows, const val& until) { t.run(to_count(rows), to_count(until)); })
      .function("train", +[](Trainer& t) { t.train(); })
      .function("rewind", +[](Trainer& t, const val& step) { return to_object(t.rewind(to_count(step))); })
      .function("set", +[](Trainer& t, const val& options) { return to_object(t.set(to_training(options))); })

      .function("training", +[](const Trainer& t) { return to_object(t.training()); })
      .function("status", +[](const Trainer& t) { return to_text(t.status(), status_names); })
      .function("phase", +[](const Trainer& t) { return to_text(t.phase(), phase_names); })
      .function("step_count", +[](const Trainer& t) { return static_cast<double>(t.step_count()); })
      .function("epoch", +[](const Trainer& t) { return static_cast<double>(t.epoch()); })
      .function("steps_per_epoch", +[](const Trainer& t) { return static_cast<double>(t.steps_per_epoch()); })
      .function("total_steps", +[](const Trainer& t) { return static_cast<double>(t.total_steps()); })

      .function("n", +[](const Trainer& t) { return t.dataset().n(); })
      .function("d", +[](const Trainer& t) { return t.dataset().d; })
      .function("names", +[](const Trainer& t) { return to_array(t.dataset().names); })
      .function("features", +[](const Trainer& t) { return to_array(std::span<const float>(t.features())); })
      .function("labels", +[](const Trainer& t) { return to_array(std::span<const float>(t.labels())); })
      .function("peek", +[](const Trainer& t) { return rows_of(t, t.peek()); })
      .function("default_init", +[](const Trainer& t) { return to_parameters(t.default_init()); })
      .function("initial", +[](const Trainer& t) { return to_parameters(t.initial()); })
      .function("parameters", +[](const Trainer& t) { return to_parameters(t.parameters()); })
      .function("gradient", +[](const Trainer& t) { return to_parameters(t.gradient()); })
      .function("coefficients", +[](const Trainer& t) { return to_parameters(t.coefficients()); })
      .function("minibatch", &minibatch)
      .function("step_start", &step_start)
      .function("full_gradient", +[](const Trainer& t) { return to_parameters(t.full_gradient()); })
      .function("loss", +[](const Trainer& t) { return t.loss(); })
      .function("predictions", +[](const Trainer& t) { return to_array(std::span<const float>(t.predictions())); })
      .function("losses", +[](const Trainer& t) { return record(t.losses()); })
      .function("path", +[](const Trainer& t) { return record(t.path()); })
      .function("epochs", +[](const Trainer& t) { return record(t.epochs()); });
  // clang-format on
}
