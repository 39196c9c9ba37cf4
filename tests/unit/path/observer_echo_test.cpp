// Echo requests and their answers.

#include <gtest/gtest.h>

#include "unit/path/conversation.h"

namespace smtpath::path {
namespace {

using test::Bytes;
using test::Conversation;
using test::size_of;

struct Pings {
  Conversation talk;
  explicit Pings(Family family = Family::Ipv4) : talk(family) {}

  Bytes request(std::uint16_t number, Ttl ttl) const {
    return test::echo_packet({.source = talk.host(), .destination = talk.target(), .ttl = ttl},
                             {.is_reply = false, .identifier = talk.echo_identifier(), .sequence = number});
  }
  Bytes reply(std::uint16_t identifier, std::uint16_t number) const {
    return test::echo_packet(talk.from_target(), {.is_reply = true, .identifier = identifier, .sequence = number});
  }
  const FlowTrace& echo() const { return talk.trace().echo; }
};

TEST(ObserverOfEchoes, MatchesRequestAndReplyByNumber) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Pings pings(family);
    EXPECT_TRUE(pings.talk.hears(pings.request(1, Ttl{30})));
    EXPECT_TRUE(pings.talk.hears(pings.request(2, Ttl{6})));
    EXPECT_TRUE(pings.talk.hears(pings.reply(pings.talk.echo_identifier(), 2)));
    ASSERT_EQ(pings.echo().probes.size(), 2U);
    EXPECT_EQ(pings.echo().probes[1].ttl, Ttl{6});
    ASSERT_EQ(pings.echo().probes[1].replies.size(), 1U);
    EXPECT_EQ(pings.echo().probes[1].replies[0].kind, ReplyKind::EchoReply);
    EXPECT_TRUE(pings.talk.trace().flows.empty());
  }
}

TEST(ObserverOfEchoes, NamesTheRequestThatAnErrorQuotes) {
  Pings pings;
  const Bytes request = pings.request(1, Ttl{3});
  pings.talk.hears(request);
  EXPECT_TRUE(pings.talk.hears(pings.talk.error(3, request)));
  EXPECT_EQ(pings.echo().probes.at(0).replies.at(0).kind, ReplyKind::TimeExceeded);
}

TEST(ObserverOfEchoes, TakesNoReplyThatFitsNoRequest) {
  Pings pings;
  pings.talk.hears(pings.request(1, Ttl{30}));
  const std::size_t before = size_of(pings.talk.trace());
  const std::uint16_t ours = pings.talk.echo_identifier();
  EXPECT_FALSE(pings.talk.hears(pings.reply(static_cast<std::uint16_t>(ours + 1), 1)));
  EXPECT_FALSE(pings.talk.hears(pings.reply(ours, 2)));
  EXPECT_FALSE(pings.talk.hears(pings.talk.error(3, pings.request(9, Ttl{3}))));
  EXPECT_EQ(size_of(pings.talk.trace()), before);
  EXPECT_EQ(pings.talk.counters().strays, 1U);
  EXPECT_EQ(pings.talk.counters().unproven, 2U);
}

TEST(ObserverOfEchoes, TakesNoReplyFromAnotherAddress) {
  Pings pings;
  pings.talk.hears(pings.request(1, Ttl{30}));
  wire::IpHeader ip = pings.talk.from_target();
  ip.source = pings.talk.router(3);
  EXPECT_FALSE(pings.talk.hears(
      test::echo_packet(ip, {.is_reply = true, .identifier = pings.talk.echo_identifier(), .sequence = 1})));
}

TEST(ObserverOfEchoes, CountsARequestSeenOnTwoInterfacesOnce) {
  Pings pings;
  EXPECT_TRUE(pings.talk.hears(pings.request(1, Ttl{30})));
  EXPECT_FALSE(pings.talk.hears(pings.request(1, Ttl{30})));
  EXPECT_EQ(pings.echo().probes.size(), 1U);
}

TEST(ObserverOfEchoes, KeepsTheErrnoOfARefusedRequest) {
  Pings pings;
  EXPECT_TRUE(pings.talk.is_refused(pings.request(1, Ttl{30}), 1));
  EXPECT_EQ(pings.echo().probes.at(0).refused, std::optional<int>(1));
}

}  // namespace
}  // namespace smtpath::path
