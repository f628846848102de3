#include "linreg/least_squares.hpp"

#include <array>
#include <catch2/catch_all.hpp>
#include <limits>
#include <numeric>

#include "closed_form.hpp"
#include "linreg/refinement.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::ErrorCode;
using linreg::LeastSquares;
using linreg::test::check_same;
using linreg::test::fitted;
using linreg::test::gathered;
using linreg::test::Problem;
using linreg::test::Random;
using linreg::test::random_problem;
using linreg::test::strd;

TEST_CASE("every machine finds the same bits", "[least_squares][strd]") {
  const auto fit = fitted(strd("Longley").problem);
  CHECK(fit.bias == -0x1.a9149513a6f8fp+21);
  CHECK(fit.weight[3] == -0x1.08818e53dbeeep+0);
  CHECK(fit.bias_se.value() == 0x1.b2c68c4682f7cp+19);
  CHECK(fit.weight_se[5].value() == 0x1.c77a7eeb76f6ap+8);
  CHECK(fit.condition == 0x1.119d7a4658b34p+7);
}

TEST_CASE("residuals are orthogonal to the columns", "[least_squares]") {
  const std::size_t d = GENERATE(as<std::size_t>{}, 0, 1, 2, 5, 13, 64);
  const bool intercept = GENERATE(true, false);
  const auto problem = random_problem(3 + d, 300, d, 0.7);
  const auto fit = fitted(problem, intercept);
  std::vector<double> residual(problem.n());
  double squares = 0.0;
  for (std::size_t i = 0; i < problem.n(); ++i) {
    residual[i] = problem.residual(i, fit.weight, fit.bias);
    squares += residual[i] * residual[i];
  }
  CHECK_THAT(fit.residual_norm, WithinRel(std::sqrt(squares), 1e-12));
  for (std::size_t j = 0; j < d; ++j) {
    double inner = 0.0;
    double column = 0.0;
    for (std::size_t i = 0; i < problem.n(); ++i) {
      inner += residual[i] * problem.x(i, j);
      column += problem.x(i, j) * problem.x(i, j);
    }
    CHECK_THAT(inner, WithinAbs(0.0, 1e-12 * std::sqrt(column * squares)));
  }
  if (intercept) CHECK_THAT(std::accumulate(residual.begin(), residual.end(), 0.0), WithinAbs(0.0, 1e-11));
}

TEST_CASE("blocks of any size, merging in any order and permuted rows give the same fit", "[least_squares]") {
  const std::size_t d = GENERATE(as<std::size_t>{}, 1, 3, 20, 140);
  const bool intercept = GENERATE(true, false);
  const auto problem = random_problem(11, 500, d, 0.3);
  const auto whole = fitted(problem, intercept);

  SECTION("blocks") {
    check_same(fitted(problem, intercept, GENERATE(as<std::size_t>{}, 1, 2, 125, 126, 127, 333)), whole);
  }
  SECTION("merging") {
    std::vector<LeastSquares> parts;
    for (const auto& [first, last] :
         std::vector<std::pair<std::size_t, std::size_t>>{{0, 1}, {1, 100}, {100, 100}, {100, 500}}) {
      auto part = LeastSquares::create(d, intercept);
      REQUIRE(part->add({problem.features.data() + first * d, (last - first) * d},
                        {problem.labels.data() + first, last - first}));
      parts.push_back(std::move(*part));
    }
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
      auto merged = LeastSquares::create(d, intercept);
      for (const std::size_t k : order) REQUIRE(merged->merge(parts[k]));
      check_same(*merged->solve(), whole);
    } while (std::next_permutation(order.begin(), order.end()));
  }
  SECTION("merging with itself is seeing every row twice") {
    auto twice = gathered(problem, intercept);
    REQUIRE(twice.merge(twice));
    const auto fit = twice.solve();
    CHECK(fit->n == 2 * problem.n());
    for (std::size_t j = 0; j < d; ++j) CHECK_THAT(fit->weight[j], WithinAbs(whole.weight[j], 1e-12));
    CHECK_THAT(fit->residual_norm, WithinRel(std::sqrt(2.0) * whole.residual_norm, 1e-12));
  }
  SECTION("permuted rows") {
    Random random(5);
    std::vector<std::size_t> order(problem.n());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i-- > 1;) std::swap(order[i], order[random.below(i + 1)]);
    Problem shuffled{d, {}, {}};
    for (const std::size_t i : order) {
      for (std::size_t j = 0; j < d; ++j) shuffled.features.push_back(problem.x(i, j));
      shuffled.labels.push_back(problem.labels[i]);
    }
    check_same(fitted(shuffled, intercept), whole);
  }
}

