#include "linreg/curvature.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "jacobi.hpp"
#include "linreg/options.hpp"
#include "loss64.hpp"
#include "row_checks.hpp"

namespace linreg {

namespace {

constexpr std::size_t slice_rows = 120;  // fewer than a block of LeastSquares: another number is another rounding

Error unusable(std::string field, double value, std::string range) {
  return {ErrorCode::invalid_data, std::move(field), value, std::move(range)};
}

/// The columns of the parameters alone, divided by 2^exponent: columns of the labels and rows only they use are left out.
struct ParameterFactor {
  PaddedColumns columns;
  int exponent;
};

ParameterFactor parameter_factor(const LeastSquares& rows) {
  const DesignFactor design = rows.design_factor();
  const std::size_t p = design.columns - 1;
  int exponent = *std::max_element(design.exponent.begin(), design.exponent.begin() + static_cast<std::ptrdiff_t>(p));
  // Entries grow with sqrt(n); a few powers of two more keep them at about 1.
  exponent += std::ilogb(std::sqrt(static_cast<double>(std::max<std::uint64_t>(rows.state().n, 1)))) + 1;
  ParameterFactor factor{PaddedColumns(p, p), exponent};
  for (std::size_t c = 0; c < p; ++c) {
    for (std::size_t i = 0; i < p; ++i) {
      factor.columns.column(c)[i] = std::ldexp(design.values[c * design.columns + i], design.exponent[c] - exponent);
    }
  }
  return factor;
}

}  // namespace

Result<Hessian> Hessian::create(const Loss& loss, std::span<const double> weight, double bias, bool intercept) {
  if (const auto checked = check(loss); !checked) return std::unexpected(checked.error());
  const std::size_t d = weight.size();
  const std::size_t one = intercept ? 1 : 0;
  if (d > LeastSquares::max_columns - one) {
    return std::unexpected(Error{ErrorCode::out_of_memory, "d", static_cast<double>(d),
                                 "at most " + std::to_string(LeastSquares::max_columns - one)});
  }
  auto rows = LeastSquares::create(d, intercept);
  if (!rows) return std::unexpected(rows.error());
  auto weighted = LeastSquares::create(d + one, false);
  if (!weighted) return std::unexpected(weighted.error());
  Hessian made(std::move(*rows), std::move(*weighted));
  made.loss_ = loss;
  made.weight_.assign(weight.begin(), weight.end());
  made.bias_ = bias;
  made.intercept_ = intercept;
  return made;
}

bool Hessian::is_curved(const double* features, double label) const noexcept {
  double residual = bias_ - label;
  for (std::size_t j = 0; j < weight_.size(); ++j) residual += weight_[j] * features[j];
  return linreg::is_curved(loss_, residual);
}

Result<void> Hessian::add(std::span<const double> features, std::span<const double> labels) {
  const std::size_t d = weight_.size();
  if (auto sizes = check_cell_count(features.size(), labels.size(), d); !sizes) return sizes;
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (std::abs(features[i]) <= largest_feature) continue;
    return std::unexpected(
        unusable(feature_name(n_ + i / d, i % d), features[i], "a finite number from -1e70 to 1e70"));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (std::isfinite(labels[i])) continue;
    return std::unexpected(unusable(label_name(n_ + i), labels[i], "a finite number"));
  }

  const std::size_t p = d + (intercept_ ? 1 : 0);
  std::vector<double> curved(slice_rows * d);
  std::vector<double> weighted(slice_rows * p);
  const std::vector<double> zeros(slice_rows);  // labels play no part in a Hessian
  for (std::size_t first = 0; first < labels.size(); first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, labels.size());
    std::size_t count = 0;
    for (std::size_t i = first; i < last; ++i) {
      const double* row = features.data() + i * d;
      if (!is_curved(row, labels[i])) continue;
      double squares = intercept_ ? 1.0 : 0.0;
      for (std::size_t j = 0; j < d; ++j) squares += row[j] * row[j];
      const double length = std::sqrt(squares);
      double* scaled = weighted.data() + count * p;
      for (std::size_t j = 0; j < d; ++j) scaled[j] = length * row[j];
      if (intercept_) scaled[d] = length;
      std::copy_n(row, d, curved.data() + count * d);
      ++count;
    }
    // Both accept: the values were checked above.
    const std::span none(zeros.data(), count);
    if (auto added = rows_.add({curved.data(), count * d}, none); !added) return added;
    if (auto added = weighted_.add({weighted.data(), count * p}, none); !added) return added;
  }
  n_ += labels.size();
  return {};
}

