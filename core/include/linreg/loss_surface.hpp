// The loss over a plane of two parameters, the others held: the picture of the valley that training walks down.
#pragma once

#include <cstddef>
#include <cstdint>
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

  /// The surface of any loss over rows that stream by. The parameters not in the grid are held at `weight` and `bias`.
  /// Errors: invalid_option (loss, reduction, delta; x, y, width, height or a range of the grid); out_of_memory (height)
  /// where too little memory is left.
  static Result<LossSurface> create(const Loss& loss, const SurfaceGrid& grid, std::span<const double> weight,
                                    double bias);

  /// The surface of MSE from what LeastSquares has kept of the rows, at once: O(1) a point, however many the rows were.
  /// The loss is computed as that of the plane's lowest point plus two squares, so that no digits cancel near it. Without
  /// an intercept in `rows` the bias cannot be a parameter of the plane and `bias` must be 0.
  /// Errors: those of create; invalid_state (rows) where there are none; invalid_data (weight or bias) where they do not
  /// fit the rows.
  static Result<LossSurface> mse(const LeastSquares& rows, Reduction reduction, const SurfaceGrid& grid,
                                 std::span<const double> weight, double bias);

  /// Adds k rows: labels has k values, features k * d, row-major. About 5 k width * height flops; cut long inputs.
  /// Errors: invalid_data (features) where sizes do not fit; invalid_state (surface) where it is that of `mse`, which is
  /// complete.
  Result<void> add(std::span<const double> features, std::span<const double> labels);

  /// height x width losses over the rows added so far, row-major; zeros where there are none.
  [[nodiscard]] std::vector<double> values() const;
  [[nodiscard]] const SurfaceGrid& grid() const noexcept { return grid_; }

 private:
  LossSurface(const Loss& loss, const SurfaceGrid& grid) : loss_(loss), grid_(grid), sums_(grid.width * grid.height) {}

  Loss loss_;
  SurfaceGrid grid_;
  std::uint64_t n_ = 0;
  std::vector<double> sums_;
  std::vector<double> x_values_;  // of the grid's columns; none where it is complete
  std::vector<double> weight_;
  double bias_ = 0.0;
};

}  // namespace linreg
