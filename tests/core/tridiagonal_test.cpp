#include "tridiagonal.hpp"

#include <catch2/catch_all.hpp>

#include "jacobi.hpp"
#include "random.hpp"

using Catch::Matchers::WithinRel;
using linreg::PaddedColumns;
using linreg::test::Random;

TEST_CASE("the largest eigenvalue is the square of Jacobi's largest singular value", "[tridiagonal]") {
  const std::size_t p = GENERATE(as<std::size_t>{}, 1, 2, 3, 4, 7, 8, 33, 64);
  const double decay = GENERATE(1.0, 0.5);  // of the columns' sizes
  Random random(p);
  PaddedColumns factor(p, p);
  double size = 1.0 / static_cast<double>(p);
  for (std::size_t c = 0; c < p; ++c, size *= decay) {
    for (std::size_t i = 0; i < p; ++i) factor.column(c)[i] = size * random.normal();
  }
  PaddedColumns gram(p, p);
  for (std::size_t c = 0; c < p; ++c) {
    for (std::size_t i = 0; i < p; ++i)
      gram.column(c)[i] = linreg::dot(factor.column(i), factor.column(c), factor.stride());
  }
  PaddedColumns none(0, p);
  CHECK(linreg::orthogonalise(factor, none).finish() >= 1);
  double largest = 0.0;
  for (std::size_t c = 0; c < p; ++c) largest = std::max(largest, linreg::column_norm(factor, c));
  CHECK_THAT(linreg::largest_eigenvalue(gram), WithinRel(largest * largest, 1e-13));
}

TEST_CASE("diagonal, zero and no matrices", "[tridiagonal]") {
  PaddedColumns diagonal(3, 3);
  diagonal.column(0)[0] = 0.25;
  diagonal.column(1)[1] = 1.0;
  CHECK(linreg::largest_eigenvalue(diagonal) == 1.0);
  PaddedColumns zero(4, 4);
  CHECK(linreg::largest_eigenvalue(zero) == 0.0);
  PaddedColumns none(0, 0);
  CHECK(linreg::largest_eigenvalue(none) == 0.0);
}
