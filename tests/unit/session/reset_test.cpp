#include <gtest/gtest.h>

#include "unit/session/exchange.h"

namespace smtpath::test {
namespace {

using session::Ending;
using session::Phase;
using session::Session;

constexpr std::uint8_t kUnreachable = 3;
constexpr std::uint8_t kFiltered = 13;
constexpr std::uint8_t kTooBig = 4;

TEST(Resets, AreToldWithWhatSetsThemApartFromTheirApparentSender) {
  Exchange talk;
  talk.connect();
  talk.server_says("220 mx.example.com ESMTP\r\n");
  talk.client_says("EHLO a\r\n");
  talk.wait(9ms);
  talk.show(talk.rst(Side::Server).with_ttl(44).with_identification(7));
  const Session session = talk.session();
  ASSERT_EQ(session.resets.size(), 1U);
  const session::Reset& reset = session.resets.front();
  EXPECT_EQ(reset.phase, Phase::Mid);
  EXPECT_EQ(reset.ttl, Ttl{44});
  EXPECT_EQ(reset.sender_ttl, Ttl{52});
  EXPECT_EQ(reset.identification, 7);
  EXPECT_EQ(reset.sequence_offset, 0);
  EXPECT_EQ(reset.acknowledgment_offset, 0);
  EXPECT_EQ(reset.after_other, 10ms);
  EXPECT_EQ(reset.after_own, 11ms);
  EXPECT_EQ(reset.last_asked, smtp::Verb::Ehlo);
  EXPECT_EQ(reset.packets_after, 0U);
}

TEST(Resets, WhoTalksOnAfterItsOwnResetIsTold) {
  Exchange talk;
  talk.connect();
  talk.client_says("EHLO a\r\n");
  talk.show(talk.rst(Side::Server).with_ttl(44));
  talk.wait(4ms);
  talk.show(talk.ack(Side::Server));
  talk.server_says("250 a\r\n");
  const Session session = talk.session();
  EXPECT_EQ(session.resets.at(0).packets_after, 2U);
  EXPECT_EQ(session.resets.at(0).talk_after, 1U);
  EXPECT_EQ(session.resets.at(0).first_after, 5ms);
}

TEST(Resets, ComeBeforeDataOrAfterFin) {
  Exchange talk;
  talk.connect();
  talk.show(talk.rst(Side::Server));
  talk.show(talk.fin(Side::Client));
  talk.show(talk.rst(Side::Server));
  const Session session = talk.session();
  EXPECT_EQ(session.resets.at(0).phase, Phase::BeforeData);
  EXPECT_EQ(session.resets.at(1).phase, Phase::AfterFin);
}

TEST(Resets, AreCountedPastThoseThatAreKept) {
  Exchange talk;
  talk.connect();
  for (int i = 0; i < 20; ++i) talk.show(talk.rst(Side::Server));
  const Session session = talk.session();
  EXPECT_EQ(session.resets.size(), 8U);
  EXPECT_EQ(session.reset_count.server, 20U);
  EXPECT_EQ(session.ending, Ending::Closed);
}

TEST(IcmpErrors, JoinTheConnectionThatTheyQuote) {
  Exchange talk;
  const Sent syn = talk.syn();
  talk.show(syn);
  talk.show_icmp(syn, {.type = kUnreachable, .code = kFiltered, .quoted_bytes = 28});
  talk.wait(1s);
  talk.show(syn.again());
  talk.show_icmp(syn.again(), {.type = kUnreachable, .code = kFiltered, .quoted_bytes = 28});
  const Session session = talk.session();
  ASSERT_EQ(session.icmp.size(), 1U);
  EXPECT_EQ(session.icmp_count, 2U);
  EXPECT_EQ(session.icmp[0].from, talk.router());
  EXPECT_EQ(session.icmp[0].about, Side::Client);
  EXPECT_TRUE(session.icmp[0].is_before_answer);
  EXPECT_EQ(session.ending, Ending::NeverOpened);
}

TEST(IcmpErrors, TellTheMtuThatFits) {
  Exchange talk;
  talk.connect();
  const Sent big = talk.says(Side::Server, std::string(1400, 'x'));
  talk.show(big);
  talk.show_icmp(big, {.type = kUnreachable, .code = kTooBig, .rest = 1280});
  const Session session = talk.session();
  ASSERT_EQ(session.icmp.size(), 1U);
  EXPECT_EQ(session.icmp[0].mtu, 1280U);
  EXPECT_EQ(session.icmp[0].about, Side::Server);
  EXPECT_FALSE(session.icmp[0].is_before_answer);
}

TEST(IcmpErrors, AboutNothingThatWasSentAreStrange) {
  Exchange talk;
  const Sent syn = talk.syn();
  talk.show(syn);
  talk.show_icmp(syn.with_sequence(77'777), {.type = kUnreachable, .code = kFiltered});
  talk.begin_anew({.client_port = Port{50'000}});
  talk.show_icmp(talk.syn(), {.type = kUnreachable, .code = kFiltered});
  EXPECT_EQ(talk.observer().counters().icmp_errors, 2U);
  EXPECT_EQ(talk.observer().counters().strange_icmp_errors, 2U);
  EXPECT_EQ(talk.session().icmp_count, 0U);
}

}  // namespace
}  // namespace smtpath::test
