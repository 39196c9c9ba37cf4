#include "smtp/command_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "smtp/mechanism.h"
#include "smtp/text.h"

namespace smtpath::smtp {
namespace {

/// RFC 4954 section 4.5.3.1 gives AUTH 12,288 octets.
constexpr std::uint32_t kLongestLine = 16'384;
/// More than any server takes; a larger size is no size.
constexpr std::uint64_t kLargestChunk = std::uint64_t{1} << 40U;
constexpr std::size_t kShortestMask = 4;

constexpr std::array<std::pair<std::string_view, Verb>, 16> kVerbNames{{
    {"HELO", Verb::Helo},
    {"EHLO", Verb::Ehlo},
    {"LHLO", Verb::Ehlo},
    {"MAIL", Verb::Mail},
    {"RCPT", Verb::Rcpt},
    {"DATA", Verb::Data},
    {"BDAT", Verb::Bdat},
    {"RSET", Verb::Rset},
    {"NOOP", Verb::Noop},
    {"QUIT", Verb::Quit},
    {"VRFY", Verb::Vrfy},
    {"EXPN", Verb::Expn},
    {"HELP", Verb::Help},
    {"ETRN", Verb::Etrn},
    {"STARTTLS", Verb::StartTls},
    {"AUTH", Verb::Auth},
}};

Verb verb_named(std::string_view word) {
  const auto* const found =
      std::find_if(kVerbNames.begin(), kVerbNames.end(), [word](const auto& each) { return each.first == word; });
  return found == kVerbNames.end() ? Verb::Other : found->second;
}

bool has_kept_argument(Verb verb) {
  return verb == Verb::Mail || verb == Verb::Rcpt || verb == Verb::Bdat || verb == Verb::Auth;
}

bool is_mask(std::string_view verb) {
  return verb.size() >= kShortestMask && verb.find_first_not_of('X') == std::string_view::npos;
}

struct Chunk {
  std::uint64_t size = 0;
  bool is_last = false;
};

/// RFC 3030 section 2: "BDAT 1000", "BDAT 324 LAST". Behind what is no size nothing follows, as far as one can tell.
Chunk chunk_of(std::string_view argument) {
  const std::size_t digits = std::min(argument.find(' '), argument.size());
  Chunk chunk{.size = 0, .is_last = argument.substr(digits).ends_with("LAST")};
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(argument.data(), argument.data() + digits, size);
  const bool is_size = error == std::errc{} && end == argument.data() + digits && size <= kLargestChunk;
  if (is_size) chunk.size = size;
  return chunk;
}

}  // namespace

std::size_t CommandReader::read(std::span<const std::byte> bytes) {
  const std::string_view text = as_text(bytes);
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  std::size_t looked_at = 0;
  while (looked_at < line.size() && (part_ != Part::Rest || !has_rest_)) keep(line[looked_at++]);
  const std::size_t room = kLongestLine + 1 - std::min(length_, kLongestLine + 1);
  length_ += static_cast<std::uint32_t>(std::min(room, line.size()));
  if (!line.empty()) last_ = line.back();
  if (end == std::string_view::npos) return text.size();
  ++length_;
  is_complete_ = true;
  return end + 1;
}

Command CommandReader::take() {
  Command command;
  command.verb = is_verb_too_long_ ? Verb::Other : verb_named(verb());
  command.is_certain = is_certain(command.verb);
  command.is_blank = verb_length_ == 0 && !has_control_;
  command.ends_in_line_feed_alone = last_ != '\r';
  command.is_dot = verb() == "." && length_ == (command.ends_in_line_feed_alone ? 2U : 3U);
  command.is_odd = command.is_blank || has_control_ || length_ > kLongestLine;
  command.is_masked = is_mask(verb());
  command.is_lmtp = verb() == "LHLO";
  command.is_proxy_header = verb() == "PROXY" && part_ != Part::Verb;
  if (command.verb == Verb::Auth) command.mechanism = mechanism_named(is_argument_too_long_ ? "" : argument());
  if (command.verb == Verb::Bdat && !is_argument_too_long_) {
    const Chunk chunk = chunk_of(argument());
    command.chunk_size = chunk.size;
    command.is_last_chunk = chunk.is_last;
  }
  reset();
  return command;
}

void CommandReader::reset() {
  *this = {};
}

void CommandReader::keep(char character) {
  if (character == '\r') return;
  if (!is_printable(character) && character != '\t' && part_ != Part::Rest) has_control_ = true;
  switch (part_) {
    case Part::Verb:
      keep_of_verb(character == '\t' ? ' ' : upper(character));
      return;
    case Part::Argument:
      keep_of_argument(character == '\t' ? ' ' : upper(character));
      return;
    case Part::Rest:
      if (character != ' ' && character != '\t') has_rest_ = true;
      return;
  }
}

void CommandReader::keep_of_verb(char character) {
  if (character == ' ') {
    if (verb_length_ > 0) part_ = has_kept_argument(verb_named(verb())) ? Part::Argument : Part::Rest;
  } else if (verb_length_ < kLongestVerb) {
    verb_.at(verb_length_++) = character;
  } else {
    is_verb_too_long_ = true;
  }
}

void CommandReader::keep_of_argument(char character) {
  if (character == ' ' && argument_length_ == 0) return;
  const Verb verb_read = verb_named(verb());
  if (verb_read == Verb::Auth && character == ' ') {
    part_ = Part::Rest;
  } else if (argument_length_ < kLongestArgument) {
    argument_.at(argument_length_++) = character;
    const bool is_path_next = (verb_read == Verb::Mail || verb_read == Verb::Rcpt) && character == ':';
    if (is_path_next) part_ = Part::Rest;
  } else {
    is_argument_too_long_ = true;
    part_ = Part::Rest;
  }
}

bool CommandReader::is_certain(Verb verb) const {
  if (has_control_ || is_verb_too_long_) return false;
  const bool is_alone = argument_length_ == 0 && !has_rest_;
  switch (verb) {
    case Verb::Mail:
      return argument() == "FROM:";
    case Verb::Rcpt:
      return argument() == "TO:";
    case Verb::Helo:
    case Verb::Ehlo:
      return has_rest_;
    case Verb::Bdat:
      return !argument().empty() && is_digit(argument().front());
    case Verb::Auth:
      return mechanism_named(argument()) != kOtherMechanism;
    case Verb::Data:
    case Verb::Rset:
    case Verb::Quit:
    case Verb::StartTls:
    case Verb::Noop:
      return is_alone;
    case Verb::Vrfy:
    case Verb::Expn:
    case Verb::Help:
    case Verb::Etrn:
    case Verb::Other:
      return false;
  }
  return false;
}

}  // namespace smtpath::smtp
