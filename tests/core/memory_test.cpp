// What can be large asks for memory before it takes it: an allocation that fails otherwise ends in std::bad_alloc.
#include <catch2/catch_all.hpp>
#include <limits>
#include <new>

#include "linreg/analysis.hpp"
#include "support.hpp"

using linreg::ErrorCode;
using linreg::Hessian;
using linreg::LeastSquares;
using linreg::LossSurface;
using linreg::SurfaceGrid;
using linreg::test::check_refused;

namespace {

std::size_t largest_piece = std::numeric_limits<std::size_t>::max();

/// No more than so many bytes are to be had as long as this lives.
class LittleMemory {
 public:
  explicit LittleMemory(std::size_t bytes) { largest_piece = bytes; }
  ~LittleMemory() { largest_piece = std::numeric_limits<std::size_t>::max(); }
  LittleMemory(const LittleMemory&) = delete;
  LittleMemory& operator=(const LittleMemory&) = delete;
};

}  // namespace

/// The whole program's: it is what asking for memory calls.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  if (bytes > largest_piece) return nullptr;
  try {
    return ::operator new(bytes);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

TEST_CASE("where memory is short, what would be too large is refused", "[memory]") {
  const std::vector<double> weight(2);
  const std::vector<double> wide(1000);
  const SurfaceGrid grid{.width = 1024, .height = 1024};
  auto rows = *LeastSquares::create(2);
  REQUIRE(rows.add(std::vector{1.0, 2.0}, std::vector{3.0}));
  const LittleMemory megabyte(std::size_t{1} << 20);
  check_refused(LeastSquares::create(1024), ErrorCode::out_of_memory, "d", "small enough for the memory that is left");
  check_refused(Hessian::create({}, wide, 0.0), ErrorCode::out_of_memory, "d",
                "small enough for the memory that is left");
  check_refused(LossSurface::create({}, grid, weight, 0.0), ErrorCode::out_of_memory, "height",
                "few enough rows for the memory that is left");
  check_refused(LossSurface::mse(rows, {}, grid, weight, 0.0), ErrorCode::out_of_memory, "height");
  CHECK(LeastSquares::create(100));
  CHECK(Hessian::create({}, weight, 0.0));
  CHECK(LossSurface::create({}, {}, weight, 0.0));
}

TEST_CASE("an analysis that finds no memory says so", "[memory]") {
  const auto data = *linreg::make_dataset({1.0, 2.0, 3.0}, {2.0, 4.0, 7.0}, 1);
  linreg::Analysis analysis(data, linreg::StandardScaler::identity(1));
  check_refused(analysis.surface({}, {}, {{0.0}, 0.0}).finish(), ErrorCode::invalid_state, "rows");
  {
    const LittleMemory none(1000);
    CHECK(analysis.run({}, 1e9));
    REQUIRE(analysis.error());
    CHECK(analysis.error()->code == ErrorCode::out_of_memory);
    CHECK(analysis.run_fit(1e9));
    CHECK(analysis.error());
  }
  CHECK(analysis.run({}, 1e9));
  CHECK_FALSE(analysis.error());
  {
    const LittleMemory none(100);  // a robust fit's rows
    CHECK(analysis.run({.kind = linreg::LossKind::l1}, 1e9));
    REQUIRE(analysis.error());
    CHECK(analysis.error()->field == "labels");
  }
  {
    const LittleMemory none(1000);  // what Newton's steps gather their rows in
    CHECK(analysis.run({.kind = linreg::LossKind::l1}, 1e9));
    REQUIRE(analysis.error());
    CHECK(analysis.error()->code == ErrorCode::out_of_memory);
    CHECK(analysis.error()->field == "d");
  }
  CHECK(analysis.run({.kind = linreg::LossKind::l1}, 1e9));
  CHECK_FALSE(analysis.error());
}

TEST_CASE("rows for which there is no room are not appended", "[memory]") {
  auto data = *linreg::make_dataset({1.0, 2.0}, {3.0}, 2);
  const std::vector<double> features{4.0, 5.0};
  const std::vector<double> labels{6.0};
  {
    const LittleMemory none(1000);
    check_refused(linreg::append(data, features, labels), ErrorCode::out_of_memory, "labels",
                  "few enough rows for the memory that is left");
    CHECK(data.features == std::vector{1.0, 2.0});
    CHECK(data.labels == std::vector{3.0});
  }
  REQUIRE(linreg::append(data, features, labels));
  auto reserved = *linreg::reserve_dataset(1, 2);
  const LittleMemory none(1000);  // there is room already
  CHECK(linreg::append(reserved, features, labels));
}
