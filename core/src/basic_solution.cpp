#include "basic_solution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "f64x2.hpp"
#include "null_space.hpp"
#include "units.hpp"
#include "vectors.hpp"

namespace linreg {

namespace {

constexpr double unit_roundoff = 0x1p-53;
// What rounding does to a column as given, and to the centred column in the many reflections of the factor.
constexpr double data_tolerance = 8.0 * unit_roundoff;
constexpr double factor_tolerance = 1024.0 * unit_roundoff;
constexpr double ill_conditioned_above = 1e8;

/// Reflects rows k ... j of column j of w onto row k, in all columns from j on.
void reflect_rows(std::vector<double>& w, std::size_t q, std::size_t k, std::size_t j) {
  std::vector<double> v(w.begin() + static_cast<std::ptrdiff_t>(j * q + k),
                        w.begin() + static_cast<std::ptrdiff_t>(j * q + j + 1));
  const double length = norm(v);
  const double reflected = v[0] > 0.0 ? -length : length;
  v[0] -= reflected;
  const double factor = 1.0 / (std::abs(reflected) * std::abs(v[0]));  // 2 / |v|^2
  for (std::size_t c = j; c < q; ++c) {
    double* x = &w[c * q + k];
    const double along = inner(v, x) * factor;
    for (std::size_t i = 0; i < v.size(); ++i) x[i] -= along * v[i];
  }
  w[j * q + k] = reflected;
}

/// r⁻¹ of an upper triangle, column by column.
std::vector<double> inverse_of(const std::vector<double>& r, std::size_t k) {
  std::vector<double> inverse(k * k);
  for (std::size_t c = 0; c < k; ++c) {
    inverse[c * k + c] = 1.0;
    solve_upper(r.data(), k, {&inverse[c * k], c + 1});
  }
  return inverse;
}

double row_norm(const std::vector<double>& upper, std::size_t k, std::size_t row) noexcept {
  double squares = 0.0;
  for (std::size_t c = row; c < k; ++c) squares += upper[c * k + row] * upper[c * k + row];
  return std::sqrt(squares);
}

/// |R D⁻¹|_F |D R⁻¹|_F with D the norms of r's columns: at least the condition number, at most k times it.
/// (|column| |row of the inverse|)^2 is the column's variance inflation factor.
double condition_of(const BasicSolution& basic) {
  const std::size_t k = basic.independent.size();
  if (k == 0) return 1.0;
  double inflation = 0.0;
  for (std::size_t c = 0; c < k; ++c) {
    const double root = norm({&basic.r[c * k], c + 1}) * row_norm(basic.inverse, k, c);
    inflation += root * root;
  }
  return std::sqrt(static_cast<double>(k) * inflation);
}

std::optional<double> if_finite(double x) noexcept {
  return std::isfinite(x) ? std::optional<double>(x) : std::nullopt;
}

}  // namespace

std::vector<double> column_sizes(const LeastSquaresState& state) {
  const std::size_t q = state.d + 1;
  std::vector<double> sizes(q);
  const double root_n = std::sqrt(static_cast<double>(state.n));
  for (std::size_t c = 0; c < q; ++c) {
    const double centred = norm({&state.factor[c * q], c + 1});
    const double offset = root_n * state.mean[c];
    sizes[c] = std::sqrt(centred * centred + offset * offset);
  }
  return sizes;
}

void solve_upper(const double* r, std::size_t stride, std::span<double> x) noexcept {
  for (std::size_t i = x.size(); i-- > 0;) {
    x[i] /= r[i * stride + i];
    const f64x2 factor = splat2(x[i]);
    const double* column = r + i * stride;
    std::size_t j = 0;
    for (; j + 2 <= i; j += 2) store2(&x[j], load2(&x[j]) - load2(column + j) * factor);
    if (j < i) x[j] -= column[j] * x[i];
  }
}

void solve_upper_transposed(const double* r, std::size_t stride, std::span<double> x) noexcept {
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) x[i] -= r[i * stride + j] * x[j];
    x[i] /= r[i * stride + i];
  }
}

