#include "linreg/analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "basic_solution.hpp"
#include "block_qr.hpp"
#include "linreg/descent.hpp"
#include "linreg/options.hpp"
#include "linreg/refinement.hpp"
#include "loss64.hpp"
#include "robust_fit.hpp"
#include "row_checks.hpp"
#include "units.hpp"

namespace linreg {

namespace {

constexpr double slice_flops = 4e6;

/// Of wide rows fewer than a block.
std::size_t slice_rows(double flops_per_row) noexcept {
  return static_cast<std::size_t>(std::clamp(slice_flops / flops_per_row, 1.0, static_cast<double>(qr_block_rows)));
}

/// The loss without what its optimum and the directions of its Hessian do not depend on.
Loss shape_of(Loss loss) noexcept {
  loss.reduction = Reduction::mean;
  if (!reads_delta(loss.kind)) loss.delta = 1.0;
  return loss;
}

/// The bias with which the prediction at the features' means is the labels' mean plus offset.
double bias_over(const LeastSquaresState& state, std::span<const double> weight, double offset) noexcept {
  const int label_exponent = state.exponent[state.d];
  const auto mean = [&](std::size_t c) { return DoubleDouble{state.mean[c], state.mean_low[c]}; };
  DoubleDouble bias = mean(state.d) + DoubleDouble{std::ldexp(offset, -label_exponent), 0.0};
  for (std::size_t j = 0; j < state.d; ++j)
    bias = bias - mean(j) * DoubleDouble{std::ldexp(weight[j], state.exponent[j] - label_exponent), 0.0};
  return std::ldexp(bias.hi, label_exponent);
}

bool is_finite(const Coefficients& model) noexcept {
  return std::isfinite(model.bias) && std::ranges::all_of(model.weight, [](double w) { return std::isfinite(w); });
}

/// Rows as training sees them, a slice at a time.
class TrainedRows {
 public:
  TrainedRows(const Dataset& data, const StandardScaler& scaler) noexcept : data_(data), scaler_(scaler) {}

  void read(std::size_t first, std::size_t last) {
    const std::size_t d = data_.d;
    features_.resize((last - first) * d);
    labels_.resize(last - first);
    for (std::size_t i = first; i < last; ++i) {
      for (std::size_t j = 0; j < d; ++j)
        features_[(i - first) * d + j] = scaler_.transform_feature(data_.features[i * d + j], j);
      labels_[i - first] = scaler_.transform_label(data_.labels[i]);
    }
  }
  [[nodiscard]] std::span<const double> features() const noexcept { return features_; }
  [[nodiscard]] std::span<const double> labels() const noexcept { return labels_; }

