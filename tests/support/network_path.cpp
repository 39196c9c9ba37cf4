#include "support/network_path.h"

#include <algorithm>
#include <array>

namespace smtpath::test {

IcmpTypeCode type_code_of(Unreachable reason, Family family) {
  const bool v4 = family == Family::Ipv4;
  switch (reason) {
    case Unreachable::Net:
      return v4 ? IcmpTypeCode{3, 0} : IcmpTypeCode{1, 0};
    case Unreachable::Host:
      return v4 ? IcmpTypeCode{3, 1} : IcmpTypeCode{1, 3};
    case Unreachable::Port:
      return v4 ? IcmpTypeCode{3, 3} : IcmpTypeCode{1, 4};
    case Unreachable::NetProhibited:
      return v4 ? IcmpTypeCode{3, 9} : IcmpTypeCode{1, 1};
    case Unreachable::HostProhibited:
      return v4 ? IcmpTypeCode{3, 10} : IcmpTypeCode{1, 1};
    case Unreachable::AdminProhibited:
      return v4 ? IcmpTypeCode{3, 13} : IcmpTypeCode{1, 1};
  }
  return {};
}

std::string_view to_string(const Action& action) {
  return std::visit(Overloaded{
                        [](const Drop&) { return std::string_view("drops"); },
                        [](const Reset&) { return std::string_view("resets"); },
                        [](const Inject&) { return std::string_view("injects resets for"); },
                        [](const InjectError&) { return std::string_view("injects errors for"); },
                        [](const LimitRate&) { return std::string_view("limits"); },
                        [](const Reject&) { return std::string_view("rejects"); },
                        [](const TakeOver&) { return std::string_view("takes over"); },
                        [](const SynProxy&) { return std::string_view("proxies"); },
                    },
                    action);
}

bool lets_pass(const Action& action) {
  return std::holds_alternative<Inject>(action) || std::holds_alternative<InjectError>(action) ||
         std::holds_alternative<LimitRate>(action);
}

const Rule* Device::rule_for(std::optional<Port> port, bool before_ttl_check) const {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) {
    const auto* const inject = std::get_if<Inject>(&rule.action);
    const bool is_noticed = inject == nullptr ? !lets_pass(rule.action) : inject->form == Inject::Form::Proper;
    return rule.before_ttl_check == before_ttl_check && (!rule.port || rule.port == port) && is_noticed;
  });
  return found == rules.end() ? nullptr : &*found;
}

Port Rewriting::source_port_of(Port before) const {
  constexpr unsigned kPorts = 1000;
  if (!source_port) return before;
  return Port{static_cast<std::uint16_t>(source_port->number + before.number % kPorts)};
}

bool Server::listens_on(Port port) const {
  return std::find(open.begin(), open.end(), port) != open.end();
}

bool Server::passes_on(Port port) const {
  return std::find(forwarded.begin(), forwarded.end(), port) != forwarded.end() ||
         std::find(forwarded_closed.begin(), forwarded_closed.end(), port) != forwarded_closed.end();
}

bool Server::is_open(Port port) const {
  return listens_on(port) || std::find(forwarded.begin(), forwarded.end(), port) != forwarded.end();
}

std::size_t branch_of(const Split& split, const FlowKey& flow) {
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15U;
  constexpr unsigned kHalf = 32;
  const std::uint64_t ports = std::uint64_t{flow.source_port.number} << 16U | flow.destination_port.number;
  std::uint64_t hash = (ports ^ (std::uint64_t{split.salt} << kHalf)) * kMix;
  hash ^= hash >> kHalf;
  hash *= kMix;
  return static_cast<std::size_t>(hash >> kHalf) % split.branches();
}

const Detour* NetworkPath::detour_of(Port port) const {
  const auto found =
      std::find_if(detours.begin(), detours.end(), [&](const Detour& detour) { return detour.port == port; });
  return found == detours.end() ? nullptr : &*found;
}

FlowKey NetworkPath::flow_at(int ttl, FlowKey flow) const {
  if (flow.source_port == kEchoFlow.source_port) return flow;
  for (int before = 1; before < ttl; ++before) {
    if (const auto& rewriting = hop(before).rewriting) flow.source_port = rewriting->source_port_of(flow.source_port);
  }
  return flow;
}

const Device& NetworkPath::hop(int ttl, const FlowKey& flow) const {
  const auto split = std::find_if(splits.begin(), splits.end(), [&](const Split& each) {
    return each.by == Split::By::Flow && ttl > each.at && ttl <= each.at + each.length();
  });
  const std::size_t branch = split == splits.end() ? 0 : branch_of(*split, flow_at(split->at, flow));
  if (branch == 0) return hop(ttl);
  return split->others[branch - 1][static_cast<std::size_t>(ttl - split->at) - 1];
}

int NetworkPath::return_hops(int ttl) const {
  return std::max(1, ttl + hop(ttl).extra_return_hops);
}

IpAddress address_of(Family family, unsigned net, int number) {
  const auto last = static_cast<std::byte>(number);
  if (family == Family::Ipv4) {
    constexpr std::array<std::array<unsigned, 3>, 5> kNets{
        {{192, 0, 2}, {198, 51, 100}, {203, 0, 113}, {198, 18, 0}, {198, 19, 0}}};
    const auto& prefix = kNets[net];
    return IpAddress::v4(std::array{static_cast<std::byte>(prefix[0]), static_cast<std::byte>(prefix[1]),
                                    static_cast<std::byte>(prefix[2]), last});
  }
  std::array<std::byte, 16> bytes{std::byte{0x20}, std::byte{0x01}, std::byte{0x0d}, std::byte{0xb8}};
  bytes[5] = static_cast<std::byte>(net);
  bytes[15] = last;
  return IpAddress::v6(bytes);
}

NetworkPath plain_path(int router_count, Family family) {
  NetworkPath path;
  path.client = address_of(family, 0, 2);
  for (int ttl = 1; ttl <= router_count; ++ttl) {
    path.devices.emplace_back().address = address_of(family, 1, ttl);
  }
  path.devices.emplace_back().address = address_of(family, 2, 9);
  return path;
}

Detour plain_detour(const NetworkPath& path, Port port, int at, int distance) {
  constexpr int kFirst = 200;
  Detour detour{.port = port, .at = at, .devices = {}, .is_open = true, .translates_errors = true};
  for (int hop = at + 1; hop <= distance; ++hop) {
    detour.devices.emplace_back().address = address_of(path.client.family(), 3, kFirst + hop);
  }
  return detour;
}

Split plain_split(const NetworkPath& path, int at, int branches, int length) {
  constexpr unsigned kNet = 4;
  int number = 0;
  for (const Split& other : path.splits) number += static_cast<int>(other.others.size()) * other.length();
  Split split;
  split.at = at;
  for (int branch = 1; branch < branches; ++branch) {
    std::vector<Device>& devices = split.others.emplace_back();
    for (int i = 0; i < length; ++i) devices.emplace_back().address = address_of(path.client.family(), kNet, ++number);
  }
  return split;
}

}  // namespace smtpath::test
