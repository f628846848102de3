#include "linreg/linear.hpp"

#include <catch2/catch_all.hpp>

#include "support.hpp"

using linreg::Generator;
using linreg::Init;
using linreg::Linear;
using linreg::test::difference;

TEST_CASE("nn.Linear draws its weights, then its bias, between -1/sqrt(d) and 1/sqrt(d)", "[linear]") {
  for (const std::size_t d : {1U, 2U, 3U, 16U, 20U, 256U}) {
    INFO("d = " << d);
    Generator generator(4);
    const Linear model = Linear::default_init(d, generator);
    const auto bound = static_cast<float>(1.0 / std::sqrt(static_cast<double>(d)));
    Generator draws(4);
    std::vector<float> values(d + 1);
    draws.uniform(values, -bound, bound);
    CHECK(difference(model, Linear{{values.begin(), values.end() - 1}, values.back()}) == "");
    CHECK(std::ranges::all_of(values, [bound](float value) { return std::abs(value) <= bound; }));
    CHECK(generator.next_u32() == draws.next_u32());
  }
}

TEST_CASE("initialisation replaces what the constructor drew, or leaves it", "[linear]") {
  for (const std::size_t d : {1U, 2U, 15U, 16U, 17U}) {
    INFO("d = " << d);
    const Linear drawn{std::vector<float>(d, 0.25F), -0.5F};
    Generator generator(6);

    Linear model = drawn;
    model.initialize(Init::default_, 0.01, generator);
    CHECK(difference(model, drawn) == "");

    model.initialize(Init::zeros, 0.01, generator);
    CHECK(difference(model, Linear{std::vector<float>(d), 0.0F}) == "");

    model = drawn;
    Generator draws(6);  // neither of the two drew a number
    std::vector<float> normals(d);
    draws.normal(normals, 0.0, 0.5);
    model.initialize(Init::normal, 0.5, generator);
    CHECK(difference(model, Linear{normals, 0.0F}) == "");
    CHECK(generator.next_u32() == draws.next_u32());
  }
}

TEST_CASE("a deviation of 0 draws as many numbers", "[linear]") {
  Generator zero(6);
  Generator one(6);
  Linear model{std::vector<float>(3), 0.0F};
  model.initialize(Init::normal, 0.0, zero);
  CHECK(std::ranges::all_of(model.weight, [](float weight) { return weight == 0.0F; }));
  model.initialize(Init::normal, 1.0, one);
  CHECK(zero.next_u32() == one.next_u32());
}
