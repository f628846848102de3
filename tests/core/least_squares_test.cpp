#include "linreg/least_squares.hpp"

#include <array>
#include <catch2/catch_all.hpp>
#include <limits>
#include <numeric>

#include "linreg/refinement.hpp"
#include "regression_data.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using linreg::ErrorCode;
using linreg::LeastSquares;
using linreg::LeastSquaresFit;
using linreg::Refinement;
using linreg::test::Problem;
using linreg::test::Random;
using linreg::test::random_problem;
using linreg::test::strd;

namespace {

LeastSquares gathered(const Problem& problem, bool intercept = true, std::size_t block = 1000000) {
  auto rows = LeastSquares::create(problem.d, intercept);
  REQUIRE(rows);
  for (std::size_t first = 0; first < problem.n(); first += block) {
    const std::size_t count = std::min(block, problem.n() - first);
    REQUIRE(rows->add({problem.features.data() + first * problem.d, count * problem.d},
                      {problem.labels.data() + first, count}));
  }
  return std::move(*rows);
}

LeastSquaresFit fitted(const Problem& problem, bool intercept = true, std::size_t block = 1000000) {
  auto fit = gathered(problem, intercept, block).solve();
  REQUIRE(fit);
  return *fit;
}

void check_finite(const LeastSquaresFit& fit) {
  for (const double w : fit.weight) CHECK(std::isfinite(w));
  for (const auto& se : fit.weight_se) CHECK((!se || std::isfinite(*se)));
  CHECK(std::isfinite(fit.bias));
  CHECK((!fit.bias_se || std::isfinite(*fit.bias_se)));
  CHECK(std::isfinite(fit.residual_norm));
  CHECK((!fit.residual_std || std::isfinite(*fit.residual_std)));
  CHECK((!fit.r2 || (*fit.r2 >= 0.0 && *fit.r2 <= 1.0)));
  CHECK(std::isfinite(fit.condition));
}

/// The same fit but for roundings, amplified by the condition of well-behaved test data.
void check_same(const LeastSquaresFit& a, const LeastSquaresFit& b, double tolerance = 1e-12) {
  REQUIRE(a.weight.size() == b.weight.size());
  CHECK(a.n == b.n);
  CHECK(a.rank == b.rank);
  CHECK(a.dependent == b.dependent);
  for (std::size_t j = 0; j < a.weight.size(); ++j) {
    CHECK_THAT(a.weight[j], WithinAbs(b.weight[j], tolerance));
    REQUIRE(a.weight_se[j].has_value() == b.weight_se[j].has_value());
    if (a.weight_se[j]) CHECK_THAT(*a.weight_se[j], WithinRel(*b.weight_se[j], tolerance));
  }
  CHECK_THAT(a.bias, WithinAbs(b.bias, tolerance));
  CHECK_THAT(a.residual_norm, WithinRel(b.residual_norm, tolerance));
}

}  // namespace

TEST_CASE("certified data: no set loses its rank, and only Filip is called ill-conditioned", "[least_squares][strd]") {
  const std::string name = GENERATE("Norris", "Longley", "Wampler1", "Wampler5", "Pontius", "NoInt1", "Filip");
  CAPTURE(name);
  const auto set = strd(name);
  const auto fit = fitted(set.problem, set.intercept, GENERATE(as<std::size_t>{}, 1, 7, 1000));
  CHECK(fit.rank == set.coef.size());
  CHECK(fit.ill_conditioned == (name == "Filip"));
  CHECK_FALSE(fit.refined);
}

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

