// DataLoader: which rows make the next minibatch.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "linreg/generator.hpp"

namespace linreg {

/// The order in which an epoch visits n rows, cut into minibatches as torch.utils.data.DataLoader cuts them. A batch_size
/// is at least 1; above the rows there are it means all of them.
class DataLoader {
 public:
  /// n >= 1 rows.
  explicit DataLoader(std::size_t n);

  /// iter(data_iter): draws the workers' base seed and, when shuffling, the seed of this epoch's own generator.
  void begin(Generator& generator, bool shuffle);

  /// Takes the next minibatch, as many rows of order() as it returns; 0 when the epoch is over. A last batch shorter than
  /// `batch_size` is left out when `drop_last`. Both may differ from call to call: they apply to the rows that are left.
  std::size_t take(std::uint64_t batch_size, bool drop_last) noexcept;
  /// The same as a span, valid until the next call of begin.
  std::span<const std::uint32_t> next(std::uint64_t batch_size, bool drop_last);

  /// All rows of this epoch in their order, which is drawn when it is first asked for.
  [[nodiscard]] std::span<const std::uint32_t> order() const;
  /// How many rows of the epoch were not taken yet.
  [[nodiscard]] std::size_t left() const noexcept { return order_.size() - position_; }
  /// Passes over some of them, or over all where there are fewer.
  void skip(std::size_t rows) noexcept { position_ += std::min(rows, left()); }

  /// Where an epoch stands.
  struct Place {
    std::optional<std::uint64_t> seed;  // of its order; none without shuffling
    std::size_t position = 0;
  };
  [[nodiscard]] Place place() const noexcept { return {seed_, position_}; }
  /// Back to where an epoch stood, this one or another; beyond its end is its end.
  void return_to(const Place& place);

  /// Whether next() would find no more minibatch in this epoch.
  [[nodiscard]] bool done(std::uint64_t batch_size, bool drop_last) const noexcept;
  /// How many minibatches are left in this epoch.
  [[nodiscard]] std::uint64_t remaining(std::uint64_t batch_size, bool drop_last) const noexcept;

  /// How many minibatches n rows make; batch_size >= 1.
  static std::uint64_t batches(std::size_t n, std::uint64_t batch_size, bool drop_last) noexcept;

 private:
  void prepare(const Generator& main);

  mutable std::vector<std::uint32_t> order_;
  mutable std::vector<std::uint32_t> reciprocals_;  // for the first order that is drawn, and those after it
  mutable bool due_ = true;                         // whether this epoch's order is yet to be drawn
  std::optional<std::uint64_t> seed_;               // of the epoch's own generator
  std::size_t position_;
  // The generators of this epoch, which is the current one, and of coming ones. Their seeds follow from the main generator
  // as long as nothing else is drawn from it; each is used only for the seed that it was made for.
  mutable std::vector<Generator> shufflers_;
  std::array<std::uint64_t, Generator::side_by_side> seeds_{};
  std::size_t current_ = 0;
};

}  // namespace linreg
