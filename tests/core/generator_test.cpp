#include "linreg/generator.hpp"

#include <catch2/catch_all.hpp>
#include <limits>
#include <numeric>
#include <random>

#include "fixtures.hpp"
#include "normal_oracle.hpp"
#include "random.hpp"
#include "support.hpp"

using linreg::Generator;
using linreg::test::difference;
using linreg::test::floats;
using linreg::test::Random;

namespace {

std::vector<float> normals(Generator& generator, std::size_t count, double mean = 0.0, double std = 1.0) {
  std::vector<float> values(count);
  generator.normal(values, mean, std);
  return values;
}

std::vector<float> uniforms(Generator& generator, std::size_t count) {
  std::vector<float> values(count);
  generator.uniform(values, 0.0F, 1.0F);
  return values;
}

std::vector<std::uint32_t> permutation(Generator& generator, std::size_t count) {
  std::vector<std::uint32_t> values(count);
  generator.randperm(values, Generator::reciprocals(values.size()));
  return values;
}

/// PyTorch's randperm, word by word and remainder by remainder.
std::vector<std::uint32_t> plain_permutation(std::mt19937& words, std::uint32_t count) {
  std::vector<std::uint32_t> values(count);
  std::iota(values.begin(), values.end(), 0U);
  for (std::uint32_t i = 0; i + 1 < count; ++i) std::swap(values[i], values[i + words() % (count - i)]);
  return values;
}

/// The word of the state that MT19937 turns into this one: what tempering shifts in is undone a few bits at a time.
std::uint32_t state_of(std::uint32_t given) {
  std::uint32_t y = given ^ (given >> 18);
  y ^= (y << 15) & 0xefc60000U;
  std::uint32_t x = y;
  for (int i = 0; i < 4; ++i) x = y ^ ((x << 7) & 0x9d2c5680U);
  y = x;
  for (int i = 0; i < 2; ++i) x = y ^ (x >> 11);
  return x;
}

}  // namespace

TEST_CASE("words are MT19937's", "[generator]") {
  Generator generator(5489);
  CHECK(generator.next_u32() == 3499211612U);
  CHECK(generator.next_u32() == 581869302U);
  CHECK(generator.next_u32() == 3890346734U);
  CHECK(generator.next_u32() == 3586334585U);
  CHECK(generator.next_u32() == 545404204U);
  for (int i = 5; i < 9999; ++i) generator.next_u32();
  CHECK(generator.next_u32() == 4123659995U);  // the 10000th, as the C++ standard gives it

  for (const std::uint32_t seed : {0U, 1U, 42U, 0x80000000U, 0xffffffffU}) {
    Generator ours(seed);
    std::mt19937 standard(seed);
    std::vector<std::uint32_t> words(3000);
    std::vector<std::uint32_t> expected(3000);
    std::ranges::generate(words, [&] { return ours.next_u32(); });
    std::ranges::generate(expected, [&] { return static_cast<std::uint32_t>(standard()); });
    CHECK(difference(words, expected) == "");
  }
}

TEST_CASE("only the low 32 bits of a seed are used", "[generator]") {
  for (const std::uint64_t high : {std::uint64_t{1} << 32, std::uint64_t{1} << 63, ~std::uint64_t{0} << 32}) {
    Generator low(12345);
    Generator both(high + 12345);
    for (int i = 0; i < 700; ++i) REQUIRE(both.next_u32() == low.next_u32());
  }
}

TEST_CASE("generators that are seeded side by side are as if seeded alone", "[generator]") {
  const std::array<std::uint64_t, Generator::side_by_side> seeds{
      0, 1, 42, 5489, 0xffffffff, (std::uint64_t{1} << 32) + 7, 1 << 20, 3};
  std::vector<Generator> generators(seeds.size(), Generator(99));
  for (auto& generator : generators) {  // used before, with half a pair of normals left over
    std::array<float, 3> normals;
    generator.normal(normals, 0.0, 1.0);
  }
  Generator::seed(std::span<Generator, Generator::side_by_side>(generators), seeds);
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    Generator alone(seeds[i]);
    std::array<float, 3> normals;
    std::array<float, 3> expected;
    generators[i].normal(normals, 0.0, 1.0);
    alone.normal(expected, 0.0, 1.0);
    CHECK(normals == expected);
    for (int k = 0; k < 1000; ++k) REQUIRE(generators[i].next_u32() == alone.next_u32());
  }
}

