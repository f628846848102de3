// The random streams of PyTorch's CPU generator: the same seed draws the same numbers in the same order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace linreg {

/// MT19937 (Matsumoto and Nishimura, 1998) with PyTorch's rules for turning its words into numbers.
///
/// Integers, uniforms, permutations and normals equal PyTorch's in every case tested (normals: those of its AVX2 and
/// AVX-512 kernels; on other processors PyTorch's differ by a few units in the last place). No function of libm is used.
class Generator {
 public:
  /// Like torch.manual_seed: only the low 32 bits of `seed` are used.
  explicit Generator(std::uint64_t seed) noexcept;
  /// Seeds several in little more time than one: seeding is a chain of dependent steps, and chains overlap.
  static constexpr std::size_t side_by_side = 8;
  static void seed(std::span<Generator, side_by_side> generators,
                   std::span<const std::uint64_t, side_by_side> seeds) noexcept;

  std::uint32_t next_u32() noexcept;
  /// Two words; the first is the high half.
  std::uint64_t next_u64() noexcept;
  /// tensor.random_() on int64: uniform over [0, 2^63).
  std::int64_t random() noexcept;

  /// tensor.uniform_(from, to) on float32.
  void uniform(std::span<float> out, float from, float to) noexcept;
  /// tensor.normal_(mean, std) on float32. The rules differ below and from 16 values on.
  void normal(std::span<float> out, double mean, double std) noexcept;
  /// torch.randperm(out.size()); at most 2^32 - 1 values. `reciprocals` are those of as many.
  void randperm(std::span<std::uint32_t> out, std::span<const std::uint32_t> reciprocals) noexcept;
  /// floor(2^32 / m) for m = n, n - 1, ..., 2, with which randperm takes remainders.
  static std::vector<std::uint32_t> reciprocals(std::size_t n);

 private:
  static constexpr std::size_t state_size = 624;

  /// Makes the state's words up to `end`.
  void twist_to(std::size_t end) noexcept;
  /// Sees to it that there are words from position_ on, `wanted` if the state has so many left; returns how many.
  std::size_t supply(std::size_t wanted) noexcept;
  /// The next words, as many calls of next_u32 would return them.
  void words(std::span<std::uint32_t> out) noexcept;
  double uniform_double() noexcept;
  double next_normal() noexcept;

  std::array<std::uint32_t, state_size> state_{};
  std::size_t position_ = state_size;    // index of the next word
  std::size_t twisted_ = state_size;     // one past the last generated word; the state's last may never be asked for
  std::optional<double> cached_normal_;  // the sine half of the last float64 pair
};

}  // namespace linreg
