#include "smtpath/smtp/reply_reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "smtp/text.h"

namespace smtpath::smtp {
namespace {

constexpr std::size_t kCodeDigits = 3;
/// Code, separator, text and CR.
constexpr std::size_t kLongestKept = kCodeDigits + 1 + kLongestText + 1;
/// RFC 5321 section 4.5.3.1.5 says 512; servers say more.
constexpr std::uint32_t kLongestLine = 4096;
constexpr std::uint16_t kEhloAccepted = 250;

/// A line of a reply: its code and what is behind the separator.
struct ReplyLine {
  std::uint16_t code = 0;
  bool is_last = false;
  std::string_view text;
};

/// Firewalls mask the separator too ("220*****").
bool separates(char character) {
  return character == ' ' || character == '-' || character == '\t' || character == '*';
}

std::optional<ReplyLine> parse(std::string_view line) {
  if (line.size() < kCodeDigits || !std::all_of(line.begin(), line.begin() + kCodeDigits, is_digit)) return {};
  if (line[0] < '2' || line[0] > '5') return {};
  std::uint16_t code = 0;
  for (const char digit : line.substr(0, kCodeDigits)) code = static_cast<std::uint16_t>(code * 10 + (digit - '0'));
  if (line.size() == kCodeDigits) return ReplyLine{.code = code, .is_last = true, .text = {}};
  const char separator = line[kCodeDigits];
  if (!separates(separator)) return {};
  const std::size_t text = separator == '*' ? kCodeDigits : kCodeDigits + 1;
  return ReplyLine{.code = code, .is_last = separator != '-', .text = line.substr(text, kLongestText)};
}

std::string_view without_carriage_returns(std::string_view line) {
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace

std::size_t ReplyReader::read(std::span<const std::byte> bytes) {
  const std::string_view text = as_text(bytes);
  std::size_t read = 0;
  while (read < text.size() && !is_complete_) {
    const std::size_t end = text.find('\n', read);
    const bool is_ended = end != std::string_view::npos;
    const std::string_view part = text.substr(read, is_ended ? end - read : end);
    read += part.size();
    const bool is_whole = is_ended && length_ == 0 && part.size() <= kLongestLine;
    if (!is_whole) keep(part);
    if (!is_ended) break;
    ++read;
    end_line(is_whole ? part.substr(0, kLongestKept) : std::string_view(begun().line));
    drop_line();
  }
  return read;
}

Reply ReplyReader::take() {
  is_complete_ = false;
  Reply reply = std::move(begun().reply);
  begun_.reset();
  return reply;
}

std::vector<std::string> ReplyReader::further_lines() const {
  return begun_ ? begun_->further_lines : std::vector<std::string>{};
}

void ReplyReader::note_gap() {
  drop_line();
  is_behind_gap_ = true;
  is_first_line_ = false;
}

ReplyReader::Begun& ReplyReader::begun() {
  if (!begun_) begun_ = std::make_unique<Begun>();
  return *begun_;
}

void ReplyReader::drop_line() {
  length_ = 0;
  if (begun_) begun_->line = {};
  if (!is_under_way_ && !is_complete_) begun_.reset();
}

void ReplyReader::keep(std::string_view part) {
  const std::uint32_t before = length_;
  const auto room = std::numeric_limits<std::uint32_t>::max() - length_;
  length_ += static_cast<std::uint32_t>(std::min<std::size_t>(room, part.size()));
  if (before <= kLongestLine && length_ > kLongestLine) ++odd_lines_;
  std::string& line = begun().line;
  line += part.substr(0, kLongestKept - line.size());
  const std::string_view text = without_carriage_returns(line);
  if (is_first_line_ && length_ > kCodeDigits && !text.empty() && !parse(text)) began_otherwise_ = true;
}

void ReplyReader::end_line(std::string_view line) {
  const auto parsed = parse(without_carriage_returns(line));
  const bool is_behind_gap = std::exchange(is_behind_gap_, false);
  const bool is_first = std::exchange(is_first_line_, false);
  if (!parsed) {
    // A blank line before the greeting is odd and no more.
    if (is_first && !without_carriage_returns(line).empty()) began_otherwise_ = true;
    if (!is_behind_gap) ++odd_lines_;
    return;
  }
  if (is_behind_gap && parsed->code != begun().reply.code) {
    is_under_way_ = false;
    begun().further_lines = {};
  }
  add_line(parsed->code, parsed->text);
  is_under_way_ = !parsed->is_last;
  is_complete_ = parsed->is_last;
}

void ReplyReader::add_line(std::uint16_t code, std::string_view text) {
  Begun& begun = this->begun();
  // Where the lines of a reply disagree, the last one counts (RFC 5321 section 4.2.1).
  begun.reply.code = code;
  if (!is_under_way_) {
    begun.reply.text = text;
  } else if (code == kEhloAccepted && begun.further_lines.size() < kMostExtensions) {
    begun.further_lines.emplace_back(text);
  }
}

}  // namespace smtpath::smtp
