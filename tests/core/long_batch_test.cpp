// Long batches in storage order, which are summed otherwise than PyTorch sums: every row must still count once.
#include <catch2/catch_all.hpp>

#include "closed_form.hpp"
#include "kernels/kernels.hpp"
#include "support.hpp"

using linreg::available_kernels;
using linreg::bias_position;
using linreg::parameters_size;
using linreg::test::all_losses;
using linreg::test::difference;

namespace {

/// Records of small whole numbers, in which the last row is unlike all others. Where every parameter is 0, all sums over
/// them are exact in float32, in any order.
std::vector<float> whole_records(std::size_t n, std::size_t d) {
  std::vector<float> records;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_last = i + 1 == n;
    for (std::size_t j = 0; j < d; ++j)
      records.push_back(is_last ? 5.0F : static_cast<float>((7 * i + 3 * j) % 5) - 2.0F);
    records.push_back(is_last ? 9.0F : 2.0F * static_cast<float>(i % 4) - 3.0F);  // never 0, where L1 has a corner
  }
  records.resize(records.size() + linreg::load_slack);
  return records;
}

}  // namespace

TEST_CASE("every row of a long batch counts once, also in a last group of fewer than four", "[kernels]") {
  for (const std::size_t d : {1U, 5U, 9U}) {
    for (const std::size_t n : {32769U, 32770U, 32771U}) {
      const auto records = whole_records(n, d);
      const std::vector<float> parameters(parameters_size(d));
      for (const auto kind : all_losses) {
        const linreg::Loss loss{kind, linreg::Reduction::sum, 1.0};
        double sum = 0.0;
        std::vector<double> slopes(parameters_size(d));
        for (std::size_t i = 0; i < n; ++i) {
          const float* row = &records[i * (d + 1)];
          const double residual = -static_cast<double>(row[d]);
          const double slope = linreg::test::slope_of(loss, residual);
          sum += linreg::test::loss_of(loss, residual);
          for (std::size_t j = 0; j < d; ++j) slopes[j] += slope * static_cast<double>(row[j]);
          slopes[bias_position(d)] += slope;
        }
        const std::vector<float> expected(slopes.begin(), slopes.end());
        for (const auto* table : available_kernels()) {
          INFO(table->name << ", " << linreg::loss_names[static_cast<std::size_t>(kind)] << ", " << n << " x " << d);
          const linreg::Rows rows{records.data(), d, n};
          std::vector<float> gradient(parameters_size(d));
          CHECK(table->gradient(rows, {nullptr, n}, parameters.data(), kind, 1.0, 1.0F, gradient.data()) ==
                static_cast<float>(sum));
          CHECK(difference(gradient, expected) == "");
          CHECK(table->loss(rows, {nullptr, n}, parameters.data(), kind, 1.0) == static_cast<float>(sum));
        }
      }
    }
  }
}
