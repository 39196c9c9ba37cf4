// The program while its interface goes down, comes back or vanishes: it comes to its end, and accuses nobody else of
// what this host did.

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "netns/running.h"
#include "smtpath/wire/decode.h"
#include "support/lab_socket.h"

namespace smtpath::test {
namespace {

// After the first SYN nothing has been answered yet; after some more the run has seen something, and not everything.
constexpr std::array kSynsBefore{1, 12};
// Probes a second: the run takes longer than the script.
constexpr const char* kSlow = "50";

class HostileLinkTest : public testing::TestWithParam<std::tuple<Family, int>> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  /// Traces a server whose ports are open, while the shell script runs on the client, begun in the middle.
  void expect_no_accusation(const std::string& script) const {
    const auto [family, syns_before] = GetParam();
    const io::Lab lab = build({.open_ports = {Port{25}, Port{465}, Port{587}, Port{2525}}});
    auto ear = LabEar::open(lab, 1);
    ASSERT_TRUE(ear) << ear.error().message;

    Running running(lab, {"trace", "--no-mail", "--rate", kSlow, "--json", "-", to_string(lab.server(family))});
    for (int syns = 0; syns < syns_before;) syns += is_syn(ear.value().await()) ? 1 : 0;
    const io::LabOutcome done = run_in(lab, {"sh", "-ec", script});
    ASSERT_EQ(done.status, 0) << done.errors;
    const auto status = running.status();
    ASSERT_TRUE(status.contains("State") && !status.at("State").starts_with('Z')) << "the run was over too early";

    const io::LabOutcome outcome = running.outcome();
    EXPECT_EQ(outcome.errors, "");
    EXPECT_LE(outcome.status, 2);
    expect_open_or_own_fault(parse_json(outcome.output).at("targets").at(0));
  }

  std::string words_for(const std::string& ipv4, const std::string& ipv6) const {
    return std::get<0>(GetParam()) == Family::Ipv4 ? ipv4 : ipv6;
  }

 private:
  static void expect_open_or_own_fault(const nlohmann::json& target) {
    for (const nlohmann::json& port : target.at("ports")) {
      const bool is_own_fault = !port.at("location").is_null() && port.at("location").at("place") == "local";
      const std::string verdict = port.at("verdict");
      EXPECT_TRUE(verdict == "open" || verdict == "inconclusive" || is_own_fault)
          << port.at("port") << ": " << verdict << " at " << port.at("location").dump() << " because "
          << port.at("evidence").dump();
    }
  }

  static bool is_syn(const Bytes& packet) {
    const auto decoded = wire::decode(LinkType::Raw, packet);
    const auto* const heard = std::get_if<wire::Packet>(&decoded);
    if (heard == nullptr) return false;
    const auto* const segment = std::get_if<wire::TcpSegment>(&heard->payload);
    return segment != nullptr && segment->flags.syn && !segment->flags.ack;
  }
};

TEST_P(HostileLinkTest, AccusesNobodyWhenItsInterfaceGoesDown) {
  expect_no_accusation("ip link set right down");
}

TEST_P(HostileLinkTest, AccusesNobodyWhenItsInterfaceComesBack) {
  // What going down took away is put back: the route, of IPv6 the address too.
  expect_no_accusation(
      "ip link set right down; ip link set right up; " +
      words_for("ip route add default via 10.9.1.1",
                "ip addr add fd09:0:0:1::2/64 dev right nodad; ip route add default via fd09:0:0:1::1"));
}

TEST_P(HostileLinkTest, AccusesNobodyWhenItsInterfaceVanishes) {
  expect_no_accusation("ip link delete right");
}

INSTANTIATE_TEST_SUITE_P(Families, HostileLinkTest,
                         testing::Combine(testing::Values(Family::Ipv4, Family::Ipv6), testing::ValuesIn(kSynsBefore)),
                         [](const auto& tested) {
                           return std::string(to_string(std::get<0>(tested.param))) + "_after_" +
                                  std::to_string(std::get<1>(tested.param));
                         });

}  // namespace
}  // namespace smtpath::test
