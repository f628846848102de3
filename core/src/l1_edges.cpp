#include "l1_edges.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace linreg {

namespace {

constexpr std::size_t slice_rows = 126;
constexpr double independent = 1e-7;  // of a row's length, what those chosen before it must leave
constexpr double descending = 1e-9;   // what a slope must be below 0, where a row's own share is 1
constexpr double most_flops = 4e9;    // of all edges together; ten are always tried

double inner(std::span<const double> a, const double* b) noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Gauss-Jordan with pivots; a and b are p x p, row-major, and b becomes a⁻¹ b. False where a is singular.
bool solve(std::vector<double>& a, std::vector<double>& b, std::size_t p) {
  for (std::size_t k = 0; k < p; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < p; ++i) {
      if (std::abs(a[i * p + k]) > std::abs(a[pivot * p + k])) pivot = i;
    }
    if (a[pivot * p + k] == 0.0) return false;
    for (auto* matrix : {&a, &b}) std::swap_ranges(&(*matrix)[k * p], &(*matrix)[k * p] + p, &(*matrix)[pivot * p]);
    const double inverse = 1.0 / a[k * p + k];
    for (std::size_t c = 0; c < p; ++c) {
      a[k * p + c] *= inverse;
      b[k * p + c] *= inverse;
    }
    for (std::size_t i = 0; i < p; ++i) {
      const double factor = a[i * p + k];
      if (i == k || factor == 0.0) continue;
      for (std::size_t c = 0; c < p; ++c) {
        a[i * p + c] -= factor * a[k * p + c];
        b[i * p + c] -= factor * b[k * p + c];
      }
    }
  }
  return true;
}

class Vertex {
 public:
  Vertex(const ModelRows& rows, std::vector<double>& residual, std::vector<double>& theta)
      : rows_(rows), residual_(residual), theta_(theta) {}

  Sliced<int> descend();

 private:
  bool choose_rows();
  Sliced<int> move(std::vector<double> step);
  Sliced<int> sum_signs();
  [[nodiscard]] std::vector<std::size_t> steepest_first() const;
  Sliced<bool> follow(std::size_t edge);
  void exchange(std::size_t edge, std::size_t row);

  const ModelRows& rows_;
  std::vector<double>& residual_;
  std::vector<double>& theta_;
  std::vector<std::size_t> met_;  // p rows
  std::vector<double> edges_;     // p x p: its row k changes the prediction of met row k by 1, and of the others not
  std::vector<double> signs_;     // p: the sum of the rows, each times its residual's sign
  std::vector<double> along_;     // n: what the edge at hand changes
};

/// The p rows with the least residuals that are independent, and their edges.
bool Vertex::choose_rows() {
  const std::size_t p = rows_.p;
  std::vector<std::size_t> order(rows_.n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(std::abs(residual_[i]), i); });
  std::vector<double> basis;  // orthonormal
  std::vector<double> chosen;
  for (const std::size_t i : order) {
    const auto x = rows_.row(i);
    std::vector<double> rest(x.begin(), x.end());
    const double length = std::sqrt(inner(rest, rest.data()));
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t k = 0; k < met_.size(); ++k) {
        const double share = inner(rest, &basis[k * p]);
        for (std::size_t c = 0; c < p; ++c) rest[c] -= share * basis[k * p + c];
      }
    }
    const double left = std::sqrt(inner(rest, rest.data()));
    if (!(left > independent * length)) continue;
    for (const double value : rest) basis.push_back(value / left);
    chosen.insert(chosen.end(), x.begin(), x.end());
    met_.push_back(i);
    if (met_.size() == p) break;
  }
  if (met_.size() < p) return false;
  std::vector<double> transposed(p * p);  // so that what comes out has the edges as rows
  edges_.assign(p * p, 0.0);
  for (std::size_t k = 0; k < p; ++k) {
    edges_[k * p + k] = 1.0;
    for (std::size_t c = 0; c < p; ++c) transposed[c * p + k] = chosen[k * p + c];
  }
  return solve(transposed, edges_, p);
}

/// Adds a step to theta; the rows that are met stay so.
Sliced<int> Vertex::move(std::vector<double> step) {
  for (std::size_t c = 0; c < rows_.p; ++c) theta_[c] += step[c];
  for (std::size_t first = 0; first < rows_.n; first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, rows_.n);
    for (std::size_t i = first; i < last; ++i) residual_[i] -= inner(rows_.row(i), step.data());
    co_await Work{4.0 * static_cast<double>(rows_.p * (last - first))};
  }
  for (const std::size_t i : met_) residual_[i] = 0.0;
  co_return 0;
}

