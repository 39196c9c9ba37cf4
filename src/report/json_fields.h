#pragma once

// What several parts of the JSON report write alike.

#include <optional>
#include <string>
#include <string_view>

#include "report/json_writer.h"
#include "smtpath/report/report.h"

namespace smtpath::report {

inline constexpr std::string_view kSchema = "smtpath/1";

/// RFC 3339, UTC, cut to milliseconds.
std::string rfc3339_of(Time moment);

void write_icmp(JsonWriter& out, const IcmpReport& icmp);
void write_location(JsonWriter& out, const verdict::Location& location);

template <class Word>
std::optional<std::string_view> word_of(const std::optional<Word>& word) {
  if (!word) return std::nullopt;
  return to_string(*word);
}

/// One line, from what `write_members` puts into it after its schema and type.
template <class WriteMembers>
std::string line_of(std::string_view type, const WriteMembers& write_members) {
  std::string line;
  const Sink sink = [&](std::string_view piece) { line += piece; };
  JsonWriter out(sink);
  out.begin_object();
  out.member("schema", kSchema);
  out.member("type", type);
  write_members(out);
  out.end_object();
  out.hand_over();
  line += '\n';
  return line;
}

}  // namespace smtpath::report
