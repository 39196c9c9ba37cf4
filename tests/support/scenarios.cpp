#include "support/scenarios.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace smtpath::test {

namespace {

using io::LabAction;
using io::LabHook;

constexpr Port kSubject{25};
constexpr Port kOpenControl{587};
constexpr int kFirst = 1;
constexpr int kMiddle = 3;
constexpr int kLast = kScenarioRouters;

io::LabSpec network(const std::optional<io::LabRule>& rule = std::nullopt) {
  io::LabSpec spec{.routers = kScenarioRouters, .open_ports = {kSubject, kOpenControl}};
  if (rule) spec.rules.push_back(*rule);
  return spec;
}

io::LabSpec network_without_listener() {
  return {.routers = kScenarioRouters, .open_ports = {kOpenControl}};
}

std::string at(int hop) {
  return "-at-" + std::to_string(hop);
}

/// "edge" begins at the last device before the server.
std::string place_of_answer(int elicit) {
  return elicit >= kScenarioServer - 1 ? "edge" : "path";
}

ExpectedLocation at_the_server() {
  return {"destination", ExpectedHop{kScenarioServer}, std::nullopt, ExpectedHop{kScenarioServer}};
}

Scenario closed() {
  return {.name = "closed", .network = network_without_listener(), .verdict = "refused", .location = at_the_server()};
}

Scenario drop_before(int hop) {
  return {.name = "drop-before" + at(hop),
          .network = network(lab_rule(hop, LabHook::Prerouting, kSubject, LabAction::Drop)),
          .verdict = "dropped",
          .location = ExpectedLocation{"path", ExpectedHop{hop - 1, hop > 1}, ExpectedHop{hop}, std::nullopt}};
}

Scenario rst_forged_before(int hop) {
  return {.name = "rst-forged-before" + at(hop),
          .network = network(lab_rule(hop, LabHook::Prerouting, kSubject, LabAction::Reset)),
          .verdict = "reset-injected",
          .location = ExpectedLocation{place_of_answer(hop), ExpectedHop{hop - 1, hop > 1}, ExpectedHop{hop},
                                       ExpectedHop{hop}}};
}

struct Reject {
  std::string_view name;
  LabAction action;
};

constexpr std::array kRejects{
    Reject{"net-unreachable", LabAction::NetUnreachable},   Reject{"host-unreachable", LabAction::HostUnreachable},
    Reject{"prot-unreachable", LabAction::ProtUnreachable}, Reject{"port-unreachable", LabAction::PortUnreachable},
    Reject{"net-prohibited", LabAction::NetProhibited},     Reject{"host-prohibited", LabAction::HostProhibited},
    Reject{"admin-prohibited", LabAction::AdminProhibited}, Reject{"policy-fail", LabAction::PolicyFail},
    Reject{"reject-route", LabAction::RejectRoute},
};

Scenario rejected(const Reject& reject) {
  return {.name = "reject-" + std::string(reject.name) + at(kMiddle),
          .network = network(lab_rule(kMiddle, LabHook::Forward, kSubject, reject.action)),
          .verdict = "rejected",
          .location = ExpectedLocation{"path", ExpectedHop{kMiddle}, ExpectedHop{kMiddle + 1}, ExpectedHop{kMiddle}}};
}

io::LabSpec network_with_server_rule(LabAction action) {
  return network(lab_rule(kScenarioServer, LabHook::Input, kSubject, action));
}

std::vector<Scenario> server_firewalls() {
  return {
      {.name = "server-drop",
       .network = network_with_server_rule(LabAction::Drop),
       .verdict = "dropped",
       .location = ExpectedLocation{"edge", ExpectedHop{kLast}, ExpectedHop{kScenarioServer}, std::nullopt}},
      {.name = "server-reset",
       .network = network_with_server_rule(LabAction::Reset),
       .verdict = "refused",
       .location = at_the_server()},
      {.name = "server-reject",
       .network = network_with_server_rule(LabAction::AdminProhibited),
       .verdict = "rejected",
       .location = at_the_server()},
  };
}

/// Routers that never answer, so that hops are seen only beside them.
struct Silence {
  std::string_view name;
  std::vector<int> routers;

