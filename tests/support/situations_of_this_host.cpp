#include <string>
#include <utility>

#include "support/situation_parts.h"
#include "support/situations.h"

namespace smtpath::test {

namespace {

using io::LabAction;
using io::LabHook;

constexpr int kClient = 0;

Scenario in_trouble_here(std::string name, std::string verdict) {
  return {.name = std::move(name), .verdict = std::move(verdict), .location = on_this_host()};
}

Scenario with_rule(std::string name, std::string verdict, const io::LabRule& rule) {
  Scenario scenario = in_trouble_here(std::move(name), std::move(verdict));
  scenario.network.rules.push_back(rule);
  return scenario;
}

Scenario open_with(std::string name, const std::vector<io::LabScript>& scripts) {
  Scenario scenario{.name = std::move(name), .verdict = "open"};
  add(scenario.network, scripts);
  return scenario;
}

std::vector<Scenario> firewalls() {
  const auto output = [](LabAction action) { return lab_rule(kClient, LabHook::Output, kSubject, action); };
  return {
      with_rule("output-drop", "dropped", output(LabAction::Drop)),
      with_rule("output-reject-admin-prohibited", "rejected", output(LabAction::AdminProhibited)),
      with_rule("output-reject-port-unreachable", "rejected", output(LabAction::PortUnreachable)),
      with_rule("output-reset", "reset-injected", output(LabAction::Reset)),
      with_rule("postrouting-drop", "dropped", nft(kClient, "filter", "postrouting", "tcp dport 25 drop")),
      with_rule("input-drop", "dropped", nft(kClient, "filter", "input", "tcp sport 25 drop")),
  };
}

// Past the socket: the send succeeds, but nothing is ever on the wire.
std::vector<Scenario> egress_drops() {
  Scenario by_nft = with_rule("egress-drop-nft", "dropped",
                              {kClient,
                               "table netdev situation_egress {\n"
                               "  chain only {\n"
                               "    type filter hook egress device \"right\" priority 0\n"
                               "    tcp dport 25 drop\n"
                               "  }\n"
                               "}\n"});
  Scenario by_tc = in_trouble_here("egress-drop-tc", "dropped");
  // tcpdump's filter says 262144 for what matches, 0 for the rest; here 2 drops (TC_ACT_SHOT) and -1 passes on.
  by_tc.network.scripts.push_back(
      {kClient,
       "code=$(tcpdump -y EN10MB -ddd 'tcp dst port 25' | sed 's/^6 0 0 0$/6 0 0 4294967295/; s/262144$/2/')\n"
       "tc qdisc add dev right clsact\n"
       "tc filter add dev right egress protocol all bpf da bytecode \"$(echo \"$code\" | paste -sd,)\"\n"});
  return {by_nft, by_tc};
}

std::vector<Scenario> own_translations() {
  Scenario redirect =
      with_rule("output-redirect", "intercepted", lab_rule(kClient, LabHook::Output, kSubject, LabAction::Redirect));
  redirect.network.listeners = {{kClient, kSubject}};
  Scenario to_another = with_rule("output-dnat", "intercepted", dnat(kClient, "output", "25", {3, 1}));
  to_another.network.listeners = {{3, kSubject}};
  Scenario masquerade{.name = "own-masquerade", .verdict = "open"};
  masquerade.network.rules.push_back(
      nft(kClient, "nat", "postrouting", "meta l4proto tcp masquerade to :20000-20999 fully-random"));
  return {redirect, to_another, masquerade};
}

// The rule sees the user that owns the socket.
std::vector<Scenario> rules_by_owner() {
  const io::LabRule rule = nft(kClient, "filter", "output", "meta skuid 65534 tcp dport 25 drop");
  Scenario as_root{.name = "owner-drop-as-root", .verdict = "open", .options = {"--user", "root"}};
  as_root.network.rules.push_back(rule);
  return {with_rule("owner-drop", "dropped", rule), as_root};
}

// client –          1 –  2 – 3 – 4 – 5 – server
//        \– node 7 –/
// side0 leads from the client (.2) to node 7 (.1), side1 from there (.2) to router 2 (.1).
constexpr int kOtherUplink = kScenarioServer + 1;
constexpr int kConfluence = 2;

void add_second_uplink(io::LabSpec& spec) {
  spec.side_nodes = 1;
  spec.side_cables = {{kClient, kOtherUplink}, {kOtherUplink, kConfluence}};
}

// Answers to the client's address on the first uplink come in by the second.
void answer_by_second_uplink(io::LabSpec& spec) {
  add_second_uplink(spec);
  add(spec, {ip(kConfluence, "route replace @1 via @101.2"), ip(kOtherUplink, "route replace @1 via @100.2")});
}

std::vector<Scenario> uplinks() {
  Scenario balanced = open_with(
      "balanced-uplinks",
      {setting(kClient, "ipv4/fib_multipath_hash_policy", "1"), setting(kClient, "ipv6/fib_multipath_hash_policy", "1"),
       ip(kClient, "route del default"), ip(kClient, "route add default nexthop via @1.1 nexthop via @100.1")});
  add_second_uplink(balanced.network);

  Scenario asymmetric{.name = "asymmetric-uplinks", .verdict = "open"};
  answer_by_second_uplink(asymmetric.network);

  Scenario filtered = in_trouble_here("reverse-path-filter", "dropped");
  filtered.others = others("dropped", "refused");
  answer_by_second_uplink(filtered.network);
  add(filtered.network, {setting(kClient, "ipv4/conf/all/rp_filter", "1")});
  // The kernel itself has such a filter for IPv4 only.
  filtered.network.rules.push_back(nft(kClient, "filter", "prerouting",
                                       "iifname side0 meta nfproto ipv6 ip6 saddr != fe80::/10 "
                                       "fib saddr . iif oif missing drop"));
  return {balanced, asymmetric, filtered};
}

// Only the second uplink lets mail pass, and only mail is sent over it. Probes can follow where they have a route of
// their own over it.
Scenario other_device() {
  Scenario scenario = open_with("policy-route-other-device", policy_route(kClient, "default via @100.1"));
  add(scenario.network, {ip(kClient, "route add default via @100.1 metric 2000")});
  add_second_uplink(scenario.network);
  scenario.network.rules.push_back(lab_rule(1, LabHook::Forward, kSubject, LabAction::Drop));
  return scenario;
}

// Where they cannot, they tell nothing of mail's way.
Scenario nowhere_else() {
  Scenario scenario = other_device();
  scenario.name = "policy-route-nowhere-else";
  scenario.network.scripts.pop_back();
  scenario.verdict = "inconclusive";
  scenario.reason = "other-route";
  scenario.location = between(1, 2);
  scenario.noted = LabHost{100, 1};
  return scenario;
}

std::vector<Scenario> policy_routes() {
  std::vector<Scenario> all;
  for (const std::string kind : {"blackhole", "unreachable", "prohibit"}) {
    all.push_back(in_trouble_here("policy-route-" + kind, "no-route"));
    add(all.back().network, policy_route(kClient, kind + " default"));
  }
  all.insert(all.end(), {other_device(), nowhere_else()});

  Scenario other_gateway = open_with("policy-route-other-gateway", {{1,
                                                                     "ip addr add 10.9.1.3/24 dev left\n"
                                                                     "ip addr add fd09:0:0:1::3/64 nodad dev left"}});
  add(other_gateway.network, policy_route(kClient, "default via @1.3"));
  other_gateway.noted = LabHost{1, 3};
  all.push_back(other_gateway);
  return all;
}

Scenario in_trouble_whole(std::string name, const std::string& verdict) {
  Scenario scenario = in_trouble_here(std::move(name), verdict);
  scenario.others = others(verdict, verdict);
  scenario.distance = std::nullopt;
  return scenario;
}

std::vector<Scenario> routes_to_nowhere() {
  std::vector<Scenario> all;
  Scenario dead = in_trouble_whole("dead-next-hop", "unreachable");
  add(dead.network, {ip(kClient, "route replace default via @1.99")});
  Scenario unused = in_trouble_whole("unused-on-link", "unreachable");
  unused.target = {1, 77};
  Scenario none = in_trouble_whole("no-route", "no-route");
  add(none.network, {ip(kClient, "route del default")});
  all.insert(all.end(), {dead, unused, none});
  for (const std::string kind : {"unreachable", "prohibit", "blackhole"}) {
    all.push_back(in_trouble_whole("route-" + kind, "no-route"));
    add(all.back().network, {ip(kClient, "route del default"), ip(kClient, "route add " + kind + " default")});
  }
  return all;
}

}  // namespace

std::vector<Scenario> situations_of_this_host() {
  std::vector<Scenario> all;
  for (const auto& group : {firewalls(), egress_drops(), own_translations(), rules_by_owner(), uplinks(),
                            policy_routes(), routes_to_nowhere()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace smtpath::test
