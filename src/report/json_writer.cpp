#include "report/json_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "report/utf8.h"

namespace smtpath::report {

namespace {

constexpr std::size_t kPieceLength = 16384;

}  // namespace

void JsonWriter::key(std::string_view name) {
  separate();
  append_quoted(name);
  pending_ += ':';
  needs_comma_ = false;
}

void JsonWriter::value(std::string_view text) {
  separate();
  append_quoted(text);
  hand_over_if_long();
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) {
    literal("null");
    return;
  }
  std::string text = fmt::format("{:.3f}", number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  literal(text == "-0" ? "0" : text);
}

void JsonWriter::hand_over() {
  sink_(pending_);
  pending_.clear();
}

void JsonWriter::begin(char bracket) {
  separate();
  pending_ += bracket;
  needs_comma_ = false;
}

void JsonWriter::end(char bracket) {
  pending_ += bracket;
  needs_comma_ = true;
}

void JsonWriter::literal(std::string_view text) {
  separate();
  pending_ += text;
  hand_over_if_long();
}

void JsonWriter::separate() {
  if (needs_comma_) pending_ += ',';
  needs_comma_ = true;
}

void JsonWriter::append_quoted(std::string_view text) {
  pending_ += '"';
  while (!text.empty()) {
    const CodePoint code_point = first_code_point(text);
    if (!code_point.is_valid) {
      pending_ += kReplacementBytes;
    } else if (code_point.value == '"' || code_point.value == '\\') {
      pending_ += '\\';
      pending_ += text.front();
    } else if (code_point.value < 0x20 || (code_point.value >= 0x7F && code_point.value < 0xA0)) {
      fmt::format_to(std::back_inserter(pending_), "\\u{:04x}", static_cast<unsigned>(code_point.value));
    } else {
      pending_ += text.substr(0, code_point.length);
    }
    text.remove_prefix(code_point.length);
  }
  pending_ += '"';
}

void JsonWriter::hand_over_if_long() {
  if (pending_.size() >= kPieceLength) hand_over();
}

}  // namespace smtpath::report
