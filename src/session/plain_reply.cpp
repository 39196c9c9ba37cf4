#include "session/plain_reply.h"

#include <algorithm>
#include <string>

namespace smtpath::session {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_text(char c) {
  constexpr char kFirst = ' ';
  constexpr char kDelete = 0x7F;
  return (c >= kFirst && c != kDelete) || c == '\t';
}

}  // namespace

std::optional<smtp::Reply> plain_reply(std::span<const std::byte> bytes) {
  constexpr std::size_t kCodeLength = 3;
  constexpr std::size_t kLongest = kCodeLength + 1 + smtp::kLongestText;
  std::string line;
  for (const std::byte byte : bytes.first(std::min(bytes.size(), kLongest))) {
    const char c = static_cast<char>(byte);
    if (c == '\r' || c == '\n') break;
    if (!is_text(c)) return std::nullopt;
    line += c;
  }
  if (line.size() <= kCodeLength || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2])) {
    return std::nullopt;
  }
  if (line[kCodeLength] != ' ' && line[kCodeLength] != '-') return std::nullopt;
  const int code = std::stoi(line.substr(0, kCodeLength));
  return smtp::Reply{.code = static_cast<std::uint16_t>(code), .text = line.substr(kCodeLength + 1)};
}

}  // namespace smtpath::session
