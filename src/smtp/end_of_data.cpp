#include "smtp/end_of_data.h"

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
    // Within a line only a dot at the start of a later one can begin the end: dots are rare, so look for these.
    const std::size_t from = read;
    const std::size_t dot = text.find('.', from);
    if (dot == std::string_view::npos) {
      at_ = at_end_of(bytes.subspan(from));
      return text.size();
    }
    if (is_line_start(bytes.subspan(from, dot - from))) at_ = At::Dot;
    read = dot + 1;
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

EndOfData::At EndOfData::at_end_of(std::span<const std::byte> text) const {
  if (is_line_start(text)) return At::LineStart;
  return as_text(text).back() == '\r' ? At::CarriageReturn : At::Text;
}

bool EndOfData::is_line_start(std::span<const std::byte> before) const {
  const std::string_view text = as_text(before);
  return text.ends_with("\r\n") || (takes_bare_line_feeds_ && text.ends_with('\n'));
}

}  // namespace smtpath::smtp
