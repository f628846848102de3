#include <array>

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

const Kernels* in_use = nullptr;

}  // namespace

std::span<const Kernels* const> available_kernels() noexcept {
  static const std::size_t count = count_runnable();
  return std::span(built).first(count);
}

const Kernels& kernels() noexcept {
  if (in_use == nullptr) in_use = available_kernels().back();
  return *in_use;
}

void use_kernels(const Kernels& table) noexcept { in_use = &table; }

}  // namespace linreg
