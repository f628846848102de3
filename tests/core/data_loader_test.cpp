#include "linreg/data_loader.hpp"

#include <catch2/catch_all.hpp>
#include <numeric>

#include "random.hpp"
#include "support.hpp"

using linreg::DataLoader;
using linreg::Generator;
using linreg::test::difference;

namespace {

struct Epoch {
  std::vector<std::size_t> sizes;
  std::vector<std::uint32_t> rows;
};

/// Takes batches until there is none, and checks at each what is said of the rest.
Epoch take(DataLoader& loader, std::uint64_t batch_size, bool drop_last) {
  Epoch epoch;
  for (;;) {
    const bool done = loader.done(batch_size, drop_last);
    const auto left = loader.remaining(batch_size, drop_last);
    CHECK(done == (left == 0));
    const auto batch = loader.next(batch_size, drop_last);
    CHECK(batch.empty() == done);
    if (batch.empty()) return epoch;
    CHECK(loader.remaining(batch_size, drop_last) == left - 1);
    epoch.sizes.push_back(batch.size());
    epoch.rows.insert(epoch.rows.end(), batch.begin(), batch.end());
  }
}

std::vector<std::uint32_t> in_order(std::size_t n) {
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

}  // namespace

TEST_CASE("batches cover the rows", "[data_loader]") {
  for (const std::size_t n : {1U, 2U, 3U, 10U, 11U, 100U}) {
    for (const std::uint64_t batch_size :
         {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{10}, std::uint64_t{11}, std::uint64_t{1} << 32,
          std::uint64_t{1000000000000000000}, ~std::uint64_t{0}}) {
      for (const bool drop_last : {false, true}) {
        for (const bool shuffle : {false, true}) {
          INFO(n << " rows by " << batch_size << (drop_last ? ", drop_last" : "") << (shuffle ? ", shuffle" : ""));
          Generator generator(1);
          DataLoader loader(n);
          loader.begin(generator, shuffle);
          Epoch epoch = take(loader, batch_size, drop_last);

          const std::size_t size = batch_size > n ? n + 1 : static_cast<std::size_t>(batch_size);
          const std::size_t full = n / size;
          const std::size_t rest = n % size;
          std::vector<std::size_t> sizes(full, size);
          if (rest != 0 && !drop_last) sizes.push_back(rest);
          CHECK(epoch.sizes == sizes);
          CHECK(DataLoader::batches(n, batch_size, drop_last) == sizes.size());

          if (!drop_last) {
            if (shuffle) std::ranges::sort(epoch.rows);
            CHECK(difference(epoch.rows, in_order(n)) == "");
          }
        }
      }
    }
  }
}

TEST_CASE("an epoch draws the workers' seed, and its own when it shuffles", "[data_loader]") {
  constexpr std::size_t n = 30;
  Generator drawn(8);
  Generator expected(8);
  DataLoader loader(n);
  for (const bool shuffle : {true, false, true, true}) {
    loader.begin(drawn, shuffle);
    expected.random();
    std::vector<std::uint32_t> rows = in_order(n);
    if (shuffle)
      Generator(static_cast<std::uint64_t>(expected.random())).randperm(rows, Generator::reciprocals(rows.size()));
    CHECK(difference(loader.next(n, false), rows) == "");
  }
  CHECK(drawn.next_u32() == expected.next_u32());
}

TEST_CASE("an epoch's order depends on nothing but what was drawn before", "[data_loader]") {
  // Epochs that are shuffled or not, are finished or not or not even begun, with other draws in between.
  constexpr std::size_t n = 50;
  linreg::test::Random random(3);
  Generator drawn(8);
  Generator expected(8);
  DataLoader loader(n);
  for (int epoch = 0; epoch < 200; ++epoch) {
    INFO("epoch " << epoch);
    const bool shuffle = random.below(4) != 0;
    loader.begin(drawn, shuffle);
    expected.random();
    std::vector<std::uint32_t> rows = in_order(n);
    if (shuffle)
      Generator(static_cast<std::uint64_t>(expected.random())).randperm(rows, Generator::reciprocals(rows.size()));
    const std::size_t taken = random.below(6) * 10;
    if (taken > 0) CHECK(difference(loader.next(taken, false), std::span(rows).first(taken)) == "");
    if (random.below(3) != 0) CHECK(difference(loader.next(n, false), std::span(rows).subspan(taken)) == "");
    if (random.below(5) == 0) CHECK(drawn.next_u32() == expected.next_u32());
    if (random.below(20) == 0) drawn = expected = Generator(random.word());
  }
}

TEST_CASE("a new batch size applies to the rows that are left", "[data_loader]") {
  Generator generator(1);
  DataLoader loader(10);
  loader.begin(generator, false);
  CHECK(difference(loader.next(4, false), std::vector<std::uint32_t>{0, 1, 2, 3}) == "");
  CHECK(loader.remaining(2, false) == 3);
  CHECK(difference(loader.next(2, false), std::vector<std::uint32_t>{4, 5}) == "");
  CHECK(loader.remaining(3, true) == 1);
  CHECK(loader.done(5, true));
  CHECK_FALSE(loader.done(5, false));
  CHECK(difference(loader.next(3, true), std::vector<std::uint32_t>{6, 7, 8}) == "");
  CHECK(loader.next(3, true).empty());
  CHECK(loader.next(1, false).empty());  // the dropped row does not come back
}

TEST_CASE("before an epoch begins there is no batch", "[data_loader]") {
  DataLoader loader(10);
  CHECK(loader.done(3, false));
  CHECK(loader.remaining(3, false) == 0);
  CHECK(loader.next(3, false).empty());
}

TEST_CASE("beyond an epoch's end there is nothing", "[data_loader]") {
  Generator generator(1);
  DataLoader loader(10);
  loader.begin(generator, true);
  const auto check_over = [&] {
    CHECK(loader.left() == 0);
    CHECK(loader.done(3, false));
    CHECK(loader.next(3, false).empty());
  };
  loader.skip(4);
  CHECK(loader.left() == 6);
  loader.skip(7);
  check_over();
  loader.skip(SIZE_MAX);
  check_over();
  loader.return_to({std::nullopt, 11});
  check_over();
  loader.return_to({5, SIZE_MAX});
  check_over();
  loader.return_to({5, 8});
  CHECK(loader.next(3, false).size() == 2);
}