TEST_CASE("what one machine has learnt another goes on with", "[least_squares]") {
  const bool intercept = GENERATE(true, false);
  const auto problem = random_problem(11, 900, 4, 0.3);
  const std::span<const double> features(problem.features);
  const std::span<const double> labels(problem.labels);
  auto here = LeastSquares::create(4, intercept);
  REQUIRE(here->add(features.first(4 * 500), labels.first(500)));
  auto there = LeastSquares::from_state(here->state());
  REQUIRE(there);
  for (auto* rows : {&*here, &*there}) REQUIRE(rows->add(features.subspan(4 * 500), labels.subspan(500)));
  CHECK(here->state().factor == there->state().factor);
  CHECK(here->state().mean == there->state().mean);
  CHECK(here->solve()->weight == there->solve()->weight);

  const auto refused = [&](auto damage) {
    auto state = here->state();
    damage(state);
    const auto made = LeastSquares::from_state(std::move(state));
    return !made && made.error().code == ErrorCode::invalid_data && made.error().field == "state";
  };
  CHECK(refused([](auto& state) { state.d = 3; }));
  CHECK(refused([](auto& state) { state.factor.pop_back(); }));
  CHECK(refused([](auto& state) { state.mean[2] = std::numeric_limits<double>::quiet_NaN(); }));
  CHECK(refused([](auto& state) { state.mean_low.clear(); }));
  CHECK(refused([](auto& state) { state.exponent[0] = 1 << 20; }));
  CHECK(refused([](auto& state) { state.n = (std::uint64_t{1} << 53) + 1; }));
  CHECK(refused([](auto& state) { state.n = std::numeric_limits<std::uint64_t>::max(); }));
  CHECK(refused([](auto& state) { state.n = 0; }));
  CHECK(refused([](auto& state) { state.factor[1] = 1.0; }));  // below the diagonal
  CHECK(refused([](auto& state) { state.mean[1] = 5.0; }) != intercept);
  CHECK(refused([](auto& state) { state.mean_low[4] = 1e-20; }) != intercept);
  CHECK(LeastSquares::from_state(LeastSquares::create(4, intercept)->state()));
}

TEST_CASE("an accumulator that forgot its rows is as a new one", "[least_squares]") {
  const bool intercept = GENERATE(true, false);
  auto used = gathered(random_problem(12, 300, 3, 0.3), intercept);
  used.clear();
  const auto refused = used.solve();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().field == "rows");
  const auto problem = random_problem(13, 300, 3, 0.3);
  REQUIRE(used.add(problem.features, problem.labels));
  const auto fresh = gathered(problem, intercept);
  CHECK(used.state().n == 300);
  CHECK(used.state().factor == fresh.state().factor);
  CHECK(used.state().mean == fresh.state().mean);
  CHECK(used.state().mean_low == fresh.state().mean_low);
  CHECK(used.state().exponent == fresh.state().exponent);
}

TEST_CASE("columns scaled by powers of two change no digit", "[least_squares]") {
  const auto problem = random_problem(21, 200, 4, 0.2);
  const auto plain = fitted(problem);
  Problem scaled = problem;
  const int powers[] = {900, -900, 0, 31};
  for (std::size_t i = 0; i < scaled.features.size(); ++i)
    scaled.features[i] = std::ldexp(scaled.features[i], powers[i % 4]);
  for (double& y : scaled.labels) y = std::ldexp(y, 40);
  const auto fit = fitted(scaled);
  for (std::size_t j = 0; j < 4; ++j) {
    CHECK(fit.weight[j] == std::ldexp(plain.weight[j], 40 - powers[j]));
    CHECK(fit.weight_se[j].value() == std::ldexp(plain.weight_se[j].value(), 40 - powers[j]));
  }
  CHECK(fit.bias == std::ldexp(plain.bias, 40));
  CHECK(fit.r2 == plain.r2);
  CHECK(fit.condition == plain.condition);
}

