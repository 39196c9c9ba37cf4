#pragma once

// Builds the packets that answer probes, as tests and simulated networks need them: raw IP packets from the same plain
// values that decoding yields. Lengths, the protocol and checksums are filled in, whatever those values say.
//
//   tcp_packet({.source = server, .destination = host, .ttl = Ttl{55}},
//              {.source_port = Port{25}, .destination_port = Port{40112}, .flags = {.syn = true, .ack = true}});

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "smtpath/wire/packet.h"

namespace smtpath::test {

using Bytes = std::vector<std::byte>;

/// Options in the order of Linux (MSS, SACK permitted, timestamps, window scale), padded with NOPs.
Bytes tcp_packet(const wire::IpHeader& ip, const wire::TcpSegment& segment);

struct IcmpErrorFields {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  /// Bytes 4 to 7 of the ICMP header, an MTU for example; without the RFC 4884 length, which `mpls` brings about.
  std::uint32_t rest = 0;
  /// The whole IP packet that drew the error, and what its TTL was where it died.
  std::span<const std::byte> original{};
  Ttl quoted_ttl = Ttl{1};
  /// How many of its bytes are quoted at most, IP header included.
  std::size_t quoted_bytes = 548;
  /// If any, the quote is padded to 128 bytes and an RFC 4884 extension with these labels follows.
  std::span<const wire::MplsLabel> mpls{};
};

/// `type` is one of ICMP or of ICMPv6 as the family of `ip` has it.
Bytes icmp_error_packet(const wire::IpHeader& ip, const IcmpErrorFields& fields);

/// An ICMP message as it is, header included, with its checksum put right.
Bytes icmp_packet(const wire::IpHeader& ip, std::span<const std::byte> message);

/// A request or a reply.
Bytes echo_packet(const wire::IpHeader& ip, const wire::Echo& echo, std::span<const std::byte> payload = {});

/// Makes the checksums of a whole IP packet (TCP or ICMP, no IP options or extension headers) fit what it holds.
void correct_checksums(Bytes& packet);

}  // namespace smtpath::test
