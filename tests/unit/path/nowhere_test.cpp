// Addresses that nobody can have, and the SYNs to them.

#include "smtpath/path/nowhere.h"

#include <gtest/gtest.h>

#include <array>

#include "smtpath/path/observer.h"
#include "smtpath/wire/probe_packet.h"
#include "support/packets.h"

namespace smtpath::path {
namespace {

IpAddress ip(const char* text) {
  return *IpAddress::parse(text);
}

HashKey key_of(int number) {
  HashKey key{};
  key[0] = static_cast<std::byte>(number);
  return key;
}

TEST(Nowhere, IsAnAddressOfDocumentation) {
  for (int number = 0; number < 100; ++number) {
    const auto drawn = nowhere_address(key_of(number), ip("8.8.8.8"), {});
    ASSERT_TRUE(drawn);
    EXPECT_TRUE(to_string(*drawn).starts_with("192.0.2."));
    EXPECT_NE(*drawn, ip("192.0.2.0"));
    EXPECT_NE(*drawn, ip("192.0.2.255"));
    EXPECT_TRUE(to_string(*nowhere_address(key_of(number), ip("2600::1"), {})).starts_with("2001:db8:"));
  }
  EXPECT_EQ(nowhere_address(key_of(1), ip("8.8.8.8"), {}), nowhere_address(key_of(1), ip("8.8.8.8"), {}));
}

TEST(Nowhere, IsNotInANetThatIsInUse) {
  const std::array used{ip("192.0.2.9"), ip("203.0.113.1"), ip("2001:db8::1")};
  EXPECT_TRUE(to_string(*nowhere_address(key_of(1), used[0], used)).starts_with("198.51.100."));
  EXPECT_TRUE(to_string(*nowhere_address(key_of(1), used[2], used)).starts_with("3fff:"));
  const std::array all{ip("192.0.2.9"), ip("203.0.113.1"), ip("198.51.100.1")};
  EXPECT_FALSE(nowhere_address(key_of(1), all[0], all));
}

TEST(Nowhere, HasRoomForAsManyFlowsAsThePlanHasPorts) {
  TargetPlan plan;
  plan.ports.resize(kMostPorts / 2);
  EXPECT_TRUE(flow_to_nowhere(plan, 0, kMostPorts / 2 - 1, 0));
  plan.ports.resize(kMostPorts);
  EXPECT_FALSE(flow_to_nowhere(plan, 0, 0, 0));
}

TEST(Nowhere, KeepsWhatItAnswersApartFromTheTarget) {
  Plan plan{.key = key_of(7), .source_ports = {Port{40001}}, .targets = {}};
  plan.targets.push_back(
      {.address = ip("10.0.0.9"), .source = ip("10.0.0.1"), .ports = {{Port{25}}}, .nowhere = ip("192.0.2.77")});
  Observer observer(plan);
  const auto flow = flow_to_nowhere(plan.targets[0], 0, 0, 0);
  ASSERT_TRUE(flow);
  const FlowMark mark = FlowMarks(plan.key).of(*flow);
  wire::SynTemplate syn({.source = ip("10.0.0.1"),
                         .destination = ip("192.0.2.77"),
                         .source_port = Port{40001},
                         .destination_port = Port{25},
                         .sequence = mark.sequence});
  const auto show = [&](std::span<const std::byte> packet) {
    return observer.handle_frame({.time = Time{std::chrono::seconds(1)},
                                  .link = LinkType::Raw,
                                  .bytes = packet,
                                  .original_length = static_cast<std::uint32_t>(packet.size()),
                                  .refused = {}});
  };
  EXPECT_TRUE(show(syn.stamp({.ttl = Ttl{30}, .number = 1, .timestamp = mark.timestamp_base + 1})));
  wire::IpHeader back;
  back.source = ip("192.0.2.77");
  back.destination = ip("10.0.0.1");
  back.ttl = Ttl{60};
  wire::TcpSegment accepted;
  accepted.source_port = Port{25};
  accepted.destination_port = Port{40001};
  accepted.acknowledgment = mark.sequence + 1;
  accepted.flags = {.syn = true, .ack = true};
  EXPECT_TRUE(show(test::tcp_packet(back, accepted)));
  EXPECT_TRUE(observer.trace(0).flows.empty());
  ASSERT_EQ(observer.trace(0).nowhere->flows.size(), 1U);
  EXPECT_EQ(observer.trace(0).nowhere->flows[0].probes.at(0).replies.at(0).kind, ReplyKind::SynAck);
  observer.release(0);
  EXPECT_FALSE(show(test::tcp_packet(back, accepted)));
}

}  // namespace
}  // namespace smtpath::path
