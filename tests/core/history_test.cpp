#include "linreg/history.hpp"

#include <catch2/catch_all.hpp>

#include "support.hpp"

using linreg::Record;
using linreg::Series;

namespace {

/// Row i of a series of pairs.
std::array<float, 2> row(std::uint64_t i) { return {static_cast<float>(i), -static_cast<float>(i)}; }

void push(Series<float>& series, std::uint64_t i) {
  if (series.count_one()) series.keep(row(i));
}

Series<float> filled(std::uint64_t count, std::size_t capacity) {
  Series<float> series(2, capacity);
  for (std::uint64_t i = 0; i < count; ++i) push(series, i);
  return series;
}

Record<float> record(const Series<float>& series) {
  const auto last = row(series.count() == 0 ? 0 : series.count() - 1);
  return series.record(last);
}

/// Checks that a record is a series thinned evenly by a power of two, from row 0 to the last.
void check_thinned(const Series<float>& series, std::uint64_t count, std::size_t capacity) {
  INFO(count << " rows in a series of " << capacity);
  REQUIRE(series.count() == count);
  const auto [indices, values, told] = record(series);
  REQUIRE(values.size() == 2 * indices.size());
  REQUIRE(indices.size() <= capacity + 1);
  if (count == 0) return;
  CHECK(indices.front() == 0);
  CHECK(indices.back() == count - 1);
  const std::uint64_t stride = indices.size() > 2 ? indices[1] : count - 1;
  CHECK((stride == 0 || std::has_single_bit(stride) || indices.size() == 2));
  if (indices.size() > 2) CHECK(told == stride);
  for (std::size_t k = 0; k < indices.size(); ++k) {
    if (k + 1 < indices.size()) REQUIRE(indices[k] == k * stride);
    REQUIRE(values[2 * k] == row(indices[k])[0]);
    REQUIRE(values[2 * k + 1] == row(indices[k])[1]);
  }
}

}  // namespace

TEST_CASE("a short series is kept whole", "[history]") {
  for (std::uint64_t count = 0; count <= 16; ++count) {
    const auto series = filled(count, 16);
    check_thinned(series, count, 16);
    CHECK(record(series).indices.size() == count);
  }
}

TEST_CASE("a long series is thinned evenly and keeps its last row", "[history]") {
  for (const std::size_t capacity : {2U, 4U, 6U, 16U, 100U}) {
    for (std::uint64_t count = 0; count < 1200; ++count) check_thinned(filled(count, capacity), count, capacity);
  }
  for (const std::uint64_t count : {100000U, 1000000U, 1048575U, 1048576U, 1048577U}) {
    const auto series = filled(count, 4096);
    check_thinned(series, count, 4096);
    CHECK(record(series).indices.size() >= 2048);
  }
}

TEST_CASE("a truncated series is one that was never longer, but for how much it was thinned", "[history]") {
  for (std::uint64_t count = 0; count <= 70; ++count) {
    for (std::uint64_t keep = 0; keep <= count + 2; ++keep) {
      auto series = filled(count, 16);
      series.truncate(keep);
      check_thinned(series, std::min(count, keep), 16);
      for (std::uint64_t i = series.count(); i < 90; ++i) push(series, i);
      check_thinned(series, 90, 16);
    }
  }
}

TEST_CASE("many rows can be appended at once", "[history]") {
  const auto one_by_one = filled(5000, 16);
  for (const unsigned size : {0U, 1U, 7U, 16U, 100U, 5000U}) {
    Series<float> at_once(2, 16);
    while (at_once.count() < 5000) {
      const std::uint64_t first = at_once.count();
      at_once.append(static_cast<std::size_t>(std::min<std::uint64_t>(std::max(size, 1U), 5000 - first)),
                     [&](std::size_t i) { return row(first + i); });
      at_once.append(0, [](std::size_t) { return std::array<float, 2>{}; });
    }
    CHECK(linreg::test::difference(record(at_once), record(one_by_one)) == "");
  }
}

TEST_CASE("an emptied series starts anew", "[history]") {
  auto series = filled(1000, 16);
  series.truncate(0);
  for (std::uint64_t i = 0; i < 16; ++i) push(series, i);
  CHECK(record(series).indices.size() == 16);
}