TEST_CASE("64 bits are two words, the first of them the high half", "[generator]") {
  Generator ours(3);
  std::mt19937 words(3);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t high = words();
    const std::uint64_t expected = (high << 32) | words();
    if (i % 2 == 0) {
      REQUIRE(ours.next_u64() == expected);
    } else {
      REQUIRE(ours.random() == static_cast<std::int64_t>(expected & ~(std::uint64_t{1} << 63)));
    }
  }
}

TEST_CASE("streams are PyTorch's", "[generator][pytorch]") {
  for (const auto& stream : linreg::test::read_fixture("pytorch.json")["streams"]) {
    const auto seed = stream["seed"].get<std::uint64_t>();
    INFO("seed " << seed);
    Generator generator(seed);
    for (const auto& expected : stream["random_int64"])
      CHECK(std::to_string(generator.random()) == expected.get<std::string>());
    CHECK(difference(uniforms(generator, 5), floats(stream["rand_float32"])) == "");
    for (const auto& expected : stream["rand_float64"]) {
      CHECK(static_cast<double>(generator.next_u64() & ((std::uint64_t{1} << 53) - 1)) * 0x1p-53 ==
            expected.get<double>());
    }
    for (const auto& drawn : stream["randn"]) {
      INFO("randn of " << drawn["size"]);
      CHECK(difference(normals(generator, drawn["size"]), floats(drawn["values"])) == "");
    }
    for (const auto& drawn : stream["randperm"]) {
      INFO("randperm of " << drawn["size"]);
      CHECK(difference(permutation(generator, drawn["size"]), drawn["values"].get<std::vector<std::uint32_t>>()) == "");
    }
  }
}

TEST_CASE("uniforms take the low 24 bits of a word each", "[generator]") {
  Generator ours(11);
  std::mt19937 words(11);
  for (const std::size_t count : {0U, 1U, 3U, 16U, 617U, 624U, 625U, 5000U}) {
    std::vector<float> expected(count);
    std::ranges::generate(expected, [&] { return static_cast<float>(words() & 0xffffffU) * 0x1p-24F; });
    CHECK(difference(uniforms(ours, count), expected) == "");
  }
}

TEST_CASE("uniforms lie between their bounds", "[generator]") {
  Generator ours(12);
  std::mt19937 words(12);
  std::vector<float> values(10000);
  ours.uniform(values, -0.25F, 3.0F);
  for (const float value : values) {
    // One rounding: x * (to - from) is exact in float64.
    const float x = static_cast<float>(words() & 0xffffffU) * 0x1p-24F;
    REQUIRE(value == static_cast<float>(static_cast<double>(x) * 3.25 - 0.25));
    REQUIRE(value >= -0.25F);
    REQUIRE(value <= 3.0F);
  }
}

TEST_CASE("permutations are PyTorch's for every size up to 5000", "[generator]") {
  Generator ours(2023);
  std::mt19937 words(2023);
  for (std::uint32_t n = 0; n <= 5000; ++n) {
    const std::string found = difference(permutation(ours, n), plain_permutation(words, n));
    if (!found.empty()) FAIL("n = " << n << ": " << found);
  }
  CHECK(ours.next_u32() == words());  // as many words were used
}

TEST_CASE("permutations are PyTorch's for large sizes", "[generator]") {
  Random random(1);
  std::vector<std::size_t> sizes{65535, 65536, 65537, 1000000, 10000000};
  for (int i = 0; i < 5; ++i) sizes.push_back(5000 + random.below(300000));
  for (const std::size_t n : sizes) {
    const auto seed = static_cast<std::uint32_t>(random.word());
    Generator ours(seed);
    std::mt19937 words(seed);
    INFO("n = " << n << ", seed = " << seed);
    CHECK(difference(permutation(ours, n), plain_permutation(words, static_cast<std::uint32_t>(n))) == "");
    CHECK(ours.next_u32() == words());
  }
}

