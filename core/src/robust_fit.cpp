#include "robust_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "basic_solution.hpp"
#include "block_qr.hpp"
#include "double_double.hpp"
#include "l1_edges.hpp"
#include "null_space.hpp"
#include "vectors.hpp"

namespace linreg {

namespace {

constexpr std::size_t slice_rows = qr_block_rows;
constexpr std::size_t long_slice_rows = 4096;  // where a row is one number
constexpr double least_zone = 1e-8;            // of the residuals' median size; a smaller one is the limit of L1
constexpr double label_rounding = 0x1p-48;     // of the labels' median size: a smaller zone would sort rounding errors
constexpr double shrink = 0.125;               // from one zone to the next
constexpr double passing_tolerance = 1e-3;     // of the gradient in a zone on the way
constexpr double rounding = 0x1p-49;           // of the gradient, relative to its terms
constexpr double damping = 1e-6;
constexpr int most_steps = 100;
constexpr int most_trials = 80;

/// Works on residuals of the least-squares fit divided by their root mean square, and on columns of mean 0 and deviation 1,
/// so that every unknown is about 1 or less. The unknowns theta are the changes of the least-squares coefficients.
class RobustFitting {
 public:
  RobustFitting(const Dataset& data, const LeastSquares& rows, const LeastSquaresFit& least_squares);

  Sliced<RobustFit> solve(Loss loss, double label_unit);

 private:
  void read(std::size_t first, std::size_t last);
  [[nodiscard]] double predict(std::size_t row, const std::vector<double>& model) const noexcept;
  Sliced<int> compute_base();
  [[nodiscard]] double finest_zone() const;
  Sliced<double> shrink_zone(double delta);
  Sliced<double> compute_gradient(double zone);
  Sliced<int> minimise(double zone, double tolerance);
  Sliced<int> compute_step(double zone);
  Sliced<double> search(double zone);
  Sliced<double> slope_at(double zone, double t);
  Sliced<int> finish_l1();
  Sliced<double> mean_loss(Loss loss, double delta, double unit);
  [[nodiscard]] RobustFit in_own_units() const;
  Sliced<double> sum_of_sizes();
  template <class Term>
  Sliced<double> sum_over(Term term);

  const Dataset& data_;
  const LeastSquaresState& state_;
  const LeastSquaresFit& fit_;
  std::size_t n_;
  std::size_t p_;                     // unknowns: the independent columns, and the offset
  std::vector<std::size_t> columns_;  // the independent ones
  std::vector<double> centre_;        // of every column, and of the labels
  std::vector<double> scale_;         // likewise; of the labels the residuals' root mean square
  std::vector<double> inverse_scale_;
  std::vector<double> rows_;  // p numbers for each row at hand
  std::vector<double> theta_;
  std::vector<double> step_;
  std::vector<double> gradient_;  // sum of x psi(r), minus that of the loss
  std::vector<double> base_;      // n residuals at theta = 0
  std::vector<double> residual_;  // n
  std::vector<double> along_;     // n: x . step
};

RobustFitting::RobustFitting(const Dataset& data, const LeastSquares& rows, const LeastSquaresFit& least_squares)
    : data_(data), state_(rows.state()), fit_(least_squares), n_(data.n()) {
  const double root_n = std::sqrt(static_cast<double>(n_));
  for (std::size_t j = 0; j < data.d; ++j) {
    if (!std::ranges::binary_search(fit_.dependent, j)) columns_.push_back(j);
    double squares = 0.0;
    for (std::size_t i = 0; i <= j; ++i) {
      const double entry = state_.factor[j * (data.d + 1) + i];
      squares += entry * entry;
    }
    centre_.push_back(std::ldexp(state_.mean[j], state_.exponent[j]));
    // A column so small that its scale has no inverse is left small.
    scale_.push_back(std::max(std::ldexp(std::sqrt(squares) / root_n, state_.exponent[j]), 0x1p-1000));
    inverse_scale_.push_back(1.0 / scale_.back());
  }
  centre_.push_back(std::ldexp(state_.mean[data.d], state_.exponent[data.d]));
  scale_.push_back(fit_.residual_norm / root_n);
  p_ = columns_.size() + (state_.intercept ? 1 : 0);
  rows_.resize(slice_rows * p_);
  theta_.resize(p_);
  step_.resize(p_);
  gradient_.resize(p_);
  base_.resize(n_);
  residual_.resize(n_);
  along_.resize(n_);
}

void RobustFitting::read(std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    const double* features = &data_.features[i * data_.d];
    double* row = &rows_[(i - first) * p_];
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      const std::size_t j = columns_[k];
      row[k] = (features[j] - centre_[j]) * inverse_scale_[j];
    }
    if (state_.intercept) row[p_ - 1] = 1.0;
  }
}

/// Of a row at hand.
double RobustFitting::predict(std::size_t row, const std::vector<double>& model) const noexcept {
  const double* x = &rows_[row * p_];
  double sum = 0.0;
  for (std::size_t k = 0; k < p_; ++k) sum += x[k] * model[k];
  return sum;
}

