// A target that nothing more is wanted of is forgotten, and nobody else.

#include <gtest/gtest.h>

#include "unit/path/conversation.h"

namespace smtpath::path {
namespace {

using test::Conversation;
using test::size_of;

TEST(ObserverRelease, EmptiesTheTrace) {
  Conversation talk;
  talk.sends(1);
  talk.hears(talk.syn_ack(1));
  talk.observer().release(0);
  EXPECT_EQ(talk.trace().target, talk.target());
  EXPECT_TRUE(talk.trace().flows.empty());
}

TEST(ObserverRelease, MakesStraysOfLateFrames) {
  Conversation talk;
  talk.sends(1);
  talk.observer().release(0);
  const std::size_t size = size_of(talk.trace());
  const std::uint64_t strays = talk.counters().strays;
  EXPECT_FALSE(talk.hears(talk.syn_ack(1)));
  EXPECT_FALSE(talk.hears(talk.error(3, talk.syn({.number = 1}))));
  EXPECT_FALSE(talk.sends(2));
  EXPECT_EQ(talk.counters().strays, strays + 3);
  EXPECT_EQ(size_of(talk.trace()), size);
}

TEST(ObserverRelease, LeavesNothingToBeSeen) {
  Conversation talk;
  EXPECT_FALSE(talk.observer().has_seen(talk.syn({.number = 1})));
  talk.observer().release(0);
  EXPECT_TRUE(talk.observer().has_seen(talk.syn({.number = 1})));
}

TEST(ObserverRelease, MayBeSaidAgain) {
  Conversation talk;
  talk.sends(1);
  talk.observer().release(0);
  talk.observer().release(0);
  EXPECT_FALSE(talk.sends(2));
}

TEST(ObserverRelease, DoesNotConcernOtherTargets) {
  Plan plan;
  plan.source_ports = {Port{40001}};
  for (const char* address : {"203.0.113.9", "203.0.113.10"}) {
    plan.targets.push_back({.address = IpAddress::parse(address).value(),
                            .source = IpAddress::parse("192.0.2.2").value(),
                            .ports = {{.port = Port{25}}}});
  }
  Observer observer(plan);
  const FlowMarks marks(plan.key);
  const auto hears_syn = [&](std::size_t target) {
    const FlowMark mark = marks.of({.target = target, .port = 0, .slot = 0});
    const TargetPlan& asked = plan.targets[target];
    wire::IpHeader ip{.source = asked.source, .destination = asked.address, .ttl = Ttl{30}};
    ip.identification = 1;
    wire::TcpSegment syn{
        .source_port = Port{40001}, .destination_port = Port{25}, .sequence = mark.sequence, .flags = {.syn = true}};
    syn.options.timestamps = {.value = mark.timestamp_base + 1, .echo = 0};
    const test::Bytes packet = test::tcp_packet(ip, syn);
    return observer
        .handle_frame({.time = Time{},
                       .link = LinkType::Raw,
                       .bytes = packet,
                       .original_length = static_cast<std::uint32_t>(packet.size()),
                       .refused = {}})
        .has_value();
  };
  observer.release(0);
  EXPECT_FALSE(hears_syn(0));
  EXPECT_TRUE(hears_syn(1));
  EXPECT_EQ(observer.trace(1).flows.size(), 1U);
}

}  // namespace
}  // namespace smtpath::path
