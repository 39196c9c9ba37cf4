#include "app/port_interfaces.h"

#include <variant>

#include "smtpath/wire/decode.h"

namespace smtpath::app {

PortInterfaces::PortInterfaces(const report::RunPlan& plan) {
  for (const report::PlannedTarget& target : plan.targets) {
    for (const facts::PortRoute& route : target.routes) {
      const bool is_followed = route.difference == facts::PortRoute::Difference::OtherInterface;
      if (is_followed && target.index) indices_[{*target.index, route.port}] = route.interface_index;
    }
  }
}

std::uint32_t PortInterfaces::of(std::size_t target, std::span<const std::byte> packet) const {
  if (indices_.empty()) return 0;
  const wire::Decoded decoded = wire::decode(LinkType::Raw, packet);
  const auto* decodable = std::get_if<wire::Packet>(&decoded);
  const auto* segment = decodable == nullptr ? nullptr : std::get_if<wire::TcpSegment>(&decodable->payload);
  if (segment == nullptr) return 0;
  const auto found = indices_.find({target, segment->destination_port});
  return found == indices_.end() ? 0 : found->second;
}

}  // namespace smtpath::app
