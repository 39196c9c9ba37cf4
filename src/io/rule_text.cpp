#include "io/rule_text.h"

#include <cstddef>

namespace smtpath::io {

namespace {

constexpr std::size_t kMostBytes = 200;
constexpr std::string_view kMore = "...";

bool is_space(char letter) {
  return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

bool is_control(char letter) {
  return static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
}

/// Of UTF-8.
bool continues_a_letter(char letter) {
  return (static_cast<unsigned char>(letter) & 0xc0) == 0x80;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  for (const char letter : text) {
    if (line.size() > kMostBytes) break;
    if (is_space(letter)) {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else if (!is_control(letter)) {
      line += letter;
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.size() <= kMostBytes) return line;
  std::size_t cut = kMostBytes - kMore.size();
  while (cut > 0 && continues_a_letter(line[cut])) --cut;
  return line.substr(0, cut).append(kMore);
}

}  // namespace smtpath::io
