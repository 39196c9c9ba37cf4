#include "verdict/session_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "smtpath/path/icmp_name.h"

namespace smtpath::verdict {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kLongestQuotation = 160;

/// One line, and no longer than a person reads.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, kLongestQuotation));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  if (text.size() > kLongestQuotation) line += "...";
  return line;
}

}  // namespace

std::string time_words(Duration duration) {
  const double count = std::max(to_milliseconds(duration), 0.0);
  if (duration >= seconds(10)) return fmt::format("{:.0f} s", count / 1000);
  if (duration >= seconds(1)) return fmt::format("{:.1f} s", count / 1000);
  if (duration >= milliseconds(10)) return fmt::format("{:.0f} ms", count);
  if (duration < std::chrono::microseconds(1)) return "0 ms";
  return fmt::format("{:.{}f} ms", count, duration < std::chrono::microseconds(100) ? 3 : 1);
}

std::string number_of(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string_view name_of(session::Side side) {
  return side == session::Side::Client ? "client" : "server";
}

std::string reply_words(const smtp::Reply& reply) {
  const std::string text = one_line(reply.text);
  return text.empty() ? std::to_string(reply.code) : fmt::format("{} {}", reply.code, text);
}

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", one_line(text));
}

std::string icmp_words(const session::IcmpNote& note) {
  return fmt::format("ICMP {} from {}", path::icmp_name(note.from.family(), note.type, note.code),
                     to_string(note.from));
}

std::string_view verb_words(smtp::Verb verb) {
  return verb == smtp::Verb::Other ? std::string_view("an unknown command") : smtp::to_string(verb);
}

}  // namespace smtpath::verdict
