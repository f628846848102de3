#include "linreg/error.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace linreg {

std::string_view name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_option: return "invalid_option";
    case ErrorCode::invalid_data: return "invalid_data";
    case ErrorCode::invalid_state: return "invalid_state";
    case ErrorCode::out_of_memory: return "out_of_memory";
  }
  return "unknown";
}

// Numbers are turned into text here only, so that a program that words its own messages does not link the tables for it.
std::string Error::message() const {
  std::string text = field + " must be " + range;
  if (value) {
    std::array<char, 32> digits{};
    char* const last = digits.data() + digits.size();
    // The shortest text of a million would be 1e+06.
    const bool is_count = std::abs(*value) < 1e15 && std::trunc(*value) == *value;
    const auto end = is_count ? std::to_chars(digits.data(), last, *value, std::chars_format::fixed).ptr
                              : std::to_chars(digits.data(), last, *value).ptr;
    text += ", got " + std::string(digits.data(), end);
  }
  return text;
}

}  // namespace linreg
