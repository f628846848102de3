// Whether memory is left: a vector that finds none has no way to say so, and ends the program.
#pragma once

#include <cstddef>
#include <new>

#include "linreg/error.hpp"

namespace linreg {

/// Tries for as many bytes as `n` rows of so many need, in one piece. Errors: out_of_memory (`field`).
inline Result<void> check_memory(std::size_t n, std::size_t bytes_a_row, const char* field) {
  std::size_t bytes = 0;
  if (!__builtin_mul_overflow(n, bytes_a_row, &bytes)) {
    void* const memory = ::operator new(bytes, std::nothrow);  // a new expression could be optimised away
    ::operator delete(memory);
    if (memory != nullptr) return {};
  }
  return std::unexpected(
      Error{ErrorCode::out_of_memory, field, static_cast<double>(n), "few enough rows for the memory that is left"});
}

}  // namespace linreg
