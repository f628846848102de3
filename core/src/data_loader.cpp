#include "linreg/data_loader.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace linreg {

DataLoader::DataLoader(std::size_t n) : order_(n), position_(n) {}

void DataLoader::begin(Generator& generator, bool shuffle) {
  generator.random();  // the workers' base seed, drawn even where there are no workers
  position_ = 0;
  due_ = true;
  seed_.reset();
  if (!shuffle) return;
  seed_ = static_cast<std::uint64_t>(generator.random());
  ++current_;
  if (current_ >= shufflers_.size() || seeds_[current_] != *seed_) prepare(generator);
}

void DataLoader::return_to(const Place& place) {
  position_ = std::min(place.position, order_.size());
  due_ = true;
  seed_ = place.seed;
  if (!seed_) return;
  shufflers_.assign(1, Generator(*seed_));
  current_ = 0;
}

std::span<const std::uint32_t> DataLoader::order() const {
  if (!std::exchange(due_, false)) return order_;
  if (seed_) {
    if (reciprocals_.empty()) reciprocals_ = Generator::reciprocals(order_.size());
    shufflers_[current_].randperm(order_, reciprocals_);
  } else {
    std::iota(order_.begin(), order_.end(), 0U);
  }
  return order_;
}

/// The generators for the seed of now, which was the last draw from `main`, and for those that come after it.
void DataLoader::prepare(const Generator& main) {
  seeds_[0] = *seed_;
  Generator coming = main;
  for (std::size_t i = 1; i < seeds_.size(); ++i) {
    coming.random();
    seeds_[i] = static_cast<std::uint64_t>(coming.random());
  }
  shufflers_.resize(seeds_.size(), main);
  Generator::seed(std::span<Generator, Generator::side_by_side>(shufflers_), seeds_);
  current_ = 0;
}

std::size_t DataLoader::take(std::uint64_t batch_size, bool drop_last) noexcept {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(batch_size, left()));
  const bool dropped = drop_last && size < batch_size;
  position_ += size;
  return dropped ? 0 : size;
}

std::span<const std::uint32_t> DataLoader::next(std::uint64_t batch_size, bool drop_last) {
  const std::size_t first = position_;
  return order().subspan(first, take(batch_size, drop_last));
}

bool DataLoader::done(std::uint64_t batch_size, bool drop_last) const noexcept {
  return left() == 0 || (drop_last && left() < batch_size);
}

std::uint64_t DataLoader::remaining(std::uint64_t batch_size, bool drop_last) const noexcept {
  return batches(left(), batch_size, drop_last);
}

std::uint64_t DataLoader::batches(std::size_t n, std::uint64_t batch_size, bool drop_last) noexcept {
  return n / batch_size + (!drop_last && n % batch_size != 0 ? 1 : 0);
}

}  // namespace linreg
