// From a triangular factor to the solution over its independent columns, in the scaled units of LeastSquaresState.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "double_double.hpp"
#include "linreg/least_squares.hpp"
#include "linreg/sliced.hpp"

namespace linreg {

struct BasicSolution {
  std::vector<std::size_t> independent;  // k columns, ascending
  std::vector<std::size_t> dependent;
  std::vector<std::vector<double>> combinations;  // for each dependent column, of the independent ones before it
  std::vector<double> r;        // k x k upper triangle, column-major, of the independent centred columns
  std::vector<double> inverse;  // of r
  std::vector<double> weight;   // k
  double residual_norm = 0.0;
  double condition = 1.0;
};

/// Which columns are independent, and the fit over them.
[[nodiscard]] BasicSolution solve_basic(const LeastSquaresState& state);

/// The norms of the columns as they came, not centred: what rounding the data is relative to.
[[nodiscard]] std::vector<double> column_sizes(const LeastSquaresState& state);

/// x becomes r⁻¹ x, for an upper triangle r of order x.size() with columns `stride` apart.
void solve_upper(const double* r, std::size_t stride, std::span<double> x) noexcept;
/// x becomes r⁻ᵀ x.
void solve_upper_transposed(const double* r, std::size_t stride, std::span<double> x) noexcept;

/// Coefficients in scaled units, as accurate as they are known.
struct ScaledCoefficients {
  std::vector<DoubleDouble> weight;  // k
  DoubleDouble bias;
  double residual_norm = 0.0;
  bool refined = false;
};

/// The fit in the data's units, with everything that is derived from it. `state` and `basic` must outlive it.
/// Errors: invalid_data (labels) where a coefficient overflows.
[[nodiscard]] Sliced<Result<LeastSquaresFit>> to_fit(const LeastSquaresState& state, const BasicSolution& basic,
                                                     ScaledCoefficients coefficients);

/// ȳ - x̄ᵀ weight, the bias of a model with centred features, in twofold precision.
[[nodiscard]] DoubleDouble bias_of(const LeastSquaresState& state, const BasicSolution& basic,
                                   std::span<const DoubleDouble> weight) noexcept;

}  // namespace linreg
