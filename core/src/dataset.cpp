#include "linreg/dataset.hpp"

#include <cmath>
#include <utility>

namespace linreg {

namespace {

constexpr double largest_value = 1e307;  // leaves room for a difference of two

bool usable(double x) noexcept { return std::isfinite(x) && std::abs(x) <= largest_value; }

std::vector<std::string> default_names(std::size_t d) {
  std::vector<std::string> names(d);
  for (std::size_t j = 0; j < d; ++j) names[j] = "x" + std::to_string(j + 1);
  return names;
}

Error invalid(std::string field, double value, std::string range) {
  return {ErrorCode::invalid_data, std::move(field), value, std::move(range)};
}

Result<void> check_shape(std::size_t cells, std::size_t n, std::size_t d, std::size_t names) {
  if (d < 1 || d > max_features) {
    return std::unexpected(invalid("d", static_cast<double>(d), "a whole number from 1 to 256"));
  }
  if (n < 1) return std::unexpected(invalid("labels", 0.0, "at least one number"));
  if (n > max_rows || n > max_cells / d) {
    return std::unexpected(Error{ErrorCode::out_of_memory, "labels", static_cast<double>(n),
                                 "at most 1000000 rows and 16777216 numbers in all"});
  }
  if (cells != n * d) {
    return std::unexpected(
        invalid("features", static_cast<double>(cells), std::to_string(n * d) + " numbers: d for each label"));
  }
  if (names != 0 && names != d) {
    return std::unexpected(
        invalid("names", static_cast<double>(names), std::to_string(d) + " names: one for each feature"));
  }
  return {};
}

}  // namespace

Result<Dataset> make_dataset(std::vector<double> features, std::vector<double> labels, std::size_t d,
                             std::vector<std::string> names) {
  if (auto shape = check_shape(features.size(), labels.size(), d, names.size()); !shape) {
    return std::unexpected(shape.error());
  }
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (!usable(features[i])) {
      return std::unexpected(invalid("features[" + std::to_string(i / d) + "][" + std::to_string(i % d) + "]",
                                     features[i], "a finite number from -1e307 to 1e307"));
    }
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!usable(labels[i])) {
      return std::unexpected(
          invalid("labels[" + std::to_string(i) + "]", labels[i], "a finite number from -1e307 to 1e307"));
    }
  }
  if (names.empty()) names = default_names(d);
  return Dataset{std::move(features), std::move(labels), d, std::move(names)};
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
