#include "support/network_rewriting.h"

#include <algorithm>
#include <optional>

#include "smtpath/wire/decode.h"

namespace smtpath::test {

namespace {

constexpr std::size_t kIpv4Length = 20;
constexpr std::size_t kIpv6Length = 40;
// In a TCP header (RFC 9293 section 3.1).
constexpr std::size_t kSequenceAt = 4;
constexpr std::size_t kDataOffsetAt = 12;
constexpr std::size_t kOptionsAt = 20;

bool is_ipv4(std::span<const std::byte> packet) {
  return (packet.front() >> 4U) == std::byte{4};
}

std::uint32_t number_at(std::span<const std::byte> bytes) {
  std::uint32_t number = 0;
  for (const std::byte byte : bytes) number = number << 8U | std::to_integer<std::uint32_t>(byte);
  return number;
}

void put_number(std::span<std::byte> bytes, std::uint32_t number) {
  for (std::size_t i = bytes.size(); i-- > 0; number >>= 8U) bytes[i] = static_cast<std::byte>(number & 0xffU);
}

void put_source(Bytes& packet, const IpAddress& source) {
  constexpr std::ptrdiff_t kSourceAtV4 = 12;
  constexpr std::ptrdiff_t kSourceAtV6 = 8;
  std::copy(source.bytes().begin(), source.bytes().end(),
            packet.begin() + (is_ipv4(packet) ? kSourceAtV4 : kSourceAtV6));
}

void put_traffic_class(Bytes& packet, std::uint8_t traffic_class) {
  if (is_ipv4(packet)) {
    packet[1] = std::byte{traffic_class};
    return;
  }
  packet[0] = (packet[0] & std::byte{0xf0}) | std::byte(traffic_class >> 4U);
  packet[1] = (packet[1] & std::byte{0x0f}) | std::byte(traffic_class & 0x0fU) << 4;
}

// The TCP header and what follows it; empty: no TCP.
std::span<std::byte> tcp_of(Bytes& packet) {
  constexpr std::size_t kProtocolAtV4 = 9;
  constexpr std::size_t kProtocolAtV6 = 6;
  constexpr std::byte kTcp{6};
  if (packet[is_ipv4(packet) ? kProtocolAtV4 : kProtocolAtV6] != kTcp) return {};
  return std::span(packet).subspan(is_ipv4(packet) ? kIpv4Length : kIpv6Length);
}

void put_source_port(std::span<std::byte> tcp, Port port) {
  put_number(tcp.first(2), port.number);
}

void add_to_sequence(std::span<std::byte> tcp, std::uint32_t offset) {
  const std::span<std::byte> sequence = tcp.subspan(kSequenceAt, 4);
  put_number(sequence, number_at(sequence) + offset);
}

// As nftables and TCPOPTSTRIP take options out: NOPs stand in their place.
void rewrite_options(std::span<std::byte> tcp, const Rewriting& rewriting) {
  constexpr std::byte kEnd{0};
  constexpr std::byte kNoOperation{1};
  constexpr std::byte kMss{2};
  const auto header_length = std::to_integer<std::size_t>(tcp[kDataOffsetAt] >> 4U) * 4;
  std::span<std::byte> options = tcp.subspan(kOptionsAt, header_length - kOptionsAt);
  while (!options.empty() && options[0] != kEnd) {
    const bool has_length = options[0] != kNoOperation;
    const std::span<std::byte> option = options.first(has_length ? std::to_integer<std::size_t>(options[1]) : 1);
    if (option[0] == kMss) {
      const std::span<std::byte> size = option.subspan(2);
      if (rewriting.mss) put_number(size, std::min<std::uint32_t>(number_at(size), *rewriting.mss));
    } else if (rewriting.removes_options) {
      std::fill(option.begin(), option.end(), kNoOperation);
    }
    options = options.subspan(option.size());
  }
}

}  // namespace

Bytes rewritten(std::span<const std::byte> packet, const Rewriting& rewriting) {
  Bytes changed(packet.begin(), packet.end());
  if (rewriting.source) put_source(changed, *rewriting.source);
  if (rewriting.traffic_class) put_traffic_class(changed, *rewriting.traffic_class);
  if (const std::span<std::byte> tcp = tcp_of(changed); !tcp.empty()) {
    const Port source_port{static_cast<std::uint16_t>(number_at(tcp.first(2)))};
    put_source_port(tcp, rewriting.source_port_of(source_port));
    add_to_sequence(tcp, rewriting.sequence_offset);
    rewrite_options(tcp, rewriting);
  }
  correct_checksums(changed);
  return changed;
}

wire::TcpSegment changed_back(wire::TcpSegment answer, std::span<const Rewritten> changes) {
  if (changes.empty()) return answer;
  answer.destination_port = changes.front().source_port;
  if (!answer.flags.ack) return answer;
  for (const Rewritten& change : changes) answer.acknowledgment -= change.by->sequence_offset;
  return answer;
}

Bytes as_quoted(std::span<const std::byte> packet, std::span<const Rewritten> changes) {
  Bytes quoted(packet.begin(), packet.end());
  const std::span<std::byte> tcp = tcp_of(quoted);
  for (std::size_t i = changes.size(); i-- > 0 && changes[i].by->translates_errors;) {
    put_source(quoted, changes[i].source);
    if (tcp.empty()) continue;
    put_source_port(tcp, changes[i].source_port);
    add_to_sequence(tcp, 0U - changes[i].by->sequence_offset);
  }
  correct_checksums(quoted);
  return quoted;
}

}  // namespace smtpath::test
