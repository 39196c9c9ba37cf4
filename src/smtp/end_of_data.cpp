#include "smtp/end_of_data.h"

#include <algorithm>

#include "smtp/text.h"

namespace smtpath::smtp {

std::size_t EndOfData::read(std::span<const std::byte> bytes) {
  const std::string_view text = as_text(bytes);
  std::size_t read = 0;
  while (read < text.size() && at_ != At::End) {
    if (at_ != At::Text) {
      at_ = after(text[read++]);
      continue;
    }
    // Only the beginning of a line can begin the end: from line to line then, and not from byte to byte.
    const std::size_t end = std::min(text.find('\n', read), text.size() - 1);
    at_ = at_end_of(text.substr(read, end + 1 - read));
    read = end + 1;
  }
  return read;
}

EndOfData::At EndOfData::after(char next) {
  const bool is_line_feed = next == '\n';
  switch (at_) {
    case At::Text:
      break;
    case At::CarriageReturn:
      if (is_line_feed) return At::LineStart;
      break;
    case At::LineStart:
      if (next == '.') return At::Dot;
      break;
    case At::Dot:
      if (next == '\r') return At::DotCarriageReturn;
      if (is_line_feed && takes_bare_line_feeds_) return At::End;
      is_perhaps_found_ |= is_line_feed;
      break;
    case At::DotCarriageReturn:
      if (is_line_feed) return At::End;
      break;
    case At::End:
      return At::End;
  }
  if (next == '\r') return At::CarriageReturn;
  return is_line_feed && takes_bare_line_feeds_ ? At::LineStart : At::Text;
}

EndOfData::At EndOfData::at_end_of(std::string_view line) const {
  if (line.ends_with("\r\n") || (takes_bare_line_feeds_ && line.ends_with('\n'))) return At::LineStart;
  return line.ends_with('\r') ? At::CarriageReturn : At::Text;
}

}  // namespace smtpath::smtp
