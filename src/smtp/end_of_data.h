#pragma once

// Finds the end of a message's text, <CRLF>.<CRLF> (RFC 5321 section 4.1.1.4), and keeps nothing of it. From a client
// whose lines end in LF alone, LF is enough.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace smtpath::smtp {

class EndOfData {
 public:
  EndOfData() = default;
  explicit EndOfData(bool takes_bare_line_feeds) : takes_bare_line_feeds_(takes_bare_line_feeds) {}

  /// Reads up to and with the end, or all bytes; how many that were.
  std::size_t read(std::span<const std::byte> bytes);
  bool is_found() const { return at_ == At::End; }
  /// A dot alone on its line has passed, but for its line's end: some servers take that for the end.
  bool is_perhaps_found() const { return is_perhaps_found_; }

  /// Bytes are missing: the next ones are taken for the beginning of a line, since the end mostly comes in a segment of
  /// its own.
  void note_gap() { at_ = At::LineStart; }

 private:
  enum class At : std::uint8_t { Text, CarriageReturn, LineStart, Dot, DotCarriageReturn, End };

  At after(char next);
  At at_end_of(std::string_view line) const;

  At at_ = At::LineStart;
  bool takes_bare_line_feeds_ = false;
  bool is_perhaps_found_ = false;
};

}  // namespace smtpath::smtp
