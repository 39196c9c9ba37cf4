#pragma once

// One whole TCP connection as the packets show it, and the mail dialogue in it: plain values, nothing is judged here.
// Client is who sent the SYN; where none was seen, who is not on the mail port.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/session/tls.h"
#include "smtpath/smtp/transcript.h"

namespace smtpath::session {

struct Endpoint {
  IpAddress address;
  Port port;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

constexpr Side other(Side side) {
  return side == Side::Client ? Side::Server : Side::Client;
}

/// A pair of values, one a side.
template <class T>
struct Both {
  T client{};
  T server{};
  T& of(Side side) { return side == Side::Client ? client : server; }
  const T& of(Side side) const { return side == Side::Client ? client : server; }
};

/// The oldest bytes that a side has sent and the other has not acknowledged.
struct Outstanding {
  /// Payload of the segment, in bytes; 0 for a FIN alone.
  std::uint32_t size = 0;
  /// How often it was sent; 1: never repeated.
  std::uint32_t times_sent = 0;
  Time first_sent;
  Time last_sent;
};

/// One direction. Frames seen twice count once, but in `duplicate_frames`.
struct Stream {
  std::uint64_t packets = 0;
  /// Any packet but resets.
  bool is_seen = false;
  /// Payload as the IP headers declare it, repetitions included, resets left out.
  std::uint64_t payload_bytes = 0;
  std::uint64_t duplicate_frames = 0;
  /// Segments whose payload had all been seen before, keep-alives left out; so are bytes from before the capture.
  std::uint32_t retransmissions = 0;
  /// The last byte sent again, alone (RFC 9293 section 3.8.4).
  std::uint32_t keep_alives = 0;
  /// New bytes that came after later ones.
  std::uint32_t out_of_order = 0;
  /// Acknowledged by the other side, and never captured: the capture lost them.
  std::uint64_t bytes_not_captured = 0;
  /// Holes in the stream that were given up, for whatever reason: lost, not captured, or cut off by a snap length. Of a
  /// side without any packet none are counted.
  std::uint32_t gaps = 0;
  /// Segments that announced a window of 0 (resets and SYNs left out).
  std::uint32_t zero_windows = 0;
  /// Announced 0 last, and has not opened since.
  bool is_window_closed = false;
  /// Of its SYN or SYN-ACK.
  std::optional<std::uint16_t> mss;
  bool has_timestamps = false;
  /// Payload of the largest segment the other side acknowledged, and of the largest it has not.
  std::uint32_t largest_acknowledged = 0;
  std::uint32_t largest_unacknowledged = 0;
  std::optional<Outstanding> outstanding;
  /// TTLs of its packets but resets: of the first, the last, and the range.
  Ttl first_ttl, last_ttl, lowest_ttl, highest_ttl;
  /// IP IDs of its packets but resets: the last, and whether each so far rose by a little (0 to 1,024) on the one
  /// before.
  std::uint16_t last_identification = 0;
  bool identification_rises = false;
  bool identification_is_zero = false;
  bool dont_fragment = false;
  std::uint16_t last_window = 0;
  /// FIN sent, and acknowledged.
  bool has_finished = false;
  bool is_finish_acknowledged = false;
  /// Of the first FIN.
  std::optional<Time> finished_at;
  std::optional<Time> first_payload;
  std::optional<Time> last_payload;
  std::optional<Time> last_packet;
};

/// What had been seen when a reset came: Handshake while the client has not acknowledged a SYN-ACK, and neither side
/// sent payload; AfterFin once either side said FIN.
enum class Phase : std::uint8_t { Handshake, BeforeData, Mid, AfterFin };

/// A reset, with what tells whose it is. Compare with the stream of its sender.
struct Reset {
  /// By source address: a forged one counts as its apparent sender's.
  Side from = Side::Server;
  Time at;
  Phase phase = Phase::Mid;
  Ttl ttl;
  std::uint16_t identification = 0;
  bool dont_fragment = false;
  bool has_ack = false;
  std::uint16_t window = 0;
  bool has_timestamps = false;
  std::uint32_t payload_length = 0;
  /// Its sequence number less the next one its sender was expected to use; absent when that is not known.
  std::optional<std::int32_t> sequence_offset;
  /// Its acknowledgment less the next one the other side was to send; absent without ACK, or when not known.
  std::optional<std::int32_t> acknowledgment_offset;
  /// Since the last packet of the other side, and of the apparent sender.
  std::optional<Duration> after_other;
  std::optional<Duration> after_own;
  /// What the apparent sender's stream showed when it came (later packets must not colour it).
  Ttl sender_ttl;
  std::uint16_t sender_identification = 0;
  bool sender_was_seen = false;
  /// Packets but resets that its apparent sender sent afterwards: any, those with payload or FIN or SYN, and the first.
  std::uint32_t packets_after = 0;
  std::uint32_t talk_after = 0;
  std::optional<Duration> first_after;
  /// The last command that had been asked, for "at the word EHLO".
  std::optional<smtp::Verb> last_asked;
};

/// An ICMP error that quotes a packet of the connection.
struct IcmpNote {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  IpAddress from;
  /// Of 3/4 and ICMPv6 2/0.
  std::uint32_t mtu = 0;
  Time at;
  /// Who sent the packet it quotes.
  Side about = Side::Client;
  /// Seen before any SYN-ACK.
  bool is_before_answer = false;
};

/// Why nothing more is known.
enum class Ending : std::uint8_t {
  /// Both sides finished, or a reset ended it.
  Closed,
  /// Refused or rejected, and not tried again.
  NeverOpened,
  /// The capture ends with it open.
  CaptureEnded,
  /// Quiet for so long that it was given up, or its ports were used anew.
  Replaced,
  Quiet,
  /// Too many were open at once.
  Evicted,
};

enum class TlsMode : std::uint8_t { None, Implicit, StartTls };

struct Session {
  Endpoint client;
  Endpoint server;
  /// Of the first and the last frame.
  Time first;
  Time last;
  /// Capture time when it was given up: for Ending::CaptureEnded the time of the file's last frame.
  Time end;
  Ending ending = Ending::CaptureEnded;