TEST_CASE("dependent columns are named and the others fitted without them", "[least_squares]") {
  const std::size_t n = GENERATE(as<std::size_t>{}, 12, 300, 20000);
  auto problem = random_problem(31, n, 6, 0.1);
  for (std::size_t i = 0; i < n; ++i) {
    double* row = &problem.features[i * 6];
    row[1] = 7.3;                          // constant
    row[3] = row[0] / 3.0 - 2.0 * row[2];  // a combination
    row[5] = 1e6 * row[4] + 0.1;           // a combination with the constant, in other units
  }
  const auto fit = fitted(problem, true, GENERATE(as<std::size_t>{}, 1, 50, 100000));
  CHECK(fit.dependent == std::vector<std::size_t>{1, 3, 5});
  CHECK(fit.rank == 4);
  CHECK_FALSE(fit.unique);
  CHECK_FALSE(fit.ill_conditioned);
  for (const std::size_t j : fit.dependent) {
    CHECK(fit.weight[j] == 0.0);
    CHECK_FALSE(fit.weight_se[j]);
  }
  Problem independent{3, {}, problem.labels};
  for (std::size_t i = 0; i < n; ++i) {
    for (const std::size_t j : std::array<std::size_t, 3>{0, 2, 4}) independent.features.push_back(problem.x(i, j));
  }
  const auto alone = fitted(independent);
  CHECK(alone.unique);
  for (std::size_t k = 0; k < 3; ++k) CHECK_THAT(fit.weight[2 * k], WithinRel(alone.weight[k], 1e-10));
  CHECK_THAT(fit.residual_norm, WithinRel(alone.residual_norm, 1e-10));
  const auto refined = linreg::refine(gathered(problem), problem.features, problem.labels);
  CHECK(refined->refined);
  CHECK(refined->dependent == fit.dependent);
}

TEST_CASE("zeros, duplicates and an intercept of the user's own", "[least_squares]") {
  Problem problem{3, {}, {}};
  Random random(41);
  for (std::size_t i = 0; i < 30; ++i) {
    const double x = random.normal();
    problem.features.insert(problem.features.end(), {0.0, x, x});
    problem.labels.push_back(2.0 * x + 1.0 + 0.1 * random.normal());
  }
  CHECK(fitted(problem).dependent == std::vector<std::size_t>{0, 2});
  for (std::size_t i = 0; i < 30; ++i) problem.features[3 * i] = 1.0;
  CHECK(fitted(problem, true).dependent == std::vector<std::size_t>{0, 2});
  const auto fit = fitted(problem, false);  // without an intercept the constant column is one
  CHECK(fit.dependent == std::vector<std::size_t>{2});
  CHECK(fit.bias == 0.0);
  CHECK_FALSE(fit.bias_se);
}

TEST_CASE("few rows and few columns", "[least_squares]") {
  SECTION("one row") {
    const auto fit = fitted({2, {3.0, -1.0}, {5.0}});
    CHECK(fit.bias == 5.0);
    CHECK(fit.weight == std::vector<double>{0.0, 0.0});
    CHECK(fit.rank == 1);
    CHECK_FALSE(fit.unique);
    CHECK_FALSE(fit.residual_std);
    CHECK_FALSE(fit.r2);
    CHECK_FALSE(fit.bias_se);
    CHECK(fit.residual_norm == 0.0);
  }
  SECTION("two rows, one column") {
    const auto fit = fitted({1, {1.0, 2.0}, {10.0, 13.0}});
    CHECK_THAT(fit.weight[0], WithinRel(3.0, 1e-14));
    CHECK_THAT(fit.bias, WithinRel(7.0, 1e-14));
    CHECK(fit.unique);
    CHECK_FALSE(fit.r2);
    CHECK_FALSE(fit.weight_se[0]);
  }
  SECTION("n below d") {
    const std::size_t n = GENERATE(as<std::size_t>{}, 2, 3, 9, 10);
    const auto problem = random_problem(51, n, 10, 1.0);
    const auto fit = fitted(problem);
    CHECK(fit.rank == n);
    CHECK(fit.dependent.size() == 10 - (n - 1));
    CHECK_FALSE(fit.residual_std);
    CHECK_FALSE(fit.r2);
    for (std::size_t i = 0; i < n; ++i) CHECK_THAT(problem.residual(i, fit.weight, fit.bias), WithinAbs(0.0, 1e-10));
    check_finite(fit);
  }
  SECTION("no features: the mean") {
    const auto fit = fitted({0, {}, {1.0, 2.0, 6.0}});
    CHECK(fit.bias == 3.0);
    CHECK_THAT(fit.residual_std.value(), WithinRel(std::sqrt(7.0), 1e-14));
    CHECK_THAT(fit.bias_se.value(), WithinRel(std::sqrt(7.0 / 3.0), 1e-14));
    CHECK(fit.r2.value() == 0.0);
  }
  SECTION("no parameters at all") {
    const auto fit = fitted({0, {}, {3.0, 4.0}}, false);
    CHECK(fit.residual_norm == 5.0);
    CHECK(fit.rank == 0);
  }
  SECTION("no rows") {
    const auto fit = LeastSquares::create(2)->solve();
    REQUIRE_FALSE(fit);
    CHECK(fit.error().code == ErrorCode::invalid_state);
    CHECK(fit.error().field == "rows");
  }
}

