// DataLoader: which rows make the next minibatch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "linreg/generator.hpp"

namespace linreg {

/// The order in which an epoch visits n rows, cut into minibatches as torch.utils.data.DataLoader cuts them.
class DataLoader {
 public:
  /// n >= 1 rows.
  explicit DataLoader(std::size_t n);

  /// iter(data_iter): draws the workers' base seed and, when shuffling, the seed of this epoch's own generator.
  void begin(Generator& generator, bool shuffle);

  /// The rows of the next minibatch; empty when the epoch is over. A last batch shorter than `batch_size` is left out
  /// when `drop_last`. Both may differ from call to call: they apply to the rows that are left.
  /// The span is valid until the next call of begin or next.
  std::span<const std::uint32_t> next(std::uint64_t batch_size, bool drop_last);

  /// All rows that are left in this epoch, in order.
  [[nodiscard]] std::span<const std::uint32_t> rest() const noexcept { return std::span(order_).subspan(position_); }
  /// Passes over rows of the rest.
  void skip(std::size_t rows) noexcept { position_ += rows; }

  /// Whether next() would find no more minibatch in this epoch.
  [[nodiscard]] bool done(std::uint64_t batch_size, bool drop_last) const noexcept;
  /// How many minibatches are left in this epoch.
  [[nodiscard]] std::uint64_t remaining(std::uint64_t batch_size, bool drop_last) const noexcept;

  /// How many minibatches n rows make.
  static std::uint64_t batches(std::size_t n, std::uint64_t batch_size, bool drop_last) noexcept;

 private:
  std::vector<std::uint32_t> order_;
  std::size_t position_;
};

}  // namespace linreg
