#pragma once

// What the packets of one target say: probes as they left, and every reply that proved to answer one of them. Nothing
// is collapsed here: "answered" is always by what, from whom, at which TTL. Plain values, filled by the Observer.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/time.h"
#include "smtpath/path/quote_change.h"
#include "smtpath/wire/packet.h"

namespace smtpath::path {

enum class ReplyKind : std::uint8_t { SynAck, Rst, Ack, TimeExceeded, Unreachable, EchoReply };

/// "syn-ack", "rst", "ack", "time-exceeded", "icmp-unreachable", "echo-reply".
std::string_view to_string(ReplyKind kind);

/// Of an ICMP error.
struct IcmpDetail {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  /// The TTL that the probe had where it died.
  Ttl quoted_ttl;
  /// Where the probe was bound for by then, if elsewhere than it was sent: somebody on the way translated it.
  std::optional<IpAddress> translated_to{};
  QuoteDepth depth = QuoteDepth::Ip;
  /// What the quote has otherwise than the probe that it is attributed to; TTL and checksums aside.
  std::vector<QuoteChange> changes{};
};

/// Of a TCP answer.
struct TcpDetail {
  wire::TcpFlags flags;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  std::uint16_t window = 0;
  std::uint16_t identification = 0;
  wire::TcpOptions options;
};

struct Reply {
  ReplyKind kind = ReplyKind::TimeExceeded;
  IpAddress from;
  Time at;
  /// As it arrived here.
  Ttl ttl;
  std::optional<IcmpDetail> icmp;
  std::optional<TcpDetail> tcp;
  std::vector<wire::MplsLabel> mpls;
  /// Seen on the loopback interface: this host itself answered.
  bool is_on_loopback = false;
  /// Where it arrived; 0 where the capture does not say.
  std::uint32_t interface_index = 0;
  /// Of a SYN-ACK: this host's kernel answered it with a reset, so it got as far as TCP here.
  bool was_reset_here = false;
};

/// One SYN or echo request with one TTL.
struct Probe {
  /// Counts from 1 within its flow.
  std::uint16_t number = 0;
  Ttl ttl;
  /// When an interface saw it leave, or when the kernel refused it.
  Time sent;
  /// The errno of a refused send.
  std::optional<int> refused;
  /// The kernel took it, and no interface saw it leave.
  bool is_unseen = false;
  /// Seen on the loopback interface: it did not leave this host.
  bool is_on_loopback = false;
  /// Where it left; 0 where the capture does not say.
  std::uint32_t interface_index = 0;
  /// The address that this host sent it to instead of the target.
  std::optional<IpAddress> redirected_to{};
  SentHeader header{};
  std::vector<Reply> replies;
};

/// One constant 5-tuple (or one echo identifier).
struct FlowTrace {
  /// Slot of its source port in the plan; where there is no plan, a number of its own among those to the port.
  std::uint16_t slot = 0;
  Port source_port;
  Port destination_port;
  /// In the order in which they left.
  std::vector<Probe> probes;
  /// Answers to this flow that name no probe and could be of more than one.
  std::vector<Reply> unattributed;
  /// How many more came that said the same as one of those.
  std::uint64_t unattributed_repeats = 0;
  /// Resets of this flow that a client ignores (RFC 9293 section 3.10.7.3), so they are no answers: without ACK, or
  /// with ACK for the number of the SYN itself.
  std::uint64_t ignored_resets = 0;
  /// What quotes of this flow bore in place of its sequence number: somebody on the way rewrites that. Of several the
  /// last; each had a timestamp that proves it.
  std::optional<std::uint32_t> rewritten_sequence{};
};

/// What the link says of the address that packets for a target are handed to first (ARP, neighbour discovery).
struct NextHop {
  /// This host asked for it.
  bool was_asked = false;
  bool has_answered = false;
  friend bool operator==(const NextHop&, const NextHop&) = default;
};

/// SYNs to the target's ports at an address that nobody can have, and what came of them.
struct NowhereTrace {
  IpAddress address;
  std::vector<FlowTrace> flows;
};

/// All that is known of one target address.
struct PathTrace {
  IpAddress target;
  std::vector<FlowTrace> flows;
  /// ICMP echo requests to the target; they belong to no port.
  FlowTrace echo;
  NextHop next_hop;
  /// Absent where the plan names no such address.
  std::optional<NowhereTrace> nowhere{};
};

}  // namespace smtpath::path
