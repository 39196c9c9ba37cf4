// How many packets a whole run costs, whatever becomes of them: four ports and what they need beside them.

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "support/network_builder.h"
#include "support/simulation.h"

namespace smtpath::test {
namespace {

using path::Role;

constexpr std::size_t kMostProbes = 250;
constexpr int kDistance = 15;
constexpr std::array kMailPorts{Port{25}, Port{465}, Port{587}, Port{2525}};
constexpr Port kSmtp = kMailPorts.front();

struct Row {
  const char* what;
  NetworkPath path;
};

const std::vector<path::PortPlan> kPorts{
    {.port = kSmtp, .role = Role::Subject},         {.port = kMailPorts[1], .role = Role::Control},
    {.port = kMailPorts[2], .role = Role::Control}, {.port = kMailPorts[3], .role = Role::Control},
    {.port = Port{443}, .role = Role::Anchor},      {.port = Port{80}, .role = Role::Anchor},
};

NetworkBuilder all_open() {
  NetworkBuilder path = routers(kDistance - 1).server();
  for (const Port port : kMailPorts) path.open(port);
  return path;
}

NetworkBuilder drops_mail(NetworkBuilder& device) {
  for (const Port port : kMailPorts) device.drops(port);
  return device;
}

NetworkBuilder silent_routers(NetworkBuilder path) {
  for (int hop = 1; hop < kDistance; ++hop) path.at(hop).silent();
  return path;
}

// client - 1 ... 14 - server at 15
std::vector<Row> rows() {
  constexpr int kMiddle = 7;
  return {
      {"all open", all_open()},
      {"all closed", routers(kDistance - 1)},
      {"one dropped", all_open().at(kMiddle).drops(kSmtp)},
      {"one reset", all_open().at(kMiddle).resets(kSmtp)},
      {"one rejected", all_open().at(kMiddle).rejects(kSmtp, Unreachable::AdminProhibited)},
      {"one taken over", all_open().at(kMiddle).redirects(kSmtp)},
      {"all dropped on the way", drops_mail(routers(kDistance - 1).at(kMiddle))},
      {"all dropped by the server", drops_mail(routers(kDistance - 1).server())},
      {"everything dropped on the way", routers(kDistance - 1).at(kMiddle).drops_everything()},
      {"everything dropped by the server", routers(kDistance - 1).server().drops_everything()},
      {"everything rejected", routers(kDistance - 1).at(kMiddle).rejects_everything(Unreachable::Net)},
      {"nobody there", routers(kDistance - 1).server().nobody()},
      {"all open behind silent routers", silent_routers(all_open())},
      {"one dropped behind silent routers", silent_routers(all_open().at(kMiddle).drops(kSmtp))},
      {"a loop", routers(kDistance - 1).at(kMiddle).loops_to(kMiddle - 1)},
  };
}

TEST(ProbeBudget, HoldsForWholeRunsOnLongPaths) {
  for (const Row& row : rows()) {
    for (const bool answers_echo : {true, false}) {
      NetworkPath path = row.path;
      path.server.answers_echo = answers_echo;
      Network network(path, 1);
      const Simulation simulation = run(plan_for(path, kPorts), network);
      EXPECT_TRUE(simulation.finished) << row.what;
      EXPECT_LE(simulation.probes, kMostProbes) << row.what << (answers_echo ? "" : ", no echo");
      RecordProperty(std::string(row.what) + (answers_echo ? "" : ", no echo"), std::to_string(simulation.probes));
    }
  }
}

}  // namespace
}  // namespace smtpath::test
