#include "null_space.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "vectors.hpp"

namespace linreg {

namespace {

// Moving along a direction keeps the predictions however roughly the distance is known; each pass starts from shorter
// weights than the last, and so knows it better.
constexpr int passes = 3;
constexpr double least_distance = 0x1p-46;  // of a direction of length 1 from those before it

/// x becomes its mirror image in the plane that the unit vector v is normal to.
void reflect(std::span<const double> v, std::span<double> x) noexcept {
  const double along = 2.0 * inner(v, x.data());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= along * v[i];
}

/// The unit vector whose reflection brings x[first ...] onto axis `first`.
std::vector<double> reflector_of(std::span<const double> x, std::size_t first) {
  std::vector<double> v(x.begin(), x.end());
  std::fill_n(v.begin(), first, 0.0);
  v[first] += std::copysign(norm(v), v[first]);
  const double length = norm(v);
  for (double& value : v) value = length > 0.0 ? value / length : 0.0;
  return v;
}

}  // namespace

NullSpace::NullSpace(const LeastSquaresState& state, const BasicSolution& basic) {
  std::vector<std::vector<double>> changes;
  std::vector<bool> moved(state.d);
  for (std::size_t k = 0; k < basic.dependent.size(); ++k) {
    const auto& combination = basic.combinations[k];
    if (std::ranges::all_of(combination, [](double x) { return x == 0.0; })) continue;  // a constant column keeps 0
    std::vector<double>& change = changes.emplace_back(state.d);
    for (std::size_t i = 0; i < combination.size(); ++i) change[basic.independent[i]] = -combination[i];
    change[basic.dependent[k]] = 1.0;
    for (std::size_t j = 0; j < state.d; ++j) moved[j] = moved[j] || change[j] != 0.0;
  }
  for (std::size_t j = 0; j < state.d; ++j) {
    if (moved[j]) columns_.push_back(j);
  }

  const std::size_t count = changes.size();
  const std::size_t m = columns_.size();
  r_.resize(count * count);
  for (std::size_t k = 0; k < count; ++k) {
    Direction direction{std::vector<double>(m), std::vector<int>(m), {}};
    int largest = std::numeric_limits<int>::min();
    for (std::size_t i = 0; i < m; ++i) {
      direction.change[i] = changes[k][columns_[i]];
      direction.exponent[i] = -state.exponent[columns_[i]];
      if (direction.change[i] == 0.0) continue;
      largest = std::max(largest, std::ilogb(direction.change[i]) + direction.exponent[i]);
    }
    std::vector<double> x(m);
    for (std::size_t i = 0; i < m; ++i) {
      direction.exponent[i] -= largest;
      x[i] = std::ldexp(direction.change[i], direction.exponent[i]);
    }
    for (const Direction& before : directions_) reflect(before.reflector, x);
    direction.reflector = reflector_of(x, k);
    reflect(direction.reflector, x);
    std::copy_n(x.begin(), k + 1, &r_[k * count]);
    directions_.push_back(std::move(direction));
  }
}

bool NullSpace::moves(std::size_t column) const noexcept { return std::ranges::binary_search(columns_, column); }

double NullSpace::flops() const noexcept {
  return 8.0 * passes * static_cast<double>(directions_.size()) * static_cast<double>(columns_.size());
}

void NullSpace::remove_from(std::span<double> weight) const {
  const std::size_t count = directions_.size();
  for (int pass = 0; pass < passes; ++pass) {
    double largest = 0.0;
    for (const std::size_t j : columns_) largest = std::max(largest, std::abs(weight[j]));
    if (largest == 0.0) return;
    const int power = std::ilogb(largest);
    std::vector<double> x(columns_.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::ldexp(weight[columns_[i]], -power);
    for (const Direction& direction : directions_) reflect(direction.reflector, x);

    std::vector<double> distance(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t k = count; k-- > 0;) {
      const double* column = &r_[k * count];
      distance[k] = std::abs(column[k]) > least_distance ? distance[k] / column[k] : 0.0;
      for (std::size_t i = 0; i < k; ++i) distance[i] -= column[i] * distance[k];
    }
    for (std::size_t k = 0; k < count; ++k) {
      const Direction& direction = directions_[k];
      for (std::size_t i = 0; i < columns_.size(); ++i)
        weight[columns_[i]] -= std::ldexp(direction.change[i] * distance[k], direction.exponent[i] + power);
    }
  }
}

}  // namespace linreg