TEST_CASE("fewer than 16 normals come in pairs, the second of which is kept", "[generator]") {
  SECTION("however they are asked for") {
    Generator all(5);
    Generator pieces(5);
    const auto expected = normals(all, 15);
    std::vector<float> got;
    for (const std::size_t count : {1U, 2U, 3U, 4U, 5U}) {
      for (const float value : normals(pieces, count)) got.push_back(value);
    }
    CHECK(difference(got, expected) == "");
    CHECK(pieces.next_u32() == all.next_u32());
  }
  SECTION("across other draws") {
    Generator plain(5);
    const auto pair = normals(plain, 2);
    Generator mixed(5);
    CHECK(normals(mixed, 1)[0] == pair[0]);
    uniforms(mixed, 3);
    normals(mixed, 16);
    permutation(mixed, 10);
    CHECK(normals(mixed, 1)[0] == pair[1]);
  }
  SECTION("in the scale of the second call") {
    Generator plain(5);
    const auto pair = normals(plain, 2);
    Generator scaled(5);
    normals(scaled, 1);
    CHECK_THAT(normals(scaled, 1, 10.0, 2.0)[0], Catch::Matchers::WithinRel(10.0F + 2.0F * pair[1], 1e-6F));
  }
  SECTION("but not for another generator") {
    Generator first(5);
    normals(first, 1);
    Generator fresh(5);
    CHECK(normals(fresh, 1)[0] != normals(first, 1)[0]);
  }
}

TEST_CASE("no normals draw nothing", "[generator]") {
  Generator ours(5);
  normals(ours, 0);
  permutation(ours, 0);
  permutation(ours, 1);
  CHECK(ours.next_u32() == Generator(5).next_u32());
}

TEST_CASE("from 16 normals on every value takes one word, and a last short block 16 more", "[generator]") {
  for (const std::size_t count : {16U, 17U, 31U, 32U, 33U, 1000U}) {
    INFO(count << " normals");
    Generator ours(9);
    std::mt19937 words(9);
    const auto values = normals(ours, count);
    words.discard(count + (count % 16 == 0 ? 0 : 16));
    CHECK(ours.next_u32() == words());
    CHECK(std::ranges::all_of(values, [](float value) { return std::isfinite(value); }));
  }
}

TEST_CASE("the last 16 of a size that is no multiple of 16 are drawn afresh", "[generator]") {
  Generator longer(9);
  const auto values = normals(longer, 40);
  Generator whole(9);
  const auto first = normals(whole, 32);
  CHECK(difference(std::span(values).first(24), std::span(first).first(24)) == "");
  uniforms(whole, 8);
  CHECK(difference(std::span(values).last(16), normals(whole, 16)) == "");
}

TEST_CASE("normals have a normal distribution's moments", "[generator]") {
  constexpr std::size_t count = 1000000;
  const auto check_moments = [](const std::vector<float>& values) {
    std::array<double, 4> moments{};
    std::size_t beyond_two = 0;
    for (const float value : values) {
      double power = 1.0;
      for (double& moment : moments) moment += power *= static_cast<double>(value);
      if (std::abs(value) > 2.0F) ++beyond_two;
    }
    // Five standard errors of each.
    const auto n = static_cast<double>(values.size());
    const double root = std::sqrt(n);
    CHECK(std::abs(moments[0] / n) < 5.0 / root);
    CHECK(std::abs(moments[1] / n - 1.0) < 5.0 * std::sqrt(2.0) / root);
    CHECK(std::abs(moments[2] / n) < 5.0 * std::sqrt(15.0) / root);
    CHECK(std::abs(moments[3] / n - 3.0) < 5.0 * std::sqrt(96.0) / root);
    CHECK(std::abs(static_cast<double>(beyond_two) / n - 0.0455003) < 5.0 * 0.21 / root);
  };
  Generator generator(1);
  check_moments(normals(generator, count));
  std::vector<float> pairs;
  for (std::size_t i = 0; i < count / 8; ++i) {
    for (const float value : normals(generator, 8)) pairs.push_back(value);
  }
  check_moments(pairs);
}

