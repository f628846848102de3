// Whether memory is left: a vector that finds none throws, and where there are no exceptions, as in WebAssembly, ends the
// program.
#pragma once

#include <cstddef>
#include <new>

#include "linreg/error.hpp"

namespace linreg {

/// What is left to those that are there, and to what does not grow with the rows: a trainer has some 40 KB however few
/// they are, and its checkpoints and history, which grow as it is trained, come to 4 MB with few features.
inline constexpr std::size_t spare_bytes = std::size_t{8} << 20;

/// Tries for so many bytes, in one piece.
inline bool has_memory(std::size_t bytes) {
  void* const memory = ::operator new(bytes, std::nothrow);  // a new expression could be optimised away
  ::operator delete(memory);
  return memory != nullptr;
}

inline Error too_many_rows(std::size_t n, const char* field) {
  return {ErrorCode::out_of_memory, field, static_cast<double>(n), "few enough rows for the memory that is left"};
}

/// Tries for as many bytes as `n` rows of so many need and for what is to be spared, in one piece. Errors: out_of_memory
/// (`field`).
inline Result<void> check_memory(std::size_t n, std::size_t bytes_a_row, const char* field,
                                 std::size_t spare = spare_bytes) {
  std::size_t bytes = 0;
  if (!__builtin_mul_overflow(n, bytes_a_row, &bytes) && !__builtin_add_overflow(bytes, spare, &bytes)) {
    if (has_memory(bytes)) return {};
  }
  return std::unexpected(too_many_rows(n, field));
}

}  // namespace linreg
