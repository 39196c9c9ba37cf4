// What a spec asks of each namespace, before anything is built.

#include "io/lab_plan.h"

#include <gmock/gmock.h>

#include "io/lab_links.h"

namespace smtpath::io {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// client 0 – 1 – 2 – server 3, and what each test puts beside it.
constexpr int kServer = 3;

LabPlan plan(const LabSpec& spec) {
  const auto planned = plan_lab(spec);
  EXPECT_TRUE(planned) << planned.error().message;
  return planned ? planned.value() : LabPlan{};
}

const LabMember& node(const LabPlan& plan, int number) {
  return plan.members.at(static_cast<std::size_t>(number));
}

std::string setting(const LabMember& member, const std::string& name) {
  for (const LabSetting& each : member.settings) {
    if (each.name == name) return each.value;
  }
  return {};
}

std::string fault(const LabSpec& spec) {
  const auto planned = plan_lab(spec);
  return planned ? "" : planned.error().message;
}

TEST(LabPlan, ANodeOfTheChainHasItsNeighboursAndRoutes) {
  EXPECT_EQ(node(plan({.routers = 2}), 2).addresses,
            "link set lo up\n"
            "link set left up\n"
            "link set right up\n"
            "addr add 10.9.2.1/24 dev left\n"
            "addr add 10.9.3.2/24 dev right\n"
            "route add default via 10.9.3.1\n"
            "route add 10.9.1.0/24 via 10.9.2.2\n"
            "addr add fd09:0:0:2::1/64 nodad dev left\n"
            "addr add fd09:0:0:3::2/64 nodad dev right\n"
            "route add default via fd09:0:0:3::1\n"
            "route add fd09:0:0:1::/64 via fd09:0:0:2::2\n");
}

TEST(LabPlan, AHostBesideTheChainReachesEveryNetwork) {
  const LabMember host = node(plan({.routers = 2, .side_nodes = 1, .side_cables = {{kServer, 4}}}), 4);
  EXPECT_EQ(host.name, "node 4");
  EXPECT_THAT(host.interfaces, ElementsAre("side0"));
  EXPECT_THAT(host.addresses, AllOf(HasSubstr("addr add 10.9.100.1/24 dev side0\n"),
                                    HasSubstr("addr add fd09:0:0:100::1/64 nodad dev side0\n")));
  for (const char* network : {"10.9.1.0/24", "10.9.2.0/24", "10.9.3.0/24"}) {
    EXPECT_THAT(host.addresses, HasSubstr(std::string("route add ") + network + " via 10.9.100.2\n"));
  }
}

TEST(LabPlan, EveryNodeButTheClientHasARouteToACableBesideTheChain) {
  const LabPlan planned = plan({.routers = 2, .side_nodes = 1, .side_cables = {{kServer, 4}}});
  EXPECT_THAT(node(planned, 0).addresses, Not(HasSubstr("10.9.100")));
  EXPECT_THAT(node(planned, 1).addresses, HasSubstr("route add 10.9.100.0/24 via 10.9.2.1\n"));
  EXPECT_THAT(node(planned, 2).addresses, HasSubstr("route add fd09:0:0:100::/64 via fd09:0:0:3::1\n"));
  EXPECT_THAT(node(planned, 3).addresses, HasSubstr("addr add 10.9.100.2/24 dev side0\n"));
}

TEST(LabPlan, RoutesLeadAlongABranch) {
  const LabPlan planned = plan({.routers = 2, .side_nodes = 2, .side_cables = {{2, 4}, {4, 5}}});
  EXPECT_THAT(node(planned, 4).interfaces, ElementsAre("side0", "side1"));
  EXPECT_THAT(node(planned, 2).addresses, HasSubstr("route add 10.9.101.0/24 via 10.9.100.1\n"));
  EXPECT_THAT(node(planned, 5).addresses, HasSubstr("route add 10.9.1.0/24 via 10.9.101.2\n"));
}

TEST(LabPlan, ACableBetweenNodesOfTheChainShortensNoRouteOfTheChain) {
  const LabPlan planned = plan({.routers = 3, .side_cables = {{0, 3}}});
  EXPECT_THAT(node(planned, 3).addresses, HasSubstr("route add 10.9.1.0/24 via 10.9.3.2\n"));
  EXPECT_THAT(node(planned, 1).addresses, HasSubstr("route add 10.9.100.0/24 via 10.9.2.1\n"))
      << "the client does not forward";
}

TEST(LabPlan, NodesForwardThatHaveSomewhereToForwardTo) {
  const LabPlan planned = plan({.routers = 2, .side_nodes = 2, .side_cables = {{2, 4}, {4, 5}, {0, 1}}});
  const std::vector<std::string> forwarding{"0", "1", "1", "0", "1", "0"};
  for (std::size_t i = 0; i < forwarding.size(); ++i) {
    EXPECT_EQ(setting(planned.members.at(i), "ipv4/ip_forward"), forwarding[i]) << i;
    EXPECT_EQ(setting(planned.members.at(i), "ipv6/conf/all/forwarding"), forwarding[i]) << i;
  }
}

TEST(LabPlan, CablesFollowTheChainAndItsWires) {
  const LabPlan planned =
      plan({.routers = 1, .side_nodes = 1, .side_cables = {{1, 3}}, .links = {{.position = 1, .loss = 0.5}}});
  std::vector<std::string> cables;
  for (const LabCable& cable : planned.cables) {
    cables.push_back(std::to_string(cable.near.member) + " " + cable.near.interface + " " +
                     std::to_string(cable.far.member) + " " + cable.far.interface);
  }
  EXPECT_THAT(cables, ElementsAre("0 right 1 left", "1 right 4 left", "4 right 2 left", "1 side0 3 side0"));
}

TEST(LabPlan, NodesBesideTheChainListenAndHaveRulesAndScripts) {
  const LabPlan planned = plan({.routers = 2,
                                .listeners = {{4, Port{25}}},
                                .rules = {{4, "table inet some {}"}},
                                .side_nodes = 1,
                                .side_cables = {{2, 4}},
                                .scripts = {{4, "first"}, {1, "other"}, {4, "second"}}});
  EXPECT_THAT(node(planned, 4).ports, ElementsAre(Port{25}));
  EXPECT_EQ(node(planned, 4).rules, "table inet some {}\n");
  EXPECT_THAT(node(planned, 4).scripts, ElementsAre("first", "second"));
  EXPECT_THAT(node(planned, 2).scripts, IsEmpty());
}

TEST(LabPlan, AnAddressIsThatOfTheFirstCable) {
  const LabSpec spec{.routers = 2, .side_nodes = 2, .side_cables = {{2, 4}, {5, 4}}};
  EXPECT_EQ(to_string(lab_address(spec, 0, Family::Ipv4)), "10.9.1.2");
  EXPECT_EQ(to_string(lab_address(spec, 2, Family::Ipv6)), "fd09:0:0:2::1");
  EXPECT_EQ(to_string(lab_address(spec, 4, Family::Ipv4)), "10.9.100.1");
  EXPECT_EQ(to_string(lab_address(spec, 5, Family::Ipv4)), "10.9.101.2");
}

TEST(LabPlan, AnErrorNamesThePartThatNoLabCanHave) {
  EXPECT_THAT(fault({.routers = 2, .side_nodes = 21}), HasSubstr("0 to 20 nodes beside"));
  EXPECT_THAT(fault({.routers = 2, .side_cables = {{1, 4}}}), HasSubstr("cable 0 from node 1 to node 4"));
  EXPECT_THAT(fault({.routers = 2, .side_cables = {{1, 1}}}), HasSubstr("cable 0 from node 1 to node 1"));
  EXPECT_THAT(fault({.routers = 2, .side_nodes = 1}), HasSubstr("node 4 has no way to the chain"));
  EXPECT_THAT(fault({.routers = 2, .side_nodes = 1, .side_cables = {{0, 4}}}), HasSubstr("node 4 has no way"));
  EXPECT_THAT(fault({.routers = 2, .scripts = {{4, "true"}}}), HasSubstr("a script for node 4"));
  EXPECT_THAT(fault({.routers = 2, .listeners = {{4, Port{25}}}}), HasSubstr("a listener for node 4"));
}

}  // namespace
}  // namespace smtpath::io