TEST_CASE("constant labels have no R2", "[least_squares]") {
  auto problem = random_problem(61, 40, 2, 0.0);
  std::ranges::fill(problem.labels, GENERATE(0.0, 0.1, -3e200));
  const auto fit = fitted(problem);
  CHECK_FALSE(fit.r2);
  CHECK_THAT(fit.bias, WithinRel(problem.labels[0], 1e-14));
  check_finite(fit);
}

TEST_CASE("a feature near 1e8 with spread 1 loses no digits", "[least_squares]") {
  const std::size_t block = GENERATE(as<std::size_t>{}, 1, 64, 1000);
  auto problem = random_problem(71, 400, 2, 0.5);
  for (double& x : problem.features) x = std::round(x * 4096.0) / 4096.0;  // so that adding 1e8 rounds nothing
  const auto plain = fitted(problem);
  for (std::size_t i = 0; i < problem.n(); ++i) problem.features[2 * i] += 1e8;
  const auto shifted = fitted(problem, true, block);
  CHECK(shifted.unique);
  CHECK_FALSE(shifted.ill_conditioned);
  for (std::size_t j = 0; j < 2; ++j) {
    CHECK_THAT(shifted.weight[j], WithinRel(plain.weight[j], 1e-12));
    CHECK_THAT(shifted.weight_se[j].value(), WithinRel(plain.weight_se[j].value(), 1e-12));
  }
  CHECK_THAT(shifted.bias, WithinRel(plain.bias - 1e8 * plain.weight[0], 1e-12));
}

TEST_CASE("values at the ends of float64", "[least_squares]") {
  auto problem = random_problem(81, 100, 3, 0.1);
  const auto plain = fitted(problem);
  SECTION("features and labels alike") {
    const double scale = GENERATE(1e300, 1e-300, 1e-310);
    for (double& x : problem.features) x *= scale;
    for (double& y : problem.labels) y *= scale;
    const auto fit = fitted(problem, true, GENERATE(as<std::size_t>{}, 1, 1000));
    check_finite(fit);
    if (scale < 1e-308) return;  // subnormal numbers have few digits
    for (std::size_t j = 0; j < 3; ++j) CHECK_THAT(fit.weight[j], WithinRel(plain.weight[j], 1e-9));
    CHECK_THAT(fit.bias / scale, WithinRel(plain.bias, 1e-9));
  }
  SECTION("a ratio that does not fit is refused") {
    for (double& x : problem.features) x *= 1e-300;
    for (double& y : problem.labels) y *= 1e300;
    const auto fit = gathered(problem).solve();
    REQUIRE_FALSE(fit);
    CHECK(fit.error().code == ErrorCode::invalid_data);
    CHECK(fit.error().field == "labels");
    CHECK_FALSE(Refinement::create(gathered(problem)));
  }
  SECTION("one outlier") {
    problem.features[4] = GENERATE(1e15, 1e300);
    check_finite(fitted(problem, true, GENERATE(as<std::size_t>{}, 1, 1000)));
    problem.labels[7] = 1e307;
    check_finite(fitted(problem));
  }
  SECTION("small values first, huge ones later") {
    for (std::size_t i = 0; i < 50; ++i) problem.features[3 * i] *= 1e-300;
    for (std::size_t i = 50; i < 100; ++i) problem.features[3 * i] *= 1e300;
    check_finite(fitted(problem, true, GENERATE(as<std::size_t>{}, 1, 10, 1000)));
  }
  SECTION("the largest numbers there are") {
    for (double& x : problem.features) x = std::copysign(std::numeric_limits<double>::max(), x);
    for (double& y : problem.labels) y = std::copysign(std::numeric_limits<double>::max(), y);
    const auto fit = gathered(problem).solve();
    if (fit) check_finite(*fit);
    const auto refined = linreg::refine(gathered(problem), problem.features, problem.labels);
    if (refined) check_finite(*refined);
  }
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
