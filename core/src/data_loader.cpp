#include "linreg/data_loader.hpp"

#include <algorithm>
#include <numeric>

namespace linreg {

DataLoader::DataLoader(std::size_t n) : order_(n), position_(n) {}

void DataLoader::begin(Generator& generator, bool shuffle) {
  generator.random();  // the workers' base seed, drawn even where there are no workers
  if (shuffle) {
    Generator(static_cast<std::uint64_t>(generator.random())).randperm(order_);
  } else {
    std::iota(order_.begin(), order_.end(), 0U);
  }
  position_ = 0;
}

std::span<const std::uint32_t> DataLoader::next(std::uint64_t batch_size, bool drop_last) {
  const std::size_t left = order_.size() - position_;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(batch_size, left));
  if (drop_last && size < batch_size) {
    position_ = order_.size();
    return {};
  }
  const auto batch = std::span(order_).subspan(position_, size);
  position_ += size;
  return batch;
}

bool DataLoader::done(std::uint64_t batch_size, bool drop_last) const noexcept {
  const std::size_t left = order_.size() - position_;
  return left == 0 || (drop_last && left < batch_size);
}

std::uint64_t DataLoader::remaining(std::uint64_t batch_size, bool drop_last) const noexcept {
  return batches(order_.size() - position_, batch_size, drop_last);
}

std::uint64_t DataLoader::batches(std::size_t n, std::uint64_t batch_size, bool drop_last) noexcept {
  return n / batch_size + (!drop_last && n % batch_size != 0 ? 1 : 0);
}

}  // namespace linreg
