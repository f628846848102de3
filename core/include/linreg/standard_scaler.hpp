// Standardisation in float64: every feature and the label to mean 0 and deviation 1.
#pragma once

#include <vector>

#include "linreg/dataset.hpp"

namespace linreg {

/// Weights and bias of a linear model, in float64.
struct Coefficients {
  std::vector<double> weight;  // d
  double bias = 0.0;
};

/// Scales the columns of a data set and takes weights back to the data's own units.
/// The deviation is the population's (divides by n, as scikit-learn's StandardScaler). A constant column is only
/// centred, so that no division by zero can happen and its weight has no effect.
class StandardScaler {
 public:
  /// Leaves every column as it is.
  static StandardScaler identity(std::size_t d);
  /// Means and deviations of the columns of `data`; columns near the ends of the float64 range do not overflow.
  static StandardScaler fit(const Dataset& data);

  [[nodiscard]] bool is_identity() const noexcept;
  /// One feature value of column j, scaled.
  [[nodiscard]] double transform_feature(double x, std::size_t j) const noexcept {
    return (x - mean_[j]) / deviation_[j];
  }
  [[nodiscard]] double transform_label(double y) const noexcept { return (y - mean_.back()) / deviation_.back(); }
  /// A scaled label back in its own units.
  [[nodiscard]] double inverse_label(double y) const noexcept { return y * deviation_.back() + mean_.back(); }
  /// d features, then the label; a deviation is never 0.
  [[nodiscard]] const std::vector<double>& mean() const noexcept { return mean_; }
  [[nodiscard]] const std::vector<double>& deviation() const noexcept { return deviation_; }
  /// Whether weights of about 1 on scaled data, and what they add to the bias, are numbers in the data's own units too, and
  /// those numbers precise. Errors: invalid_data (labels) where the columns' units are too far apart for that.
  [[nodiscard]] Result<void> check_units() const;
  /// Weights of the model on scaled data, as weights of the same model on the data as given.
  [[nodiscard]] Coefficients inverse(Coefficients scaled) const;

 private:
  StandardScaler() = default;

  // d features, then the label.
  std::vector<double> mean_;
  std::vector<double> deviation_;
};

}  // namespace linreg