  // The handshake (RFC 9293 section 3.5).
  /// SYNs, repetitions counted, frames seen twice not.
  std::uint32_t syn_sent = 0;
  /// Of the first 8 SYNs.
  std::vector<Time> syn_times;
  std::vector<Ttl> syn_ttls;
  std::uint32_t syn_acks = 0;
  bool is_established = false;
  /// From the SYN that was answered (the last before the SYN-ACK) to the ACK of the SYN-ACK.
  std::optional<Duration> handshake;
  /// Of that, from the SYN to the SYN-ACK: the way between where it was captured and the server, and back.
  std::optional<Duration> server_round_trip;
  /// The client answered the SYN-ACK with a reset at once: a scanner, or no client at all.
  bool is_half_open = false;
  /// Only one side was captured: it acknowledges a side of which there is no packet. SYNs without an answer are not
  /// meant.
  bool is_one_sided = false;
  /// SYN-ACKs without another SYN between them that disagree in sequence number: two answerers. (A server that has
  /// forgotten a SYN answers its repetition with a new number.)
  bool has_two_answerers = false;

  Both<Stream> streams;

  /// At most 8, the first; `reset_count` counts them all.
  std::vector<Reset> resets;
  Both<std::uint32_t> reset_count;
  /// At most 8, the first; repetitions (same type, code, sender, side) only counted.
  std::vector<IcmpNote> icmp;
  std::uint32_t icmp_count = 0;

  // Who said goodbye, in order (FIN).
  std::optional<Side> first_fin;

  // The dialogue.
  smtp::Transcript dialogue;
  /// When the dialogue's parts were seen.
  std::optional<Time> greeting_at;
  TlsMode tls_mode = TlsMode::None;
  Tls tls;
  /// Plain SMTP replies inside TLS (a proxy gives up), as code and text.
  std::optional<smtp::Reply> plain_reply_in_tls;
  /// SMTP went on in the clear after STARTTLS had been accepted.
  bool is_plain_after_starttls = false;

  bool has_syn() const { return syn_sent > 0; }
};

}  // namespace smtpath::session
