#pragma once

// Bytes of the dialogue as characters, and letters in the one case that commands and keywords are compared in.

#include <cstddef>
#include <span>
#include <string_view>

namespace smtpath::smtp {

inline std::string_view as_text(std::span<const std::byte> bytes) {
  const void* const begin = bytes.data();
  return {static_cast<const char*>(begin), bytes.size()};
}

constexpr char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

constexpr bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

constexpr bool is_printable(char character) {
  return character >= ' ' && character <= '~';
}

}  // namespace smtpath::smtp
