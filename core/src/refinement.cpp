#include "linreg/refinement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "basic_solution.hpp"
#include "double_double.hpp"
#include "f64x2.hpp"
#include "row_checks.hpp"

namespace linreg {

namespace {

using Pair = Twofold<f64x2>;

constexpr std::size_t tile_rows = 64;
constexpr std::size_t tile_stride = 72;
constexpr int most_passes = 10;

Pair splat(DoubleDouble x) noexcept { return {splat2(x.hi), splat2(x.lo)}; }

DoubleDouble fold(Pair x) noexcept { return DoubleDouble{x.hi[0], x.lo[0]} + DoubleDouble{x.hi[1], x.lo[1]}; }

}  // namespace

struct Refinement::Work {
  LeastSquaresState state;
  BasicSolution basic;
  std::vector<DoubleDouble> weight;
  DoubleDouble bias;

  // Of the pass at hand.
  std::uint64_t rows = 0;
  std::vector<DoubleDouble> gradient;  // xᵀ r
  DoubleDouble residual_sum;
  DoubleDouble residual_squares;

  // Of the passes before.
  int passes = 0;
  double last_step = 0.0;  // |A c| of the correction, at first that of the solution
  double residual_norm = 0.0;
  double label_norm = 0.0;  // not centred
  bool converged = false;

  std::vector<double> tile;  // the independent columns, scaled

