#include "smtpath/report/escape.h"

#include <fmt/format.h>

#include <iterator>

#include "report/utf8.h"

namespace smtpath::report {

namespace {

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/// Unicode's bidirectional controls, zero-width and other invisible format characters, line and paragraph separators.
bool is_deceptive(char32_t c) {
  return c == 0x00AD || c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const CodePoint code_point = first_code_point(text);
    if (is_control(code_point.value)) {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<unsigned>(code_point.value));
    } else if (!code_point.is_valid || is_deceptive(code_point.value)) {
      shown += kReplacementBytes;
    } else {
      shown += text.substr(0, code_point.length);
    }
    text.remove_prefix(code_point.length);
  }
  return shown;
}

}  // namespace smtpath::report
