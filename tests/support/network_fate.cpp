#include "support/network_fate.h"

#include <optional>
#include <variant>

namespace smtpath::test {

namespace {

using End = Fate::End;

Fate fate_by(const Rule& rule, int hop, bool is_server) {
  Fate fate;
  fate.hop = hop;
  fate.is_before_ttl_check = rule.before_ttl_check || is_server;
  fate.is_route = !rule.port;
  std::visit(Overloaded{
                 [&](const Drop&) { fate.end = End::Dropped; },
                 // A server that resets is a server that refuses, packet for packet.
                 [&](const Reset&) { fate.end = is_server ? End::Refused : End::Reset; },
                 // Whatever else comes, clients take the first answer.
                 [&](const Inject& inject) {
                   fate.end = End::Reset;
                   fate.copies_ttl = inject.copies_ttl;
                 },
                 [](const InjectError&) {},
                 [](const LimitRate&) {},
                 [&](const Reject& reject) {
                   fate.end = End::Rejected;
                   fate.reason = reject.reason;
                 },
                 [&](const TakeOver&) { fate.end = End::TakenOver; },
                 [&](const SynProxy&) { fate.end = End::TakenOver; },
             },
             rule.action);
  return fate;
}

// Where no rule picks the packets.
Fate fate_at_server(const NetworkPath& path, std::optional<Port> port) {
  Fate fate;
  fate.hop = path.distance();
  fate.is_before_ttl_check = true;
  if (!port) {
    fate.end = path.server.answers_echo ? End::Accepted : End::Dropped;
    return fate;
  }
  fate.is_before_ttl_check = !path.server.passes_on(*port);
  fate.end = path.server.is_open(*port) ? End::Accepted : End::Refused;
  return fate;
}

Fate fate_elsewhere(const Detour& detour) {
  Fate fate;
  fate.end = detour.is_open ? End::TakenOver : End::Reset;
  fate.hop = detour.distance();
  fate.is_before_ttl_check = true;
  fate.detour = &detour;
  return fate;
}

// What ends the way of packets that a router lets pass; nothing: they come to the next hop.
std::optional<Fate> fate_behind(const NetworkPath& path, std::optional<Port> port, int hop, const Device& device) {
  if (const Detour* const detour = port ? path.detour_of(*port) : nullptr; detour != nullptr && detour->at == hop) {
    return fate_elsewhere(*detour);
  }
  const bool is_last_router = hop + 1 == path.distance();
  Fate fate;
  fate.hop = hop;
  fate.end = device.loops_to ? End::Loops : End::Unresolved;
  if (device.loops_to || (is_last_router && !path.server.exists)) return fate;
  return {};
}

// `device_at` tells which device of a hop the packets meet.
template <class DeviceAt>
Fate fate_along(const NetworkPath& path, std::optional<Port> port, const DeviceAt& device_at) {
  for (int hop = 1; hop <= path.distance(); ++hop) {
    const Device& device = device_at(hop);
    const bool is_server = hop == path.distance();
    std::optional<Fate> fate;
    for (const bool before_ttl_check : {true, false}) {
      if (fate) break;
      if (const Rule* const rule = device.rule_for(port, before_ttl_check)) fate = fate_by(*rule, hop, is_server);
    }
    if (!fate && is_server) fate = fate_at_server(path, port);
    if (!fate) fate = fate_behind(path, port, hop, device);
    if (!fate) continue;
    if (fate->detour == nullptr) fate->device = &device;
    return *fate;
  }
  return {};
}

}  // namespace

Fate fate_of(const NetworkPath& path, std::optional<Port> port) {
  if (!port) return fate_along(path, {}, [&](int hop) -> const Device& { return path.hop(hop, kEchoFlow); });
  return fate_along(path, port, [&](int hop) -> const Device& { return path.hop(hop); });
}

Fate fate_of(const NetworkPath& path, Port port, Port source_port) {
  const FlowKey flow{.source_port = source_port, .destination_port = port};
  return fate_along(path, port, [&](int hop) -> const Device& { return path.hop(hop, flow); });
}

}  // namespace smtpath::test
