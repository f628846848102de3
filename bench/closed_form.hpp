// The closed form's workload: rows whose weights and bias are one, solved by QR.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "linreg/least_squares.hpp"

namespace linreg::bench {

class ClosedForm {
 public:
  ClosedForm() = default;
  ClosedForm(std::size_t n, std::size_t d) : d_(d), features_(n * d), labels_(n, 1.0) {
    std::uint32_t word = 1;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        word = word * 1664525U + 1013904223U;
        features_[i * d + j] = static_cast<double>(static_cast<std::int32_t>(word)) * 0x1p-31;
        labels_[i] += features_[i * d + j];
      }
    }
  }

  /// How far the worst coefficient is from the true one.
  [[nodiscard]] double solve() const {
    auto rows = LeastSquares::create(d_);
    if (!rows || !rows->add(features_, labels_)) return HUGE_VAL;
    const auto fit = rows->solve();
    if (!fit) return HUGE_VAL;
    double worst = std::abs(fit->bias - 1.0);
    for (const double w : fit->weight) worst = std::max(worst, std::abs(w - 1.0));
    return worst;
  }

 private:
  std::size_t d_ = 0;
  std::vector<double> features_;
  std::vector<double> labels_;
};

}  // namespace linreg::bench