Sliced<int> Vertex::sum_signs() {
  signs_.assign(rows_.p, 0.0);
  for (std::size_t first = 0; first < rows_.n; first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, rows_.n);
    for (std::size_t i = first; i < last; ++i) {
      if (residual_[i] == 0.0) continue;
      const double sign = std::copysign(1.0, residual_[i]);
      const auto x = rows_.row(i);
      for (std::size_t c = 0; c < rows_.p; ++c) signs_[c] += sign * x[c];
    }
    co_await Work{4.0 * static_cast<double>(rows_.p * (last - first))};
  }
  co_return 0;
}

/// The edges that descend, but for rows beside those of the vertex that are met as well.
std::vector<std::size_t> Vertex::steepest_first() const {
  std::vector<std::pair<double, std::size_t>> slopes;
  for (std::size_t k = 0; k < rows_.p; ++k) {
    const double slope = 1.0 - std::abs(inner(signs_, &edges_[k * rows_.p]));
    if (slope < -descending) slopes.emplace_back(slope, k);
  }
  std::ranges::sort(slopes);
  std::vector<std::size_t> order(slopes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = slopes[i].second;
  return order;
}

/// To the lowest point of an edge, which is another vertex; false where it does not descend.
Sliced<bool> Vertex::follow(std::size_t edge) {
  const std::size_t p = rows_.p;
  std::vector<double> step(&edges_[edge * p], &edges_[edge * p] + p);
  const double share = inner(signs_, step.data());
  if (share < 0.0) {
    for (double& value : step) value = -value;
  }
  double slope = 1.0 - std::abs(share);
  std::vector<std::pair<double, std::size_t>> meetings;  // how far along the edge a row is met
  along_.resize(rows_.n);
  for (std::size_t first = 0; first < rows_.n; first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, rows_.n);
    for (std::size_t i = first; i < last; ++i) {
      along_[i] = inner(rows_.row(i), step.data());
      if (residual_[i] != 0.0 && residual_[i] / along_[i] > 0.0) meetings.emplace_back(residual_[i] / along_[i], i);
    }
    co_await Work{4.0 * static_cast<double>(p * (last - first))};
  }
  for (const std::size_t i : met_) along_[i] = 0.0;
  for (std::size_t i = 0; i < rows_.n; ++i) {
    if (residual_[i] == 0.0) slope += std::abs(along_[i]);
  }
  if (!(slope < -descending)) co_return false;
  std::ranges::sort(meetings);
  for (const auto& [distance, row] : meetings) {
    slope += 2.0 * std::abs(along_[row]);
    if (slope < 0.0) continue;
    for (double& value : step) value *= distance;
    const double left = share < 0.0 ? distance : -distance;
    const std::size_t leaving = met_[edge];
    exchange(edge, row);
    auto moved = move(std::move(step));
    co_await moved;
    residual_[leaving] = left;
    co_return true;
  }
  co_return false;
}

/// The row takes the place of the one that the edge leaves.
void Vertex::exchange(std::size_t edge, std::size_t row) {
  const std::size_t p = rows_.p;
  const auto x = rows_.row(row);
  double* pivot = &edges_[edge * p];
  const double inverse = 1.0 / inner(x, pivot);
  for (std::size_t c = 0; c < p; ++c) pivot[c] *= inverse;
  for (std::size_t k = 0; k < p; ++k) {
    if (k == edge) continue;
    const double factor = inner(x, &edges_[k * p]);
    for (std::size_t c = 0; c < p; ++c) edges_[k * p + c] -= factor * pivot[c];
  }
  met_[edge] = row;
}

Sliced<int> Vertex::descend() {
  const std::size_t p = rows_.p;
  if (p == 0 || rows_.n < p || !choose_rows()) co_return 0;
  co_await Work{8.0 * static_cast<double>(p * p * p)};
  std::vector<double> step(p);
  for (std::size_t k = 0; k < p; ++k) {
    for (std::size_t c = 0; c < p; ++c) step[c] += residual_[met_[k]] * edges_[k * p + c];
  }
  auto moved = move(std::move(step));
  co_await moved;
  const double flops = 12.0 * static_cast<double>(rows_.n * p) + 4.0 * static_cast<double>(p * p);
  for (double left = std::max(most_flops, 10.0 * flops); left > 0.0; left -= flops) {
    auto summed = sum_signs();
    co_await summed;
    bool followed = false;
    for (const std::size_t edge : steepest_first()) {
      auto following = follow(edge);
      followed = co_await following;
      if (followed) break;
      left -= flops;
    }
    if (!followed) break;
  }
  co_return 0;
}

}  // namespace

Sliced<int> descend_edges(const ModelRows& rows, std::vector<double>& residual, std::vector<double>& theta) {
  Vertex vertex(rows, residual, theta);
  auto descended = vertex.descend();
  co_return co_await descended;
}

}  // namespace linreg
