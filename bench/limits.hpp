// The machine's limits, measured: how fast one thread reads memory, and multiplies and adds in registers.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>

namespace linreg::bench {

#if defined(__AVX512F__)
inline constexpr std::size_t bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t bytes = 32;
#else
inline constexpr std::size_t bytes = 16;
#endif
inline constexpr std::size_t lanes = bytes / sizeof(float);
using Vector = float __attribute__((vector_size(bytes)));

inline float sum(std::span<const Vector> vectors) {
  float total = 0.0F;
  for (const Vector& v : vectors) {
    for (std::size_t i = 0; i < lanes; ++i) total += v[i];
  }
  return total;
}

/// The sum of the numbers, of which there are a multiple of 128.
inline float read(std::span<const float> numbers) {
  constexpr std::size_t count = 8;
  Vector total[count]{};
  const float* at = numbers.data();
  for (const float* const end = at + numbers.size() / (count * lanes) * (count * lanes); at != end;
       at += count * lanes) {
    for (std::size_t k = 0; k < count; ++k) {
      Vector v;
      std::memcpy(&v, at + k * lanes, sizeof v);
      total[k] += v;
    }
  }
  return sum(total);
}

inline constexpr std::size_t chains = 12;
inline constexpr std::size_t flops_a_round = chains * lanes * 2;

/// `rounds` times flops_a_round multiplications and additions, in as many chains as registers allow.
inline float compute(std::size_t rounds) {
  Vector x[chains];
  const Vector factor = Vector{} + 0.999F;
  const Vector term = Vector{} + 0.001F;
  for (std::size_t k = 0; k < chains; ++k) x[k] = Vector{} + static_cast<float>(k);
  for (std::size_t i = 0; i < rounds; ++i) {
    for (Vector& chain : x) chain = chain * factor + term;
  }
  return sum(x);
}

}  // namespace linreg::bench
