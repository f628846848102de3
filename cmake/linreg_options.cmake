# What every target of this project is compiled with, tests and bindings included.
include_guard(GLOBAL)

include(CheckCXXSourceCompiles)
check_cxx_source_compiles("#include <expected>\nint main() { return *std::expected<int, int>(0); }" LINREG_HAS_STD_EXPECTED)
if(NOT LINREG_HAS_STD_EXPECTED)
  message(FATAL_ERROR "${CMAKE_CXX_COMPILER} (${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}) has no working "
                      "C++23 std::expected. Use g++ 12 or newer, clang++ 19 or newer, or Emscripten 3.1.69 or newer, "
                      "for example with -DCMAKE_CXX_COMPILER=clang++-19.")
endif()

function(linreg_options target)
  # A fused multiply-add rounds once where two operations round twice: it would give each machine its own bits. Nobody
  # reads errno, for whose sake a square root would be a call.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffp-contract=off
                         -fno-math-errno)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict) # g++ 12 reports it inside its own std::string (GCC bug 105651)
  endif()
  if(LINREG_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
