#include "linreg/generator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "elementary.hpp"
#include "fused.hpp"
#include "kernels/kernels.hpp"
#include "tempering.hpp"

namespace linreg {

namespace {

constexpr std::size_t shift_size = 397;
constexpr float two_to_minus_24 = 0x1p-24F;
constexpr double two_to_minus_53 = 0x1p-53;
constexpr std::size_t block = 16;  // normal_ transforms blocks of 16 uniforms

std::uint32_t next_seed_word(std::uint32_t previous, std::uint32_t i) noexcept {
  return 1812433253U * (previous ^ (previous >> 30)) + i;
}

std::uint32_t mix(std::uint32_t high, std::uint32_t low) noexcept {
  const std::uint32_t y = (high & 0x80000000U) | (low & 0x7fffffffU);
  return (y >> 1) ^ ((0U - (y & 1U)) & 0x9908b0dfU);
}

}  // namespace

Generator::Generator(std::uint64_t seed) noexcept {
  state_[0] = static_cast<std::uint32_t>(seed);
  for (std::uint32_t i = 1; i < state_size; ++i) state_[i] = next_seed_word(state_[i - 1], i);
}

void Generator::seed(std::span<Generator, side_by_side> generators,
                     std::span<const std::uint64_t, side_by_side> seeds) noexcept {
  std::array<std::uint32_t, side_by_side> word;
  for (std::size_t k = 0; k < side_by_side; ++k) {
    word[k] = static_cast<std::uint32_t>(seeds[k]);
    generators[k].state_[0] = word[k];
    generators[k].position_ = generators[k].twisted_ = state_size;
    generators[k].cached_normal_.reset();
  }
  for (std::uint32_t i = 1; i < state_size; ++i) {
    for (std::size_t k = 0; k < side_by_side; ++k) {
      word[k] = next_seed_word(word[k], i);
      generators[k].state_[i] = word[k];
    }
  }
}

void Generator::twist_to(std::size_t end) noexcept {
  // Three parts, because a word depends on one that is 397 later or 227 earlier: each loop vectorises.
  constexpr std::size_t later = state_size - shift_size;
  auto& s = state_;
  std::size_t k = twisted_;
  for (; k < std::min(end, later); ++k) s[k] = s[k + shift_size] ^ mix(s[k], s[k + 1]);
  for (; k < std::min(end, state_size - 1); ++k) s[k] = s[k - later] ^ mix(s[k], s[k + 1]);
  if (k < end) s[k] = s[k - later] ^ mix(s[k], s[0]);
  twisted_ = end;
}

std::size_t Generator::supply(std::size_t wanted) noexcept {
  if (position_ == state_size) position_ = twisted_ = 0;
  const std::size_t end = position_ + std::min(wanted, state_size - position_);
  if (twisted_ < end) twist_to(end);
  return end - position_;
}

std::uint32_t Generator::next_u32() noexcept {
  if (position_ == twisted_) supply(state_size);
  return temper(state_[position_++]);
}

void Generator::words(std::span<std::uint32_t> out) noexcept {
  while (!out.empty()) {
    const std::size_t count = supply(out.size());
    for (std::size_t i = 0; i < count; ++i) out[i] = temper(state_[position_ + i]);
    position_ += count;
    out = out.subspan(count);
  }
}

std::uint64_t Generator::next_u64() noexcept {
  const std::uint64_t high = next_u32();
  return (high << 32) | next_u32();
}

std::int64_t Generator::random() noexcept { return static_cast<std::int64_t>(next_u64() & 0x7fffffffffffffffU); }

void Generator::uniform(std::span<float> out, float from, float to) noexcept {
  const float length = to - from;
  std::array<std::uint32_t, state_size> word;
  for (std::size_t first = 0; first < out.size(); first += word.size()) {
    const auto part = out.subspan(first, std::min(word.size(), out.size() - first));
    words(std::span(word).first(part.size()));
    for (std::size_t i = 0; i < part.size(); ++i) {
      part[i] = fused(static_cast<float>(word[i] & 0xffffffU) * two_to_minus_24, length, from);
    }
  }
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

std::vector<std::uint32_t> Generator::reciprocals(std::size_t n) {
  std::vector<std::uint32_t> result(std::max<std::size_t>(n, 1) - 1);
  for (std::size_t i = 0; i < result.size(); ++i) {
    // Where it is not whole it is further from a whole number than float64 rounds.
    result[i] = static_cast<std::uint32_t>(0x1p32 / static_cast<double>(n - i));
  }
  return result;
}

void Generator::randperm(std::span<std::uint32_t> out, std::span<const std::uint32_t> reciprocals) noexcept {
  std::iota(out.begin(), out.end(), 0U);
  const std::size_t draws = reciprocals.size();
  std::array<std::uint32_t, state_size> distance;
  for (std::size_t first = 0; first < draws;) {
    const std::size_t count = supply(draws - first);
    kernels().draw_below(&state_[position_], &reciprocals[first], count, static_cast<std::uint32_t>(out.size() - first),
                         distance.data());
    position_ += count;
    for (std::size_t i = 0; i < count; ++i) std::swap(out[first + i], out[first + i + distance[i]]);
    first += count;
  }
}

}  // namespace linreg
