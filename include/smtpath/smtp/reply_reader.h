#pragma once

// Reads replies (RFC 5321 section 4.2) off a server's bytes, however they are cut. It knows nothing of commands: which
// one a reply answers is its user's business. Bounded: of a line without end only the beginning is kept.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/smtp/transcript.h"

namespace smtpath::smtp {

class ReplyReader {
 public:
  /// Reads on until a reply is complete or the bytes end; how many bytes that took. Call again with the rest after
  /// take().
  std::size_t read(std::span<const std::byte> bytes);

  /// A reply is complete: take it before reading on.
  bool has_reply() const { return is_complete_; }
  Reply take();

  /// Of a 250 of several lines, what stands behind the codes from the second line on, at most kMostExtensions: the
  /// extensions where it answers EHLO (RFC 5321 section 4.1.1.1). Ask between has_reply() and take().
  std::vector<std::string> further_lines() const;

  /// Bytes are missing before the next ones: what remains of a broken line is passed over.
  void note_gap();

  /// A reply has begun, and its last line not ended.
  bool is_under_way() const { return is_under_way_ || length_ > 0; }
  /// The very first bytes belong to no reply.
  bool began_otherwise() const { return began_otherwise_; }
  /// Lines that were no part of a reply, or had no end.
  std::uint32_t odd_lines() const { return odd_lines_; }

 private:
  /// What there is only while a reply, or a line of it, is under way.
  struct Begun {
    Reply reply;
    std::vector<std::string> further_lines;
    /// The beginning of a line whose end has not come.
    std::string line;
  };

  Begun& begun();
  void keep(std::string_view part);
  void end_line(std::string_view line);
  void add_line(std::uint16_t code, std::string_view text);
  void drop_line();

  std::unique_ptr<Begun> begun_;
  /// Of the line under way, so far.
  std::uint32_t length_ = 0;
  std::uint32_t odd_lines_ = 0;
  bool is_under_way_ = false;
  bool is_complete_ = false;
  bool is_behind_gap_ = false;
  bool is_first_line_ = true;
  bool began_otherwise_ = false;
};

}  // namespace smtpath::smtp
