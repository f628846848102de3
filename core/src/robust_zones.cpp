// The minimum in a zone, by Newton's method, and on to the next smaller zone.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "basic_solution.hpp"
#include "double_double.hpp"
#include "robust_fit.hpp"
#include "vectors.hpp"

namespace linreg {

namespace {

constexpr double least_zone = 1e-8;         // of the residuals' median size; a smaller one is the limit of L1
constexpr double label_rounding = 0x1p-48;  // of the labels' median size: a smaller zone would sort rounding errors
constexpr double shrink = 0.125;            // from one zone to the next
constexpr double passing_tolerance = 1e-3;  // of the gradient in a zone on the way
constexpr double rounding = 0x1p-49;        // of the gradient, relative to its terms
constexpr double damping = 1e-6;
constexpr int most_steps = 100;
constexpr int most_trials = 80;

}  // namespace

/// Residuals and gradient at theta; returns the largest component relative to the sizes of what it sums.
Sliced<double> RobustFitting::compute_gradient(double zone) {
  std::vector<DoubleDouble> sums(p_);
  std::vector<double> sizes(p_);
  std::vector<double> part(p_);
  for (std::size_t first = 0; first < n_; first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, n_);
    read(first, last);
    std::ranges::fill(part, 0.0);
    for (std::size_t i = first; i < last; ++i) {
      residual_[i] = base_[i] - predict(i - first, theta_);
      const double slope = std::clamp(residual_[i], -zone, zone);
      const double* x = &rows_[(i - first) * p_];
      for (std::size_t k = 0; k < p_; ++k) {
        part[k] += slope * x[k];
        sizes[k] += std::abs(slope * x[k]);
      }
    }
    for (std::size_t k = 0; k < p_; ++k) sums[k] = sums[k] + DoubleDouble{part[k], 0.0};
    co_await Work{10.0 * static_cast<double>(p_ * (last - first))};
  }
  double worst = 0.0;
  for (std::size_t k = 0; k < p_; ++k) {
    gradient_[k] = sums[k].hi;
    if (sizes[k] > 0.0) worst = std::max(worst, std::abs(gradient_[k]) / sizes[k]);
  }
  co_return worst;
}

/// Newton's step: with R of the rows in the zone, R^T R step = gradient. Where they leave directions open, a small share of
/// all rows' sizes closes them: the columns have deviation 1.
Sliced<int> RobustFitting::compute_step(double zone) {
  curved_.clear();
  std::vector<double> gathered;
  for (std::size_t first = 0; first < n_; first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, n_);
    read(first, last);
    gathered.clear();
    for (std::size_t i = first; i < last; ++i) {
      if (std::abs(residual_[i]) <= zone)
        gathered.insert(gathered.end(), &rows_[(i - first) * p_], &rows_[(i - first) * p_] + p_);
    }
    const std::size_t count = p_ == 0 ? 0 : gathered.size() / p_;
    static_cast<void>(curved_.add(gathered, std::vector<double>(count)));  // all finite, of the right size
    co_await Work{static_cast<double>(4 * p_ * (last - first) + 2 * p_ * p_ * count)};
  }
  const auto solved = curved_.solve();
  if (!solved || solved->rank < p_) {
    const double root = std::sqrt(damping * static_cast<double>(n_));
    std::vector<double> row(p_);
    for (std::size_t k = 0; k < p_; ++k) {
      row[k] = root;
      static_cast<void>(curved_.add(row, std::vector<double>(1)));
      row[k] = 0.0;
    }
  }
  const LeastSquaresState& state = curved_.state();
  std::vector<double> r(p_ * p_);
  for (std::size_t c = 0; c < p_; ++c) {
    for (std::size_t i = 0; i <= c; ++i) r[c * p_ + i] = std::ldexp(state.factor[c * (p_ + 1) + i], state.exponent[c]);
  }
  step_ = gradient_;
  solve_upper_transposed(r.data(), p_, step_);
  solve_upper(r.data(), p_, step_);
  for (std::size_t first = 0; first < n_; first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, n_);
    read(first, last);
    for (std::size_t i = first; i < last; ++i) along_[i] = predict(i - first, step_);
    co_await Work{6.0 * static_cast<double>(p_ * (last - first))};
  }
  co_return 0;
}