void Curvature::set_reduction(Reduction reduction) noexcept {
  if (loss.reduction == reduction) return;
  loss.reduction = reduction;
  const double count = static_cast<double>(n);
  for (double& value : eigenvalues) value = reduction == Reduction::sum ? value * count : value / count;
}

/// Eigenvalues and directions: squares of the factor's singular values, and its right singular vectors.
Sliced<int> Hessian::compute_spectrum(Curvature& result, std::size_t flat) const {
  const std::size_t p = result.parameters;
  ParameterFactor factor = parameter_factor(rows_);
  PaddedColumns directions(p, p);
  for (std::size_t k = 0; k < p; ++k) directions.column(k)[k] = 1.0;
  auto orthogonalised = orthogonalise(factor.columns, directions);
  co_await orthogonalised;
  std::vector<double> singular(p);
  for (std::size_t k = 0; k < p; ++k) singular[k] = column_norm(factor.columns, k);
  std::vector<std::size_t> order(p);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t k) { return std::pair(singular[k], k); });

  const double second = second_derivative(loss_);
  const double share = loss_.reduction == Reduction::mean ? second / static_cast<double>(n_) : second;
  for (std::size_t k = 0; k < p; ++k) {
    const double value = k < flat ? 0.0 : singular[order[k]];
    result.eigenvalues[k] = share * std::ldexp(value * value, 2 * factor.exponent);
    std::copy_n(directions.column(order[k]), p, &result.directions[k * p]);
  }
  if (p > 0 && result.eigenvalues.front() > 0.0)
    result.condition = result.eigenvalues.back() / result.eigenvalues.front();
  co_return 0;
}

Sliced<int> Hessian::compute_row_squares(Curvature& result, std::size_t flat) const {
  const std::size_t p = result.parameters;
  const double n = static_cast<double>(n_);
  const double squares = static_cast<double>(p * p);
  const double second = second_derivative(loss_);
  // The rows of the weighted factor along the directions; their products are sums over the rows of |x|^2 (xᵀq_j)(xᵀq_k).
  const ParameterFactor weighted = parameter_factor(weighted_);
  PaddedColumns along(p, p);
  for (std::size_t k = flat; k < p; ++k) {
    const double* direction = &result.directions[k * p];
    for (std::size_t c = 0; c < p; ++c)
      add_multiple(along.column(k), direction[c], weighted.columns.column(c), along.stride());
    co_await Work{2.0 * squares};
  }
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = 0; k <= j; ++k) {
      const double inner = dot(along.column(j), along.column(k), along.stride());
      const double value = second * second / n * std::ldexp(inner, 2 * weighted.exponent);
      result.row_squares[j * p + k] = value;
      result.row_squares[k * p + j] = value;
    }
    co_await Work{2.0 * static_cast<double>(p * (j + 1))};
  }
  co_return 0;
}

Sliced<Result<Curvature>> Hessian::curvature_in_slices() const {
  if (n_ == 0) co_return std::unexpected(no_rows());
  const std::size_t p = weight_.size() + (intercept_ ? 1 : 0);
  Curvature result;
  result.loss = loss_;
  result.n = n_;
  result.curved_rows = rows_.state().n;
  result.parameters = p;
  result.eigenvalues.assign(p, 0.0);
  result.directions.assign(p * p, 0.0);
  result.row_squares.assign(p * p, 0.0);

  // Directions that dependent columns leave flat come out as rounding, not as zero.
  const auto fit = rows_.solve();
  const std::size_t flat = fit ? p - fit->rank : p;
  co_await Work{2.0 * static_cast<double>(p * p) * static_cast<double>(p)};

  auto spectrum = compute_spectrum(result, flat);
  co_await spectrum;
  auto row_squares = compute_row_squares(result, flat);
  co_await row_squares;
  co_return result;
}

}  // namespace linreg
