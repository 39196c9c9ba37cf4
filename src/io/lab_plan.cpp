#include "io/lab_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "io/lab_links.h"

namespace smtpath::io {

namespace {

constexpr int kMostRouters = 60;
constexpr int kMostSideNodes = 20;
constexpr std::size_t kMostSideCables = 20;

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
    // Without this the machine's own budget of 1,000 errors a second still holds; the mask cannot be empty, 200 is no
    // error.
    settings.push_back({"ipv6/icmp/ratemask", "200"});
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

int last_node(const LabSpec& spec) {
  return spec.routers + 1 + spec.side_nodes;
}

std::string name_of(const LabSpec& spec, int node) {
  if (node == 0) return "client";
  if (node <= spec.routers) return fmt::format("router {}", node);
  return node == spec.routers + 1 ? "server" : fmt::format("node {}", node);
}

bool forwards(const LabSpec& spec, int node) {
  if (node <= spec.routers + 1) return node > 0 && node <= spec.routers;
  return interfaces_of(spec, node).size() > 1;
}

LabMember plan_node(const LabSpec& spec, int node) {
  const int server = spec.routers + 1;
  LabMember member;
  member.name = name_of(spec, node);
  member.settings = node_settings(forwards(spec, node), spec.limits_icmp);
  member.interfaces = interfaces_of(spec, node);
  member.addresses = addressing(spec, node);
  for (const LabRule& rule : spec.rules) {
    if (rule.node == node) member.rules += rule.nft + "\n";
  }
  if (std::count(spec.silent_routers.begin(), spec.silent_routers.end(), node) > 0) member.rules += kNoTimeExceeded;
  if (node == server && !spec.answers_echo) member.rules += kNoEcho;
  for (const LabScript& script : spec.scripts) {
    if (script.node == node) member.scripts.push_back(script.commands);
  }
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

bool is_outside(int number, int first, int last) {
  return number < first || number > last;
}

template <class OfNode>
std::optional<Error> find_stranger(const LabSpec& spec, const std::vector<OfNode>& parts, std::string_view name) {
  for (const OfNode& part : parts) {
    if (is_outside(part.node, 0, last_node(spec))) {
      return Error{fmt::format("lab: a {} for node {}, which is not there", name, part.node)};
    }
  }
  return std::nullopt;
}

std::optional<Error> find_fault_beside_the_chain(const LabSpec& spec) {
  if (is_outside(spec.side_nodes, 0, kMostSideNodes)) {
    return Error{fmt::format("lab: 0 to {} nodes beside the chain", kMostSideNodes)};
  }
  if (spec.side_cables.size() > kMostSideCables) {
    return Error{fmt::format("lab: 0 to {} cables beside the chain", kMostSideCables)};
  }
  for (std::size_t k = 0; k < spec.side_cables.size(); ++k) {
    const LabSideCable& cable = spec.side_cables[k];
    const bool is_there = !is_outside(cable.near, 0, last_node(spec)) && !is_outside(cable.far, 0, last_node(spec));
    if (!is_there || cable.near == cable.far) {
      return Error{fmt::format("lab: cable {} from node {} to node {}", k, cable.near, cable.far)};
    }
  }
  for (int node = spec.routers + 2; node <= last_node(spec); ++node) {
    if (!is_on_the_chain(spec, node)) return Error{fmt::format("lab: node {} has no way to the chain", node)};
  }
  return std::nullopt;
}

std::optional<Error> find_fault_of_links(const LabSpec& spec) {
  std::vector<bool> wired(static_cast<std::size_t>(spec.routers + 1), false);
  for (const LabLink& link : spec.links) {
    if (is_outside(link.position, 0, spec.routers)) {
      return Error{fmt::format("lab: link {} is not there", link.position)};
    }
    if (wired[static_cast<std::size_t>(link.position)]) return Error{fmt::format("lab: link {} twice", link.position)};
    wired[static_cast<std::size_t>(link.position)] = true;
    if (link.one_way_delay < Duration::zero()) return Error{fmt::format("lab: link {}: delay below 0", link.position)};
    if (!(link.loss >= 0 && link.loss <= 1)) return Error{fmt::format("lab: link {}: loss not in 0..1", link.position)};
  }
  return std::nullopt;
}

std::optional<Error> find_fault(const LabSpec& spec) {
  if (is_outside(spec.routers, 0, kMostRouters)) return Error{fmt::format("lab: 0 to {} routers", kMostRouters)};
  if (auto fault = find_fault_beside_the_chain(spec)) return fault;
  if (auto fault = find_stranger(spec, spec.rules, "rule")) return fault;
  if (auto fault = find_stranger(spec, spec.listeners, "listener")) return fault;
  if (auto fault = find_stranger(spec, spec.scripts, "script")) return fault;
  for (const int router : spec.silent_routers) {
    if (is_outside(router, 1, spec.routers)) return Error{fmt::format("lab: silent router {} is not there", router)};
  }
  return find_fault_of_links(spec);
}

const LabLink* wire_of(const LabSpec& spec, int position) {
  const auto found = std::find_if(spec.links.begin(), spec.links.end(),
                                  [&](const LabLink& link) { return link.position == position; });
  return found == spec.links.end() ? nullptr : &*found;
}

}  // namespace

Result<LabPlan> plan_lab(const LabSpec& spec) {
  if (auto fault = find_fault(spec)) return *std::move(fault);
  LabPlan plan;
  for (int node = 0; node <= last_node(spec); ++node) plan.members.push_back(plan_node(spec, node));
  for (const LabNetwork& network : networks_of(spec)) {
    const LabPlug near{static_cast<std::size_t>(network.near.node), network.near.interface};
    const LabPlug far{static_cast<std::size_t>(network.far.node), network.far.interface};
    const LabLink* const link = is_of_chain(network) ? wire_of(spec, network.near.node) : nullptr;
    if (link == nullptr) {
      plan.cables.push_back({near, far});
      continue;
    }
    const std::size_t wire = plan.members.size();
    plan.members.push_back(plan_wire(*link));
    plan.cables.push_back({near, {wire, kLeft}});
    plan.cables.push_back({{wire, kRight}, far});
  }
  return plan;
}

}  // namespace smtpath::io
