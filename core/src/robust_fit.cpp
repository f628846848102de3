#include "robust_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "basic_solution.hpp"
#include "double_double.hpp"
#include "l1_edges.hpp"
#include "loss64.hpp"
#include "memory.hpp"
#include "null_space.hpp"

namespace linreg {

Result<RobustFitting> RobustFitting::create(const Dataset& data, const LeastSquares& rows,
                                            const LeastSquaresFit& least_squares) {
  if (!has_memory(data.n() * bytes_a_row)) return std::unexpected(too_many_rows(data.n(), "labels"));
  const std::size_t p = data.d - least_squares.dependent.size() + (rows.state().intercept ? 1 : 0);
  auto curved = LeastSquares::create(p, false);
  if (!curved) return std::unexpected(curved.error());
  return RobustFitting(data, rows.state(), least_squares, std::move(*curved));
}

RobustFitting::RobustFitting(const Dataset& data, const LeastSquaresState& state, const LeastSquaresFit& least_squares,
                             LeastSquares curved)
    : data_(data), state_(state), fit_(least_squares), n_(data.n()), p_(curved.state().d), curved_(std::move(curved)) {
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

/// At theta. The residuals' unit is in those that the loss sees.
Sliced<double> RobustFitting::mean_loss(Loss loss, double delta, double unit) {
  // SmoothL1 is Huber's loss divided by delta; one whose zone underflows is L1.
  const bool is_l1 = loss.kind == LossKind::l1 || (loss.kind == LossKind::smooth_l1 && delta == 0.0);
  const LossKind kind = is_l1 ? LossKind::l1 : LossKind::huber;
  auto computed = compute_gradient(delta);  // and the residuals
  co_await computed;
  auto summed = sum_over([=](double r) { return loss_of(kind, r, delta); });
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

}  // namespace linreg
