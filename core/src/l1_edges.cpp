#include "l1_edges.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "block_qr.hpp"
#include "vectors.hpp"

namespace linreg {

namespace {

constexpr std::size_t slice_rows = qr_block_rows;
constexpr double independent = 1e-7;  // of a row's length, what those chosen before it must leave
constexpr double descending = 1e-9;   // what a slope must be below 0, where a row's own share is 1
constexpr double most_flops = 4e9;    // of all edges together; ten are always tried

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
  std::vector<std::pair<double, std::size_t>> meetings_;  // how far along it a row is met
};

/// The p rows with the least residuals that are independent, each in the place of an axis that it is not orthogonal to.
bool Vertex::choose_rows() {
  const std::size_t p = rows_.p;
  std::vector<std::size_t> order(rows_.n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(std::abs(residual_[i]), i); });
  edges_.assign(p * p, 0.0);
  for (std::size_t k = 0; k < p; ++k) edges_[k * p + k] = 1.0;
  met_.assign(p, rows_.n);  // none yet
  std::size_t count = 0;
  for (std::size_t at = 0; at < order.size() && count < p; ++at) {
    const auto x = rows_.row(order[at]);
    std::size_t edge = p;
    double most = independent * norm(x);
    for (std::size_t k = 0; k < p; ++k) {
      if (met_[k] < rows_.n) continue;
      const std::span<const double> free(&edges_[k * p], p);
      const double share = std::abs(inner(x, free.data())) / norm(free);
      if (share > most) {
        edge = k;
        most = share;
      }
    }
    if (edge == p) continue;
    exchange(edge, order[at]);
    ++count;
  }
  return count == p;
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
  along_.resize(rows_.n);
  meetings_.clear();
  meetings_.reserve(rows_.n);  // growing by doubling it would take three times as much on the way
  for (std::size_t first = 0; first < rows_.n; first += slice_rows) {
    const std::size_t last = std::min(first + slice_rows, rows_.n);
    for (std::size_t i = first; i < last; ++i) {
      along_[i] = inner(rows_.row(i), step.data());
      if (residual_[i] != 0.0 && residual_[i] / along_[i] > 0.0) meetings_.emplace_back(residual_[i] / along_[i], i);
    }
    co_await Work{4.0 * static_cast<double>(p * (last - first))};
  }
  for (const std::size_t i : met_) along_[i] = 0.0;
  for (std::size_t i = 0; i < rows_.n; ++i) {
    if (residual_[i] == 0.0) slope += std::abs(along_[i]);
  }
  if (!(slope < -descending)) co_return false;
  std::ranges::sort(meetings_);
  for (const auto& [distance, row] : meetings_) {
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
