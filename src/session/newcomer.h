#pragma once

// A connection on a port that is no mail port, from its SYN until its first words show whether SMTP is spoken there:
// the server greets with 220 (421, 554) and says SMTP in it, or greets with 220 and hears EHLO or HELO in answer. FTP
// servers greet with 220 as well. Keeps the segments so far, so that nothing of a connection that is followed is
// missing.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "session/segment.h"

namespace smtpath::session {

class Newcomer {
 public:
  enum class Kind : std::uint8_t { Unknown, Smtp, Other };
  /// What the segment shows it to be, with all before.
  Kind handle(const Segment& segment);

  struct Kept {
    Time at;
    Side from = Side::Client;
    wire::IpHeader ip;
    /// Its payload is `payload`.
    wire::TcpSegment tcp;
    std::vector<std::byte> payload;
  };
  const std::vector<Kept>& kept() const { return kept_; }
  /// Bytes of each side that are talk with a proxy.
  const Both<std::uint32_t>& prelude() const { return prelude_; }
  /// Of the client's first SYN.
  std::optional<std::uint32_t> isn() const;

 private:
  Kind judge(const Segment& segment);
  bool is_talk_with_proxy(const Segment& segment) const;
  std::uint32_t first_of(const Segment& segment) const;

  std::vector<Kept> kept_;
  Both<std::uint32_t> prelude_;
  bool has_greeting_ = false;
  bool has_helo_ = false;
};

}  // namespace smtpath::session
