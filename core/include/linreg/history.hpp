// What a run leaves behind, in bounded memory however long the run is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace linreg {

/// Rows of `width` numbers, numbered from 0. When full, every second row is dropped and from then on only every second
/// is kept, so that what is kept stays evenly spaced; the last row is always there.
template <class T>
class Series {
 public:
  /// At most `capacity` rows (even, > 0) and the last one are kept.
  Series(std::size_t width, std::size_t capacity) : width_(width), capacity_(capacity), last_(width) {}

  void push(std::span<const T> row) {
    std::ranges::copy(row, last_.begin());
    if ((count_ & (stride_ - 1)) == 0) {
      if (kept_.size() == capacity_ * width_) halve();
      kept_.insert(kept_.end(), row.begin(), row.end());
    }
    ++count_;
  }

  /// Forgets all but the first `count` rows pushed; `last` is the one that is then the last.
  void truncate(std::uint64_t count, std::span<const T> last) {
    if (count >= count_) return;
    count_ = count;
    kept_.resize(static_cast<std::size_t>((count + stride_ - 1) / stride_) * width_);
    std::ranges::copy(last, last_.begin());
    if (count == 0) stride_ = 1;
  }

  /// How many rows were pushed.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  [[nodiscard]] std::span<const T> last() const noexcept { return last_; }

  /// Numbers of the rows that are kept, ascending.
  [[nodiscard]] std::vector<std::uint64_t> indices() const {
    std::vector<std::uint64_t> result(kept_.size() / width_);
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = i * stride_;
    if (!last_is_kept()) result.push_back(count_ - 1);
    return result;
  }

  /// The rows that are kept, one after the other.
  [[nodiscard]] std::vector<T> values() const {
    std::vector<T> result = kept_;
    if (!last_is_kept()) result.insert(result.end(), last_.begin(), last_.end());
    return result;
  }

 private:
  void halve() {
    for (std::size_t i = 1; 2 * i < capacity_; ++i) {
      std::copy_n(kept_.data() + 2 * i * width_, width_, kept_.data() + i * width_);
    }
    kept_.resize(capacity_ / 2 * width_);
    stride_ *= 2;  // the capacity is even, so the row at hand is a multiple of the new stride too
  }

  [[nodiscard]] bool last_is_kept() const noexcept { return count_ == 0 || ((count_ - 1) & (stride_ - 1)) == 0; }

  std::size_t width_;
  std::size_t capacity_;
  std::uint64_t stride_ = 1;  // a power of 2
  std::uint64_t count_ = 0;
  std::vector<T> kept_;  // rows 0, stride, 2 stride, ...
  std::vector<T> last_;
};

}  // namespace linreg
