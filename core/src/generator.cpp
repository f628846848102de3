#include "linreg/generator.hpp"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "elementary.hpp"
#include "fused.hpp"
#include "kernels/kernels.hpp"

namespace linreg {

namespace {

constexpr std::size_t shift_size = 397;
constexpr float two_to_minus_24 = 0x1p-24F;
constexpr double two_to_minus_53 = 0x1p-53;
constexpr std::size_t block = 16;  // normal_ transforms blocks of 16 uniforms

float uniform_float(std::uint32_t word) noexcept { return static_cast<float>(word & 0xffffffU) * two_to_minus_24; }

}  // namespace

Generator::Generator(std::uint64_t seed) noexcept {
  state_[0] = static_cast<std::uint32_t>(seed);
  for (std::uint32_t i = 1; i < state_size; ++i) {
    state_[i] = 1812433253U * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
  }
}

void Generator::twist() noexcept {
  const auto next = [this](std::size_t k, std::size_t following, std::size_t shifted) {
    const std::uint32_t y = (state_[k] & 0x80000000U) | (state_[following] & 0x7fffffffU);
    state_[k] = state_[shifted] ^ (y >> 1) ^ ((0U - (y & 1U)) & 0x9908b0dfU);
  };
  for (std::size_t k = 0; k < state_size - shift_size; ++k) next(k, k + 1, k + shift_size);
  for (std::size_t k = state_size - shift_size; k < state_size - 1; ++k) next(k, k + 1, k + shift_size - state_size);
  next(state_size - 1, 0, shift_size - 1);
  position_ = 0;
}

std::uint32_t Generator::next_u32() noexcept {
  if (position_ == state_size) twist();
  std::uint32_t y = state_[position_++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680U;
  y ^= (y << 15) & 0xefc60000U;
  return y ^ (y >> 18);
}

std::uint64_t Generator::next_u64() noexcept {
  const std::uint64_t high = next_u32();
  return (high << 32) | next_u32();
}

std::int64_t Generator::random() noexcept { return static_cast<std::int64_t>(next_u64() & 0x7fffffffffffffffU); }

void Generator::uniform(std::span<float> out, float from, float to) noexcept {
  const float length = to - from;
  for (float& x : out) x = fused(uniform_float(next_u32()), length, from);
}

double Generator::uniform_double() noexcept {
  return static_cast<double>(next_u64() & 0x1fffffffffffffU) * two_to_minus_53;
}

double Generator::next_normal() noexcept {
  if (cached_normal_) return *std::exchange(cached_normal_, std::nullopt);
  const double u1 = uniform_double();
  const double u2 = uniform_double();
  const double radius = std::sqrt(-2.0 * elementary::log(1.0 - u2));  // 1 - u2 is exact: log1p is not needed
  const auto [sine, cosine] = elementary::sin_cos(2.0 * std::numbers::pi * u1);
  cached_normal_ = radius * sine;
  return radius * cosine;
}

void Generator::normal(std::span<float> out, double mean, double std) noexcept {
  if (out.size() < block) {
    for (float& x : out) x = static_cast<float>(next_normal() * std + mean);
    return;
  }
  const auto mean32 = static_cast<float>(mean);
  const auto std32 = static_cast<float>(std);
  uniform(out, 0.0F, 1.0F);
  kernels().box_muller(out.data(), out.size() / block, mean32, std32);
  if (out.size() % block != 0) {  // the last 16 are drawn afresh
    const auto tail = out.last<block>();
    uniform(tail, 0.0F, 1.0F);
    kernels().box_muller(tail.data(), 1, mean32, std32);
  }
}

void Generator::randperm(std::span<std::uint32_t> out) noexcept {
  std::iota(out.begin(), out.end(), 0U);
  const auto n = static_cast<std::uint32_t>(out.size());
  for (std::uint32_t i = 0; i + 1 < n; ++i) {
    const std::uint32_t z = next_u32() % (n - i);
    std::swap(out[i], out[i + z]);
  }
}

}  // namespace linreg