  [[nodiscard]] DoubleDouble mean(std::size_t column) const { return {state.mean[column], state.mean_low[column]}; }
  using Residuals = std::array<Pair, tile_rows / 2>;
  void add_tile(const double* features, const double* labels, std::size_t count);
  void fill_tile(const double* features, std::size_t count);
  void compute_residuals(const double* labels, std::size_t count, Residuals& residual) const;
  void add_products(std::size_t pairs, Residuals& residual);
  bool correct();
  [[nodiscard]] bool is_settled(std::span<const double> step, double bias_step, double contraction) const;
};

/// The tile of up to 64 rows: their independent columns, scaled; an odd row is followed by one of zeros.
void Refinement::Work::fill_tile(const double* features, std::size_t count) {
  const std::size_t k = basic.independent.size();
  const std::size_t padded = count + count % 2;
  for (std::size_t i = 0; i < count; ++i) {
    const double* row = features + i * state.d;
    for (std::size_t c = 0; c < k; ++c) tile[c * tile_stride + i] = row[basic.independent[c]];
  }
  for (std::size_t c = 0; c < k; ++c) {
    const double scale = std::ldexp(1.0, -state.exponent[basic.independent[c]]);
    double* x = &tile[c * tile_stride];
    if (padded > count) x[count] = 0.0;
    for (std::size_t i = 0; i < padded; i += 2) store2(x + i, load2(x + i) * scale);
  }
}

/// The residuals of the tile's rows, not yet normalised; that of a row of zeros is 0.
void Refinement::Work::compute_residuals(const double* labels, std::size_t count, Residuals& residual) const {
  const std::size_t padded = count + count % 2;
  const double label_scale = std::ldexp(1.0, -state.exponent[state.d]);
  for (std::size_t i = 0; i < count; i += 2) {
    const f64x2 y = {labels[i] * label_scale, i + 1 < count ? labels[i + 1] * label_scale : 0.0};
    Pair r = two_sum(y, splat2(-bias.hi));
    r.lo -= bias.lo;
    residual[i / 2] = r;
  }
  for (std::size_t c = 0; c < weight.size(); ++c) {
    const Pair minus_weight = splat(-weight[c]);
    const Pair halves = split(minus_weight.hi);
    const double* column = &tile[c * tile_stride];
    for (std::size_t i = 0; i < padded; i += 2) {
      const f64x2 x = load2(column + i);
      Pair term = two_prod(x, split(x), minus_weight.hi, halves);
      term.lo += x * minus_weight.lo;
      add_lazily(residual[i / 2], term);
    }
  }
  if (padded > count) {
    Pair& odd = residual[count / 2];
    odd.hi[1] = 0.0;
    odd.lo[1] = 0.0;
  }
}

/// Adds the residuals, their squares and their products with the columns to what the pass has of them.
void Refinement::Work::add_products(std::size_t pairs, Residuals& residual) {
  Pair sum_of{};
  Pair squares{};
  for (std::size_t i = 0; i < pairs; ++i) {
    Pair& r = residual[i];
    r = normalised(r);
    add_lazily(sum_of, r);
    const Pair halves = split(r.hi);
    Pair square = two_prod(r.hi, halves, r.hi, halves);
    square.lo += 2.0 * r.hi * r.lo;
    add_lazily(squares, square);
  }
  residual_sum = residual_sum + fold(sum_of);
  residual_squares = residual_squares + fold(squares);
  for (std::size_t c = 0; c < gradient.size(); ++c) {
    Pair products{};
    const double* column = &tile[c * tile_stride];
    for (std::size_t i = 0; i < pairs; ++i) {
      const f64x2 x = load2(column + 2 * i);
      const Pair& r = residual[i];
      Pair term = two_prod(x, split(x), r.hi, split(r.hi));
      term.lo += x * r.lo;
      add_lazily(products, term);
    }
    gradient[c] = gradient[c] + fold(products);
  }
}

void Refinement::Work::add_tile(const double* features, const double* labels, std::size_t count) {
  Residuals residual;
  fill_tile(features, count);
  compute_residuals(labels, count, residual);
  add_products((count + 1) / 2, residual);
}

/// Whether a next correction, smaller by `contraction`, would change no digit of a float64.
bool Refinement::Work::is_settled(std::span<const double> step, double bias_step, double contraction) const {
  const auto settled = [&](double change, double value, double natural) {
    return contraction * std::abs(change) <= std::max(0x1p-56 * std::abs(value), 0x1p-90 * natural);
  };
  const std::size_t k = step.size();
  for (std::size_t c = 0; c < k; ++c) {
    double squares = 0.0;
    for (std::size_t i = 0; i <= c; ++i) squares += basic.r[c * k + i] * basic.r[c * k + i];
    if (!settled(step[c], weight[c].hi, label_norm / std::sqrt(squares))) return false;
  }
  return !state.intercept || settled(bias_step, bias.hi, label_norm);
}

/// Solves RᵀR c = g for the centred columns and adds c to the coefficients, unless the passes have stopped converging.
bool Refinement::Work::correct() {
  const std::size_t k = basic.independent.size();
  std::vector<double> step(k);
  for (std::size_t c = 0; c < k; ++c) step[c] = (gradient[c] - mean(basic.independent[c]) * residual_sum).hi;
  solve_upper_transposed(basic.r.data(), k, step);
  double squares = 0.0;  // |A c|^2
  for (const double value : step) squares += value * value;
  solve_upper(basic.r.data(), k, step);

  DoubleDouble bias_step{};
  if (state.intercept) {
    bias_step.hi = residual_sum.hi / static_cast<double>(state.n);
    squares += bias_step.hi * residual_sum.hi;
    for (std::size_t c = 0; c < k; ++c) bias_step = bias_step - mean(basic.independent[c]) * DoubleDouble{step[c], 0.0};
  }

  const double length = std::sqrt(squares);
  const double contraction = last_step > 0.0 ? length / last_step : 0.0;
  const double rss = residual_squares.hi;
  residual_norm = std::sqrt(std::max(rss, 0.0));
  last_step = length;
  ++passes;
  // Beyond 2^-80 of the labels a residual is rounding even in twofold precision: the fit is exact.
  const bool exact = residual_norm <= 0x1p-80 * label_norm;
  if (exact) residual_norm = 0.0;
  if (!exact && contraction > 0.5) return false;

  for (std::size_t c = 0; c < k; ++c) weight[c] = weight[c] + DoubleDouble{step[c], 0.0};
  bias = bias + bias_step;
  // Without the second condition the residuals would be those of coefficients that have since moved.
  converged = exact || (is_settled(step, bias_step.hi, contraction) && squares <= 0x1p-50 * rss);
  return !converged && passes < most_passes;
}

Refinement::Refinement(std::unique_ptr<Work> work) noexcept : work_(std::move(work)) {}
Refinement::Refinement(Refinement&&) noexcept = default;
Refinement& Refinement::operator=(Refinement&&) noexcept = default;
Refinement::~Refinement() = default;

Result<Refinement> Refinement::create(const LeastSquares& rows) {
  if (rows.state().n == 0) return std::unexpected(no_rows());
  auto work = std::make_unique<Work>();
  work->state = rows.state();
  work->basic = solve_basic(work->state);
  const std::size_t k = work->basic.independent.size();
  for (const double weight : work->basic.weight) work->weight.push_back({weight, 0.0});
  work->bias = bias_of(work->state, work->basic, work->weight);
  work->residual_norm = work->basic.residual_norm;
  work->label_norm = column_sizes(work->state).back();
  // As if the solution were the correction of nothing: the first pass then tells how fast the passes converge.
  work->last_step = work->label_norm;
  work->gradient.assign(k, {});
  work->tile.assign(k * tile_stride, 0.0);
  return Refinement(std::move(work));
}

Result<void> Refinement::add(std::span<const double> features, std::span<const double> labels) {
  const std::size_t d = work_->state.d;
  if (auto sizes = check_cell_count(features.size(), labels.size(), d); !sizes) return sizes;
  if (auto checked = check_finite(features, labels, work_->rows); !checked) return checked;
  for (std::size_t first = 0; first < labels.size(); first += tile_rows) {
    work_->add_tile(features.data() + first * d, labels.data() + first, std::min(tile_rows, labels.size() - first));
  }
  work_->rows += labels.size();
  return {};
}

Result<bool> Refinement::end_pass() {
  Work& work = *work_;
  if (work.rows != work.state.n) {
    return std::unexpected(Error{ErrorCode::invalid_state, "rows", static_cast<double>(work.rows),
                                 std::to_string(work.state.n) + ": those of the fit, each once"});
  }
  const bool again = work.correct();
  work.rows = 0;
  std::ranges::fill(work.gradient, DoubleDouble{});
  work.residual_sum = {};
  work.residual_squares = {};
  return again;
}

Sliced<Result<LeastSquaresFit>> Refinement::fit_in_slices() const {
  return to_fit(work_->state, work_->basic, {work_->weight, work_->bias, work_->residual_norm, work_->converged});
}

Result<LeastSquaresFit> Refinement::fit() const { return fit_in_slices().finish(); }

Result<LeastSquaresFit> refine(const LeastSquares& rows, std::span<const double> features,
                               std::span<const double> labels) {
  auto refinement = Refinement::create(rows);
  if (!refinement) return std::unexpected(refinement.error());
  for (bool again = true; again;) {
    if (auto added = refinement->add(features, labels); !added) return std::unexpected(added.error());
    const auto more = refinement->end_pass();
    if (!more) return std::unexpected(more.error());
    again = *more;
  }
  return refinement->fit();
}

}  // namespace linreg
