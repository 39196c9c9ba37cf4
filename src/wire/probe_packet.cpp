#include "smtpath/wire/probe_packet.h"

#include <tins/icmp.h>
#include <tins/icmpv6.h>
#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>

#include <cassert>
#include <string>

#include "wire/checksum.h"

namespace smtpath::wire {

namespace {

constexpr std::size_t kIpv4Length = 20;
constexpr std::size_t kIpv6Length = 40;

// Offsets in the IPv4 header (RFC 791 section 3.1); the time to live shares its word with the protocol.
constexpr std::size_t kIdentificationAt = 4;
constexpr std::size_t kTtlAt = 8;
constexpr std::size_t kIpChecksumAt = 10;
// In the IPv6 header (RFC 8200 section 3).
constexpr std::size_t kHopLimitAt = 7;
// In a TCP header whose options begin with MSS, SACK permitted and timestamps.
constexpr std::size_t kTcpChecksumAt = 16;
constexpr std::size_t kTimestampAt = 28;
// In an ICMP or ICMPv6 echo.
constexpr std::size_t kEchoChecksumAt = 2;
constexpr std::size_t kEchoSequenceAt = 6;

bool is_ipv4(const std::vector<std::byte>& packet) {
  return (packet.front() >> 4) == std::byte{4};
}

std::size_t ip_length(const IpAddress& source) {
  return source.is_ipv4() ? kIpv4Length : kIpv6Length;
}

std::uint16_t word_at(const std::vector<std::byte>& packet, std::size_t at) {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(packet[at]) << 8 |
                                    std::to_integer<unsigned>(packet[at + 1]));
}

void put_word(std::vector<std::byte>& packet, std::size_t at, std::uint16_t word) {
  packet[at] = static_cast<std::byte>(word >> 8);
  packet[at + 1] = static_cast<std::byte>(word & 0xff);
}

// `at` must be even within the bytes that the checksum covers.
void patch_word(std::vector<std::byte>& packet, std::size_t at, std::uint16_t word, std::size_t checksum_at) {
  put_word(packet, checksum_at, updated_checksum(word_at(packet, checksum_at), word_at(packet, at), word));
  put_word(packet, at, word);
}

void patch_ip_header(std::vector<std::byte>& packet, const ProbeMark& mark) {
  assert(mark.number != 0);
  if (!is_ipv4(packet)) {
    packet[kHopLimitAt] = std::byte{mark.ttl.hops};
    return;
  }
  const auto protocol = std::to_integer<std::uint8_t>(packet[kTtlAt + 1]);
  patch_word(packet, kTtlAt, static_cast<std::uint16_t>(mark.ttl.hops << 8 | protocol), kIpChecksumAt);
  patch_word(packet, kIdentificationAt, mark.number, kIpChecksumAt);
}

std::vector<std::byte> serialized(Tins::PDU& packet) {
  const auto numbers = packet.serialize();
  std::vector<std::byte> bytes;
  bytes.reserve(numbers.size());
  for (const std::uint8_t number : numbers) bytes.push_back(std::byte{number});
  return bytes;
}

// The SYN of a Linux client on Ethernet: windows of 44 and 45 segments, options in the kernel's order.
Tins::TCP linux_syn(const SynFields& fields) {
  constexpr std::uint8_t kWindowScale = 7;
  const bool v4 = fields.source.is_ipv4();
  Tins::TCP syn(fields.destination_port.number, fields.source_port.number);
  syn.flags(Tins::TCP::SYN);
  syn.seq(fields.sequence);
  syn.window(v4 ? 64240 : 64800);
  syn.mss(v4 ? 1460 : 1440);
  syn.sack_permitted();
  syn.timestamp(0, 0);
  syn.add_option(Tins::TCP::option(Tins::TCP::NOP));
  syn.winscale(kWindowScale);
  return syn;
}

Tins::RawPDU echo_payload() {
  return Tins::RawPDU(std::string("smtpath path measurement"));
}

// libtins throws only what the preconditions rule out: a source that it must look up, a flow label of over 20 bits.
void check_addresses([[maybe_unused]] const IpAddress& source, [[maybe_unused]] const IpAddress& destination) {
  assert(source.family() == destination.family());
  assert(!source.is_unspecified());
}

}  // namespace

SynTemplate::SynTemplate(const SynFields& fields)
    : timestamp_at_(ip_length(fields.source) + kTimestampAt), checksum_at_(ip_length(fields.source) + kTcpChecksumAt) {
  check_addresses(fields.source, fields.destination);
  assert(fields.flow_label <= 0xfffff);
  const std::string source = to_string(fields.source);
  const std::string destination = to_string(fields.destination);
  if (fields.source.is_ipv4()) {
    Tins::IP packet = Tins::IP(destination, source) / linux_syn(fields);
    packet.flags(Tins::IP::DONT_FRAGMENT);
    bytes_ = serialized(packet);
  } else {
    Tins::IPv6 packet = Tins::IPv6(destination, source) / linux_syn(fields);
    packet.flow_label(fields.flow_label);
    bytes_ = serialized(packet);
  }
}

std::span<const std::byte> SynTemplate::stamp(const ProbeMark& mark) {
  patch_ip_header(bytes_, mark);
  patch_word(bytes_, timestamp_at_, static_cast<std::uint16_t>(mark.timestamp >> 16), checksum_at_);
  patch_word(bytes_, timestamp_at_ + 2, static_cast<std::uint16_t>(mark.timestamp), checksum_at_);
  return bytes_;
}

EchoTemplate::EchoTemplate(const EchoFields& fields) {
  check_addresses(fields.source, fields.destination);
  const std::string source = to_string(fields.source);
  const std::string destination = to_string(fields.destination);
  if (fields.source.is_ipv4()) {
    Tins::ICMP echo(Tins::ICMP::ECHO_REQUEST);
    echo.id(fields.identifier);
    Tins::IP packet = Tins::IP(destination, source) / echo / echo_payload();
    bytes_ = serialized(packet);
  } else {
    Tins::ICMPv6 echo(Tins::ICMPv6::ECHO_REQUEST);
    echo.identifier(fields.identifier);
    Tins::IPv6 packet = Tins::IPv6(destination, source) / echo / echo_payload();
    bytes_ = serialized(packet);
  }
}

std::span<const std::byte> EchoTemplate::stamp(const ProbeMark& mark) {
  const std::size_t icmp_at = is_ipv4(bytes_) ? kIpv4Length : kIpv6Length;
  patch_ip_header(bytes_, mark);
  patch_word(bytes_, icmp_at + kEchoSequenceAt, mark.number, icmp_at + kEchoChecksumAt);
  return bytes_;
}

}  // namespace smtpath::wire
