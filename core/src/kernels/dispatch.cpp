#include <array>
#include <atomic>

#include "kernels/kernels.hpp"

namespace linreg {

namespace scalar {
extern const Kernels table;
}
namespace wasm128 {
extern const Kernels table;
}
namespace neon {
extern const Kernels table;
}
namespace sse2 {
extern const Kernels table;
}
namespace avx2 {
extern const Kernels table;
}
namespace avx512 {
extern const Kernels table;
}

namespace {

// Which of them were built is the build's to say; which of those may run, the processor's.
constexpr std::array built{
#ifdef LINREG_HAS_SCALAR
    &scalar::table,
#endif
#ifdef LINREG_HAS_WASM128
    &wasm128::table,
#endif
#ifdef LINREG_HAS_NEON
    &neon::table,
#endif
#ifdef LINREG_HAS_SSE2
    &sse2::table,
#endif
#ifdef LINREG_HAS_AVX2
    &avx2::table,
#endif
#ifdef LINREG_HAS_AVX512
    &avx512::table,
#endif
};

std::size_t count_runnable() noexcept {
  std::size_t count = built.size();
#ifdef LINREG_HAS_AVX512
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512bw")) {
    --count;
  }
#endif
#ifdef LINREG_HAS_AVX2
  if (!__builtin_cpu_supports("avx2")) --count;
#endif
  return count;
}

std::atomic<const Kernels*> in_use = nullptr;  // trainers may be made by several threads

}  // namespace

std::span<const Kernels* const> available_kernels() noexcept {
  static const std::size_t count = count_runnable();
  return std::span(built).first(count);
}

const Kernels& kernels() noexcept {
  // The tables are constants, so that nothing but the pointer has to be seen.
  const Kernels* table = in_use.load(std::memory_order_relaxed);
  if (table != nullptr) return *table;
  const Kernels* const widest = available_kernels().back();
  in_use.compare_exchange_strong(table, widest, std::memory_order_relaxed);  // unless another was chosen meanwhile
  return table != nullptr ? *table : *widest;
}

void use_kernels(const Kernels& table) noexcept { in_use.store(&table, std::memory_order_relaxed); }

}  // namespace linreg
