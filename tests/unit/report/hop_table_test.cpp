#include "report/hop_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "unit/report/samples.h"

namespace smtpath::report {
namespace {

using path::ReplyKind;
using samples::Way;

TargetReport sample(const std::string& name) {
  const auto targets = samples::every_verdict();
  return *std::find_if(targets.begin(), targets.end(), [&](const TargetReport& each) { return each.target == name; });
}

TEST(HopTable, ShowsTheLabelsOfARouterBeneathItsAddressOnce) {
  TargetReport target = samples::one_of_each();
  for (PortReport& port : target.ports) {
    port.hops[1].replies[0].mpls = {{.label = 24001, .traffic_class = 5, .bottom_of_stack = false, .ttl = 1},
                                    {.label = 16, .traffic_class = 0, .bottom_of_stack = true, .ttl = 254}};
  }
  const std::string table = hop_table_of(target, {});
  const std::string labels = "     [MPLS L=24001 E=5 S=0 TTL=1]\n     [MPLS L=16 E=0 S=1 TTL=254]\n  3  10.0.3.1";
  EXPECT_NE(table.find(labels), std::string::npos) << table;
  EXPECT_EQ(table.find("24001"), table.rfind("24001")) << table;
}

TEST(HopTable, FoldsSilentHopsAndShowsEveryAddressOfAHop) {
  EXPECT_EQ(hop_table_of(samples::far_away(), {}), R"(  hop  address         best ms  25  465  587      2525
    1  192.168.178.1       1.2  ·   ·    ·        ·
    2  100.64.0.1          2.1  ·   ·    ·        ·
  3-4  (silent)                 *   *    *        *
    5  81.210.129.4        4.5  ·   ·    ·        ·
    6  81.210.148.17       5.4  ·   ·    ·        ·
                                x
    7  (silent)                 *   *    *        *
    8  62.115.114.88       7.0  *   ·    ·        ·
    9  62.115.122.159      7.9  *   ·    ·        ·
       62.115.140.21       9.9
10-12  (silent)                 *   *    *        *
   13  142.251.65.90      11.2  *   ·    ·        ·
   14  209.85.253.1       12.0  *   ·    ·        ·
                                                  x
   15  142.250.27.26      12.8  *   RST  SYN-ACK  *
       · got this far   * no reply   x stopped here
)");
}

TEST(HopTable, ShortensIcmpWhereAddressesAreLong) {
  EXPECT_EQ(hop_table_of(samples::one_of_each_over_ipv6(), {}),
            R"(hop  address                                 best ms  25   465  587      2525
  1  2001:db8:100:3::1                           1.2  ·    ·    ·        ·
  2  2001:db8:1234:5678:9abc:def0:1234:5678      2.1  ·    ·    ·        ·
  3  2001:db8:0:f00d::17:2                       2.9  x ·  ·    ·        ·
  4  2a00:1450:8007:1::8d                        3.7  1/1  ·    ·        ·
                                                           x
  5  2a00:1450:4025:401:abcd:12ff:fe34:561a      4.5       *    SYN-ACK  RST
     · got this far   * no reply   x stopped here   1/1 admin-prohibited
)");
}

TEST(HopTable, GivesALongAddressALineOfItsOwnWhereNothingElseHelps) {
  EXPECT_EQ(hop_table_of(samples::one_of_each_over_ipv6(), {.width = 64}),
            R"(hop  address                        best ms  25   465  587  2525
  1  2001:db8:100:3::1                  1.2  ·    ·    ·    ·
  2  2001:db8:1234:5678:9abc:def0:1234:5678
                                        2.1  ·    ·    ·    ·
  3  2001:db8:0:f00d::17:2              2.9  x ·  ·    ·    ·
  4  2a00:1450:8007:1::8d               3.7  1/1  ·    ·    ·
                                                  x
  5  2a00:1450:4025:401:abcd:12ff:fe34:561a
                                        4.5       *    SA   RST
     · got this far   * no reply   x stopped here   SA SYN-ACK
     1/1 admin-prohibited
)");
}

TEST(HopTable, SpellsIcmpOutWhereThereIsRoom) {
  EXPECT_EQ(hop_table_of(sample("rejected"), {}), R"(hop  address      best ms  25                     587
  1  10.0.1.1         1.2  ·                      ·
  2  10.0.2.1         2.1  x ·                    ·
  3  10.0.3.1         2.9  3/13 admin-prohibited  ·
  4  (silent)                                     *
  5  203.0.113.9      4.5                         SYN-ACK
     · got this far   * no reply   x stopped here
)");
}

TEST(HopTable, HoldsSixPortsInEightyColumns) {
  const Way way({"198.51.100.111", "203.0.113.199"});
  std::vector<PortReport> ports;
  for (const std::uint16_t port : std::to_array<std::uint16_t>({25, 465, 587, 2525, 443, 10025}))
    ports.push_back(way.answered(port, ReplyKind::SynAck));
  EXPECT_EQ(hop_table_of(way.target("mx", ports), {}),
            R"(hop  address         best ms  25  465  587  2525  443  10025
  1  198.51.100.111      1.2  ·   ·    ·    ·     ·    ·
  2  203.0.113.199       2.1  SA  SA   SA   SA    SA   SA
     · got this far   SA SYN-ACK
)");
}

TEST(HopTable, MarksWhereThisHostStopsItsOwnProbes) {
  TargetReport target = sample("dropped-locally");
  target.ports[0].hops[0].sent = 0;
  EXPECT_EQ(hop_table_of(target, {}), R"(hop  address      best ms  25  587
  0  this host             x
  1  10.0.1.1         1.2  -   ·
  2  10.0.2.1         2.1      ·
  3  10.0.3.1         2.9      ·
  4  (silent)                  *
  5  203.0.113.9      4.5      SYN-ACK
     · got this far   * no reply   - not sent   x stopped here
)");
}

TEST(HopTable, TellsALoopOnce) {
  EXPECT_EQ(hop_table_of(sample("loop"), {}), R"( hop  address           best ms  25
   1  10.0.1.1              1.2  ·
   2  10.0.2.1              2.1  ·
   3  10.0.3.1              2.9  ·
                                 x
4-30  (the same again)
      · got this far   x stopped here
)");
}

TEST(HopTable, MarksAnUncertainPlaceAndHowManyProbesWereAnswered) {
  EXPECT_EQ(hop_table_of(sample("intermittent-loss"), {}), R"(hop  address      best ms  25           587
  1  10.0.1.1         1.2  ·            ·
  2  10.0.2.1         2.1  ·            ·
  3  10.0.3.1         2.9  ·            ·
                           ?
  4  (silent)              *            *
  5  203.0.113.9      4.5  SYN-ACK 1/3  SYN-ACK
     · got this far   * no reply   ? perhaps here
)");
}

TEST(HopTable, ShowsBothAnswersThatAnInjectorLeavesToOneProbe) {
  const Way way({"10.0.1.1", "10.0.2.1", "203.0.113.9"});
  PortReport port = way.reset_beyond(25, 2);
  port.hops[1].replies.push_back(port.hops[2].replies[0]);
  EXPECT_EQ(hop_table_of(way.target("mx", {port}), {}), R"(hop  address      best ms  25
  1  10.0.1.1         1.2  ·
  2  10.0.2.1         2.1  x · RST
  3  203.0.113.9           RST
     · got this far   x stopped here
)");
}

TEST(HopTable, NamesARouterThatNeverSentATimeExceeded) {
  const Way way({"10.0.1.1", "10.0.2.1", "203.0.113.9"});
  const TargetReport target = way.target("mx", {way.unreachable_beyond(25, 1, 2, 13)});
  EXPECT_EQ(hop_table_of(target, {}), R"(hop  address      best ms  25
  1  10.0.1.1         1.2  ·
  2  10.0.2.1         2.1  x 3/13 admin-prohibited
  3  203.0.113.9
     · got this far   x stopped here
)");
}

TEST(HopTable, DoesNotPlaceAnIcmpSenderThatTheJudgeDidNotPlace) {
  const Way way({"10.0.1.1", "10.0.2.1", "203.0.113.9"});
  TargetReport target = way.target("mx", {way.unreachable_beyond(25, 1, 2, 13)});
  target.ports[0].verdict.location->suspect = std::nullopt;
  EXPECT_EQ(hop_table_of(target, {}), R"(hop  address      best ms  25
  1  10.0.1.1         1.2  ·
                           x
  2  (silent)              3/13 admin-prohibited
  3  203.0.113.9
     · got this far   x stopped here
)");
}

TEST(HopTable, DoesNotTakeAForgedAnswerForTheServers) {
  const std::string table = hop_table_of(samples::one_of_each(), {});
  EXPECT_NE(table.find("  4  10.0.4.1 "), std::string::npos);
  EXPECT_EQ(table.find("203.0.113.9"), table.rfind("203.0.113.9"));
}

TEST(HopTable, CountsProbesThatOvershootAsTheDestinations) {
  const Way way({"10.0.1.1", "10.0.2.1", "203.0.113.9"});
  PortReport dropped = way.silent_beyond(25, 2);
  dropped.hops.back().ttl = Ttl{30};
  PortReport open = way.answered(587, ReplyKind::SynAck);
  open.hops.push_back(open.hops.back());
  open.hops.back().ttl = Ttl{30};
  EXPECT_EQ(hop_table_of(way.target("mx", {dropped, open}), {}), R"(hop  address      best ms  25  587
  1  10.0.1.1         1.2  ·   ·
  2  10.0.2.1         2.1  ·   ·
                           x
  3  203.0.113.9      2.9  *   SYN-ACK
     · got this far   * no reply   x stopped here
)");
}

TEST(HopTable, KeepsTheRoutersThatAnswerFromBeyondTheDestination) {
  const Way way({"10.0.1.1", "10.0.2.1", "10.0.3.1", "203.0.113.9"});
  TargetReport target = way.target("mx", {way.answered(25, ReplyKind::SynAck)});
  target.ports[0].verdict.kind = verdict::Kind::Intercepted;
  target.distance = Ttl{2};
  EXPECT_EQ(hop_table_of(target, {}), R"(hop  address      best ms  25
  1  10.0.1.1         1.2  ·
  2  10.0.2.1         2.1  ·
     203.0.113.9
  3  10.0.3.1         2.9  ·
  4  (silent)              SYN-ACK
     · got this far
)");
}

TEST(HopTable, TellsARunOfHopsThatWereNotProbed) {
  TargetReport target = sample("dropped");
  target.ports.resize(1);
  target.ports[0].hops.resize(2);
  EXPECT_EQ(hop_table_of(target, {}), R"(hop  address       best ms  25
  1  10.0.1.1          1.2  ·
  2  10.0.2.1          2.1  ·
                            x
3-4  (not probed)
  5  203.0.113.9
     · got this far   x stopped here
)");
}

TEST(HopTable, IsEmptyWithoutPorts) {
  EXPECT_EQ(hop_table_of(sample("mx.invalid"), {}), "");
}

}  // namespace
}  // namespace smtpath::report