Sliced<int> RobustFitting::compute_base() {
  const std::size_t d = data_.d;
  std::vector<double> weight(d);  // the least-squares weights, in the scaled columns' units
  // In this order: where the labels are met almost exactly, the scales' own ratio may overflow.
  for (std::size_t j = 0; j < d; ++j) weight[j] = fit_.weight[j] * scale_[j] / scale_.back();
  for (std::size_t first = 0; first < n_; first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, n_);
    for (std::size_t i = first; i < last; ++i) {
      const double* features = &data_.features[i * d];
      double sum = 0.0;
      for (std::size_t j = 0; j < d; ++j) {
        if (weight[j] != 0.0) sum += (features[j] - centre_[j]) * inverse_scale_[j] * weight[j];
      }
      base_[i] = (data_.labels[i] - centre_.back()) / scale_.back() - sum;
    }
    co_await Work{6.0 * static_cast<double>(d * (last - first))};
  }
  co_return 0;
}

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
  LeastSquares curved = *LeastSquares::create(p_, false);
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
    static_cast<void>(curved.add(gathered, std::vector<double>(count)));  // all finite, of the right size
    co_await Work{static_cast<double>(4 * p_ * (last - first) + 2 * p_ * p_ * count)};
  }
  const auto solved = curved.solve();
  if (!solved || solved->rank < p_) {
    const double root = std::sqrt(damping * static_cast<double>(n_));
    std::vector<double> row(p_);
    for (std::size_t k = 0; k < p_; ++k) {
      row[k] = root;
      static_cast<void>(curved.add(row, std::vector<double>(1)));
      row[k] = 0.0;
    }
  }
  const LeastSquaresState& state = curved.state();
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

Sliced<double> RobustFitting::sum_of_sizes() {
  auto computed = compute_gradient(1.0);
  co_await computed;
  auto sum = sum_over([](double r) { return std::abs(r); });
  co_return co_await sum;
}

template <class Term>
Sliced<double> RobustFitting::sum_over(Term term) {
  DoubleDouble sum;
  for (std::size_t first = 0; first < n_; first += long_slice_rows) {
    const std::size_t last = std::min(first + long_slice_rows, n_);
    for (std::size_t i = first; i < last; ++i) sum = sum + DoubleDouble{term(residual_[i]), 0.0};
    co_await Work{20.0 * static_cast<double>(last - first)};
  }
  co_return sum.hi;
}

/// To the least sum of the residuals' sizes, if that is less than where the model stands.
Sliced<int> RobustFitting::finish_l1() {
  auto before = sum_of_sizes();
  const double sum = co_await before;
  const std::vector<double> theta = theta_;
  const ModelRows rows{n_, p_, [this](std::size_t i) {
                         read(i, i + 1);
                         return std::span<const double>(rows_).first(p_);
                       }};
  auto descended = descend_edges(rows, residual_, theta_);
  co_await descended;
  auto after = sum_of_sizes();
  if (co_await after > sum) theta_ = theta;
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

/// At theta. The residuals' unit is in those that the loss sees.
Sliced<double> RobustFitting::mean_loss(Loss loss, double delta, double unit) {
  // A SmoothL1 whose zone underflows is L1.
  const bool is_l1 = loss.kind == LossKind::l1 || (loss.kind == LossKind::smooth_l1 && delta == 0.0);
  auto computed = compute_gradient(delta);  // and the residuals
  co_await computed;
  auto summed = sum_over([=](double r) {
    const double size = std::abs(r);
    if (is_l1) return size;
    return size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
  });
  const double total = co_await summed;
  const double mean = total / static_cast<double>(n_);
  const double units = loss.kind == LossKind::huber ? unit * unit : is_l1 ? unit : unit / delta;
  co_return std::min(mean * units, std::numeric_limits<double>::max());
}

/// The model at theta, without its loss.
RobustFit RobustFitting::in_own_units() const {
  RobustFit result{fit_.weight, 0.0, 0.0};
  std::vector<double> change(data_.d);
  for (std::size_t k = 0; k < columns_.size(); ++k)
    change[columns_[k]] = theta_[k] * (scale_.back() / scale_[columns_[k]]);
  if (!fit_.unique) NullSpace(state_, solve_basic(state_)).remove_from(change);
  for (std::size_t j = 0; j < data_.d; ++j) result.weight[j] += change[j];
  if (state_.intercept) result.offset = theta_[p_ - 1] * scale_.back();
  return result;
}

Sliced<RobustFit> RobustFitting::solve(Loss loss, double label_unit) {
  if (!(scale_.back() > 0.0)) co_return RobustFit{fit_.weight, 0.0, 0.0};  // every residual is 0, and so is every loss
  auto base = compute_base();
  co_await base;
  const double unit = scale_.back() / label_unit;  // of the residuals worked on, in those that the loss sees
  const double delta = loss.kind == LossKind::l1 ? 0.0 : loss.delta / unit;
  auto shrunk = shrink_zone(delta);
  if (delta < co_await shrunk) {
    auto finished = finish_l1();
    co_await finished;
  }
  auto meant = mean_loss(loss, delta, unit);
  const double mean = co_await meant;
  RobustFit result = in_own_units();
  result.mean_loss = mean;
  co_return result;
}

}  // namespace

Sliced<RobustFit> fit_robust(const Dataset& data, const LeastSquares& rows, const LeastSquaresFit& least_squares,
                             Loss loss, double label_unit) {
  RobustFitting fitting(data, rows, least_squares);
  auto solved = fitting.solve(loss, label_unit);
  co_return co_await solved;
}

}  // namespace linreg
