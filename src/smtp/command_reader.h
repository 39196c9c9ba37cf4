#pragma once

// Reads a client's lines as commands (RFC 5321 section 4.1.1), however they are cut. Of a line it keeps the verb, and
// of the arguments only what the reading of the dialogue needs: BDAT's size, AUTH's mechanism, the FROM and TO of MAIL
// and RCPT. What follows is forgotten byte by byte.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "smtpath/smtp/transcript.h"

namespace smtpath::smtp {

/// A whole line of the client.
struct Command {
  Verb verb = Verb::Other;
  /// Its form is that of the command: nothing behind QUIT, FROM: behind MAIL. Never of Other.
  bool is_certain = false;
  /// Nothing but a dot.
  bool is_dot = false;
  bool is_blank = false;
  /// No text, or endless.
  bool is_odd = false;
  /// A firewall has put X's in place of the verb.
  bool is_masked = false;
  bool is_lmtp = false;
  bool ends_in_line_feed_alone = false;
  /// "PROXY TCP4 …", by which a proxy names the client.
  bool is_proxy_header = false;
  /// Of AUTH, upper case; "OTHER" when it is no known one. A literal.
  std::string_view mechanism{};
  /// Of BDAT; 0 when it is none.
  std::uint64_t chunk_size = 0;
  bool is_last_chunk = false;
};

class CommandReader {
 public:
  /// Reads on until a line is complete or the bytes end; how many bytes that took.
  std::size_t read(std::span<const std::byte> bytes);
  bool has_command() const { return is_complete_; }
  Command take();

  bool is_at_line_start() const { return length_ == 0; }
  /// Forgets the line that was begun.
  void reset();

 private:
  enum class Part : std::uint8_t { Verb, Argument, Rest };
  static constexpr std::size_t kLongestVerb = 10;
  static constexpr std::size_t kLongestArgument = 26;

  void keep(char character);
  void keep_of_verb(char character);
  void keep_of_argument(char character);
  std::string_view verb() const { return {verb_.data(), verb_length_}; }
  std::string_view argument() const { return {argument_.data(), argument_length_}; }
  bool is_certain(Verb verb) const;

  std::array<char, kLongestVerb> verb_{};
  std::array<char, kLongestArgument> argument_{};
  std::uint32_t length_ = 0;
  std::uint8_t verb_length_ = 0;
  std::uint8_t argument_length_ = 0;
  Part part_ = Part::Verb;
  char last_ = 0;
  bool has_rest_ = false;
  bool has_control_ = false;
  bool is_verb_too_long_ = false;
  bool is_argument_too_long_ = false;
  bool is_complete_ = false;
};

}  // namespace smtpath::smtp