BasicSolution solve_basic(const LeastSquaresState& state) {
  const std::size_t q = state.d + 1;
  std::vector<double> tolerance = column_sizes(state);
  for (std::size_t c = 0; c < q; ++c) {
    tolerance[c] = data_tolerance * tolerance[c] + factor_tolerance * norm({&state.factor[c * q], c + 1});
  }
  std::vector<double> w = state.factor;
  BasicSolution basic;
  for (std::size_t j = 0; j < state.d; ++j) {
    const std::size_t k = basic.independent.size();
    // The first k rows of `w` hold the independent columns' triangle, spread over their own places.
    std::vector<double> combination(w.begin() + static_cast<std::ptrdiff_t>(j * q),
                                    w.begin() + static_cast<std::ptrdiff_t>(j * q + k));
    solve_upper(basic.r.data(), q, combination);
    double within = tolerance[j];
    for (std::size_t i = 0; i < k; ++i) within += std::abs(combination[i]) * tolerance[basic.independent[i]];
    const double distance = norm({&w[j * q + k], j + 1 - k});
    if (!(distance > within)) {
      for (std::size_t i = 0; i < k; ++i) {  // what is no more than rounding is no part of it
        if (std::abs(combination[i]) * norm({&basic.r[i * q], i + 1}) <= within) combination[i] = 0.0;
      }
      basic.dependent.push_back(j);
      basic.combinations.push_back(std::move(combination));
      continue;
    }
    if (k < j) reflect_rows(w, q, k, j);
    basic.independent.push_back(j);
    basic.r.insert(basic.r.end(), w.begin() + static_cast<std::ptrdiff_t>(j * q),
                   w.begin() + static_cast<std::ptrdiff_t>((j + 1) * q));
  }

  const std::size_t k = basic.independent.size();
  for (std::size_t c = 0; c < k; ++c) {  // from columns q apart to columns k apart
    std::copy_n(&basic.r[c * q], c + 1, &basic.r[c * k]);
    std::fill(&basic.r[c * k] + c + 1, &basic.r[c * k] + k, 0.0);
  }
  basic.r.resize(k * k);
  basic.inverse = inverse_of(basic.r, k);
  const double* labels = &w[state.d * q];
  basic.weight.assign(labels, labels + k);
  solve_upper(basic.r.data(), k, basic.weight);
  basic.residual_norm = norm({labels + k, q - k});
  basic.condition = condition_of(basic);
  return basic;
}

DoubleDouble bias_of(const LeastSquaresState& state, const BasicSolution& basic,
                     std::span<const DoubleDouble> weight) noexcept {
  DoubleDouble bias{state.mean[state.d], state.mean_low[state.d]};
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const std::size_t j = basic.independent[i];
    bias = bias - DoubleDouble{state.mean[j], state.mean_low[j]} * weight[i];
  }
  return bias;
}

