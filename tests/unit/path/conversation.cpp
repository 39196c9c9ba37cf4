#include "unit/path/conversation.h"

#include <algorithm>
#include <string>

namespace smtpath::test {

namespace {

IpAddress address(const std::string& text) {
  return IpAddress::parse(text).value();
}

path::Plan plan_of(const IpAddress& host, const IpAddress& target) {
  path::Plan plan;
  plan.key.fill(std::byte{0x5a});
  plan.source_ports = {Port{40001}, Port{40002}};
  plan.targets.push_back(
      {.address = target,
       .source = host,
       .ports = {{.port = Port{25}, .role = path::Role::Subject}, {.port = Port{587}, .role = path::Role::Control}}});
  return plan;
}

}  // namespace

Conversation::Conversation(Family family)
    : host_(address(family == Family::Ipv4 ? "192.0.2.2" : "2001:db8::2")),
      target_(address(family == Family::Ipv4 ? "203.0.113.9" : "2001:db8:2::9")),
      plan_(plan_of(host_, target_)),
      observer_(plan_) {}

IpAddress Conversation::router(int hop) const {
  return address((host_.is_ipv4() ? "198.51.100." : "2001:db8:1::") + std::to_string(hop));
}

path::FlowMark Conversation::mark(Port source_port, Port port) const {
  return path::FlowMarks(plan_.key).of({.target = 0,
                                        .port = port == Port{25} ? std::size_t{0} : 1,
                                        .slot = static_cast<std::uint8_t>(source_port == Port{40001} ? 0 : 1)});
}

std::uint16_t Conversation::echo_identifier() const {
  return path::echo_identifier(plan_.key, target_);
}

const path::FlowTrace& Conversation::flow() const {
  return *std::find_if(trace().flows.begin(), trace().flows.end(),
                       [](const path::FlowTrace& flow) { return flow.slot == 0 && flow.destination_port == Port{25}; });
}

const path::Probe& Conversation::probe(std::uint16_t number) const {
  const auto& probes = flow().probes;
  return *std::find_if(probes.begin(), probes.end(), [&](const path::Probe& probe) { return probe.number == number; });
}

Bytes Conversation::syn(const SentSyn& sent) const {
  const path::FlowMark flow_mark = mark(sent.source_port, sent.destination_port);
  wire::IpHeader ip{.source = sent.shown_source.value_or(host_), .destination = target_, .ttl = sent.ttl};
  if (host_.is_ipv4()) ip.identification = sent.number;
  wire::TcpSegment segment{.source_port = sent.shown_source_port.value_or(sent.source_port),
                           .destination_port = sent.destination_port,
                           .sequence = flow_mark.sequence,
                           .flags = {.syn = true},
                           .window = 64240};
  segment.options.mss = std::uint16_t{1460};
  segment.options.sack_permitted = true;
  segment.options.timestamps = {.value = flow_mark.timestamp_base + sent.number, .echo = 0};
  segment.options.window_scale = std::uint8_t{7};
  return tcp_packet(ip, segment);
}

bool Conversation::hears(std::span<const std::byte> packet) {
  now_ += std::chrono::milliseconds(1);
  return hears_at(now_, packet);
}

bool Conversation::hears_at(Time time, std::span<const std::byte> packet) {
  return observer_
      .handle_frame({.time = time,
                     .link = LinkType::Raw,
                     .bytes = packet,
                     .original_length = static_cast<std::uint32_t>(packet.size()),
                     .refused = {}})
      .has_value();
}

bool Conversation::is_refused(std::span<const std::byte> packet, int error_number) {
  now_ += std::chrono::milliseconds(1);
  return observer_
      .handle_frame({.time = now_,
                     .link = LinkType::Raw,
                     .bytes = packet,
                     .original_length = static_cast<std::uint32_t>(packet.size()),
                     .refused = error_number})
      .has_value();
}

wire::IpHeader Conversation::from_target(Ttl arrived) const {
  return {.source = target_, .destination = host_, .ttl = arrived};
}

wire::TcpSegment Conversation::answer(bool syn, bool rst, bool ack) const {
  return {.source_port = Port{25},
          .destination_port = Port{40001},
          .sequence = rst ? 0U : 12345U,
          .acknowledgment = mark().sequence + 1,
          .flags = {.syn = syn, .rst = rst, .ack = ack}};
}

Bytes Conversation::syn_ack(std::uint16_t echoed_number) const {
  wire::TcpSegment segment = answer(true, false, true);
  segment.options.timestamps = {.value = 7, .echo = mark().timestamp_base + echoed_number};
  return tcp_packet(from_target(), segment);
}

Bytes Conversation::rst() const {
  return tcp_packet(from_target(), answer(false, true, true));
}

Bytes Conversation::error(int hop, std::span<const std::byte> original, std::size_t quoted_bytes) const {
  const wire::IpHeader ip{.source = router(hop), .destination = host_, .ttl = Ttl{60}};
  const auto type = static_cast<std::uint8_t>(host_.is_ipv4() ? 11 : 3);
  return icmp_error_packet(ip, {.type = type, .original = original, .quoted_bytes = quoted_bytes});
}

std::size_t size_of(const path::PathTrace& trace) {
  const auto size_of_flow = [](const path::FlowTrace& flow) {
    std::size_t size = 1 + flow.unattributed.size();
    for (const path::Probe& probe : flow.probes) size += 1 + probe.replies.size();
    return size;
  };
  std::size_t size = size_of_flow(trace.echo);
  for (const path::FlowTrace& flow : trace.flows) size += size_of_flow(flow);
  return size;
}

}  // namespace smtpath::test
