#include "report/utf8.h"

#include <cassert>

namespace smtpath::report {

CodePoint first_code_point(std::string_view text) {
  assert(!text.empty());
  const auto byte_at = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };

  const unsigned char lead = byte_at(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};

  char32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte_at(i) & 0x3FU);
  }
  const bool is_overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (is_overlong || is_surrogate || value > 0x10FFFF) return {};
  return {value, length, true};
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (; !text.empty(); text.remove_prefix(first_code_point(text).length)) ++columns;
  return columns;
}

}  // namespace smtpath::report
