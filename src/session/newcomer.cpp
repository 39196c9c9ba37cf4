#include "session/newcomer.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace smtpath::session {

namespace {

constexpr std::size_t kMostKept = 16;
constexpr std::size_t kLongestKept = 512;

std::string upper_case(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes.first(std::min(bytes.size(), kLongestKept))) {
    const char c = static_cast<char>(byte);
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

bool is_helo(std::span<const std::byte> payload) {
  const std::string text = upper_case(payload);
  return text.starts_with("EHLO ") || text.starts_with("HELO ") || text.starts_with("LHLO ");
}

bool is_greeting(std::span<const std::byte> payload) {
  constexpr std::size_t kCodeLength = 3;
  if (payload.size() <= kCodeLength) return false;
  const char behind = static_cast<char>(payload[kCodeLength]);
  if (behind != ' ' && behind != '-') return false;
  std::string code;
  for (const std::byte byte : payload.first(kCodeLength)) code += static_cast<char>(byte);
  return code == "220" || code == "421" || code == "554";
}

}  // namespace

Newcomer::Kind Newcomer::handle(const Segment& segment) {
  if (segment.tcp.flags.syn && !segment.tcp.flags.ack && isn() && *isn() != segment.tcp.sequence) {
    // The ports are used anew.
    *this = {};
  }
  const Kind kind = judge(segment);
  if (kind == Kind::Other) return kind;
  if (kept_.size() == kMostKept || segment.tcp.payload.size() > kLongestKept * 4) return Kind::Other;
  Kept& kept = kept_.emplace_back(
      Kept{.at = segment.at, .from = segment.from, .ip = segment.ip, .tcp = segment.tcp, .payload = {}});
  kept.tcp.payload = {};
  kept.payload.assign(segment.tcp.payload.begin(), segment.tcp.payload.end());
  return kind;
}

std::optional<std::uint32_t> Newcomer::isn() const {
  if (kept_.empty() || !kept_.front().tcp.flags.syn || kept_.front().tcp.flags.ack) return std::nullopt;
  return kept_.front().tcp.sequence;
}

bool Newcomer::is_talk_with_proxy(const Segment& segment) const {
  const std::string text = upper_case(segment.tcp.payload);
  if (segment.from == Side::Client) return text.starts_with("CONNECT ");
  return prelude_.client > 0 && text.starts_with("HTTP/1.");
}

std::uint32_t Newcomer::first_of(const Segment& segment) const {
  for (const Kept& kept : kept_) {
    if (kept.from == segment.from) return kept.tcp.sequence + (kept.tcp.flags.syn ? 1U : 0U);
  }
  return segment.payload_begin();
}

Newcomer::Kind Newcomer::judge(const Segment& segment) {
  if (segment.tcp.flags.rst || segment.tcp.flags.fin) return Kind::Other;
  if (segment.tcp.payload_length == 0) return Kind::Unknown;
  if (is_talk_with_proxy(segment)) {
    std::uint32_t& length = prelude_.of(segment.from);
    length = std::max(length, segment.payload_end() - first_of(segment));
    return Kind::Unknown;
  }
  if (segment.from == Side::Client) {
    // Somebody who speaks first, before or after a greeting that may be one of SMTP.
    if (!is_helo(segment.tcp.payload)) return Kind::Other;
    has_helo_ = true;
    return has_greeting_ ? Kind::Smtp : Kind::Unknown;
  }
  if (!has_greeting_ && !is_greeting(segment.tcp.payload)) return Kind::Other;
  has_greeting_ = true;
  const std::string text = upper_case(segment.tcp.payload);
  if (has_helo_ || text.find("SMTP") != std::string::npos) return Kind::Smtp;
  return text.find("FTP") != std::string::npos ? Kind::Other : Kind::Unknown;
}

}  // namespace smtpath::session