  bool covers(int hop) const { return std::find(routers.begin(), routers.end(), hop) != routers.end(); }
  ExpectedHop hop(int ttl) const { return {ttl, ttl > 0 && !covers(ttl)}; }
  int last_seen_up_to(int hop) const {
    while (hop > 0 && covers(hop)) --hop;
    return hop;
  }
  int first_seen_from(int hop) const {
    while (covers(hop)) ++hop;
    return hop;
  }
};

Scenario with(const Silence& silence, Scenario scenario) {
  scenario.name = "silent-" + std::string(silence.name) + "-" + scenario.name;
  scenario.network.silent_routers = silence.routers;
  return scenario;
}

Scenario silent_drop(const Silence& silence) {
  Scenario scenario = with(silence, drop_after(kMiddle));
  const ExpectedHop last = silence.hop(silence.last_seen_up_to(kMiddle));
  const ExpectedHop next = silence.hop(silence.first_seen_from(kMiddle + 1));
  // Between this host and the server, with nothing in sight, it may be any of them.
  const bool is_anywhere = last.ttl == 0 && next.ttl == kScenarioServer;
  scenario.location = ExpectedLocation{is_anywhere ? "unknown" : "path", last, next, std::nullopt};
  return scenario;
}

// The TTL that draws the answer places it between two hops although the router between them hides; nobody is a suspect
// whom no packet shows.
Scenario silent_answer(const Silence& silence, Scenario bare) {
  Scenario scenario = with(silence, std::move(bare));
  scenario.location = ExpectedLocation{"path", silence.hop(kMiddle), silence.hop(kMiddle + 1), std::nullopt};
  return scenario;
}

std::vector<Scenario> silent_routers() {
  const Reject reject{"admin-prohibited", LabAction::AdminProhibited};
  std::vector<Scenario> all;
  for (const Silence& silence : {Silence{"3", {3}}, Silence{"2-3-4", {2, 3, 4}}, Silence{"all", {1, 2, 3, 4, 5}}}) {
    all.push_back(with(silence, open_everywhere()));
    all.push_back(with(silence, closed()));
    all.push_back(silent_drop(silence));
    all.push_back(silent_answer(silence, rst_forged_after(kMiddle)));
    all.push_back(silent_answer(silence, rejected(reject)));
  }
  return all;
}

}  // namespace

std::string to_string(LabHost host, Family family) {
  const std::string number = std::to_string(host.host);
  return family == Family::Ipv4 ? "10.9." + std::to_string(host.network) + "." + number
                                : "fd09:0:0:" + std::to_string(host.network) + "::" + number;
}

Scenario open_everywhere() {
  return {.name = "open", .network = network(), .verdict = "open"};
}

// After the TTL check the filter is the last to answer; silence leaves the next hop as suspicious.
Scenario drop_after(int hop) {
  return {.name = "drop-after" + at(hop),
          .network = network(lab_rule(hop, LabHook::Forward, kSubject, LabAction::Drop)),
          .verdict = "dropped",
          .location =
              ExpectedLocation{hop == kLast ? "edge" : "path", ExpectedHop{hop}, ExpectedHop{hop + 1}, std::nullopt}};
}

// The forger's own TTL tells how far away it is.
Scenario rst_forged_after(int hop) {
  return {
      .name = "rst-forged-after" + at(hop),
      .network = network(lab_rule(hop, LabHook::Forward, kSubject, LabAction::Reset)),
      .verdict = "reset-injected",
      .location = ExpectedLocation{place_of_answer(hop + 1), ExpectedHop{hop}, ExpectedHop{hop + 1}, ExpectedHop{hop}}};
}

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all{open_everywhere(), closed()};
  for (const int hop : {kFirst, kMiddle, kLast}) {
    all.push_back(drop_after(hop));
    all.push_back(drop_before(hop));
    all.push_back(rst_forged_after(hop));
    all.push_back(rst_forged_before(hop));
  }
  for (const Reject& reject : kRejects) all.push_back(rejected(reject));
  for (const auto& group : {server_firewalls(), silent_routers()}) all.insert(all.end(), group.begin(), group.end());
  return all;
}

}  // namespace smtpath::test
