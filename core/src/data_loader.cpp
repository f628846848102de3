#include "linreg/data_loader.hpp"

#include <algorithm>
#include <numeric>

namespace linreg {

DataLoader::DataLoader(std::size_t n) : order_(n), position_(n) {}

void DataLoader::begin(Generator& generator, bool shuffle) {
  generator.random();  // the workers' base seed, drawn even where there are no workers
  position_ = 0;
  if (shuffle) {
    seed_ = static_cast<std::uint64_t>(generator.random());
    shuffler_ = take_shuffler(*seed_, generator);
  } else {
    begin_unshuffled();
  }
}

void DataLoader::return_to(const Place& place) {
  position_ = place.position;
  if (place.seed) {
    seed_ = place.seed;
    shuffler_.emplace(*seed_);
  } else {
    begin_unshuffled();
  }
}

void DataLoader::begin_unshuffled() {
  seed_.reset();
  shuffler_.reset();
  std::iota(order_.begin(), order_.end(), 0U);
}

std::span<const std::uint32_t> DataLoader::order() const {
  if (shuffler_) {
    if (reciprocals_.empty()) reciprocals_ = Generator::reciprocals(order_.size());
    shuffler_->randperm(order_, reciprocals_);
  }
  shuffler_.reset();
  return order_;
}

/// The generator for `seed`, which was the last draw from `main`.
Generator DataLoader::take_shuffler(std::uint64_t seed, const Generator& main) {
  if (prepared_.empty() || prepared_.back().seed != seed) {
    std::array<std::uint64_t, 4> seeds{seed};
    Generator coming = main;
    for (std::size_t i = 1; i < seeds.size(); ++i) {
      coming.random();
      seeds[i] = static_cast<std::uint64_t>(coming.random());
    }
    const auto generators = Generator::four(seeds);
    prepared_.clear();
    for (std::size_t i = seeds.size(); i-- > 0;) prepared_.push_back({seeds[i], generators[i]});
  }
  const Generator result = prepared_.back().generator;
  prepared_.pop_back();
  return result;
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
