#include "path/own_probes.h"

namespace smtpath::path {

std::optional<std::uint16_t> probe_number(std::uint32_t timestamp, const FlowMark& mark) {
  const std::uint32_t number = timestamp - mark.timestamp_base;
  if (number == 0 || number > 0xffff) return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

bool comes_from_elsewhere(const wire::Packet& packet) {
  const bool has_direction = packet.interface_index != 0;
  return has_direction && !packet.is_outgoing && !packet.is_on_loopback;
}

std::optional<OwnProbe> own_probe(const FlowTable& table, const wire::Packet& packet, const wire::TcpSegment& syn) {
  if (comes_from_elsewhere(packet)) return std::nullopt;
  const auto flow = table.by_sequence(syn.sequence);
  if (!flow || !syn.options.timestamps) return std::nullopt;
  const auto number = probe_number(syn.options.timestamps->value, flow->mark);
  if (!number || (packet.ip.source.is_ipv4() && packet.ip.identification != *number)) return std::nullopt;
  return OwnProbe{.flow = *flow, .number = *number};
}

}  // namespace smtpath::path
