// Random rows for the kernels, laid out as hard as they may be.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "kernel_oracle.hpp"
#include "random.hpp"

namespace linreg::test {

/// Random records at an address that is `shift` floats past a multiple of 16 bytes, an order, and parameters. What may be
/// read ends where the memory does, so that AddressSanitizer sees a read beyond.
class RandomRows {
 public:
  static constexpr float beyond = 3e38F;  // what stands after the last record, where it must not matter

  RandomRows(std::uint64_t seed, std::size_t n, std::size_t d, std::size_t shift = 0)
      : n_(n),
        d_(d),
        shift_(shift),
        storage_(shift + n * (d + 1) + load_slack, beyond),
        parameters_(shift + parameters_size(d)),
        order_(n) {
    Random random(seed);
    const auto uniform = [&] { return static_cast<float>(2.0 * random.uniform() - 1.0); };
    std::generate_n(storage_.data() + shift, n * (d + 1), uniform);
    std::generate_n(parameters_.data() + shift, d, uniform);
    parameters_[shift + bias_position(d)] = uniform();
    for (auto& row : order_) row = static_cast<std::uint32_t>(random.below(n));
  }

  [[nodiscard]] KernelCall call(LossKind kind, double delta, bool ordered) const {
    const float scale = 1.0F / static_cast<float>(n_);
    return {{storage_.data() + shift_, d_, n_},
            {ordered ? order_.data() : nullptr, n_},
            parameters_.data() + shift_,
            kind,
            delta,
            scale};
  }
  float& label(std::size_t i) { return storage_[shift_ + i * (d_ + 1) + d_]; }
  /// The order becomes that of the storage.
  void sort_order() { std::iota(order_.begin(), order_.end(), 0U); }
  void clear_parameters() { std::ranges::fill(parameters_, 0.0F); }

 private:
  std::size_t n_;
  std::size_t d_;
  std::size_t shift_;
  std::vector<float> storage_;
  std::vector<float> parameters_;
  std::vector<std::uint32_t> order_;
};

}  // namespace linreg::test
