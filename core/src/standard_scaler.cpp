#include "linreg/standard_scaler.hpp"

#include <algorithm>
#include <cmath>

#include "dataset_checks.hpp"
#include "units.hpp"

namespace linreg {

namespace {

struct Moments {
  double mean;
  double deviation;
};

/// Two passes, both on x / 2^k: neither the sum nor the squares can overflow or vanish.
template <class Column>
Moments moments(std::size_t n, Column x) {
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(x(i)));
  if (largest == 0.0) return {0.0, 1.0};
  const double count = static_cast<double>(n);
  const double scale = std::ldexp(1.0, std::min(std::ilogb(largest), 1022));

  const double first = x(0) / scale;  // shifting by a value of the column keeps the digits of a narrow one
  double shifted = 0.0;
  for (std::size_t i = 0; i < n; ++i) shifted += x(i) / scale - first;
  const double mean = first + shifted / count;

  double spread = 0.0;
  for (std::size_t i = 0; i < n; ++i) spread = std::max(spread, std::abs(x(i) / scale - mean));
  // Below this the spread is only the rounding of the mean: the column is constant.
  if (spread <= 4.0 * 0x1p-53 * std::abs(mean)) return {x(0), 1.0};
  double squares = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double centred = (x(i) / scale - mean) / spread;
    squares += centred * centred;
  }
  return {mean * scale, std::sqrt(squares / count) * spread * scale};
}

}  // namespace

StandardScaler StandardScaler::identity(std::size_t d) {
  StandardScaler scaler;
  scaler.mean_.assign(d + 1, 0.0);
  scaler.deviation_.assign(d + 1, 1.0);
  return scaler;
}

bool StandardScaler::is_identity() const noexcept {
  return std::ranges::all_of(mean_, [](double mean) { return mean == 0.0; }) &&
         std::ranges::all_of(deviation_, [](double deviation) { return deviation == 1.0; });
}

StandardScaler StandardScaler::fit(const Dataset& data) {
  StandardScaler scaler = identity(data.d);
  for (std::size_t j = 0; j <= data.d; ++j) {
    const auto [mean, deviation] = j < data.d
                                       ? moments(
                                             data.n(), [&](std::size_t i) { return data.features[i * data.d + j]; })
                                       : moments(data.n(), [&](std::size_t i) { return data.labels[i]; });
    scaler.mean_[j] = mean;
    scaler.deviation_[j] = deviation;
  }
  return scaler;
}

Result<void> StandardScaler::check_units() const {
  for (std::size_t j = 0; j + 1 < mean_.size(); ++j) {
    const double unit = deviation_.back() / deviation_[j];  // of a scaled weight of 1, and of what it adds to the bias
    if (unit * std::max(1.0, std::abs(mean_[j])) > largest_cell || deviation_[j] / deviation_.back() > largest_cell)
      return std::unexpected(units_too_far_apart());
  }
  return {};
}

Coefficients StandardScaler::inverse(Coefficients scaled) const {
  double bias = inverse_label(scaled.bias);
  for (std::size_t j = 0; j < scaled.weight.size(); ++j) {
    scaled.weight[j] *= deviation_.back() / deviation_[j];
    bias -= scaled.weight[j] * mean_[j];
  }
  scaled.bias = bias;
  return scaled;
}

}  // namespace linreg
