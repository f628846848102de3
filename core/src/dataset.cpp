#include "linreg/dataset.hpp"

#include <algorithm>
#include <utility>

#include "dataset_checks.hpp"
#include "memory.hpp"
#include "row_checks.hpp"

namespace linreg {

namespace {

std::vector<std::string> default_names(std::size_t d) {
  std::vector<std::string> names(d);
  for (std::size_t j = 0; j < d; ++j) names[j] = "x" + std::to_string(j + 1);
  return names;
}

Error invalid(std::string field, double value, std::string range) {
  return {ErrorCode::invalid_data, std::move(field), value, std::move(range)};
}

Result<void> check_names(std::size_t names, std::size_t d) {
  if (names == d) return {};
  return std::unexpected(
      invalid("names", static_cast<double>(names), std::to_string(d) + " names: one for each feature"));
}

/// Without names they get their default ones.
Result<void> check_shape(std::size_t cells, std::size_t n, std::size_t d, std::size_t names) {
  // The numbers in the ranges are those of the constants: see options.cpp.
  if (d < 1 || d > max_features) {
    return std::unexpected(invalid("d", static_cast<double>(d), "a whole number from 1 to 256"));
  }
  if (n < 1) return std::unexpected(invalid("labels", 0.0, "at least one number"));
  if (n > max_rows || n > max_cells / d) {
    return std::unexpected(Error{ErrorCode::out_of_memory, "labels", static_cast<double>(n),
                                 "at most 1000000 rows and 16777216 numbers in all"});
  }
  if (auto sizes = check_cell_count(cells, n, d); !sizes) return sizes;
  return names == 0 ? Result<void>() : check_names(names, d);
}

/// `first` is the number of the first row.
Result<void> check_cells(std::span<const double> features, std::span<const double> labels, std::size_t d,
                         std::size_t first) {
  if (const auto bad = std::ranges::find_if_not(features, is_usable); bad != features.end()) {
    const auto i = static_cast<std::size_t>(bad - features.begin());
    return std::unexpected(invalid(feature_name(first + i / d, i % d), *bad, cell_range));
  }
  if (const auto bad = std::ranges::find_if_not(labels, is_usable); bad != labels.end()) {
    const auto i = static_cast<std::size_t>(bad - labels.begin());
    return std::unexpected(invalid(label_name(first + i), *bad, cell_range));
  }
  return {};
}

/// Makes room for n rows; returns what was outgrown.
Dataset grow(Dataset& data, std::size_t n) {
  const auto with_room = [](const std::vector<double>& numbers, std::size_t room) {
    std::vector<double> larger;
    larger.reserve(room);
    larger.assign(numbers.begin(), numbers.end());
    return larger;
  };
  Dataset outgrown;
  outgrown.features = std::exchange(data.features, with_room(data.features, n * data.d));
  outgrown.labels = std::exchange(data.labels, with_room(data.labels, n));
  return outgrown;
}

/// Where there is room for them. They may be some of the numbers that are there.
void append_numbers(std::vector<double>& numbers, std::span<const double> more) {
  const std::size_t before = numbers.size();
  numbers.resize(before + more.size());
  std::ranges::copy(more, numbers.begin() + static_cast<std::ptrdiff_t>(before));
}

}  // namespace

Result<void> check_shape(const Dataset& data) {
  if (auto shape = check_shape(data.features.size(), data.n(), data.d, data.names.size()); !shape) return shape;
  return check_names(data.names.size(), data.d);
}

Result<void> check_cells(const Dataset& data) { return check_cells(data.features, data.labels, data.d, 0); }

Result<Dataset> make_dataset(std::vector<double> features, std::vector<double> labels, std::size_t d,
                             std::vector<std::string> names) {
  if (auto shape = check_shape(features.size(), labels.size(), d, names.size()); !shape) {
    return std::unexpected(shape.error());
  }
  if (auto cells = check_cells(features, labels, d, 0); !cells) return std::unexpected(cells.error());
  if (names.empty()) names = default_names(d);
  return Dataset{std::move(features), std::move(labels), d, std::move(names)};
}

Result<Dataset> reserve_dataset(std::size_t n, std::size_t d, std::vector<std::string> names) {
  if (auto shape = check_shape(n <= max_rows ? n * d : 0, n, d, names.size()); !shape) {
    return std::unexpected(shape.error());
  }
  // As much again is for a caller who holds the rows as a copy.
  if (auto room = check_memory(n, 2 * (d + 1) * sizeof(double), "labels"); !room) return std::unexpected(room.error());
  if (names.empty()) names = default_names(d);
  Dataset data{{}, {}, d, std::move(names)};
  data.features.reserve(n * d);
  data.labels.reserve(n);
  return data;
}

Result<void> append(Dataset& data, std::span<const double> features, std::span<const double> labels) {
  if (auto sizes = check_cell_count(features.size(), labels.size(), data.d); !sizes) return sizes;
  if (labels.empty()) return {};
  const auto shape =
      check_shape(data.features.size() + features.size(), data.n() + labels.size(), data.d, data.names.size());
  if (!shape) return shape;
  if (auto cells = check_cells(features, labels, data.d, data.n()); !cells) return cells;
  const std::size_t n = data.n() + labels.size();
  Dataset outgrown;  // kept until the rows are read, which may be the data's own
  if (n > data.labels.capacity() || n * data.d > data.features.capacity()) {
    const std::size_t bytes = (data.d + 1) * sizeof(double);
    std::size_t rows = std::min({std::max(n, 2 * data.n()), max_rows, max_cells / data.d});
    if (!check_memory(rows, bytes, "labels")) rows = n;  // there may be room for these alone
    if (auto room = check_memory(rows, bytes, "labels"); !room) return room;
    outgrown = grow(data, rows);
  }
  append_numbers(data.features, features);
  append_numbers(data.labels, labels);
  return {};
}

Dataset synthetic_data(Generator& generator, std::span<const double> true_w, double true_b, std::size_t n,
                       double noise) {
  const std::size_t d = true_w.size();
  std::vector<float> features(n * d);
  std::vector<float> errors(n);
  generator.normal(features, 0.0, 1.0);
  generator.normal(errors, 0.0, noise);

  Dataset data{{features.begin(), features.end()}, std::vector<double>(n), d, default_names(d)};
  for (std::size_t i = 0; i < n; ++i) {
    // In float32 and in the order of the features, as the notebook's matmul: the product, then + b, then += noise.
    float label = features[i * d] * static_cast<float>(true_w[0]);
    for (std::size_t j = 1; j < d; ++j) label += features[i * d + j] * static_cast<float>(true_w[j]);
    label += static_cast<float>(true_b);
    data.labels[i] = static_cast<double>(label + errors[i]);
  }
  return data;
}

}  // namespace linreg
