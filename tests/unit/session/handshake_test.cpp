#include <gtest/gtest.h>

#include "unit/session/exchange.h"

namespace smtpath::test {
namespace {

using session::Ending;
using session::Phase;
using session::Session;

TEST(Handshake, LastsFromTheAnsweredSynToTheAcknowledgmentOfItsAnswer) {
  Exchange talk;
  const Sent syn = talk.syn();
  talk.show(syn);
  talk.wait(1s);
  talk.show(syn.again());
  talk.wait(39ms);
  talk.show(talk.syn_ack());
  talk.wait(4ms);
  talk.show(talk.ack(Side::Client));
  const Session session = talk.session();
  EXPECT_EQ(session.syn_sent, 2U);
  EXPECT_EQ(session.syn_times.at(1) - session.syn_times.at(0), 1001ms);
  EXPECT_EQ(session.handshake, 45ms);
  EXPECT_TRUE(session.is_established);
  EXPECT_FALSE(session.is_one_sided);
  EXPECT_EQ(session.streams.client.mss, 1460);
  EXPECT_EQ(session.streams.server.mss, 1400);
}

TEST(Handshake, AResetInAnswerToASynIsARefusal) {
  Exchange talk;
  talk.show(talk.syn());
  talk.show(talk.rst(Side::Server).with_sequence(0));
  const Session session = talk.session();
  EXPECT_EQ(session.ending, Ending::NeverOpened);
  EXPECT_EQ(session.resets.at(0).phase, Phase::Handshake);
  EXPECT_EQ(session.resets.at(0).acknowledgment_offset, 0);
  EXPECT_FALSE(session.resets.at(0).sequence_offset);
  EXPECT_FALSE(session.is_half_open);
}

TEST(Handshake, AClientThatResetsTheAnswerIsHalfOpen) {
  Exchange talk;
  talk.show(talk.syn());
  talk.show(talk.syn_ack());
  talk.show(talk.rst(Side::Client));
  const Session session = talk.session();
  EXPECT_TRUE(session.is_half_open);
  EXPECT_FALSE(session.is_established);
  EXPECT_EQ(session.resets.at(0).phase, Phase::Handshake);
}

TEST(Handshake, TheSameNumberIsTheSameConnectionAnotherOneANewOne) {
  Exchange talk;
  talk.connect();
  talk.begin_anew({.client_isn = 900'000});
  talk.show(talk.syn());
  talk.show(talk.syn_ack());
  const std::vector<Session> sessions = talk.sessions();
  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_EQ(sessions[0].ending, Ending::Replaced);
  EXPECT_TRUE(sessions[0].is_established);
  EXPECT_EQ(sessions[1].syn_sent, 1U);
  EXPECT_FALSE(sessions[1].is_established);
}

TEST(Handshake, IsPutTogetherWhenTheAnswerWasCapturedBeforeTheSyn) {
  Exchange talk;
  const Sent syn = talk.syn();
  talk.show(talk.syn_ack());
  talk.show(syn);
  talk.show(talk.ack(Side::Client));
  const Session session = talk.session();
  EXPECT_EQ(session.syn_sent, 1U);
  EXPECT_TRUE(session.is_established);
}

TEST(Handshake, TwoAnswersToOneSynThatDisagreeAreTwoAnswerers) {
  Exchange talk;
  talk.show(talk.syn());
  const Sent answer = talk.syn_ack();
  talk.show(answer);
  talk.show(answer.again().with_sequence(77).with_ttl(60));
  EXPECT_TRUE(talk.session().has_two_answerers);
}

TEST(Handshake, AnotherNumberInAnswerToARepeatedSynIsNoSecondAnswerer) {
  Exchange talk;
  const Sent syn = talk.syn();
  talk.show(syn);
  const Sent answer = talk.syn_ack();
  talk.show(answer);
  talk.wait(3s);
  talk.show(syn.again());
  talk.show(answer.again().with_sequence(77));
  EXPECT_FALSE(talk.session().has_two_answerers);
}

TEST(Roles, TheSynTellsTheServerWhereBothPortsAreOfMail) {
  Exchange talk({.client_port = Port{25}, .server_port = Port{587}});
  talk.connect();
  EXPECT_EQ(talk.session().server.port, Port{587});
}

TEST(Roles, WithoutASynTheMailPortIsTheServers) {
  Exchange talk;
  talk.server_says("250 Ok\r\n");
  const Session session = talk.session();
  EXPECT_EQ(session.server.port, Port{25});
  EXPECT_FALSE(session.has_syn());
  EXPECT_TRUE(session.is_one_sided);
}

TEST(Roles, AMailPortThatIsTheClientsOwnMakesNoMailConnection) {
  Exchange talk({.client_port = Port{2525}, .server_port = Port{80}});
  talk.connect();
  talk.client_says("GET / HTTP/1.0\r\n\r\n");
  talk.server_says("HTTP/1.0 200 Ok\r\n\r\n");
  talk.wait(60s);
  talk.server_says("more");
  talk.close();
  EXPECT_TRUE(talk.sessions().empty());
}

TEST(Roles, SynsWithoutAnAnswerAreNotOneSided) {
  Exchange talk;
  talk.show(talk.syn());
  EXPECT_FALSE(talk.session().is_one_sided);
}

}  // namespace
}  // namespace smtpath::test
