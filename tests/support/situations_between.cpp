#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "support/situation_parts.h"
#include "support/situations.h"

namespace smtpath::test {

namespace {

using io::LabAction;
using io::LabHook;

constexpr int kDiverter = 2;
constexpr int kMiddle = 3;
constexpr int kBehind = 4;

ExpectedLocation accused(ExpectedLocation location, int suspect) {
  location.suspect = ExpectedHop{suspect};
  return location;
}

Scenario redirect() {
  Scenario scenario{.name = "redirect-at-3", .verdict = "intercepted", .location = accused(between(2, 3), kMiddle)};
  scenario.network.rules = {lab_rule(kMiddle, LabHook::Prerouting, kSubject, LabAction::Redirect)};
  scenario.network.listeners = {{kMiddle, kSubject}};
  return scenario;
}

// The SYN proxy of nft drops every SYN of IPv6 (Linux 6.18); that of ip6tables answers them.
constexpr const char* kSynProxyForIpv6 =
    "ip6tables -t raw -A PREROUTING -p tcp --dport 25 --syn -j CT --notrack\n"
    "ip6tables -A FORWARD -p tcp --dport 25 -m conntrack --ctstate INVALID,UNTRACKED"
    " -j SYNPROXY --mss 1440 --wscale 7 --timestamp --sack-perm\n"
    "ip6tables -A FORWARD -m conntrack --ctstate INVALID -j DROP\n";

Scenario syn_proxy() {
  Scenario scenario{
      .name = "syn-proxy-at-3", .verdict = "intercepted", .location = accused(between(kMiddle, kBehind), kMiddle)};
  scenario.network.rules = {
      {kMiddle,
       "table ip situation_syn_proxy {\n"
       "  chain before {\n"
       "    type filter hook prerouting priority raw\n"
       "    tcp dport 25 tcp flags syn notrack\n"
       "  }\n"
       "  chain only {\n"
       "    type filter hook forward priority 0\n"
       "    tcp dport 25 ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm\n"
       "    ct state invalid drop\n"
       "  }\n"
       "}\n"}};
  scenario.network.scripts = {setting(kMiddle, "netfilter/nf_conntrack_tcp_loose", "0"), {kMiddle, kSynProxyForIpv6}};
  return scenario;
}

// Router 2 sends port 25 to a host at the end of a branch of its own, `hop` hops from the client. Its translation
// covers the errors of all routers behind it, and its own: they come in the server's name, and show where it begins.
Scenario dnat_to(int hop, std::string name) {
  Scenario scenario{.name = std::move(name),
                    .verdict = "intercepted",
                    .location = between(kDiverter - 1, kDiverter),
                    .confidence = "high"};
  const BranchEnd end = add_branch(scenario.network, kDiverter, hop - kDiverter);
  scenario.network.listeners = {{end.node, kSubject}};
  scenario.network.rules = {dnat(kDiverter, "prerouting", "25", end.host)};
  return scenario;
}

// A translation that knows no connections leaves errors as they are: router 2's own names the other host in its quote.
Scenario without_connections(Scenario dnat, LabHost to) {
  const auto rewrite = [&](const std::string& ip, Family family) {
    const std::string server = to_string(dnat.target, family);
    const std::string other = to_string(to, family);
    return ip + " daddr " + server + " tcp dport 25 " + ip + " daddr set " + other + "\n" + ip + " saddr " + other +
           " tcp sport 25 " + ip + " saddr set " + server + "\n";
  };
  dnat.name += "-stateless";
  dnat.network.rules = {
      nft(kDiverter, "filter", "prerouting", rewrite("ip", Family::Ipv4) + rewrite("ip6", Family::Ipv6))};
  return dnat;
}

std::vector<Scenario> dnats() {
  Scenario nearer = dnat_to(kDiverter + 1, "dnat-nearer");
  nearer.location = between(kDiverter, kDiverter + 1);
  return {nearer, without_connections(nearer, {100, 1}), dnat_to(kScenarioServer, "dnat-equal"),
          dnat_to(kScenarioServer + 2, "dnat-farther")};
}

// What a route of router 3 says of the server's whole network. Nobody sees router 3 as a hop then.
std::vector<Scenario> routes() {
  const auto whole = [](const std::string& kind, const std::string& verdict) {
    Scenario scenario{.name = kind + "-route-at-3",
                      .verdict = verdict,
                      .location = ExpectedLocation{"path", ExpectedHop{2}, ExpectedHop{kMiddle, false}, std::nullopt},
                      .others = others(verdict, verdict),
                      .distance = std::nullopt};
    scenario.network.scripts = {ip(kMiddle, "route add " + kind + " @6")};
    return scenario;
  };
  Scenario blackhole = whole("blackhole", "dropped");
  blackhole.location = ExpectedLocation{"unknown", ExpectedHop{2}, std::nullopt, std::nullopt};
  return {whole("unreachable", "unreachable"), whole("prohibit", "rejected"), blackhole};
}

std::vector<Scenario> policy_routes() {
  const auto of_port = [](const std::string& kind, const std::string& verdict, const ExpectedLocation& location) {
    Scenario scenario{.name = kind + "-policy-route-at-3", .verdict = verdict, .location = location};
    add(scenario.network, policy_route(kMiddle, kind + " default"));
    return scenario;
  };
  const ExpectedLocation rejected = accused(between(2, kMiddle), kMiddle);
  return {of_port("unreachable", "rejected", rejected), of_port("prohibit", "rejected", rejected),
          of_port("blackhole", "dropped", between(2, kMiddle))};
}

// Router 4 sends back to router 3 what that sent it.
Scenario looping(std::string name) {
  return {.name = std::move(name), .verdict = "loop", .location = between(kBehind, kBehind + 1)};
}

// Wherever a packet comes from, a router of IPv4 answers with the same address. One of IPv6 answers with that of the
// interface that it came in by, unless its route names another.
const std::vector<LabHost> kLoop{{1, 2}, {1, 1}, {2, 1}, {3, 1}, {4, 1}, {3, 1}};
constexpr const char* kOneAddress = "route replace @1 via @3.2 src @3.1";

// Then the second round shows router 3 by its other address, and what repeats first is router 4.
const std::vector<LabHost> kLoopByInterface{{1, 2}, {1, 1}, {2, 1}, {3, 1}, {4, 1}, {4, 2}, {4, 1}};

std::vector<Scenario> loops() {
  Scenario all = looping("loop-at-3-4");
  all.path = kLoop;
  all.others = others("loop", "loop");
  all.distance = std::nullopt;
  all.network.scripts = {ip(kMiddle, kOneAddress), ip(kBehind, "route add @6 via @4.2")};

  Scenario one = looping("loop-at-3-4-for-25");
  one.path = kLoop;
  add(one.network, policy_route(kBehind, "default via @4.2"));
  Scenario by_interface = one;
  one.network.scripts.push_back(ip(kMiddle, kOneAddress));

  by_interface.name = "loop-at-3-4-by-interface";
  by_interface.location = between(kBehind + 1, kBehind + 2);
  by_interface.path = kLoopByInterface;
  by_interface.network.scripts.push_back(setting(kMiddle, "ipv4/icmp_errors_use_inbound_ifaddr", "1"));
  return {all, one, by_interface};
}

Scenario named(std::string name, Scenario scenario) {
  scenario.name = std::move(name) + "-" + scenario.name;
  return scenario;
}

std::vector<Scenario> translations() {
  std::vector<Scenario> all;
  for (const Scenario& behind : {open_everywhere(), drop_after(kBehind)}) {
    all.push_back(named("masquerade-at-2", behind));
    all.back().network.rules.push_back(nft(kDiverter, "nat", "postrouting", "oifname right masquerade"));
    all.push_back(named("port-rewriting-at-2", behind));
    all.back().network.rules.push_back(
        nft(kDiverter, "nat", "postrouting",
            "oifname right meta l4proto tcp masquerade to :30000-30999 fully-random\noifname right masquerade"));
  }
  return all;
}

// Routers 2 and 3 share two links. Router 3 answers from the address of the one that the probe came over.
std::vector<Scenario> several_addresses() {
  std::vector<Scenario> all;
  for (const Scenario& behind : {open_everywhere(), drop_after(kBehind)}) {
    Scenario scenario = named("several-addresses", behind);
    scenario.network.side_cables = {{kDiverter, kMiddle}};
    scenario.network.scripts = {
        setting(kMiddle, "ipv4/icmp_errors_use_inbound_ifaddr", "1"),           ip(kDiverter, "route del default"),
        ip(kDiverter, "route add default nexthop via @3.1 nexthop via @100.1"), ip(kMiddle, "route del @1"),
        ip(kMiddle, "route add @1 nexthop via @3.2 nexthop via @100.2"),
    };
    for (const int router : {kDiverter, kMiddle}) {
      add(scenario.network, {setting(router, "ipv4/fib_multipath_hash_policy", "1"),
                             setting(router, "ipv6/fib_multipath_hash_policy", "1")});
    }
    all.push_back(scenario);
  }
  return all;
}

// What is closed at the server shows the way that the dropped ports do not.
Scenario all_dropped() {
  Scenario scenario{.name = "all-dropped-443-closed",
                    .verdict = "dropped",
                    .location = between(kMiddle, kBehind),
                    .others = others("dropped", "dropped")};
  scenario.network.rules = {nft(kMiddle, "filter", "forward", "tcp dport { 25, 465, 587, 2525 } drop")};
  return scenario;
}

std::vector<Scenario> losses() {
  constexpr std::array kSeeds{1U, 2U, 3U};
  std::vector<Scenario> all;
  for (const unsigned seed : kSeeds) {
    for (const Scenario& behind : {open_everywhere(), drop_after(kBehind)}) {
      all.push_back(named("loss-20-seed-" + std::to_string(seed), behind));
      all.back().network.links = {{.position = 2, .loss = 0.2, .seed = seed}};
      all.back().is_lossy = true;
    }
  }
  return all;
}

// Spread over all links, there and back.
std::vector<Scenario> delays() {
  constexpr int kLinks = kScenarioRouters + 1;
  std::vector<Scenario> all;
  for (const int milliseconds : {15, 80, 150, 300}) {
    for (const Scenario& prompt : {open_everywhere(), drop_after(kMiddle), rst_forged_after(kMiddle)}) {
      all.push_back(named("delay-" + std::to_string(milliseconds), prompt));
      for (int link = 0; link < kLinks; ++link) {
        const Duration round_trip = std::chrono::milliseconds(milliseconds);
        all.back().network.links.push_back({.position = link, .one_way_delay = round_trip / (2 * kLinks)});
      }
    }
  }
  return all;
}

}  // namespace

std::vector<Scenario> situations_between() {
  std::vector<Scenario> all{redirect(), syn_proxy(), all_dropped()};
  for (const auto& group :
       {dnats(), routes(), policy_routes(), loops(), translations(), several_addresses(), losses(), delays()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace smtpath::test
