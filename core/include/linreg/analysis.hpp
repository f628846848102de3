// What training approaches: the least-squares fit of a data set, the weights with the least loss, and the loss's shape there.
#pragma once

#include <optional>

#include "linreg/curvature.hpp"
#include "linreg/dataset.hpp"
#include "linreg/least_squares.hpp"
#include "linreg/loss.hpp"
#include "linreg/loss_surface.hpp"
#include "linreg/sliced.hpp"
#include "linreg/standard_scaler.hpp"

namespace linreg {

/// The weights and bias with the least loss, and that loss.
struct Optimum {
  Coefficients trained;  // in the units that training sees: as the scaler leaves the data
  Coefficients own;      // in the data's own units
  double mean_loss = 0.0;
};

/// The answers about one data set, computed in slices when they are asked for. Everything is solved in float64 on the data
/// as given, and then taken to the units that training sees: the float32 copy that training reads would cost digits, and
/// what it rounds away is far below what SGD resolves. Weight decay, which moves SGD's goal, is left out.
class Analysis {
 public:
  /// `data` must outlive it and not change. Training sees the data as `scaler` transforms them.
  Analysis(const Dataset& data, StandardScaler scaler, bool intercept = true);
  Analysis(const Analysis&) = delete;
  Analysis& operator=(const Analysis&) = delete;

  /// Goes on for about `flops` operations with what fit() needs; returns whether that is done.
  bool run_fit(double flops);
  /// The same for fit(), optimum() and curvature() of a loss, whose reduction does not matter. The answers for the loss
  /// before, and what was half done for it, are forgotten; not so where the loss is refused, which is done at once:
  /// error() is then invalid_option (loss, reduction or delta) until the next run.
  bool run(const Loss& loss, double flops);
  /// Throws away what is half done, with its memory.
  void stop() noexcept { work_.reset(); }
  /// Of what is half done, from 0 to 1.
  [[nodiscard]] double progress() const noexcept { return work_ ? work_->progress() : 1.0; }
  /// The loss over a plane of two parameters, the others held at `at`, in the units that training sees. For MSE at once, once
  /// fit() is there. Errors: invalid_option (loss, reduction or delta); invalid_state (rows) for MSE before that; those of
  /// LossSurface.
  [[nodiscard]] Sliced<Result<LossSurface>> surface(Loss loss, SurfaceGrid grid, Coefficients at) const;

  /// Why there are no answers to what was run last: invalid_option (loss, reduction or delta); invalid_data (labels) where a
  /// coefficient overflows, which may be one loss's alone, or the scaled units are too far apart; invalid_data
  /// (features[i][j]) where one, as training sees it, is beyond Hessian::largest_feature; out_of_memory (d or labels), which the
  /// next run forgets.
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return refused_ ? refused_ : error_; }

  // Valid when the run for them is done without an error.
  [[nodiscard]] const LeastSquaresFit& fit() const noexcept { return *fit_; }
  [[nodiscard]] const Optimum& optimum() const noexcept { return *optimum_; }
  /// Of the mean loss, at the optimum, in the units that training sees.
  [[nodiscard]] const Curvature& curvature() const noexcept { return *curvature_; }

  [[nodiscard]] const Dataset& data() const noexcept { return data_; }

 private:
  Sliced<Result<void>> compute_fit(double flops_after);
  Sliced<Result<void>> compute(Loss loss);
  Sliced<Result<void>> compute_optimum(Loss loss);
  Sliced<Result<void>> compute_curvature(Loss loss);
  [[nodiscard]] Optimum to_optimum(Coefficients own, double offset) const;
  [[nodiscard]] LeastSquares trained_rows() const;
  void forget_want_of_memory();
  bool go_on(double flops);

  const Dataset& data_;
  StandardScaler scaler_;
  bool intercept_;

  std::optional<LeastSquares> rows_;  // with the fit
  std::optional<LeastSquaresFit> fit_;
  std::optional<Loss> loss_;  // whose optimum and curvature these are, or the error
  std::optional<Optimum> optimum_;
  std::optional<Curvature> curvature_;
  std::optional<Error> error_;
  std::optional<Error> refused_;  // the loss that run was last called with

  std::optional<Sliced<Result<void>>> work_;
  std::optional<Loss> work_loss_;  // none where the work is the fit alone
};

}  // namespace linreg
