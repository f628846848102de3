#include "linreg/loss_surface.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "block_qr.hpp"
#include "linreg/options.hpp"
#include "loss64.hpp"
#include "memory.hpp"
#include "padded_columns.hpp"
#include "row_checks.hpp"

namespace linreg {

namespace {

constexpr double greatest = std::numeric_limits<double>::max();

double saturated(double x) noexcept { return x <= greatest ? x : greatest; }  // NaN, from inf - inf, saturates too

Error refused(std::string field, double value, std::string range) {
  return {ErrorCode::invalid_option, std::move(field), value, std::move(range)};
}

Result<void> check_grid(const SurfaceGrid& grid, std::size_t parameters) {
  const std::string range = "the number of a parameter, below " + std::to_string(parameters);
  if (grid.x >= parameters) return std::unexpected(refused("x", static_cast<double>(grid.x), range));
  if (grid.y >= parameters) return std::unexpected(refused("y", static_cast<double>(grid.y), range));
  if (grid.x == grid.y) return std::unexpected(refused("y", static_cast<double>(grid.y), "another parameter than x"));
  const std::string most = std::to_string(LossSurface::max_points);
  const auto is_side = [](std::size_t points) { return points >= 1 && points <= LossSurface::max_points; };
  if (!is_side(grid.width))
    return std::unexpected(refused("width", static_cast<double>(grid.width), "a whole number from 1 to " + most));
  if (!is_side(grid.height))
    return std::unexpected(refused("height", static_cast<double>(grid.height), "a whole number from 1 to " + most));
  if (grid.width > LossSurface::max_points / grid.height) {
    return std::unexpected(refused("height", static_cast<double>(grid.height),
                                   "a whole number of at least 1, and width times height at most " + most));
  }
  const auto is_range = [](double low, double high) {
    return std::isfinite(low) && std::isfinite(high) && low <= high;
  };
  if (!is_range(grid.x_min, grid.x_max))
    return std::unexpected(refused("x_min", grid.x_min, "finite and at most x_max"));
  if (!is_range(grid.y_min, grid.y_max))
    return std::unexpected(refused("y_min", grid.y_min, "finite and at most y_max"));
  return {};
}

/// Of an accepted grid. As much again is for values(), which is a copy.
Result<void> check_room(const SurfaceGrid& grid) {
  if (has_memory(2 * grid.width * grid.height * sizeof(double))) return {};
  return std::unexpected(too_many_rows(grid.height, "height"));
}

/// A row's residual is rest + u along_x + v along_y. Four rows at once keep the sums in registers for longer.
constexpr std::size_t group = 4;
struct Lines {
  std::array<double, group> rest;
  std::array<double, group> along_x;
  std::array<double, group> along_y;
};

template <LossKind kind>
void add_lines(const Lines& lines, std::size_t rows, double delta, const SurfaceGrid& grid, const double* x_values,
               double* values) noexcept {
  for (std::size_t row = 0; row < grid.height; ++row) {
    std::array<double, group> start{};
    const double v = grid.y_at(row);
    for (std::size_t i = 0; i < rows; ++i) start[i] = lines.rest[i] + v * lines.along_y[i];
    double* line = values + row * grid.width;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t c = 0; c < grid.width; ++c)
        line[c] += loss_of(kind, start[i] + x_values[c] * lines.along_x[i], delta);
    }
  }
}

}  // namespace

double SurfaceGrid::at(double low, double high, std::size_t i, std::size_t count) noexcept {
  if (count < 2) return low;
  const double t = static_cast<double>(i) / static_cast<double>(count - 1);
  return low * (1.0 - t) + high * t;
}

Result<LossSurface> LossSurface::create(const Loss& loss, const SurfaceGrid& grid, std::span<const double> weight,
                                        double bias) {
  const std::size_t d = weight.size();
  if (const auto checked = check(loss); !checked) return std::unexpected(checked.error());
  if (auto checked = check_grid(grid, d + 1); !checked) return std::unexpected(checked.error());
  if (auto room = check_room(grid); !room) return std::unexpected(room.error());
  LossSurface surface(loss, grid);
  surface.weight_.assign(weight.begin(), weight.end());
  surface.bias_ = bias;
  surface.x_values_.resize(grid.width);
  for (std::size_t c = 0; c < grid.width; ++c) surface.x_values_[c] = grid.x_at(c);
  // The parameters of the plane come from the grid.
  for (const std::size_t parameter : {grid.x, grid.y})
    (parameter < d ? surface.weight_[parameter] : surface.bias_) = 0.0;
  return surface;
}

