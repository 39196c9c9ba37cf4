#include <gtest/gtest.h>

#include <string>

#include "unit/session/exchange.h"

namespace smtpath::test {
namespace {

using session::Session;
using session::Stream;

class StreamTest : public ::testing::Test {
 protected:
  void SetUp() override { talk.connect(); }
  Stream client() { return talk.session().streams.client; }

  Exchange talk;
};

TEST_F(StreamTest, WhatWasSeenBeforeAndComesAgainIsARetransmission) {
  const Sent line = talk.says(Side::Client, "EHLO a\r\n");
  talk.show(line);
  talk.wait(200ms);
  talk.show(line.again());
  EXPECT_EQ(client().retransmissions, 1U);
}

TEST_F(StreamTest, AKeepAliveIsNoRetransmission) {
  const Sent line = talk.says(Side::Client, "EHLO a\r\n");
  talk.show(line);
  talk.wait(60s);
  talk.show(line.again().with_sequence(line.tcp.sequence + 7).with_text("\n"));
  const Stream stream = client();
  EXPECT_EQ(stream.retransmissions, 0U);
  EXPECT_EQ(stream.keep_alives, 1U);
}

TEST_F(StreamTest, NewBytesBehindLaterOnesAreOutOfOrder) {
  const Sent first = talk.says(Side::Client, "EHLO ");
  talk.client_says("client.example.org\r\n");
  talk.show(first);
  const Session session = talk.session();
  EXPECT_EQ(session.streams.client.out_of_order, 1U);
  EXPECT_EQ(session.streams.client.retransmissions, 0U);
  EXPECT_EQ(session.streams.client.gaps, 0U);
  EXPECT_EQ(session.dialogue.of(smtp::Verb::Ehlo).asked, 1U);
}

TEST_F(StreamTest, AFrameCapturedTwiceCountsOnceWhateverItsTtl) {
  const Sent line = talk.says(Side::Client, "EHLO a\r\n");
  talk.show(line);
  talk.show(line.with_ttl(63));
  const Stream stream = client();
  EXPECT_EQ(stream.duplicate_frames, 1U);
  EXPECT_EQ(stream.packets, 3U);
  EXPECT_EQ(stream.payload_bytes, 8U);
  EXPECT_EQ(stream.retransmissions, 0U);
}

TEST_F(StreamTest, WithoutAnIdThePauseTellsARetransmissionFromADuplicate) {
  const Sent line = talk.says(Side::Client, "EHLO a\r\n").with_identification(0);
  talk.show(line);
  talk.show(line);
  talk.wait(200ms);
  talk.show(line);
  const Stream stream = client();
  EXPECT_EQ(stream.duplicate_frames, 1U);
  EXPECT_EQ(stream.retransmissions, 1U);
}

TEST_F(StreamTest, AcknowledgedBytesThatWereNeverSeenAreNotCaptured) {
  talk.says(Side::Server, "220 lost\r\n");
  talk.client_says("EHLO a\r\n");
  talk.wait(100ms);
  talk.server_says("250 a\r\n");
  talk.server_says("250 b\r\n");
  const Session session = talk.session();
  EXPECT_EQ(session.streams.server.bytes_not_captured, 10U);
  EXPECT_EQ(session.streams.server.gaps, 1U);
}

TEST_F(StreamTest, WhatTheSnapLengthCutOffIsAGapOfKnownLength) {
  talk.show_cut(talk.says(Side::Client, "EHLO a\r\nMAIL FROM:<a@example.org>\r\n"), 8);
  talk.client_says("QUIT\r\n");
  const Session session = talk.session();
  EXPECT_EQ(session.streams.client.gaps, 1U);
  EXPECT_EQ(session.streams.client.payload_bytes, 41U);
  EXPECT_EQ(session.dialogue.of(smtp::Verb::Ehlo).asked, 1U);
  EXPECT_EQ(session.dialogue.of(smtp::Verb::Quit).asked, 1U);
}

TEST_F(StreamTest, TheOldestUnacknowledgedBytesAreTold) {
  talk.client_says("EHLO a\r\n");
  talk.show(talk.ack(Side::Server));
  const Sent big = talk.says(Side::Client, std::string(1400, 'x'));
  talk.show(big);
  talk.client_says("small");
  talk.wait(1s);
  talk.show(big.again());
  talk.wait(2s);
  talk.show(big.again().again());
  const Stream stream = client();
  ASSERT_TRUE(stream.outstanding);
  EXPECT_EQ(stream.outstanding->size, 1400U);
  EXPECT_EQ(stream.outstanding->times_sent, 3U);
  EXPECT_GT(stream.outstanding->last_sent - stream.outstanding->first_sent, 3s);
  EXPECT_EQ(stream.largest_acknowledged, 8U);
  EXPECT_EQ(stream.largest_unacknowledged, 1400U);
}

TEST_F(StreamTest, AClosedWindowIsToldUntilItOpens) {
  talk.show(talk.ack(Side::Client).with_window(0));
  talk.wait(5s);
  talk.show(talk.ack(Side::Client).with_window(0));
  EXPECT_EQ(client().zero_windows, 2U);
}

TEST_F(StreamTest, AWindowThatOpenedIsClosedNoMore) {
  talk.show(talk.ack(Side::Client).with_window(0));
  EXPECT_FALSE(talk.observer().poll_ended());
  talk.show(talk.ack(Side::Client));
  EXPECT_FALSE(client().is_window_closed);
}

TEST_F(StreamTest, TtlsAndIdsAreThoseOfAllButResets) {
  talk.show(talk.ack(Side::Client).with_ttl(61));
  talk.show(talk.ack(Side::Client).with_ttl(62));
  talk.show(talk.rst(Side::Client).with_ttl(200).with_identification(60'000));
  const Stream stream = client();
  EXPECT_EQ(stream.first_ttl, Ttl{64});
  EXPECT_EQ(stream.last_ttl, Ttl{62});
  EXPECT_EQ(stream.lowest_ttl, Ttl{61});
  EXPECT_EQ(stream.highest_ttl, Ttl{64});
  EXPECT_TRUE(stream.identification_rises);
}

TEST_F(StreamTest, FinsAreToldInTheirOrderAndWhetherTheyWereAcknowledged) {
  talk.show(talk.fin(Side::Server));
  talk.show(talk.ack(Side::Client));
  talk.show(talk.fin(Side::Client));
  const Session session = talk.session();
  EXPECT_EQ(session.first_fin, Side::Server);
  EXPECT_TRUE(session.streams.server.is_finish_acknowledged);
  EXPECT_TRUE(session.streams.client.has_finished);
  EXPECT_FALSE(session.streams.client.is_finish_acknowledged);
}

TEST_F(StreamTest, AFinThatNobodyCanHaveSentIsNone) {
  talk.show(talk.fin(Side::Server).with_sequence(3'000'000'000));
  EXPECT_FALSE(talk.session().first_fin);
}

TEST(Streams, BytesWhoseNumbersWrapStayInOrder) {
  Exchange talk({.client_isn = 0xFFFFFFF0, .server_isn = 0xFFFFFFFF});
  talk.connect();
  talk.server_says("220 mx.example.com ESMTP\r\n");
  const Sent first = talk.says(Side::Client, "EHLO a.example.org\r\n");
  talk.client_says("QUIT\r\n");
  talk.show(first);
  const Session session = talk.session();
  EXPECT_EQ(session.dialogue.greeting->code, 220);
  EXPECT_EQ(session.dialogue.of(smtp::Verb::Ehlo).asked, 1U);
  EXPECT_EQ(session.dialogue.of(smtp::Verb::Quit).asked, 1U);
  EXPECT_EQ(session.streams.client.gaps, 0U);
}

TEST(Streams, WhatLiesFarOutsideTheWindowIsLeftAlone) {
  Exchange talk;
  talk.connect();
  talk.show(talk.says(Side::Client, "EHLO a\r\n").with_sequence(2'000'000'000));
  EXPECT_EQ(talk.observer().counters().strange_segments, 1U);
  EXPECT_EQ(talk.session().dialogue.of(smtp::Verb::Ehlo).asked, 0U);
}

TEST(Streams, TheFirstOfBytesThatDisagreeCount) {
  Exchange talk;
  talk.connect();
  const Sent first = talk.says(Side::Client, "EHLO a\r\n");
  const Sent second = talk.says(Side::Client, "QUIT\r\n");
  talk.show(second);
  talk.show(second.with_text("NOOP\r\n").again());
  talk.show(first);
  EXPECT_EQ(talk.observer().counters().disagreeing_bytes, 6U);
  const Session session = talk.session();
  EXPECT_EQ(session.dialogue.of(smtp::Verb::Quit).asked, 1U);
  EXPECT_EQ(session.dialogue.of(smtp::Verb::Noop).asked, 0U);
}

TEST(Streams, WhatWaitsBehindAHoleIsBounded) {
  Exchange talk;
  talk.connect();
  talk.says(Side::Client, "never seen");
  constexpr int kMany = 2000;
  for (int i = 0; i < kMany; ++i) talk.client_says(std::string(1400, 'x'));
  EXPECT_EQ(talk.observer().counters().given_up_bytes, 10U);
  EXPECT_EQ(talk.session().streams.client.gaps, 1U);
}

}  // namespace
}  // namespace smtpath::test
