// Registers the analysis of a data set with Embind; web/src/analysis.js is its only caller.
#include <emscripten/bind.h>

#include <memory>

#include "convert.hpp"
#include "linreg/analysis.hpp"
#include "linreg/forecast.hpp"

namespace {

using namespace linreg;
using namespace linreg::wasm;

using SurfaceInSlices = Sliced<Result<LossSurface>>;

/// { dataset } or { error }.
val reserve(double n, double d) {
  val answer = val::object();
  auto dataset = reserve_dataset(static_cast<std::size_t>(n), static_cast<std::size_t>(d));
  if (dataset) {
    answer.set("dataset", val(std::make_unique<Dataset>(std::move(*dataset))));
  } else {
    answer.set("error", to_object(dataset.error()));
  }
  return answer;
}

std::unique_ptr<Analysis> analysis_of_dataset(const Dataset& data, bool intercept) {
  return std::make_unique<Analysis>(data, StandardScaler::identity(data.d), intercept);
}

std::unique_ptr<Analysis> analysis_of_trainer(const Trainer& trainer) {
  return std::make_unique<Analysis>(trainer.dataset(), trainer.scaler());
}

val error_of(const Analysis& analysis) { return analysis.error() ? to_object(*analysis.error()) : val::undefined(); }

/// `dependent` holds the columns' numbers.
val fit_of(const Analysis& analysis) {
  const LeastSquaresFit& fit = analysis.fit();
  val result = val::object();
  result.set("weight", to_array(std::span(fit.weight)));
  result.set("bias", fit.bias);
  val errors = val::array();
  for (const auto& error : fit.weight_se) errors.call<void>("push", to_number(error));
  result.set("weight_se", errors);
  result.set("bias_se", to_number(fit.bias_se));
  result.set("n", static_cast<double>(fit.n));
  result.set("rank", static_cast<double>(fit.rank));
  result.set("dependent", to_array(std::vector<std::uint64_t>(fit.dependent.begin(), fit.dependent.end())));
  result.set("unique", fit.unique);
  result.set("residual_std", to_number(fit.residual_std));
  result.set("r2", to_number(fit.r2));
  result.set("condition", fit.condition);
  result.set("ill_conditioned", fit.ill_conditioned);
  return result;
}

/// { weight, bias, own: { weight, bias }, mean_loss }
val optimum_of(const Analysis& analysis) {
  const Optimum& optimum = analysis.optimum();
  val result = to_parameters(optimum.trained);
  result.set("own", to_parameters(optimum.own));
  result.set("mean_loss", optimum.mean_loss);
  return result;
}

val curvature_of(const Analysis& analysis, const val& options, const val& start) {
  const TrainingOptions training = to_training(options);
  Curvature curvature = analysis.curvature();
  const Forecast what =
      forecast(curvature, training, {to_vector(start["weight"]), start["bias"].as<double>()}, analysis.optimum());
  curvature.set_reduction(training.loss.reduction);
  val result = val::object();
  result.set("eigenvalues", to_array(std::span<const double>(curvature.eigenvalues)));
  result.set("directions", to_array(std::span<const double>(curvature.directions)));
  result.set("condition", to_number(curvature.condition));
  result.set("largest_stable_lr", to_number(what.largest_stable_lr));
  result.set("mean_square_stable_lr", to_number(what.mean_square_stable_lr));
  result.set("predicted_epochs", to_number(what.epochs));
  result.set("excess", to_number(what.excess));
  return result;
}

double expected_loss_of(const Analysis& analysis, const val& options, double noise) {
  return expected_loss(to_loss(options), noise, analysis.fit().n, analysis.fit().rank);
}

double noise_loss_of(const Analysis& analysis, const val& options, double noise) {
  return noise_loss(to_loss(options), noise, analysis.fit().n);
}

/// `grid` is { x, y, x_min, x_max, y_min, y_max, width, height }, `at` { weight, bias }.
std::unique_ptr<SurfaceInSlices> surface_of(const Analysis& analysis, const val& options, const val& grid,
                                            const val& at) {
  const SurfaceGrid plane{.x = static_cast<std::size_t>(to_count(grid["x"])),
                          .y = static_cast<std::size_t>(to_count(grid["y"])),
                          .x_min = grid["x_min"].as<double>(),
                          .x_max = grid["x_max"].as<double>(),
                          .y_min = grid["y_min"].as<double>(),
                          .y_max = grid["y_max"].as<double>(),
                          .width = static_cast<std::size_t>(to_count(grid["width"])),
                          .height = static_cast<std::size_t>(to_count(grid["height"]))};
  return std::make_unique<SurfaceInSlices>(
      analysis.surface(to_loss(options), plane, {to_vector(at["weight"]), at["bias"].as<double>()}));
}

/// { values } or { error }.
val take(SurfaceInSlices& work) {
  val answer = val::object();
  if (const auto surface = work.take()) {
    answer.set("values", to_array(std::span<const double>(surface->values())));
  } else {
    answer.set("error", to_object(surface.error()));
  }
  return answer;
}

}  // namespace

EMSCRIPTEN_BINDINGS(linreg_analysis) {
  using emscripten::class_;
  using emscripten::function;

  function("reserve_dataset", &reserve);
  function("analysis_of_dataset", &analysis_of_dataset);
  function("analysis_of_trainer", &analysis_of_trainer);

  // clang-format off
  class_<Dataset>("Dataset")
      .function("append", +[](Dataset& data, const val& features, const val& labels) {
        return to_object(append(data, to_vector(features), to_vector(labels)));
      });

  class_<Analysis>("Analysis")
      .function("run_fit", &Analysis::run_fit)
      .function("run", +[](Analysis& a, const val& options, double flops) { return a.run(to_loss(options), flops); })
      .function("stop", +[](Analysis& a) { a.stop(); })
      .function("progress", +[](const Analysis& a) { return a.progress(); })
      .function("error", &error_of)
      .function("fit", &fit_of)
      .function("optimum", &optimum_of)
      .function("curvature", &curvature_of)
      .function("expected_loss", &expected_loss_of)
      .function("noise_loss", &noise_loss_of)
      .function("surface", &surface_of);

  class_<SurfaceInSlices>("Surface")
      .function("run", &SurfaceInSlices::run)
      .function("progress", +[](const SurfaceInSlices& work) { return work.progress(); })
      .function("take", &take);
  // clang-format on
}
