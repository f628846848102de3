#include "linreg/dataset.hpp"

#include <catch2/catch_all.hpp>

#include "support.hpp"

using linreg::Dataset;
using linreg::ErrorCode;
using linreg::Generator;
using linreg::make_dataset;
using linreg::synthetic_data;
using linreg::test::check_refused;
using linreg::test::infinity;
using linreg::test::not_a_number;

TEST_CASE("a data set keeps what it was given", "[dataset]") {
  const auto data = make_dataset({1, 2, 3, 4, 5, 6}, {7, 8}, 3, {"a", "", "a"});
  REQUIRE(data.has_value());
  CHECK(data->n() == 2);
  CHECK(data->d == 3);
  CHECK(data->features == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(data->labels == std::vector<double>{7, 8});
  CHECK(data->names == std::vector<std::string>{"a", "", "a"});
}

TEST_CASE("features without names get some", "[dataset]") {
  const auto data = make_dataset({1, 2, 3}, {4}, 3);
  REQUIRE(data.has_value());
  CHECK(data->names == std::vector<std::string>{"x1", "x2", "x3"});
}

TEST_CASE("shapes that do not fit are refused", "[dataset]") {
  check_refused(make_dataset({}, {}, 1), ErrorCode::invalid_data, "labels");
  check_refused(make_dataset({1, 2}, {1, 2}, 0), ErrorCode::invalid_data, "d", "a whole number from 1 to 256");
  check_refused(make_dataset(std::vector<double>(257), {1}, 257), ErrorCode::invalid_data, "d");
  check_refused(make_dataset({1, 2, 3}, {1, 2}, 2), ErrorCode::invalid_data, "features", "4 numbers: d for each label");
  check_refused(make_dataset({1, 2, 3, 4, 5}, {1, 2}, 2), ErrorCode::invalid_data, "features");
  check_refused(make_dataset({1, 2}, {1}, 2, {"only one"}), ErrorCode::invalid_data, "names",
                "2 names: one for each feature");
  const auto refused = make_dataset({1, 2, 3}, {1, 2}, 2);
  CHECK(refused.error().value == 3.0);
  // d so large that n * d would wrap around to the number of features
  check_refused(make_dataset({1, 2}, {1, 2}, (std::numeric_limits<std::size_t>::max() / 2) + 2),
                ErrorCode::invalid_data, "d");
}

TEST_CASE("sizes are limited", "[dataset]") {
  CHECK(make_dataset(std::vector<double>(linreg::max_rows), std::vector<double>(linreg::max_rows), 1).has_value());
  check_refused(make_dataset(std::vector<double>(linreg::max_rows + 1), std::vector<double>(linreg::max_rows + 1), 1),
                ErrorCode::out_of_memory, "labels");
  // The cells are counted before anything else is looked at.
  constexpr std::size_t rows = linreg::max_cells / linreg::max_features;
  check_refused(make_dataset({}, std::vector<double>(rows + 1), linreg::max_features), ErrorCode::out_of_memory,
                "labels");
  check_refused(make_dataset({}, std::vector<double>(rows), linreg::max_features), ErrorCode::invalid_data, "features");
}

TEST_CASE("numbers that cannot be used are named by their cell", "[dataset]") {
  for (const double bad : {not_a_number, infinity, -infinity, 1.0000001e307, -1e308}) {
    check_refused(make_dataset({0, 0, 0, 0, 0, bad}, {1, 2}, 3), ErrorCode::invalid_data, "features[1][2]");
    check_refused(make_dataset({bad, 0, bad, 0}, {bad, 2}, 2), ErrorCode::invalid_data, "features[0][0]");
    const auto refused = make_dataset({0, 0}, {1, bad}, 1);
    check_refused(refused, ErrorCode::invalid_data, "labels[1]", "a finite number from -1e307 to 1e307");
    CHECK(linreg::test::same_bits(refused.error().value.value_or(0.0), bad));
  }
  CHECK(make_dataset({1e307, -1e307}, {5e-324, -0.0}, 1).has_value());
}

TEST_CASE("rows are appended as long as the data stay what make_dataset accepts", "[dataset]") {
  auto data = *make_dataset({1, 2, 3, 4}, {5, 6}, 2);
  const auto refuse = [&](const std::vector<double>& features, const std::vector<double>& labels,
                          const std::string& field, const std::string& range) {
    check_refused(linreg::append(data, features, labels), ErrorCode::invalid_data, field, range);
    CHECK(data.features == std::vector<double>{1, 2, 3, 4});
    CHECK(data.labels == std::vector<double>{5, 6});
  };
  refuse({7}, {8}, "features", "2 numbers: d for each label");
  refuse({}, {8}, "features", "2 numbers: d for each label");
  refuse({7, not_a_number}, {8}, "features[2][1]", "a finite number from -1e307 to 1e307");
  REQUIRE(linreg::append(data, std::vector{7.0, 8.0}, std::vector{9.0}));
  REQUIRE(linreg::append(data, {}, {}));
  CHECK(data.features == std::vector<double>{1, 2, 3, 4, 7, 8});
  CHECK(data.labels == std::vector<double>{5, 6, 9});

  Dataset nothing;
  check_refused(linreg::append(nothing, {}, std::vector{1.0}), ErrorCode::invalid_data, "d");
  CHECK(nothing.n() == 0);
  auto empty = *linreg::reserve_dataset(3, 1);
  CHECK(linreg::append(empty, {}, {}));

  const std::vector<double> most(linreg::max_rows - 1);
  Dataset large = *make_dataset(most, most, 1);
  check_refused(linreg::append(large, most, most), ErrorCode::out_of_memory, "labels");
  CHECK(large.n() == linreg::max_rows - 1);
  CHECK(linreg::append(large, std::vector{1.0}, std::vector{1.0}));
  check_refused(linreg::append(large, std::vector{1.0}, std::vector{1.0}), ErrorCode::out_of_memory, "labels");
}

TEST_CASE("a data set's own rows may be appended to it", "[dataset]") {
  const std::size_t reserved = GENERATE(std::size_t{0}, std::size_t{100});
  auto data = *make_dataset({1, 2, 3, 4}, {5, 6}, 2);
  data.features.reserve(2 * reserved);
  data.labels.reserve(reserved);
  REQUIRE(linreg::append(data, data.features, data.labels));
  REQUIRE(linreg::append(data, std::span(data.features).subspan(2, 2), std::span(data.labels).subspan(1, 1)));
  CHECK(data.features == std::vector<double>{1, 2, 3, 4, 1, 2, 3, 4, 3, 4});
  CHECK(data.labels == std::vector<double>{5, 6, 5, 6, 6});

  auto crossed = *make_dataset({1, 2, 3}, {4, 5, 6}, 1);
  crossed.features.reserve(reserved);
  crossed.labels.reserve(reserved);
  REQUIRE(linreg::append(crossed, crossed.labels, crossed.features));
  CHECK(crossed.features == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(crossed.labels == std::vector<double>{4, 5, 6, 1, 2, 3});
}

TEST_CASE("synthetic data are the notebook's", "[dataset]") {
  const std::vector<double> true_w{2, -3.4, 0.1};
  constexpr std::size_t n = 50;
  Generator generator(3);
  const Dataset data = synthetic_data(generator, true_w, 4.2, n, 0.5);
  REQUIRE(data.n() == n);
  CHECK(data.d == 3);
  CHECK(data.names == std::vector<std::string>{"x1", "x2", "x3"});

  Generator draws(3);
  std::vector<float> features(n * 3);
  std::vector<float> noise(n);
  draws.normal(features, 0.0, 1.0);
  draws.normal(noise, 0.0, 0.5);
  for (std::size_t i = 0; i < n; ++i) {
    float label = 0.0F;
    for (std::size_t j = 0; j < 3; ++j) {
      CHECK(data.features[i * 3 + j] == static_cast<double>(features[i * 3 + j]));
      label += features[i * 3 + j] * static_cast<float>(true_w[j]);
    }
    CHECK(data.labels[i] == static_cast<double>((label + 4.2F) + noise[i]));
  }
  CHECK(generator.next_u32() == draws.next_u32());
}

TEST_CASE("noise is drawn even when there is none", "[dataset]") {
  Generator quiet(3);
  Generator noisy(3);
  const Dataset exact = synthetic_data(quiet, std::vector{2.0, -3.4}, 4.2, 20, 0.0);
  const Dataset data = synthetic_data(noisy, std::vector{2.0, -3.4}, 4.2, 20, 0.01);
  CHECK(quiet.next_u32() == noisy.next_u32());
  for (std::size_t i = 0; i < 20; ++i) {
    const float product =
        static_cast<float>(exact.features[2 * i]) * 2.0F + static_cast<float>(exact.features[2 * i + 1]) * -3.4F;
    CHECK(exact.labels[i] == static_cast<double>(product + 4.2F));
    CHECK(std::abs(data.labels[i] - exact.labels[i]) < 0.06);
  }
}
