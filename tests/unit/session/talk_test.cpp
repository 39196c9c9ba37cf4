#include <gtest/gtest.h>

#include <string>

#include "unit/session/exchange.h"

namespace smtpath::test {
namespace {

using session::Session;
using session::TlsMode;
using smtp::Verb;

/// A ClientHello without extensions (RFC 8446 section 4.1.2).
std::string client_hello() {
  const std::string body =
      std::string("\x03\x03", 2) + std::string(32, 'r') + std::string("\x00\x00\x02\x13\x02\x01\x00", 7);
  const auto length = [](std::size_t size) { return std::string{0, static_cast<char>(size)}; };
  const std::string handshake = std::string("\x01\x00", 2) + length(body.size()) + body;
  return std::string("\x16\x03\x01", 3) + length(handshake.size()) + handshake;
}

const std::string kAlert("\x15\x03\x03\x00\x02\x02\x28", 7);

class TalkTest : public ::testing::Test {
 protected:
  void greet() {
    talk.connect();
    talk.server_says("220 mx.example.com ESMTP\r\n");
    talk.client_says("EHLO a\r\n");
    talk.server_says("250-mx.example.com\r\n250 STARTTLS\r\n");
  }
  void start_tls() {
    greet();
    talk.client_says("STARTTLS\r\n");
    talk.server_says("220 Go\r\n");
  }