namespace {

/// Moves the weights of `fit` to the least sum of squares, and the bias with them.
void minimise_norm(const LeastSquaresState& state, const BasicSolution& basic, const NullSpace& null_space,
                   const ScaledCoefficients& coefficients, LeastSquaresFit& fit) {
  null_space.remove_from(fit.weight);
  DoubleDouble bias = coefficients.bias;
  std::size_t i = 0;
  for (std::size_t j = 0; j < state.d; ++j) {
    const bool independent = i < basic.independent.size() && basic.independent[i] == j;
    const DoubleDouble before = independent ? coefficients.weight[i++] : DoubleDouble{};
    if (!state.intercept || !null_space.moves(j)) continue;
    const double after = std::ldexp(fit.weight[j], state.exponent[j] - state.exponent[state.d]);
    bias = bias - DoubleDouble{state.mean[j], state.mean_low[j]} * (DoubleDouble{after, 0.0} - before);
  }
  fit.bias = std::ldexp(bias.hi, state.exponent[state.d]);
}

/// The standard deviation of the sum of all weights times these factors, in the data's units, as a multiple of the residuals'.
double deviation_of(const LeastSquaresState& state, const BasicSolution& basic, const NullSpace& null_space,
                    std::vector<double> factors) {
  null_space.remove_from(factors);
  std::vector<double> x(basic.independent.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t j = basic.independent[i];
    x[i] = std::ldexp(factors[j], -state.exponent[j]);
  }
  solve_upper_transposed(basic.r.data(), x.size(), x);
  return norm(x);
}

Sliced<int> set_standard_errors(const LeastSquaresState& state, const BasicSolution& basic, const NullSpace& null_space,
                                double residual_std, LeastSquaresFit& fit) {
  const std::size_t k = basic.independent.size();
  const int label_exponent = state.exponent[state.d];
  const auto set = [&](std::size_t j, double deviation) {
    fit.weight_se[j] = if_finite(std::ldexp(residual_std * deviation, label_exponent - state.exponent[j]));
  };
  for (std::size_t i = 0; i < k; ++i) {
    if (const std::size_t j = basic.independent[i]; !null_space.moves(j)) set(j, row_norm(basic.inverse, k, i));
  }
  std::vector<double> factors(state.d);
  for (std::size_t j = 0; j < state.d; ++j) {
    if (!null_space.moves(j)) continue;
    factors[j] = std::ldexp(1.0, state.exponent[j]);
    set(j, deviation_of(state, basic, null_space, factors));
    factors[j] = 0.0;
    co_await Work{null_space.flops()};
  }
  if (!state.intercept) co_return 0;
  for (std::size_t j = 0; j < state.d; ++j) factors[j] = std::ldexp(state.mean[j], state.exponent[j]);
  const double of_centre = deviation_of(state, basic, null_space, std::move(factors));
  const double deviation = std::sqrt(1.0 / static_cast<double>(state.n) + of_centre * of_centre);
  fit.bias_se = if_finite(std::ldexp(residual_std * deviation, label_exponent));
  co_return 0;
}

}  // namespace

Sliced<Result<LeastSquaresFit>> to_fit(const LeastSquaresState& state, const BasicSolution& basic,
                                       ScaledCoefficients coefficients) {
  const std::size_t q = state.d + 1;
  const std::size_t k = basic.independent.size();
  const int label_exponent = state.exponent[state.d];
  const double n = static_cast<double>(state.n);

  LeastSquaresFit fit;
  fit.weight.assign(state.d, 0.0);
  fit.weight_se.assign(state.d, std::nullopt);
  fit.n = state.n;
  fit.refined = coefficients.refined;
  fit.rank = k + (state.intercept ? 1 : 0);
  fit.dependent = basic.dependent;
  fit.unique = basic.dependent.empty();
  fit.condition = basic.condition;
  fit.ill_conditioned = basic.condition > ill_conditioned_above;

  for (std::size_t i = 0; i < k; ++i) {
    const std::size_t j = basic.independent[i];
    fit.weight[j] = std::ldexp(coefficients.weight[i].hi, label_exponent - state.exponent[j]);
  }
  fit.bias = std::ldexp(coefficients.bias.hi, label_exponent);
  const NullSpace null_space(state, basic);
  co_await Work{null_space.flops() * static_cast<double>(basic.dependent.size())};
  if (!fit.unique) minimise_norm(state, basic, null_space, coefficients, fit);
  if (!std::isfinite(fit.bias) || !std::ranges::all_of(fit.weight, [](double w) { return std::isfinite(w); })) {
    co_return std::unexpected(units_too_far_apart());
  }
  fit.residual_norm =
      std::min(std::ldexp(coefficients.residual_norm, label_exponent), std::numeric_limits<double>::max());

  if (state.n <= fit.rank) co_return fit;
  const double freedom = n - static_cast<double>(fit.rank);
  const double residual_std = coefficients.residual_norm / std::sqrt(freedom);
  fit.residual_std = if_finite(std::ldexp(residual_std, label_exponent));
  auto standard_errors = set_standard_errors(state, basic, null_space, residual_std, fit);
  co_await standard_errors;
  const double total = norm({&state.factor[state.d * q], q});
  if (total > data_tolerance * column_sizes(state)[state.d]) {
    const double ratio = coefficients.residual_norm / total;
    fit.r2 = std::max(0.0, 1.0 - ratio * ratio);
  }
  co_return fit;
}

}  // namespace linreg
