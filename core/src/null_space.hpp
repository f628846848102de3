// Where columns depend on each other: the directions along which weights move and no prediction does.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "basic_solution.hpp"
#include "linreg/least_squares.hpp"

namespace linreg {

class NullSpace {
 public:
  NullSpace(const LeastSquaresState& state, const BasicSolution& basic);

  /// Whether the weight of this column moves along some direction. That of a constant column does not: it is 0.
  [[nodiscard]] bool moves(std::size_t column) const noexcept;
  /// Takes out of d weights, in the data's units, what lies along the directions. What remains are, of all weights with these
  /// predictions, those with the least sum of squares.
  void remove_from(std::span<double> weight) const;
  /// About what that takes.
  [[nodiscard]] double flops() const noexcept;

 private:
  /// One dependent column less its combination of independent ones.
  struct Direction {
    std::vector<double> change;  // m, of weights of the scaled columns
    std::vector<int> exponent;   // m: change * 2^exponent are those of the data's own, of which the largest is about 1
    std::vector<double> reflector;  // m, of length 1: Householder's, of the QR of all directions in the data's units
  };

  std::vector<std::size_t> columns_;  // m that move, ascending
  std::vector<Direction> directions_;
  std::vector<double> r_;  // the triangle of that QR, column-major
};

}  // namespace linreg
