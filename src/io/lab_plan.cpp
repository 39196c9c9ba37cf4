#include "io/lab_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>

namespace smtpath::io {

namespace {

constexpr int kMostRouters = 60;

// The link that ends at node `link`, the farther of its two nodes.
std::string far_end(int link, Family family) {
  return family == Family::Ipv4 ? fmt::format("10.9.{}.1", link) : fmt::format("fd09:0:0:{}::1", link);
}
std::string near_end(int link, Family family) {
  return family == Family::Ipv4 ? fmt::format("10.9.{}.2", link) : fmt::format("fd09:0:0:{}::2", link);
}
std::string subnet(int link, Family family) {
  return family == Family::Ipv4 ? fmt::format("10.9.{}.0/24", link) : fmt::format("fd09:0:0:{}::/64", link);
}

std::string address_line(const std::string& address, const char* interface) {
  const bool v4 = address.find(':') == std::string::npos;
  return fmt::format("addr add {}{} dev {}\n", address, v4 ? "/24" : "/64 nodad", interface);
}

// Everything to the right by default; to the left the links that are there. The server has no right.
std::string addressing(int node, int server) {
  std::string text = "link set lo up\n";
  if (node > 0) text += fmt::format("link set {} up\n", kLeft);
  if (node < server) text += fmt::format("link set {} up\n", kRight);
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    if (node > 0) text += address_line(far_end(node, family), kLeft);
    if (node < server) {
      text += address_line(near_end(node + 1, family), kRight);
      text += fmt::format("route add default via {}\n", far_end(node + 1, family));
    }
    for (int link = 1; link < node; ++link) {
      text += fmt::format("route add {} via {}\n", subnet(link, family), near_end(node, family));
    }
  }
  return text;
}

// Written out even where they are the kernel's defaults: a new namespace takes IPv4 settings over from the host.
std::vector<LabSetting> node_settings(bool forwards, bool limits_icmp) {
  const std::string forwarding = forwards ? "1" : "0";
  std::vector<LabSetting> settings{
      {"ipv4/conf/all/rp_filter", "0"},
      {"ipv4/conf/default/rp_filter", "0"},
      {"ipv4/ip_forward", forwarding},
      {"ipv6/conf/all/disable_ipv6", "0"},
      {"ipv6/conf/default/disable_ipv6", "0"},
      {"ipv6/conf/all/forwarding", forwarding},
      // Duplicate address detection would keep IPv6 mute for its first second.
      {"ipv6/conf/all/accept_dad", "0"},
      {"ipv6/conf/default/accept_dad", "0"},
  };
  if (!limits_icmp) {
    settings.push_back({"ipv4/icmp_ratelimit", "0"});
    settings.push_back({"ipv4/icmp_ratemask", "0"});
    settings.push_back({"ipv6/icmp/ratelimit", "0"});
  }
  return settings;
}

constexpr const char* kNoTimeExceeded = R"(
table inet lab_silent {
  chain output {
    type filter hook output priority filter
    icmp type time-exceeded drop
    icmpv6 type time-exceeded drop
  }
}
)";

constexpr const char* kNoEcho = R"(
table inet lab_no_echo {
  chain input {
    type filter hook input priority filter
    icmp type echo-request drop
    icmpv6 type echo-request drop
  }
}
)";

LabMember plan_node(const LabSpec& spec, int node) {
  const int server = spec.routers + 1;
  const bool is_router = node > 0 && node < server;
  LabMember member;
  member.name = node == 0 ? "client" : node == server ? "server" : fmt::format("router {}", node);
  member.settings = node_settings(is_router, spec.limits_icmp);
  if (node > 0) member.interfaces.emplace_back(kLeft);
  if (node < server) member.interfaces.emplace_back(kRight);
  member.addresses = addressing(node, server);
  for (const LabRule& rule : spec.rules) {
    if (rule.node == node) member.rules += rule.nft + "\n";
  }
  if (std::count(spec.silent_routers.begin(), spec.silent_routers.end(), node) > 0) member.rules += kNoTimeExceeded;
  if (node == server && !spec.answers_echo) member.rules += kNoEcho;
  if (node == server) member.ports = spec.open_ports;
  for (const LabListener& listener : spec.listeners) {
    if (listener.node == node) member.ports.push_back(listener.port);
  }
  return member;
}

LabMember plan_wire(const LabLink& link) {
  LabMember member;
  member.name = fmt::format("wire {}-{}", link.position, link.position + 1);
  member.settings = {{"ipv6/conf/all/disable_ipv6", "1"}, {"ipv6/conf/default/disable_ipv6", "1"}};
  member.interfaces = {kLeft, kRight};
  member.addresses = fmt::format("link set {} up\nlink set {} up\n", kLeft, kRight);
  member.wire = link;
  return member;
}

std::optional<Error> find_fault(const LabSpec& spec) {
  const int server = spec.routers + 1;
  const auto outside = [](int number, int first, int last) { return number < first || number > last; };
  if (outside(spec.routers, 0, kMostRouters)) return Error{fmt::format("lab: 0 to {} routers", kMostRouters)};
  for (const LabRule& rule : spec.rules) {
    if (outside(rule.node, 0, server)) {
      return Error{fmt::format("lab: a rule for node {}, which is not there", rule.node)};
    }
  }
  for (const LabListener& listener : spec.listeners) {
    if (outside(listener.node, 0, server)) {
      return Error{fmt::format("lab: a listener on node {}, which is not there", listener.node)};
    }
  }
  for (const int router : spec.silent_routers) {
    if (outside(router, 1, spec.routers)) return Error{fmt::format("lab: silent router {} is not there", router)};
  }
  std::vector<bool> wired(static_cast<std::size_t>(server), false);
  for (const LabLink& link : spec.links) {
    if (outside(link.position, 0, spec.routers)) return Error{fmt::format("lab: link {} is not there", link.position)};
    if (wired[static_cast<std::size_t>(link.position)]) return Error{fmt::format("lab: link {} twice", link.position)};
    wired[static_cast<std::size_t>(link.position)] = true;
    if (link.one_way_delay < Duration::zero()) return Error{fmt::format("lab: link {}: delay below 0", link.position)};
    if (!(link.loss >= 0 && link.loss <= 1)) return Error{fmt::format("lab: link {}: loss not in 0..1", link.position)};
  }
  return std::nullopt;
}

}  // namespace

Result<LabPlan> plan_lab(const LabSpec& spec) {
  if (auto fault = find_fault(spec)) return *std::move(fault);
  LabPlan plan;
  for (int node = 0; node <= spec.routers + 1; ++node) plan.members.push_back(plan_node(spec, node));
  for (int position = 0; position <= spec.routers; ++position) {
    const auto left = static_cast<std::size_t>(position);
    const auto link = std::find_if(spec.links.begin(), spec.links.end(),
                                   [&](const LabLink& candidate) { return candidate.position == position; });
    if (link == spec.links.end()) {
      plan.cables.push_back({left, left + 1});
      continue;
    }
    const std::size_t wire = plan.members.size();
    plan.members.push_back(plan_wire(*link));
    plan.cables.push_back({left, wire});
    plan.cables.push_back({wire, left + 1});
  }
  return plan;
}

IpAddress lab_address(int node, Family family) {
  const auto address = IpAddress::parse(node == 0 ? near_end(1, family) : far_end(node, family));
  assert(address);
  return *address;
}

}  // namespace smtpath::io
