#include <gtest/gtest.h>

#include "unit/session/exchange.h"

namespace smtpath::test {
namespace {

using session::Ending;
using session::Session;

/// Other connections, a packet a second, so that time goes by.
void pass(Exchange& talk, Duration duration) {
  for (Duration passed{}; passed < duration; passed += 1s) {
    talk.wait(1s);
    Sent other = talk.ack(Side::Client);
    other.tcp.source_port = Port{60'000};
    other.tcp.destination_port = Port{443};
    talk.show(other);
  }
}

TEST(Ending, AClosedConnectionWaitsForStrayPacketsThenIsTold) {
  Exchange talk;
  talk.connect();
  talk.close();
  pass(talk, 5s);
  talk.show(talk.rst(Side::Client));
  EXPECT_TRUE(talk.ended().empty());
  pass(talk, 50s);
  const std::vector<Session> sessions = talk.ended();
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].ending, Ending::Closed);
  EXPECT_EQ(sessions[0].reset_count.client, 1U);
}

TEST(Ending, SynsWithoutAnAnswerEndLongAfterTheLast) {
  Exchange talk;
  talk.show(talk.syn());
  pass(talk, 120s);
  EXPECT_TRUE(talk.ended().empty());
  pass(talk, 20s);
  const std::vector<Session> sessions = talk.ended();
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].ending, Ending::NeverOpened);
  EXPECT_GT(sessions[0].end - sessions[0].last, 129s);
}

TEST(Ending, AQuietConnectionIsGivenUpAfterTwoHours) {
  Exchange talk;
  talk.connect();
  talk.server_says("220 mx.example.com ESMTP\r\n");
  pass(talk, 7100s);
  EXPECT_TRUE(talk.ended().empty());
  pass(talk, 200s);
  const std::vector<Session> sessions = talk.ended();
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].ending, Ending::Quiet);
}

TEST(Ending, AClockThatJumpsByYearsEndsNothing) {
  Exchange talk;
  talk.connect();
  talk.close();
  talk.wait(24h * 365 * 5);
  talk.show(talk.rst(Side::Client));
  const std::vector<Session> sessions = talk.sessions();
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].reset_count.client, 1U);
}

TEST(Ending, OfManyTheLongestQuietIsEvicted) {
  Exchange talk({}, {.most_open = 3});
  for (std::uint16_t port = 1; port <= 3; ++port) {
    talk.begin_anew({.client_port = Port{port}});
    talk.connect();
    talk.wait(2s);
  }
  talk.begin_anew({.client_port = Port{1}, .client_isn = 1001});
  talk.show(talk.ack(Side::Client));
  talk.begin_anew({.client_port = Port{4}});
  talk.connect();
  const std::vector<Session> sessions = talk.ended();
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].ending, Ending::Evicted);
  EXPECT_EQ(sessions[0].client.port, Port{2});
  EXPECT_EQ(talk.observer().counters().evicted, 1U);
}

TEST(Ending, WhatIsOpenAtTheEndIsToldInTheOrderOfBeginning) {
  Exchange talk;
  for (std::uint16_t port = 5; port >= 1; --port) {
    talk.begin_anew({.client_port = Port{port}});
    talk.connect();
  }
  const std::vector<Session> sessions = talk.sessions();
  ASSERT_EQ(sessions.size(), 5U);
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    EXPECT_EQ(sessions[i].client.port.number, 5 - i);
    EXPECT_EQ(sessions[i].ending, Ending::CaptureEnded);
    EXPECT_EQ(sessions[i].end, talk.now());
  }
}

TEST(Ending, AFloodOfSynsToOtherPortsIsForgotten) {
  Exchange talk({.server_port = Port{80}});
  constexpr int kMany = 40'000;
  for (int i = 0; i < kMany; ++i) {
    talk.begin_anew({.client_port = Port{static_cast<std::uint16_t>(i + 3000)}, .server_port = Port{80}});
    talk.show(talk.syn());
  }
  EXPECT_EQ(talk.observer().counters().forgotten_newcomers, kMany - 32'768U);
  EXPECT_TRUE(talk.sessions().empty());
}

}  // namespace
}  // namespace smtpath::test
