// Errors are values: every operation that can be refused returns Result<T>, and nothing throws but std::bad_alloc, where
// memory runs out on the way: what grows with the rows or the columns asks for it first, and returns out_of_memory.
// An object that was moved from can only be assigned to or destroyed.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace linreg {

enum class ErrorCode {
  invalid_option,  // an option outside its range
  invalid_data,    // features or labels that cannot be used
  invalid_state,   // a call that makes no sense now
  out_of_memory,   // sizes that do not fit, or not into the memory that is left
};

/// A refused request: what was refused, the value that was given, and what would be accepted.
struct Error {
  ErrorCode code;
  std::string field;            // in the words of the notebook: "lr", "batch_size", "features[3][1]", "backward"
  std::optional<double> value;  // as given, where it is a number
  std::string range;            // what is accepted: "a finite number from 0 to 1e30"

  /// One English sentence: "lr must be a finite number from 0 to 1e30, got -1".
  [[nodiscard]] std::string message() const;
};

template <class T>
using Result = std::expected<T, Error>;

/// The code's name as it crosses every boundary: "invalid_option".
[[nodiscard]] std::string_view name(ErrorCode code) noexcept;

}  // namespace linreg
