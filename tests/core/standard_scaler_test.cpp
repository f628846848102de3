#include "linreg/standard_scaler.hpp"

#include <catch2/catch_all.hpp>
#include <limits>
#include <type_traits>

#include "random.hpp"
#include "support.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::Coefficients;
using linreg::Dataset;
using linreg::StandardScaler;
using linreg::test::Random;

namespace {

/// n rows; column j is offset[j] + spread[j] * a uniform number, the last column is the label.
Dataset data_of(std::size_t n, const std::vector<double>& offset, const std::vector<double>& spread) {
  Random random(n);
  Dataset data;
  data.d = offset.size() - 1;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= data.d; ++j) {
      (j < data.d ? data.features : data.labels).push_back(offset[j] + spread[j] * (random.uniform() - 0.5));
    }
  }
  data.names.resize(data.d);
  return data;
}

/// Checks that a scaled column has mean 0 and deviation 1.
template <class Scaled>
void check_standard(std::size_t n, Scaled scaled) {
  const auto count = static_cast<double>(n);
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    REQUIRE(std::isfinite(scaled(i)));
    sum += scaled(i);
    squares += scaled(i) * scaled(i);
  }
  CHECK_THAT(sum / count, WithinAbs(0.0, 1e-5));  // near 1e8 the mean itself is rounded to 1e-8
  CHECK_THAT(squares / count, WithinRel(1.0, 1e-9));
}

}  // namespace

// Without columns it would have no label's mean to read.
static_assert(!std::is_default_constructible_v<StandardScaler>);

TEST_CASE("the identity changes nothing", "[standard_scaler]") {
  const auto scaler = StandardScaler::identity(2);
  for (const double x : {0.0, -0.0, 1.5, -1e300, 5e-324}) {
    CHECK(scaler.transform_feature(x, 0) == x);
    CHECK(scaler.transform_feature(x, 1) == x);
    CHECK(scaler.transform_label(x) == x);
    CHECK(scaler.inverse_label(x) == x);
  }
  const auto back = scaler.inverse({{0.1, -7.0}, 3.3});
  CHECK(back.weight == std::vector<double>{0.1, -7.0});
  CHECK(back.bias == 3.3);
}

TEST_CASE("columns of any size and place get mean 0 and deviation 1", "[standard_scaler]") {
  // Ordinary columns, one near 1e8 with spread 1, the ends of the range, tiny numbers.
  const std::vector<double> offset{0, 1e8, 0, 9e306, 0, -3};
  const std::vector<double> spread{1, 1, 1.9e307, 1e306, 1e-300, 1e5};
  for (const std::size_t n : {2U, 3U, 1000U}) {
    const Dataset data = data_of(n, offset, spread);
    const auto scaler = StandardScaler::fit(data);
    for (std::size_t j = 0; j < data.d; ++j) {
      INFO("column " << j << " of " << n << " rows");
      check_standard(n, [&](std::size_t i) { return scaler.transform_feature(data.features[i * data.d + j], j); });
    }
    check_standard(n, [&](std::size_t i) { return scaler.transform_label(data.labels[i]); });
  }
}

TEST_CASE("the deviation is the population's", "[standard_scaler]") {
  const auto scaler = StandardScaler::fit(Dataset{{1, 3}, {10, 30}, 1, {"x"}});
  CHECK(scaler.transform_feature(1, 0) == -1.0);
  CHECK(scaler.transform_feature(3, 0) == 1.0);
  CHECK(scaler.transform_label(30) == 1.0);
  CHECK(scaler.inverse_label(0.5) == 25.0);
}

TEST_CASE("a constant column is only centred", "[standard_scaler]") {
  for (const double value : {0.0, 0.1, -7.3, 1e307, 1e-310, 123456789.123}) {
    for (const std::size_t n : {1U, 2U, 3U, 7U, 1000U}) {
      INFO(n << " times " << value);
      const Dataset data{std::vector<double>(n, value), std::vector<double>(n, value), 1, {"x"}};
      const auto scaler = StandardScaler::fit(data);
      CHECK(scaler.transform_feature(value, 0) == 0.0);
      CHECK(scaler.transform_label(value) == 0.0);
      CHECK(scaler.inverse_label(0.0) == value);
      const auto back = scaler.inverse({{0.5}, 0.0});
      CHECK(std::isfinite(back.weight[0]));
      CHECK(std::isfinite(back.bias));
    }
  }
}

TEST_CASE("weights come back in the data's own units", "[standard_scaler]") {
  const std::vector<double> offset{5, 1e8, -1e-3, 2e6};
  const std::vector<double> spread{2, 1, 1e-5, 3e5};
  const Dataset data = data_of(100, offset, spread);
  const auto scaler = StandardScaler::fit(data);
  const Coefficients scaled{{0.3, -1.2, 0.05}, 0.7};
  const Coefficients own = scaler.inverse(scaled);
  for (std::size_t i = 0; i < data.n(); ++i) {
    double on_scaled = scaled.bias;
    double on_own = own.bias;
    for (std::size_t j = 0; j < data.d; ++j) {
      const double x = data.features[i * data.d + j];
      on_scaled += scaled.weight[j] * scaler.transform_feature(x, j);
      on_own += own.weight[j] * x;
    }
    // The column near 1e8 takes its digits from the sum.
    CHECK_THAT(on_own, WithinRel(scaler.inverse_label(on_scaled), 1e-7));
  }
  for (const double y : {2e6, 2.1e6}) CHECK_THAT(scaler.inverse_label(scaler.transform_label(y)), WithinRel(y, 1e-15));
}

TEST_CASE("one outlier leaves every number finite", "[standard_scaler]") {
  Dataset data = data_of(100, {0, 0}, {1, 1});
  data.features[50] = 1e15;
  data.labels[50] = -1e15;
  const auto scaler = StandardScaler::fit(data);
  check_standard(100, [&](std::size_t i) { return scaler.transform_feature(data.features[i], 0); });
  const auto back = scaler.inverse({{-1.0}, 0.0});
  CHECK_THAT(back.weight[0], WithinRel(-1.0, 1e-12));
  CHECK(std::isfinite(back.bias));
}
