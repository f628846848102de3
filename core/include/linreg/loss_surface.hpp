// The loss over a plane of two parameters, the others held: the picture of the valley that training walks down.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "linreg/error.hpp"
#include "linreg/least_squares.hpp"
#include "linreg/loss.hpp"

namespace linreg {

/// A grid over parameters `x` and `y`; parameter j < d is weight j, parameter d the bias. Grid column 0 lies at x_min and
/// the last at x_max, evenly between; rows likewise.
struct SurfaceGrid {
  std::size_t x = 0;
  std::size_t y = 1;
  double x_min = -1.0;
  double x_max = 1.0;
  double y_min = -1.0;
  double y_max = 1.0;
  std::size_t width = 64;
  std::size_t height = 64;

  [[nodiscard]] double x_at(std::size_t column) const noexcept { return at(x_min, x_max, column, width); }
  [[nodiscard]] double y_at(std::size_t row) const noexcept { return at(y_min, y_max, row, height); }

 private:
  static double at(double low, double high, std::size_t i, std::size_t count) noexcept;
};

/// Losses saturate at the largest double: nothing in a surface is infinite or NaN.
class LossSurface {
 public:
  static constexpr std::size_t max_points = std::size_t{1} << 20;

  /// The surface of any loss over the rows given, which must outlive it. The parameters not in the grid are held at `weight`
  /// and `bias`. Nothing is computed yet: call run.
  /// Errors: invalid_option (x, y, width, height or a range of the grid), invalid_data (features or labels) where sizes do
  /// not fit.
  static Result<LossSurface> create(const Loss& loss, const SurfaceGrid& grid, std::span<const double> weight,
                                    double bias, std::span<const double> features, std::span<const double> labels);

  /// The surface of MSE from what LeastSquares has kept of the rows, at once: O(1) a point, however many the rows were.
  /// The loss is computed as that of the plane's lowest point plus two squares, so that no digits cancel near it. Without
  /// an intercept in `rows` the bias cannot be a parameter of the plane and `bias` must be 0.
  /// Errors: those of create; invalid_state (rows) where there are none.
  static Result<LossSurface> mse(const LeastSquares& rows, Reduction reduction, const SurfaceGrid& grid,
                                 std::span<const double> weight, double bias);

  /// Adds up to `budget` rows (at least 1) to the sums, each in width * height steps; returns whether all rows are in.
  bool run(std::size_t budget) noexcept;

  [[nodiscard]] bool is_done() const noexcept { return next_ == labels_.size(); }
  /// height x width losses, row-major; valid when done.
  [[nodiscard]] const std::vector<double>& values() const noexcept { return values_; }
  [[nodiscard]] const SurfaceGrid& grid() const noexcept { return grid_; }

 private:
  LossSurface(const Loss& loss, const SurfaceGrid& grid)
      : loss_(loss), grid_(grid), values_(grid.width * grid.height) {}
  void add_rows(std::size_t first, std::size_t last) noexcept;
  void finish() noexcept;

  Loss loss_;
  SurfaceGrid grid_;
  std::vector<double> values_;
  std::vector<double> x_values_;  // of the grid's columns
  std::vector<double> weight_;
  double bias_ = 0.0;
  std::span<const double> features_;
  std::span<const double> labels_;
  std::size_t next_ = 0;
};

}  // namespace linreg
