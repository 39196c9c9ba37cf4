#include "path/as_seen.h"

#include "path/quote_comparison.h"

namespace smtpath::path {

Probe probe_of(const wire::Packet& packet, std::uint16_t number, Time sent) {
  Probe probe;
  probe.number = number;
  probe.ttl = packet.ip.ttl;
  probe.sent = sent;
  probe.is_on_loopback = packet.is_on_loopback;
  probe.interface_index = packet.interface_index;
  probe.header = header_of(packet);
  return probe;
}

std::optional<ReplyKind> answer_kind(const wire::TcpFlags& flags) {
  if (flags.rst) return ReplyKind::Rst;
  if (flags.syn && flags.ack) return ReplyKind::SynAck;
  if (flags.ack && !flags.fin) return ReplyKind::Ack;
  return std::nullopt;
}

bool acknowledges(const wire::TcpSegment& segment, std::uint32_t sequence) {
  return segment.flags.ack && segment.acknowledgment == sequence + 1;
}

bool is_ignored_reset(const wire::TcpSegment& segment, std::uint32_t sequence) {
  return segment.flags.rst && (!segment.flags.ack || segment.acknowledgment == sequence);
}

std::optional<ReplyKind> error_kind(wire::IcmpErrorKind kind) {
  switch (kind) {
    case wire::IcmpErrorKind::TimeExceeded:
      return ReplyKind::TimeExceeded;
    case wire::IcmpErrorKind::Unreachable:
      return ReplyKind::Unreachable;
    case wire::IcmpErrorKind::PacketTooBig:
    case wire::IcmpErrorKind::Other:
      return std::nullopt;
  }
  return std::nullopt;
}

Reply reply_of(const wire::Packet& packet, ReplyKind kind, Time at) {
  Reply reply;
  reply.kind = kind;
  reply.from = packet.ip.source;
  reply.at = at;
  reply.ttl = packet.ip.ttl;
  reply.is_on_loopback = packet.is_on_loopback;
  reply.interface_index = packet.interface_index;
  return reply;
}

Reply reply_of(const wire::Packet& packet, const wire::TcpSegment& segment, ReplyKind kind, Time at) {
  Reply reply = reply_of(packet, kind, at);
  reply.tcp = TcpDetail{.flags = segment.flags,
                        .sequence = segment.sequence,
                        .acknowledgment = segment.acknowledgment,
                        .window = segment.window,
                        .identification = packet.ip.identification,
                        .options = segment.options};
  return reply;
}

Reply reply_of(const wire::Packet& packet, const wire::IcmpError& error, ReplyKind kind, Time at) {
  Reply reply = reply_of(packet, kind, at);
  reply.icmp = IcmpDetail{.type = error.type, .code = error.code, .quoted_ttl = error.quote->ip.ttl};
  reply.icmp->depth = depth_of(*error.quote);
  const auto labels = error.mpls.view();
  reply.mpls.assign(labels.begin(), labels.end());
  return reply;
}

Reply held_against(const Probe* probe, const wire::IcmpError& error, Reply reply) {
  if (probe != nullptr) reply.icmp->changes = changes_in(*error.quote, probe->header);
  return reply;
}

}  // namespace smtpath::path
