// Iterative refinement: a few more passes over the rows, with residuals in twofold precision, make a least-squares fit as
// accurate as the data in float64 determine it.
//
// Each pass computes r = y - X w - b and g = [X 1]ᵀ r in twofold precision and corrects the coefficients, which are held in
// twofold precision too, by the solution of RᵀR c = g (the corrected seminormal equations: Björck, "Stability analysis of the
// method of seminormal equations for linear least squares problems", 1987). The error shrinks by about condition * 2^-53 a
// pass, so that one to three passes do. Only the triangle is needed, no orthogonal factor, so the rows may stream by.
#pragma once

#include <memory>
#include <span>

#include "linreg/error.hpp"
#include "linreg/least_squares.hpp"
#include "linreg/sliced.hpp"

namespace linreg {

class Refinement {
 public:
  /// Starts from the solution of `rows`; the same rows must then be passed through `add`, in any order and any blocks.
  /// Errors: invalid_state (rows) where there are none.
  static Result<Refinement> create(const LeastSquares& rows);
  Refinement(Refinement&&) noexcept;
  Refinement& operator=(Refinement&&) noexcept;
  ~Refinement();

  /// Some rows of a pass: labels has k values, features k * d, row-major. About 50 k (d + 1) flops.
  /// Errors, which leave the pass as it was: invalid_data (features) where sizes do not fit, (features[i][j] or labels[i],
  /// i counted over the rows of the pass) where a value is not finite.
  Result<void> add(std::span<const double> features, std::span<const double> labels);

  /// Corrects the coefficients after all rows were added once. Returns whether another pass would improve them still.
  /// Errors: invalid_state (rows) where the rows added are not as many as those of the fit.
  Result<bool> end_pass();

  /// The fit as it is now; `refined` once no further pass is needed.
  /// Errors: invalid_data (labels) where a coefficient overflows.
  [[nodiscard]] Result<LeastSquaresFit> fit() const;
  /// The same in slices, of which dependent columns need many. The Refinement must outlive it.
  [[nodiscard]] Sliced<Result<LeastSquaresFit>> fit_in_slices() const;

 private:
  struct Work;
  explicit Refinement(std::unique_ptr<Work> work) noexcept;
  std::unique_ptr<Work> work_;
};

/// Solves `rows` and refines the solution with the rows themselves at hand: all passes at once.
/// Errors: those of Refinement's create, add, end_pass and fit.
[[nodiscard]] Result<LeastSquaresFit> refine(const LeastSquares& rows, std::span<const double> features,
                                             std::span<const double> labels);

}  // namespace linreg