  Exchange talk;
};

TEST_F(TalkTest, TheGreetingHasItsTime) {
  talk.connect();
  talk.wait(20s);
  talk.server_says("220 mx.example.com ESMTP\r\n");
  const Time at = talk.now();
  talk.client_says("EHLO a\r\n");
  const Session session = talk.session();
  EXPECT_EQ(session.greeting_at, at);
  EXPECT_EQ(session.tls_mode, TlsMode::None);
}

TEST_F(TalkTest, AReplyThatTheCaptureLostComesBeforeWhatAnswersIt) {
  greet();
  talk.client_says("DATA\r\n");
  talk.says(Side::Server, "354 lost\r\n");
  talk.client_says("QUIT is a word of the message\r\n.\r\n");
  talk.wait(100ms);
  talk.server_says("250 Queued\r\n");
  talk.show(talk.ack(Side::Client));
  const Session session = talk.session();
  EXPECT_EQ(session.dialogue.of(Verb::Quit).asked, 0U);
  EXPECT_EQ(session.dialogue.messages_accepted, 1U);
}

TEST_F(TalkTest, AReplyThatWasCapturedBehindItsAnswerIsReadBeforeIt) {
  greet();
  talk.client_says("DATA\r\n");
  const Sent go = talk.says(Side::Server, "354 Go\r\n");
  talk.client_says("QUIT is a word of the message\r\n.\r\n");
  talk.show(go);
  talk.server_says("250 Queued\r\n");
  const Session session = talk.session();
  EXPECT_EQ(session.dialogue.of(Verb::Quit).asked, 0U);
  EXPECT_EQ(session.dialogue.messages_accepted, 1U);
  EXPECT_EQ(session.streams.server.gaps, 0U);
}

TEST_F(TalkTest, BehindStartTlsTlsIsRead) {
  start_tls();
  talk.client_says(client_hello());
  talk.server_says(kAlert);
  const Session session = talk.session();
  EXPECT_EQ(session.tls_mode, TlsMode::StartTls);
  EXPECT_TRUE(session.tls.client_hello);
  EXPECT_EQ(session.tls.alerts.size(), 1U);
  EXPECT_FALSE(session.is_plain_after_starttls);
}

TEST_F(TalkTest, AClientThatGoesOnInTheClearIsReadOn) {
  start_tls();
  talk.client_says("MAIL FROM:<a@example.org>\r\n");
  talk.server_says("250 Ok\r\n");
  const Session session = talk.session();
  EXPECT_TRUE(session.is_plain_after_starttls);
  EXPECT_EQ(session.tls_mode, TlsMode::None);
  EXPECT_EQ(session.dialogue.of(Verb::Mail).accepted, 1U);
}

TEST_F(TalkTest, StartTlsAcceptedAgainAndAgainEnds) {
  start_tls();
  constexpr int kTimes = 5000;
  std::string asked;
  std::string answered;
  for (int i = 0; i < kTimes; ++i) {
    asked += "STARTTLS\r\n";
    answered += "220 Go\r\n";
  }
  talk.client_says(asked);
  talk.server_says(answered);
  EXPECT_TRUE(talk.session().is_plain_after_starttls);
}

TEST_F(TalkTest, APlainReplyInsideTlsIsTold) {
  start_tls();
  talk.client_says(client_hello());
  talk.server_says(kAlert);
  talk.server_says("421 mx.example.com lost input connection\r\n");
  const Session session = talk.session();
  ASSERT_TRUE(session.plain_reply_in_tls);
  EXPECT_EQ(session.plain_reply_in_tls->code, 421);
  EXPECT_EQ(session.plain_reply_in_tls->text, "mx.example.com lost input connection");
}

TEST_F(TalkTest, TlsFromTheFirstByteIsReadOnAnyMailPort) {
  talk.connect();
  const std::string hello = client_hello();
  talk.client_says(hello.substr(0, 3));
  talk.client_says(hello.substr(3));
  const Session session = talk.session();
  EXPECT_EQ(session.tls_mode, TlsMode::Implicit);
  EXPECT_TRUE(session.tls.client_hello);
}

TEST_F(TalkTest, AServerWithoutTlsToldInTheClearIsGreetingAllTheSame) {
  talk.connect();
  talk.client_says(client_hello());
  talk.server_says("220 mx.example.com ESMTP\r\n");
  talk.server_says("500 What?\r\n");
  const Session session = talk.session();
  EXPECT_EQ(session.tls_mode, TlsMode::Implicit);
  EXPECT_TRUE(session.tls.is_server_no_tls);
  ASSERT_TRUE(session.dialogue.greeting);
  EXPECT_EQ(session.dialogue.replies, 2U);
}

TEST_F(TalkTest, AClientInTheClearToAServerOfTlsIsTold) {
  talk.connect();
  talk.client_says("EHLO a\r\n");
  talk.server_says(kAlert);
  const Session session = talk.session();
  EXPECT_EQ(session.tls_mode, TlsMode::Implicit);
  EXPECT_TRUE(session.tls.is_client_no_tls);
  EXPECT_EQ(session.dialogue.of(Verb::Ehlo).asked, 1U);
}

TEST(Newcomers, AreFollowedFromTheirSynOnceTheServerGreetsAsSmtpDoes) {
  Exchange talk({.server_port = Port{2599}});
  talk.connect();
  talk.server_says("220 mx.example.com ESMTP\r\n");
  talk.client_says("EHLO a\r\n");
  const Session session = talk.session();
  EXPECT_EQ(session.syn_sent, 1U);
  EXPECT_TRUE(session.handshake);
  EXPECT_TRUE(session.dialogue.greeting);
  EXPECT_EQ(session.dialogue.of(Verb::Ehlo).asked, 1U);
  EXPECT_EQ(talk.observer().counters().other_segments, 4U);
  EXPECT_EQ(talk.observer().counters().segments, 1U);
}

TEST(Newcomers, WhoseGreetingMayBeOfAnythingAreToldByEhlo) {
  Exchange talk({.server_port = Port{2599}});
  talk.connect();
  talk.server_says("220 ready\r\n");
  talk.client_says("EHLO a\r\n");
  EXPECT_EQ(talk.session().dialogue.greeting->text, "ready");
}

TEST(Newcomers, OfFtpAreNotFollowed) {
  Exchange talk({.server_port = Port{21}});
  talk.connect();
  talk.server_says("220 ready\r\n");
  talk.client_says("USER anonymous\r\n");
  talk.server_says("331 Password\r\n");
  EXPECT_TRUE(talk.sessions().empty());
}

TEST(Newcomers, AreLeftAloneWhereThatIsWanted) {
  Exchange talk({.server_port = Port{2599}}, {.recognises_greetings = false});
  talk.connect();
  talk.server_says("220 mx.example.com ESMTP\r\n");
  EXPECT_TRUE(talk.sessions().empty());
}

}  // namespace
}  // namespace smtpath::test
