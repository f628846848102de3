// What a run leaves behind, in bounded memory however long the run is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace linreg {

/// Rows of a series: their numbers, which are the multiples of `stride` and the last, and their values, one row after the other.
template <class T>
struct Record {
  std::vector<std::uint64_t> indices;
  std::vector<T> values;
  std::uint64_t stride = 1;
};

/// Rows of `width` numbers, numbered from 0, of which some are kept. When full, every second row is dropped and from then
/// on only every second is kept, so that what is kept stays evenly spaced.
template <class T>
class Series {
 public:
  /// At most `capacity` rows (even, > 0) are kept.
  Series(std::size_t width, std::size_t capacity) : width_(width), capacity_(capacity) {}

  /// Counts one row more. True if it is to be kept: then keep() must follow.
  [[nodiscard]] bool count_one() noexcept { return (count_++ & (stride_ - 1)) == 0; }

  /// How many rows can be counted before one is to be kept.
  [[nodiscard]] std::uint64_t until_kept() const noexcept { return (0 - count_) & (stride_ - 1); }
  /// Counts `rows` rows and keeps those that are due: row(i) gives the i-th of them.
  template <class Row>
  void append(std::size_t rows, Row row) {
    for (std::size_t i = 0; i < rows; ++i) {
      const auto passed = static_cast<std::size_t>(std::min<std::uint64_t>(until_kept(), rows - i));
      count_ += passed;
      i += passed;
      if (i < rows && count_one()) keep(row(i));
    }
  }

  void keep(std::span<const T> row) {
    if (kept_.size() == capacity_ * width_) halve();
    kept_.insert(kept_.end(), row.begin(), row.end());
  }

  /// Forgets all but the first `count` rows.
  void truncate(std::uint64_t count) {
    if (count >= count_) return;
    count_ = count;
    kept_.resize(static_cast<std::size_t>((count + stride_ - 1) / stride_) * width_);
    if (count == 0) stride_ = 1;
  }

  /// How many rows there were.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  /// What is kept, and the last row, which the caller knows.
  [[nodiscard]] Record<T> record(std::span<const T> last) const {
    Record<T> result{std::vector<std::uint64_t>(kept_.size() / width_), kept_, stride_};
    for (std::size_t i = 0; i < result.indices.size(); ++i) result.indices[i] = i * stride_;
    if (!last_is_kept()) {
      result.indices.push_back(count_ - 1);
      result.values.insert(result.values.end(), last.begin(), last.end());
    }
    return result;
  }

  [[nodiscard]] bool last_is_kept() const noexcept { return count_ == 0 || ((count_ - 1) & (stride_ - 1)) == 0; }

 private:
  void halve() {
    for (std::size_t i = 1; 2 * i < capacity_; ++i) {
      std::copy_n(kept_.data() + 2 * i * width_, width_, kept_.data() + i * width_);
    }
    kept_.resize(capacity_ / 2 * width_);
    stride_ *= 2;  // the capacity is even, so the row at hand is a multiple of the new stride too
  }

  std::size_t width_;
  std::size_t capacity_;
  std::uint64_t stride_ = 1;  // a power of 2
  std::uint64_t count_ = 0;
  std::vector<T> kept_;  // rows 0, stride, 2 stride, ...
};

}  // namespace linreg
