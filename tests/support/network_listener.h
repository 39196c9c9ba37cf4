#pragma once

// A listening TCP as Linux has it, up to the moment when a handshake would be complete: nobody here ever completes one.
// Of several SYNs of one tuple it keeps the first until a RST comes; later ones draw one more SYN-ACK each 500 ms at
// most, always with the first one's timestamp (net/ipv4/tcp_minisocks.c, tcp_check_req). A machine: segments and time
// in, segments out; call handle_timeout() at next_timeout() until it yields nothing.

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/wire/packet.h"

namespace smtpath::test {

struct ListenerHabits {
  bool has_timestamps = true;
  /// Keeps no state: each SYN is answered by itself (RFC 4987 section 3.6).
  bool uses_syn_cookies = false;
  /// The RST with which a client turns a SYN-ACK down comes through to it.
  bool hears_resets = true;
  /// So many SYNs of each tuple are dropped before one is let in, as some defences against floods do.
  int ignored_syns = 0;
};

class Listener {
 public:
  explicit Listener(ListenerHabits habits) : habits_(habits) {}

  /// A SYN or RST to a port that is open.
  std::optional<wire::TcpSegment> handle_segment(Time now, const wire::TcpSegment& segment);

  /// A SYN-ACK that nothing answered, once more.
  std::optional<wire::TcpSegment> handle_timeout(Time now);
  std::optional<Time> next_timeout() const;

 private:
  // A connection in SYN-RECV.
  struct Request {
    Port client;
    Port server;
    std::uint32_t sequence = 0;
    wire::TcpOptions offered;
    std::optional<std::uint32_t> timestamp;
    Time retransmit_at;
    int timeouts = 0;
    std::optional<Time> last_repeat;
  };

  std::optional<wire::TcpSegment> repeat(Time now, Request& request, const wire::TcpSegment& syn);
  wire::TcpSegment syn_ack(Time now, const Request& request) const;
  wire::TcpSegment cookie(Time now, const wire::TcpSegment& syn) const;
  wire::TcpSegment plain_ack(Time now, const Request& request) const;

  bool is_ignored(const wire::TcpSegment& syn);

  ListenerHabits habits_;
  std::vector<Request> requests_;
  std::map<std::pair<Port, Port>, int> syns_ignored_;
};

/// The RST of a port that nobody listens on, or of a device that forges one (RFC 9293 section 3.5.2).
wire::TcpSegment refusal_of(const wire::TcpSegment& syn);

/// One that fits no connection: no ACK, and 0 for its number.
wire::TcpSegment bare_reset(const wire::TcpSegment& syn);

/// The SYN-ACK of a SYN proxy: window 0, a cookie for a sequence number.
wire::TcpSegment proxy_syn_ack(Time now, const wire::TcpSegment& syn);

}  // namespace smtpath::test
