#include "support/forger.h"

#include <array>
#include <variant>

#include "smtpath/wire/decode.h"

namespace smtpath::test {

namespace {

constexpr std::size_t kMostProbes = 256;
constexpr std::size_t kMostAnswers = 4096;
constexpr int kAnyPort = 65535;

wire::IpHeader header(const IpAddress& source, const IpAddress& destination, Ttl ttl) {
  wire::IpHeader ip;
  ip.source = source;
  ip.destination = destination;
  ip.ttl = ttl;
  return ip;
}

}  // namespace

std::string Forger::mark(Family family) {
  return family == Family::Ipv4 ? "198.51.100." : "2001:db8:bad:";
}

void Forger::see(std::span<const std::byte> packet) {
  const auto decoded = wire::decode(LinkType::Raw, packet);
  const auto* const seen = std::get_if<wire::Packet>(&decoded);
  if (seen == nullptr) return;
  const auto* const segment = std::get_if<wire::TcpSegment>(&seen->payload);
  const bool is_probe = segment != nullptr && segment->flags.syn && !segment->flags.ack;
  if (is_probe && probes_.size() < kMostProbes) {
    probes_.push_back({.client = seen->ip.source,
                       .server = seen->ip.destination,
                       .source_port = segment->source_port,
                       .destination_port = segment->destination_port,
                       .sequence = segment->sequence});
  }
  const bool is_error = std::holds_alternative<wire::IcmpError>(seen->payload);
  const bool is_syn_ack = segment != nullptr && segment->flags.syn && segment->flags.ack;
  if ((is_error || is_syn_ack) && answers_.size() < kMostAnswers) answers_.emplace_back(packet.begin(), packet.end());
}

Bytes Forger::next() {
  const Probe& probe = probes_[static_cast<std::size_t>(dice_.between(0, static_cast<int>(probes_.size()) - 1))];
  const int lot = dice_.between(0, 9);
  if (lot < 4) return segment(probe);
  if (lot < 8 || answers_.empty()) return error(probe);
  return repetition();
}

std::uint32_t Forger::other_than(std::uint32_t number) {
  constexpr int kFar = 0x7fff'0000;
  return number + 2 + static_cast<std::uint32_t>(dice_.between(0, kFar));
}

IpAddress Forger::some_router(Family family) {
  constexpr int kMost = 255;
  return *IpAddress::parse(mark(family) + (family == Family::Ipv4 ? "" : ":") +
                           std::to_string(dice_.between(1, kMost)));
}

// A SYN-ACK or RST with a wrong acknowledgment, to the right port or to one that was never ours.
Bytes Forger::segment(const Probe& probe) {
  const bool has_right_ports = dice_.chance(0.7);
  const bool is_reset = dice_.chance(0.5);
  wire::TcpSegment forged;
  forged.source_port = probe.destination_port;
  forged.destination_port =
      has_right_ports ? probe.source_port : Port{static_cast<std::uint16_t>(dice_.between(1, kAnyPort))};
  forged.sequence = other_than(0);
  forged.acknowledgment = other_than(probe.sequence);
  forged.flags = {.syn = !is_reset, .rst = is_reset, .ack = !is_reset || dice_.chance(0.7)};
  forged.window = is_reset ? 0 : 65160;
  if (!is_reset) forged.options.timestamps = {.value = other_than(0), .echo = other_than(0)};
  constexpr std::array kTtls{Ttl{64}, Ttl{60}, Ttl{59}, Ttl{128}, Ttl{255}};
  return tcp_packet(header(probe.server, probe.client, dice_.one_of(kTtls)), forged);
}

// Of the kinds that a router or the server sends; its quote has a wrong sequence number, and perhaps ports that were
// never ours.
Bytes Forger::error(const Probe& probe) {
  struct Kind {
    std::uint8_t type;
    std::uint8_t code;
  };
  constexpr std::array kKinds{Kind{11, 0}, Kind{3, 13}, Kind{3, 1}, Kind{3, 3}};
  constexpr std::array kKindsV6{Kind{3, 0}, Kind{1, 1}, Kind{1, 3}, Kind{1, 4}};
  const Family family = probe.client.family();
  const Kind kind = dice_.one_of(family == Family::Ipv4 ? kKinds : kKindsV6);
  wire::TcpSegment quoted;
  const bool has_right_ports = dice_.chance(0.7);
  quoted.source_port =
      has_right_ports ? probe.source_port : Port{static_cast<std::uint16_t>(dice_.between(1, kAnyPort))};
  quoted.destination_port = probe.destination_port;
  quoted.sequence = other_than(probe.sequence);
  quoted.flags.syn = true;
  quoted.options.timestamps = {.value = other_than(0), .echo = 0};
  wire::IpHeader quoted_ip = header(probe.client, probe.server, Ttl{1});
  quoted_ip.identification = static_cast<std::uint16_t>(dice_.between(0, kAnyPort));
  const Bytes original = tcp_packet(quoted_ip, quoted);
  return icmp_error_packet(header(some_router(family), probe.client, Ttl{62}),
                           {.type = kind.type, .code = kind.code, .original = original});
}

Bytes Forger::repetition() {
  return answers_[static_cast<std::size_t>(dice_.between(0, static_cast<int>(answers_.size()) - 1))];
}

}  // namespace smtpath::test
