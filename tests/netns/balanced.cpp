#include "netns/balanced.h"

#include <stdexcept>

#include "support/situation_parts.h"

namespace smtpath::test {

namespace {

constexpr int kFirstCable = 100;

int nearer_cable(int branch) {
  return kFirstCable + 2 * (branch - 1);
}

LabHost host_of_branch(int branch) {
  return branch == 0 ? LabHost{kBranchHop, 1} : LabHost{nearer_cable(branch), 1};
}

std::string set_of(const std::string& name, Family family) {
  return name + (family == Family::Ipv4 ? "4" : "6");
}

// Of each family: the source ports of all SYNs to port 25, and of those that get as far as the server from here.
io::LabRule counting(int node) {
  const std::string to_server = std::to_string(kScenarioServer - kBranchHop + 1);
  std::string sets;
  std::string rules;
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const bool is_ipv4 = family == Family::Ipv4;
    const std::string syn = "    meta nfproto " + std::string(is_ipv4 ? "ipv4" : "ipv6") +
                            " tcp dport 25 tcp flags & (syn | ack | rst) == syn ";
    for (const char* const name : {"seen", "far"}) {
      sets += "  set " + set_of(name, family) + " { type inet_service; flags dynamic; size 1024; }\n";
    }
    rules += syn + "add @" + set_of("seen", family) + " { tcp sport }\n";
    rules += syn + (is_ipv4 ? "ip ttl" : "ip6 hoplimit") + " >= " + to_server + " add @" + set_of("far", family) +
             " { tcp sport }\n";
  }
  return {node, "table inet branch {\n" + sets + "  chain seen {\n    type filter hook prerouting priority raw\n" +
                    rules + "  }\n}\n"};
}

std::set<int> ports_in(const io::Lab& lab, int node, const std::string& set) {
  const auto listed =
      lab.run_in(node, {.argv = {"nft", "-j", "list", "set", "inet", "branch", set}, .timeout = kPatience});
  if (!listed || listed.value().status != 0) throw std::runtime_error("list the source ports that a branch saw");
  const auto listing = parse_json(listed.value().output);
  std::set<int> ports;
  for (const auto& object : listing.at("nftables")) {
    if (!object.contains("set") || !object.at("set").contains("elem")) continue;
    for (const auto& port : object.at("set").at("elem")) ports.insert(port.get<int>());
  }
  return ports;
}

}  // namespace

int node_of_branch(int branch) {
  return branch == 0 ? kBranchHop : kScenarioServer + branch;
}

std::string address_of_branch(int branch, Family family) {
  return to_string(host_of_branch(branch), family);
}

void balance(io::LabSpec& spec, int branches) {
  std::string routes = "route add default";
  for (int branch = 0; branch < branches; ++branch) {
    const LabHost host = host_of_branch(branch);
    routes += " nexthop via @" + std::to_string(host.network) + "." + std::to_string(host.host);
    spec.rules.push_back(counting(node_of_branch(branch)));
    if (branch == 0) continue;
    ++spec.side_nodes;
    spec.side_cables.push_back({kSplitter, node_of_branch(branch)});
    spec.side_cables.push_back({node_of_branch(branch), kMeeting});
  }
  // Router 4 has one name, whichever interface a probe came in by.
  add(spec, {setting(kSplitter, "ipv4/fib_multipath_hash_policy", "1"),
             setting(kSplitter, "ipv6/fib_multipath_hash_policy", "1"), ip(kSplitter, "route del default"),
             ip(kSplitter, routes), ip(kMeeting, "route replace @1 via @4.2 src @4.1")});
}

FlowsSeen flows_seen(const io::Lab& lab, int branches, Family family) {
  FlowsSeen seen;
  for (int branch = 0; branch < branches; ++branch) {
    const int node = node_of_branch(branch);
    for (const int port : ports_in(lab, node, set_of("seen", family))) seen.branches[port].insert(branch);
    seen.far_going.merge(ports_in(lab, node, set_of("far", family)));
  }
  return seen;
}

}  // namespace smtpath::test
