#pragma once

// Tells the story of one TCP connection to a mail port, sentence by sentence, and records the packets of it as the
// client's interface would see them: the client's leave at once, the server's come after the time of travel.
//
//   MailConnection(recording, {.client = {.address = ...}, .server = {...}, .begins = kMorning})
//       .handshake().server("220 mx.example.org ESMTP").client("EHLO a.example.org").resets(Side::Server);
//
// Both ends behave like Linux: options, timestamps, windows, IP IDs. Data is acknowledged by the client at once and by
// the server with its next data, as long as nobody says otherwise.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/session/session.h"
#include "smtpath/wire/packet.h"
#include "support/recording.h"

namespace smtpath::test {

using session::Side;

struct Peer {
  IpAddress address{};
  Port port{};
  /// Of its packets where they are captured.
  Ttl ttl{64};
  std::uint16_t mss = 1460;
  bool has_timestamps = true;
  /// Absent: drawn from addresses and ports.
  std::optional<std::uint32_t> initial_sequence{};
};

struct ConnectionSpec {
  Peer client;
  Peer server{.ttl = Ttl{52}};
  Time begins;
  Duration round_trip = std::chrono::milliseconds{12};
};

/// How a reset differs from one that its sender's own kernel makes when a program closes with data unread.
struct ResetLook {
  std::optional<Ttl> ttl{};
  std::optional<std::uint16_t> identification{};
  std::optional<std::uint16_t> window{};
  bool has_timestamps = true;
  std::int32_t sequence_offset = 0;
};

struct ErrorLook {
  std::uint8_t type = 3;
  std::uint8_t code = 1;
  std::uint32_t rest = 0;
  IpAddress from;
  /// Of the error where it is captured, and of the quoted packet where it died.
  Ttl ttl{62};
  Ttl quoted_ttl{61};
  std::size_t quoted_bytes = 548;
};

class MailConnection {
 public:
  MailConnection(Recording& recording, const ConnectionSpec& spec);

  // The handshake. A SYN said again is the same SYN.
  MailConnection& handshake() { return syn().syn_ack().acknowledges(Side::Client); }
  MailConnection& syn();
  MailConnection& syn_ack();

  // Lines are separated by \n; each gets its CRLF. Bytes go as they are. Both are cut into segments.
  MailConnection& client(std::string_view lines) { return says(Side::Client, lines); }
  MailConnection& server(std::string_view lines) { return says(Side::Server, lines); }
  MailConnection& says(Side side, std::string_view lines);
  MailConnection& sends(Side side, std::span<const std::byte> bytes);

  /// The first segment of what the side last said, again.
  MailConnection& repeats(Side side);
  MailConnection& acknowledges(Side side);
  /// The next segments of the side are not captured, until they are shown again; the other end has them.
  MailConnection& hides(Side side, bool is_hidden = true);
  /// The next segment of the side comes so much later, and what is said meanwhile before it.
  MailConnection& delays_next(Side side, Duration time);
  /// The side takes nothing in any more, nor does it acknowledge.
  MailConnection& goes_deaf(Side side, bool is_deaf = true);
  /// Announces this window (unscaled) from now on; says it in an acknowledgment of its own.
  MailConnection& announces_window(Side side, std::uint16_t window);
  /// One segment with the byte before the next (RFC 9293 section 3.8.4).
  MailConnection& keeps_alive(Side side);

  MailConnection& waits(Duration time);
  MailConnection& finishes(Side side);
  /// FIN, FIN and the last ACK, the side first.
  MailConnection& closes(Side side);
  MailConnection& resets(Side side, const ResetLook& look = {});
  /// By the kernel of a host that has no such connection (RFC 9293 section 3.5.2): it answers the other's last packet.
  MailConnection& refuses(Side side);
  /// About the client's last packet.
  MailConnection& draws_error(const ErrorLook& look);

  Time now() const { return now_; }

 private:
  struct End {
    Peer peer;
    std::uint32_t next = 0;
    std::uint32_t acknowledged = 0;
    std::uint32_t clock = 0;
    std::uint16_t identification = 0;
    std::uint16_t window = 0;
    std::uint32_t last_clock_seen = 0;
    bool is_deaf = false;
    bool is_hidden = false;
    Duration delay{};
    Time last_sent;
    // What would be repeated.
    std::uint32_t first_sequence = 0;
    Bytes first_payload{};
    Bytes last_packet{};
  };

  struct Segment {
    std::uint32_t sequence = 0;
    wire::TcpFlags flags{.ack = true};
    std::span<const std::byte> payload{};
    bool is_opening = false;
  };

  End& end_of(Side side) { return side == Side::Client ? client_ : server_; }
  void travel(Side side);
  void send(Side side, const Segment& segment);
  void record(Side side, Bytes packet);
  wire::IpHeader ip_from(Side side);

  Recording& recording_;
  Time now_;
  Time began_;
  Duration round_trip_;
  End client_;
  End server_;
};

}  // namespace smtpath::test