TEST_CASE("every table turns uniforms into the same normals, each step fused and rounded", "[generator][kernels]") {
  // Every 13th uniform of the 2^24 there are, the first and the last, each with angles from all round the circle.
  constexpr std::uint32_t last = (1U << 24) - 1;
  std::vector<float> drawn;
  const auto block = [&](std::uint32_t radius) {
    for (std::uint32_t j = 0; j < 16; ++j) {
      const std::uint32_t word = j < 8 ? std::min(radius + j, last) : (radius * 17 + j * 2097152U) & last;
      drawn.push_back(static_cast<float>(word) * 0x1p-24F);
    }
  };
  for (std::uint32_t radius = 0; radius < last; radius += 104) block(radius);
  block(last - 7);

  std::vector<float> expected = drawn;
  linreg::available_kernels().front()->box_muller(expected.data(), expected.size() / 16, 0.5F, 2.0F);
  for (std::size_t i = 0; i < drawn.size(); i += 16) {
    for (std::size_t j = i; j < i + 8; ++j) {
      const auto [first, second] = linreg::test::cephes::box_muller(drawn[j], drawn[j + 8], 0.5F, 2.0F);
      if (expected[j] != first || expected[j + 8] != second) {
        FAIL("uniforms " << drawn[j] << ", " << drawn[j + 8] << " of the " << i << "th: " << expected[j]
                         << " instead of " << first << ", " << expected[j + 8] << " instead of " << second);
      }
      const double radius = std::sqrt(-2.0 * std::log(1.0 - static_cast<double>(drawn[j])));
      const double angle = 2.0 * std::numbers::pi * static_cast<double>(drawn[j + 8]);
      const double error = std::max(std::abs(static_cast<double>(first) - (radius * std::cos(angle) * 2.0 + 0.5)),
                                    std::abs(static_cast<double>(second) - (radius * std::sin(angle) * 2.0 + 0.5)));
      if (!(error < 5e-6)) FAIL("uniforms " << drawn[j] << ", " << drawn[j + 8] << ": error " << error);
    }
  }
  for (const auto* table : linreg::available_kernels()) {
    INFO(table->name);
    std::vector<float> got = drawn;
    table->box_muller(got.data(), got.size() / 16, 0.5F, 2.0F);
    CHECK(difference(got, expected) == "");
    table->box_muller(got.data(), 0, 0.5F, 2.0F);
    CHECK(difference(got, expected) == "");
  }
}

TEST_CASE("every table draws exact remainders", "[generator][kernels]") {
  Random random(2);
  std::vector<std::uint32_t> words(1037);
  std::size_t compared = 0;
  for (const auto* table : linreg::available_kernels()) {
    INFO(table->name);
    for (const std::uint32_t divisor : {1038U, 1039U, 4096U, 65536U, 1000003U, 0x7fffffffU, 0x80000001U, 0xffffffffU}) {
      for (const std::size_t count : {0U, 1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 63U, 64U, 65U, 1037U}) {
        for (std::size_t i = 0; i < count; ++i) {
          // Words around multiples of the divisor, where a wrong quotient would show, and any others.
          const std::uint32_t m = divisor - static_cast<std::uint32_t>(i);
          const auto multiple = static_cast<std::uint32_t>(random.word() % (0x100000000U / m + 1) * m);
          words[i] =
              i % 2 == 0 ? multiple - static_cast<std::uint32_t>(i % 4 / 2) : static_cast<std::uint32_t>(random.word());
        }
        std::vector<std::uint32_t> reciprocals(count);
        for (std::size_t i = 0; i < count; ++i) {
          reciprocals[i] = static_cast<std::uint32_t>(0x100000000U / (divisor - static_cast<std::uint32_t>(i)));
        }
        std::vector<std::uint32_t> state(count);
        std::vector<std::uint32_t> expected(count);
        for (std::size_t i = 0; i < count; ++i) {
          state[i] = state_of(words[i]);
          expected[i] = words[i] % (divisor - static_cast<std::uint32_t>(i));
        }
        std::vector<std::uint32_t> draws(count);
        table->draw_below(state.data(), reciprocals.data(), count, divisor, draws.data());
        const std::string found = difference(draws, expected);
        if (!found.empty()) FAIL("divisor " << divisor << ", " << count << " words: " << found);
        ++compared;
      }
    }
  }
  CHECK(compared == 8 * 13 * linreg::available_kernels().size());
}
