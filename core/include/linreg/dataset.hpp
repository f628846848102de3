// The data as the user has them, in float64, and the notebook's synthetic data.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "linreg/error.hpp"
#include "linreg/generator.hpp"

namespace linreg {

/// n rows of d features and one label each. float64, so that the closed form loses nothing; training takes a float32 copy.
/// make_dataset and append check them, and so does Trainer::create; whatever else takes them relies on it, and on n >= 1.
struct Dataset {
  std::vector<double> features;    // n * d, row-major
  std::vector<double> labels;      // n
  std::size_t d = 0;               // features in a row
  std::vector<std::string> names;  // d names

  [[nodiscard]] std::size_t n() const noexcept { return labels.size(); }
};

/// The most cells (n * d) that a data set may have: 64 MB as float32.
inline constexpr std::size_t max_cells = std::size_t{1} << 24;
inline constexpr std::size_t max_rows = 1'000'000;
inline constexpr std::size_t max_features = 256;

/// Checks shapes, sizes and that every number is finite and at most 1e307 in size. `names` may be empty: they become x1 ... xd.
/// Errors: invalid_data, naming the array or the cell ("features[3][1]", rows from 0); out_of_memory when over max_rows or max_cells.
[[nodiscard]] Result<Dataset> make_dataset(std::vector<double> features, std::vector<double> labels, std::size_t d,
                                           std::vector<std::string> names = {});

/// Data of no row yet, with room for n rows of d features. `names` as above.
/// Errors: those of make_dataset about sizes; out_of_memory.
[[nodiscard]] Result<Dataset> reserve_dataset(std::size_t n, std::size_t d, std::vector<std::string> names = {});
/// Adds rows, which may be some of the data's own: labels has k values, features k * d; k may be 0. Errors, after which
/// nothing is added: those of make_dataset about the rows, numbered as they would be in `data`, and about the sizes that it
/// would have; out_of_memory (labels) where it has to grow and finds no room.
[[nodiscard]] Result<void> append(Dataset& data, std::span<const double> features, std::span<const double> labels);

/// The notebook's synthetic_data: X = normal(0, 1, (n, d)), y = X w + b + normal(0, noise, (n,)), in float32.
/// The noise is drawn even when its deviation is 0. d is true_w.size(); sizes are the caller's to check.
[[nodiscard]] Dataset synthetic_data(Generator& generator, std::span<const double> true_w, double true_b, std::size_t n,
                                     double noise);

}  // namespace linreg