Result<void> LossSurface::add(std::span<const double> features, std::span<const double> labels) {
  if (x_values_.empty()) {
    return std::unexpected(
        Error{ErrorCode::invalid_state, "surface", std::nullopt, "made by create; that of mse is complete"});
  }
  const std::size_t d = weight_.size();
  if (auto sizes = check_cell_count(features.size(), labels.size(), d); !sizes) return sizes;
  for (std::size_t i = 0; i < labels.size(); i += group) {
    const std::size_t rows = std::min(group, labels.size() - i);
    Lines lines{};
    for (std::size_t k = 0; k < rows; ++k) {
      const double* row = features.data() + (i + k) * d;
      double rest = bias_ - labels[i + k];
      for (std::size_t j = 0; j < d; ++j) rest += weight_[j] * row[j];
      lines.rest[k] = rest;
      lines.along_x[k] = grid_.x < d ? row[grid_.x] : 1.0;
      lines.along_y[k] = grid_.y < d ? row[grid_.y] : 1.0;
    }
    switch (loss_.kind) {
      case LossKind::mse:
        add_lines<LossKind::mse>(lines, rows, loss_.delta, grid_, x_values_.data(), sums_.data());
        break;
      case LossKind::l1:
        add_lines<LossKind::l1>(lines, rows, loss_.delta, grid_, x_values_.data(), sums_.data());
        break;
      case LossKind::huber:
        add_lines<LossKind::huber>(lines, rows, loss_.delta, grid_, x_values_.data(), sums_.data());
        break;
      case LossKind::smooth_l1:
        add_lines<LossKind::smooth_l1>(lines, rows, loss_.delta, grid_, x_values_.data(), sums_.data());
        break;
    }
  }
  n_ += labels.size();
  return {};
}

std::vector<double> LossSurface::values() const {
  const double divisor = loss_.reduction == Reduction::mean && n_ > 0 ? static_cast<double>(n_) : 1.0;
  std::vector<double> values(sums_.size());
  std::ranges::transform(sums_, values.begin(), [&](double total) { return saturated(total / divisor); });
  return values;
}

namespace {

Result<void> check_mse(const LeastSquaresState& state, const Loss& loss, const SurfaceGrid& grid,
                       std::span<const double> weight, double bias) {
  if (state.n == 0) return std::unexpected(no_rows());
  if (auto checked = check(loss); !checked) return checked;
  if (auto checked = check_grid(grid, state.d + (state.intercept ? 1 : 0)); !checked) return checked;
  if (auto weights = check_weight_count(weight.size(), state.d); !weights) return weights;
  if (!state.intercept && bias != 0.0)
    return std::unexpected(Error{ErrorCode::invalid_data, "bias", bias, "0 without intercept"});
  return check_room(grid);
}

/// MSE's sum at u, v is (x_rest + xx u + xy v)^2 + (y_rest + yy v)^2 + least^2.
struct PlaneFactor {
  double xx;
  double xy;
  double yy;
  double x_rest;
  double y_rest;
  double least;
};

/// residual = F (held, -1), where `held` are the parameters with 0 for those of the plane. Its three parts, the plane's two
/// columns and what is held, are each scaled to about 1 by a power of two, made triangular, and scaled back.
PlaneFactor plane_factor(const DesignFactor& design, const SurfaceGrid& grid, std::vector<double> held) {
  held.push_back(-1.0);
  held[grid.x] = 0.0;
  held[grid.y] = 0.0;
  int held_exponent = design.exponent.back();
  for (std::size_t c = 0; c < held.size(); ++c) {
    if (held[c] != 0.0 && std::isfinite(held[c]))
      held_exponent = std::max(held_exponent, design.exponent[c] + std::ilogb(held[c]));
  }
  const std::size_t size = design.columns;
  PaddedColumns columns(size, 3);
  std::copy_n(&design.values[grid.x * size], size, columns.column(0));
  std::copy_n(&design.values[grid.y * size], size, columns.column(1));
  for (std::size_t c = 0; c < size; ++c) {
    int power = 0;
    const double mantissa = std::frexp(held[c], &power);
    if (mantissa == 0.0) continue;
    power += design.exponent[c] - held_exponent;
    for (std::size_t i = 0; i < size; ++i)
      columns.column(2)[i] += std::ldexp(design.values[c * size + i] * mantissa, power);
  }
  std::array<double, 9> r{};
  absorb(r, 3, {columns.values.data(), columns.stride(), size});
  const auto entry = [&](std::size_t i, int exponent) {
    return std::clamp(std::ldexp(r[i], exponent), -greatest, greatest);
  };
  return {.xx = entry(0, design.exponent[grid.x]),
          .xy = entry(3, design.exponent[grid.y]),
          .yy = entry(4, design.exponent[grid.y]),
          .x_rest = entry(6, held_exponent),
          .y_rest = entry(7, held_exponent),
          .least = entry(8, held_exponent)};
}

}  // namespace

Result<LossSurface> LossSurface::mse(const LeastSquares& rows, Reduction reduction, const SurfaceGrid& grid,
                                     std::span<const double> weight, double bias) {
  const LeastSquaresState& state = rows.state();
  const Loss loss{LossKind::mse, reduction, 1.0};
  if (auto checked = check_mse(state, loss, grid, weight, bias); !checked) return std::unexpected(checked.error());
  std::vector<double> held(weight.begin(), weight.end());
  if (state.intercept) held.push_back(bias);
  const PlaneFactor factor = plane_factor(rows.design_factor(), grid, std::move(held));

  LossSurface surface(loss, grid);
  surface.n_ = state.n;
  for (std::size_t row = 0; row < grid.height; ++row) {
    const double v = grid.y_at(row);
    const double along_y = factor.y_rest + factor.yy * v;
    const double start = factor.x_rest + factor.xy * v;
    const double line = along_y * along_y + factor.least * factor.least;
    for (std::size_t c = 0; c < grid.width; ++c) {
      const double along_x = start + factor.xx * grid.x_at(c);
      surface.sums_[row * grid.width + c] = along_x * along_x + line;
    }
  }
  return surface;
}

}  // namespace linreg