/// Minus the loss's slope along the step, at theta + t step: it falls as t grows.
Sliced<double> RobustFitting::slope_at(double zone, double t) {
  double slope = 0.0;
  for (std::size_t first = 0; first < n_; first += long_slice_rows) {
    const std::size_t last = std::min(first + long_slice_rows, n_);
    double part = 0.0;
    for (std::size_t i = first; i < last; ++i)
      part += along_[i] * std::clamp(residual_[i] - t * along_[i], -zone, zone);
    slope += part;
    co_await Work{6.0 * static_cast<double>(last - first)};
  }
  co_return slope;
}

/// How far to go along the step: to where the loss rises again, or nearly.
Sliced<double> RobustFitting::search(double zone) {
  double low = 0.0;
  double high = 1.0;
  double low_slope = 0.0;
  for (std::size_t k = 0; k < p_; ++k) low_slope += gradient_[k] * step_[k];
  const double near = 1e-2 * low_slope;
  auto at_end = slope_at(zone, high);
  double high_slope = co_await at_end;
  for (int trial = 0; high_slope > near && trial < most_trials; ++trial) {
    low = high;
    low_slope = high_slope;
    high *= 4.0;
    auto further = slope_at(zone, high);
    high_slope = co_await further;
  }
  if (std::abs(high_slope) <= near) co_return high;
  for (int trial = 0; trial < most_trials && high - low > 1e-15 * high; ++trial) {
    // A secant hits at once where the slope is straight, halving gets through its steps.
    const double share = trial % 2 == 0 ? low_slope / (low_slope - high_slope) : 0.5;
    const double t = low + share * (high - low);
    auto between = slope_at(zone, t);
    const double slope = co_await between;
    if (std::abs(slope) <= near) co_return t;
    (slope > 0.0 ? low : high) = t;
    (slope > 0.0 ? low_slope : high_slope) = slope;
  }
  co_return 0.5 * (low + high);
}

Sliced<int> RobustFitting::minimise(double zone, double tolerance) {
  double best = std::numeric_limits<double>::infinity();
  int since_best = 0;
  for (int step = 0; step < most_steps; ++step) {
    auto computed = compute_gradient(zone);
    const double worst = co_await computed;
    since_best = worst < 0.5 * best ? 0 : since_best + 1;
    best = std::min(best, worst);
    // Near the end rounding decides; far from it Newton's steps may pass worse gradients on the way to less loss.
    if (worst <= tolerance || (since_best > 2 && best < 1e-9)) break;
    auto stepped = compute_step(zone);
    co_await stepped;
    auto searched = search(zone);
    const double t = co_await searched;
    std::vector<double> next(p_);
    for (std::size_t k = 0; k < p_; ++k) next[k] = theta_[k] + t * step_[k];
    // Slopes that underflow point nowhere.
    if (!std::ranges::all_of(next, [](double value) { return std::isfinite(value); })) break;
    theta_ = std::move(next);
  }
  co_return 0;
}

double RobustFitting::finest_zone() const {
  std::vector<double> sizes(n_);  // of what a residual is the difference of, or more
  for (std::size_t i = 0; i < n_; ++i)
    sizes[i] = std::abs((data_.labels[i] - centre_.back()) / scale_.back()) + std::abs(base_[i]);
  return label_rounding * median_size(sizes);
}

/// Minimises zone by zone down to delta, or to where a smaller one is the limit of L1; returns the last.
Sliced<double> RobustFitting::shrink_zone(double delta) {
  const double finest = finest_zone();
  double largest = 0.0;
  for (const double r : base_) largest = std::max(largest, std::abs(r));

  double zone = std::max(delta, std::min(1.0, largest));
  residual_ = base_;
  for (bool is_last = false;;) {
    // The size of most residuals is known once those far off have lost their pull.
    const double last_zone = std::max({delta, finest, least_zone * median_size(residual_)});
    is_last = is_last || zone <= last_zone;
    auto minimised = minimise(zone, is_last ? rounding : passing_tolerance);
    co_await minimised;
    if (is_last) break;
    // The last one is settled here: where half of the rows are met exactly, their median shrinks with every zone.
    is_last = shrink * zone <= last_zone;
    zone = std::max(shrink * zone, last_zone);
  }
  co_return zone;
}

}  // namespace linreg
