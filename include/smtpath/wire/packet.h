#pragma once

// A decoded IP packet as a plain value: the IP header and what it carries, as far as the capture holds it; of tunnels,
// that of the innermost packet. Nothing here says what a packet means for a probe or a path. Fields that the bytes did
// not reach are absent, never guessed.
// Spans point into the frame that was decoded and live as long as its bytes do.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"

namespace smtpath::wire {

/// RFC 791 section 3.1, RFC 8200 section 3.
struct IpHeader {
  IpAddress source{};
  IpAddress destination{};
  /// Time to live or hop limit as it arrived.
  Ttl ttl{};
  /// DSCP and ECN.
  std::uint8_t traffic_class = 0;
  /// IPv4 only; 0 in IPv6.
  std::uint16_t identification = 0;
  /// IPv6 only; 0 in IPv4.
  std::uint32_t flow_label = 0;
  /// The upper-layer protocol, behind any IPv6 extension headers and AH.
  std::uint8_t protocol = 0;
  bool dont_fragment = false;
  bool more_fragments = false;
  /// In bytes. Only the fragment at 0 has a transport header.
  std::uint32_t fragment_offset = 0;
  /// Header and payload as the header declares them, in bytes; a capture may hold less.
  std::uint32_t total_length = 0;

  bool is_fragment() const { return more_fragments || fragment_offset != 0; }
};

/// RFC 9293 section 3.1.
struct TcpFlags {
  bool fin = false;
  bool syn = false;
  bool rst = false;
  bool psh = false;
  bool ack = false;
  bool urg = false;
  bool ece = false;
  bool cwr = false;
  friend bool operator==(const TcpFlags&, const TcpFlags&) = default;
};

/// RFC 7323 section 3.
struct TcpTimestamps {
  std::uint32_t value = 0;
  std::uint32_t echo = 0;
  friend bool operator==(const TcpTimestamps&, const TcpTimestamps&) = default;
};

struct TcpOptions {
  std::optional<std::uint16_t> mss{};
  std::optional<std::uint8_t> window_scale{};
  bool sack_permitted = false;
  std::optional<TcpTimestamps> timestamps{};
  friend bool operator==(const TcpOptions&, const TcpOptions&) = default;
};

struct TcpSegment {
  Port source_port{};
  Port destination_port{};
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  TcpFlags flags{};
  std::uint16_t window = 0;
  TcpOptions options{};
  /// As far as captured; without link-layer padding.
  std::span<const std::byte> payload{};
  /// As the IP header declares it, in bytes; at least payload.size().
  std::uint32_t payload_length = 0;
  /// The capture ends within the header, behind the flags: options may be missing, and the window is 0 where it is.
  bool is_header_cut = false;
};

/// The TCP header inside an ICMP error. RFC 792 promises its first 8 bytes only: ports and sequence number.
struct QuotedTcp {
  struct Beyond {
    std::uint32_t acknowledgment = 0;
    TcpFlags flags;
    std::uint16_t window = 0;
  };
  Port source_port;
  Port destination_port;
  std::uint32_t sequence = 0;
  std::optional<Beyond> beyond;
  /// Those within the quote.
  TcpOptions options;
  /// The quote holds the header up to its end, so an option that is not there was not in the packet.
  bool is_whole = false;
};

/// The ICMP echo header inside an ICMP error.
struct QuotedEcho {
  std::uint16_t identifier = 0;
  std::uint16_t sequence = 0;
};

/// The packet that an ICMP error quotes. `ip.ttl` is the TTL that it had where it died.
struct Quote {
  IpHeader ip;
  std::variant<std::monostate, QuotedTcp, QuotedEcho> transport;
  /// Bytes of the quoted packet that the error holds, IP header included.
  std::uint32_t length = 0;
};

/// RFC 3032 section 2.1, as RFC 4950 puts it into ICMP errors.
struct MplsLabel {
  std::uint32_t label = 0;
  std::uint8_t traffic_class = 0;
  bool bottom_of_stack = false;
  std::uint8_t ttl = 0;
  friend bool operator==(const MplsLabel&, const MplsLabel&) = default;
};

/// Top first; a deeper stack than this is cut.
struct MplsStack {
  static constexpr std::size_t kMaxLabels = 8;
  std::array<MplsLabel, kMaxLabels> labels{};
  std::size_t count = 0;
  std::span<const MplsLabel> view() const { return std::span(labels).first(count); }
};

/// The ICMP errors that a probe can draw, in the words of RFC 792 and RFC 4443.
enum class IcmpErrorKind : std::uint8_t {
  /// 11/0, ICMPv6 3/0 (time or hop limit exceeded in transit).
  TimeExceeded,
  /// 3/x but 3/4, ICMPv6 1/x.
  Unreachable,
  /// 3/4, ICMPv6 2/0.
  PacketTooBig,
  /// Everything else that quotes a packet: reassembly time exceeded, parameter problem, source quench, redirect.
  Other,
};

struct IcmpError {
  IcmpErrorKind kind = IcmpErrorKind::Other;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  /// Of PacketTooBig; 0 where the sender gave none.
  std::uint32_t mtu = 0;
  /// Absent when the error holds no readable IP header.
  std::optional<Quote> quote;
  MplsStack mpls;
};

/// ICMP 8 and 0, ICMPv6 128 and 129.
struct Echo {
  bool is_reply = false;
  std::uint16_t identifier = 0;
  std::uint16_t sequence = 0;
};

/// Who has this address on the link, and who says so: ARP (RFC 826) and IPv6 neighbour discovery (RFC 4861). Of ARP,
/// which has no IP header, `Packet::ip` holds the two addresses and nothing else.
struct Neighbor {
  /// Neighbour advertisement or ARP reply; else the question.
  bool is_reply = false;
  /// The address in question.
  IpAddress target{};
};

/// A protocol that smtpath does not look into, or a later fragment of anything.
struct OtherPayload {};

struct Packet {
  IpHeader ip;
  std::variant<OtherPayload, TcpSegment, IcmpError, Echo, Neighbor> payload;
  /// The IP, TCP or ICMP checksum is wrong over bytes that were captured whole. A note, no reason to discard:
  /// interfaces with offload show checksums that are not computed yet.
  bool has_bad_checksum = false;
  /// Set by Linux cooked captures: the frame leaves this host.
  bool is_outgoing = false;
  /// Set by Linux cooked captures: seen on the loopback interface.
  bool is_on_loopback = false;
  /// Of Linux cooked captures version 2; 0 elsewhere.
  std::uint32_t interface_index = 0;
};

}  // namespace smtpath::wire
