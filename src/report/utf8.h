#pragma once

// Reads text that nobody has vouched for, one code point at a time. What is not UTF-8 (RFC 3629: truncated, overlong,
// a surrogate, beyond U+10FFFF) reads as U+FFFD, one byte of it at a time.

#include <cstddef>
#include <string_view>

namespace smtpath::report {

inline constexpr char32_t kReplacement = 0xFFFD;
inline constexpr std::string_view kReplacementBytes = "\xEF\xBF\xBD";

struct CodePoint {
  char32_t value = kReplacement;
  /// In bytes; at least 1.
  std::size_t length = 1;
  bool is_valid = false;
};

/// The first code point of `text`, which is not empty.
CodePoint first_code_point(std::string_view text);

/// How many code points `text` has, which is taken for the columns it fills in a terminal.
std::size_t columns_of(std::string_view text);

}  // namespace smtpath::report