 private:
  const Dataset& data_;
  const StandardScaler& scaler_;
  std::vector<double> features_;
  std::vector<double> labels_;
};

}  // namespace

Analysis::Analysis(const Dataset& data, StandardScaler scaler, bool intercept)
    : data_(data), scaler_(std::move(scaler)), intercept_(intercept) {}

bool Analysis::run_fit(double flops) {
  refused_.reset();
  forget_want_of_memory();
  if (!fit_ && !error_) {
    if (!work_) {
      work_loss_.reset();
      work_.emplace(compute_fit(0.0));
    }
    go_on(flops);
  }
  if (fit_ && error_) {  // a loss's alone, which is forgotten
    loss_.reset();
    error_.reset();
  }
  return fit_ || error_;
}

bool Analysis::run(const Loss& loss, double flops) {
  const auto checked = check(loss);
  refused_ = checked ? std::nullopt : std::optional(checked.error());
  if (refused_) return true;
  forget_want_of_memory();
  const Loss shape = shape_of(loss);
  const bool is_refused = error_ && !fit_;  // whatever the loss
  if (loss_ == shape || is_refused) return true;
  if (!work_ || work_loss_ != shape) {
    work_loss_ = shape;
    loss_.reset();
    error_.reset();
    work_.emplace(compute(shape));
  }
  return go_on(flops);
}

/// There may be room by now.
void Analysis::forget_want_of_memory() {
  if (!error_ || error_->code != ErrorCode::out_of_memory) return;
  loss_.reset();
  error_.reset();
}

bool Analysis::go_on(double flops) {
  if (!work_->run(flops)) return false;
  if (const auto done = work_->take(); !done) error_ = done.error();
  loss_ = work_loss_;
  stop();
  return true;
}

Sliced<Result<void>> Analysis::compute_fit(double flops_after) {
  const std::size_t d = data_.d;
  const std::size_t n = data_.n();
  const double q = static_cast<double>(d + 1);
  const auto features = [&](std::size_t first, std::size_t last) {
    return std::span(data_.features).subspan(first * d, (last - first) * d);
  };
  const auto labels = [&](std::size_t first, std::size_t last) {
    return std::span(data_.labels).subspan(first, last - first);
  };

  co_await Ahead{static_cast<double>(n) * (2.0 * q * q + 100.0 * q) + flops_after};
  auto rows = LeastSquares::create(d, intercept_);
  if (!rows) co_return std::unexpected(rows.error());
  const std::size_t step = slice_rows(2.0 * q * q);
  for (std::size_t first = 0; first < n; first += step) {
    const std::size_t last = std::min(first + step, n);
    if (const auto added = rows->add(features(first, last), labels(first, last)); !added) co_return added;
    co_await Work{2.0 * q * q * static_cast<double>(last - first)};
  }
  const double solve_flops = 2.0 * q * q * q;
  auto refinement = Refinement::create(*rows);
  co_await Work{solve_flops};
  if (!refinement) co_return std::unexpected(refinement.error());
  for (bool again = true; again;) {
    for (std::size_t first = 0; first < n; first += qr_block_rows) {
      const std::size_t last = std::min(first + qr_block_rows, n);
      if (const auto added = refinement->add(features(first, last), labels(first, last)); !added) co_return added;
      co_await Work{50.0 * q * static_cast<double>(last - first)};
    }
    const auto more = refinement->end_pass();
    if (!more) co_return std::unexpected(more.error());
    again = *more;
  }
  auto solved = refinement->fit_in_slices();
  auto fit = co_await solved;
  co_await Work{solve_flops};
  if (!fit) co_return std::unexpected(fit.error());
  rows_ = std::move(*rows);
  fit_ = std::move(*fit);
  co_return Result<void>();
}

Sliced<Result<void>> Analysis::compute(Loss loss) {
  const double q = static_cast<double>(data_.d + 1);
  const double flops = 4.0 * static_cast<double>(data_.n()) * q * q + 100.0 * q * q * q;
  if (!fit_) {
    auto fit = compute_fit(flops);
    if (const auto done = co_await fit; !done) co_return done;
  }
  co_await Ahead{flops};
  auto optimum = compute_optimum(loss);
  if (const auto done = co_await optimum; !done) co_return done;
  auto curvature = compute_curvature(loss);
  if (const auto done = co_await curvature; !done) co_return done;
  co_return Result<void>();
}

Sliced<Result<void>> Analysis::compute_curvature(Loss loss) {
  const Coefficients& at = optimum_->trained;
  auto hessian = Hessian::create(loss, at.weight, at.bias, intercept_);
  if (!hessian) co_return std::unexpected(hessian.error());
  const double flops_per_row = 4.0 * static_cast<double>((data_.d + 1) * (data_.d + 1));
  const std::size_t step = slice_rows(flops_per_row);
  TrainedRows rows(data_, scaler_);
  for (std::size_t first = 0; first < data_.n(); first += step) {
    const std::size_t last = std::min(first + step, data_.n());
    rows.read(first, last);
    if (const auto added = hessian->add(rows.features(), rows.labels()); !added) co_return added;
    co_await Work{flops_per_row * static_cast<double>(last - first)};
  }
  auto computed = hessian->curvature_in_slices();
  auto curvature = co_await computed;
  if (!curvature) co_return std::unexpected(curvature.error());
  curvature_ = std::move(*curvature);
  co_return Result<void>();
}

Sliced<Result<LossSurface>> Analysis::surface(Loss loss, SurfaceGrid grid, Coefficients at) const {
  if (const auto checked = check(loss); !checked) co_return std::unexpected(checked.error());
  if (auto weights = check_weight_count(at.weight.size(), data_.d); !weights)
    co_return std::unexpected(weights.error());
  if (loss.kind == LossKind::mse && !rows_)
    co_return std::unexpected(Error{ErrorCode::invalid_state, "rows", 0.0, "those of a fit that is done"});
  if (loss.kind == LossKind::mse) co_return LossSurface::mse(trained_rows(), loss.reduction, grid, at.weight, at.bias);
  auto surface = LossSurface::create(loss, grid, at.weight, at.bias);
  if (!surface) co_return surface;
  const double points = static_cast<double>(grid.width * grid.height);
  const std::size_t step = slice_rows(5.0 * points);
  co_await Ahead{5.0 * points * static_cast<double>(data_.n())};
  TrainedRows rows(data_, scaler_);
  for (std::size_t first = 0; first < data_.n(); first += step) {
    const std::size_t last = std::min(first + step, data_.n());
    rows.read(first, last);
    if (const auto added = surface->add(rows.features(), rows.labels()); !added)
      co_return std::unexpected(added.error());
    co_await Work{5.0 * points * static_cast<double>(last - first)};
  }
  co_return surface;
}

Optimum Analysis::to_optimum(Coefficients own, double offset) const {
  const double label_deviation = scaler_.deviation().back();
  Optimum optimum;
  optimum.trained = own;
  if (!scaler_.is_identity()) {
    for (std::size_t j = 0; j < data_.d; ++j) optimum.trained.weight[j] *= scaler_.deviation()[j] / label_deviation;
    // From the means, not from the own bias, near which digits may cancel.
    optimum.trained.bias = bias_over(trained_rows().state(), optimum.trained.weight, offset / label_deviation);
  }
  optimum.own = std::move(own);
  return optimum;
}

Sliced<Result<void>> Analysis::compute_optimum(Loss loss) {
  if (auto units = scaler_.check_units(); !units) co_return units;
  const double label_deviation = scaler_.deviation().back();
  if (loss.kind == LossKind::mse) {
    optimum_ = to_optimum({fit_->weight, fit_->bias}, 0.0);
    const double root = fit_->residual_norm / std::sqrt(static_cast<double>(fit_->n)) / label_deviation;
    optimum_->mean_loss = std::min(root * root, std::numeric_limits<double>::max());
  } else {
    auto fitting = RobustFitting::create(data_, *rows_, *fit_);
    if (!fitting) co_return std::unexpected(fitting.error());
    auto solved = fitting->solve(loss, label_deviation);
    RobustFit robust = co_await solved;
    const double bias = intercept_ ? bias_over(rows_->state(), robust.weight, robust.offset) : 0.0;
    optimum_ = to_optimum({std::move(robust.weight), bias}, robust.offset);
    optimum_->mean_loss = robust.mean_loss;
  }
  const bool finite = is_finite(optimum_->own) && is_finite(optimum_->trained) && std::isfinite(optimum_->mean_loss);
  if (!finite) co_return std::unexpected(units_too_far_apart());
  co_return Result<void>();
}

LeastSquares Analysis::trained_rows() const { return rows_->rescaled(scaler_.mean(), scaler_.deviation()); }

}  // namespace linreg
