#include "linreg/error.hpp"

#include <array>
#include <charconv>

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
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *value).ptr;
    text += ", got " + std::string(digits.data(), end);
  }
  return text;
}

}  // namespace linreg
