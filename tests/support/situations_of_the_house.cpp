#include <string>
#include <utility>

#include "support/situation_parts.h"
#include "support/situations.h"

namespace smtpath::test {

namespace {

using io::LabAction;
using io::LabHook;

constexpr int kLastRouter = kScenarioRouters;

// The server runs 587 in a container one hop behind it.
Scenario container() {
  Scenario scenario{.name = "container", .verdict = "open"};
  scenario.network.open_ports = {kSubject};
  const BranchEnd container = add_branch(scenario.network, kScenarioServer, 1);
  scenario.network.listeners = {{container.node, Port{587}}};
  scenario.network.rules = {dnat(kScenarioServer, "prerouting", "587", container.host)};
  add(scenario.network, forwarding(kScenarioServer));
  return scenario;
}

// The name of the mail server is that of the router before it, which has nothing open of its own.
Scenario office_router() {
  Scenario scenario{.name = "office-router", .verdict = "open", .distance = kLastRouter, .target = {kLastRouter, 1}};
  scenario.network.rules = {dnat(kLastRouter, "prerouting", "{ 25, 587 }", {kScenarioServer, 1})};
  return scenario;
}

ExpectedLocation at_the_edge() {
  return {"edge", ExpectedHop{kLastRouter}, ExpectedHop{kScenarioServer}, std::nullopt};
}

Scenario echo_only() {
  Scenario scenario{
      .name = "echo-only", .verdict = "dropped", .location = at_the_edge(), .others = others("dropped", "dropped")};
  scenario.network.rules = {lab_rule(kScenarioServer, LabHook::Input, std::nullopt, LabAction::Drop)};
  return scenario;
}

// Without neighbour discovery the server would not be there at all.
constexpr const char* kNeighbours =
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept\n";

Scenario one_port_only() {
  Scenario scenario{
      .name = "one-port-only", .verdict = "open", .others = others("dropped", "dropped"), .distance = std::nullopt};
  scenario.network.rules = {
      nft(kScenarioServer, "filter", "input", std::string(kNeighbours) + "tcp dport 25 accept\ndrop")};
  return scenario;
}

// Nothing shows that there is a server.
Scenario deaf() {
  Scenario scenario{.name = "deaf",
                    .verdict = "dropped",
                    .location = ExpectedLocation{"unknown", ExpectedHop{kLastRouter}, std::nullopt, std::nullopt},
                    .others = others("dropped", "dropped"),
                    .distance = std::nullopt};
  scenario.network.rules = {nft(kScenarioServer, "filter", "input", std::string(kNeighbours) + "drop")};
  return scenario;
}

// The last router says so, after it has asked for the address for three seconds.
Scenario nobody() {
  return {.name = "nobody",
          .verdict = "unreachable",
          .location = ExpectedLocation{"path", ExpectedHop{kLastRouter}, ExpectedHop{kScenarioServer, false},
                                       ExpectedHop{kLastRouter}},
          .others = others("unreachable", "unreachable"),
          .distance = std::nullopt,
          .target = {kScenarioServer, 77}};
}

}  // namespace

std::vector<Scenario> situations_of_the_house() {
  return {container(), office_router(), echo_only(), one_port_only(), deaf(), nobody()};
}

}  // namespace smtpath::test