TEST_CASE("what is refused leaves the accumulator as it was", "[least_squares]") {
  const auto problem = random_problem(91, 300, 2, 0.1);
  auto rows = gathered(problem);
  const auto before = rows.state();
  const double bad = GENERATE(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity());
  const std::size_t at = GENERATE(as<std::size_t>{}, 0, 1, 2, 301, 599);
  auto features = problem.features;
  auto labels = problem.labels;

  features[at] = bad;
  auto result = rows.add(features, labels);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::invalid_data);
  CHECK(result.error().field == "features[" + std::to_string(300 + at / 2) + "][" + std::to_string(at % 2) + "]");
  labels[at / 2] = bad;
  result = rows.add(problem.features, labels);
  REQUIRE_FALSE(result);
  CHECK(result.error().field == "labels[" + std::to_string(300 + at / 2) + "]");
  result = rows.add(std::span(problem.features).first(7), problem.labels);
  REQUIRE_FALSE(result);
  CHECK(result.error().field == "features");

  CHECK_FALSE(rows.merge(*LeastSquares::create(3)));
  CHECK_FALSE(rows.merge(*LeastSquares::create(2, false)));
  CHECK(rows.state().n == before.n);
  CHECK(rows.state().factor == before.factor);
  CHECK(rows.state().mean == before.mean);

  CHECK(LeastSquares::create(LeastSquares::max_columns));
  const auto wide = LeastSquares::create(LeastSquares::max_columns + 1);
  REQUIRE_FALSE(wide);
  CHECK(wide.error().code == ErrorCode::out_of_memory);
}

TEST_CASE("columns shifted keep means of twofold precision, rescaled by powers of two every bit", "[least_squares]") {
  const auto problem = random_problem(103, 300, 2, 0.4);
  const auto rows = gathered(problem);
  const auto before = rows.state();
  REQUIRE(std::ranges::none_of(before.mean_low, [](double low) { return low == 0.0; }));
  const std::vector<double> none(3);
  const auto same = [&](const LeastSquares& got, std::array<int, 3> powers) {
    CHECK(got.state().factor == before.factor);
    CHECK(got.state().mean == before.mean);
    CHECK(got.state().mean_low == before.mean_low);
    for (std::size_t c = 0; c < 3; ++c) CHECK(got.state().exponent[c] == before.exponent[c] - powers[c]);
  };
  same(rows.rescaled(none, std::vector{1.0, 1.0, 1.0}), {0, 0, 0});
  same(rows.rescaled(none, std::vector{0x1p900, 0x1p-900, 8.0}), {900, -900, 3});

  // Shifted by its own mean as float64 has it, a column's mean is what that lacked.
  std::vector<double> shift(3);
  for (std::size_t c = 0; c < 3; ++c) shift[c] = std::ldexp(before.mean[c], before.exponent[c]);
  const auto centred = rows.rescaled(shift, std::vector{1.0, 1.0, 1.0});
  CHECK(centred.state().mean == before.mean_low);
  std::ranges::for_each(shift, [](double& x) { x = -x; });
  same(centred.rescaled(shift, std::vector{1.0, 1.0, 1.0}), {0, 0, 0});
}

TEST_CASE("the design's factor has the design's sums of products", "[least_squares]") {
  const bool intercept = GENERATE(true, false);
  const auto problem = random_problem(101, 77, 3, 0.4);
  const auto design = gathered(problem, intercept, 20).design_factor();
  std::vector<std::vector<double>> columns(3, std::vector<double>(problem.n()));
  for (std::size_t i = 0; i < problem.n(); ++i) {
    for (std::size_t j = 0; j < 3; ++j) columns[j][i] = problem.x(i, j);
  }
  if (intercept) columns.emplace_back(problem.n(), 1.0);
  columns.push_back(problem.labels);
  REQUIRE(design.columns == columns.size());
  for (std::size_t a = 0; a < design.columns; ++a) {
    for (std::size_t b = 0; b < design.columns; ++b) {
      double product = 0.0;
      for (std::size_t i = 0; i < design.columns; ++i) {
        product += design.values[a * design.columns + i] * design.values[b * design.columns + i];
      }
      const double exact = std::inner_product(columns[a].begin(), columns[a].end(), columns[b].begin(), 0.0);
      CHECK_THAT(std::ldexp(product, design.exponent[a] + design.exponent[b]), WithinAbs(exact, 1e-12 * 77.0));
    }
  }
}
