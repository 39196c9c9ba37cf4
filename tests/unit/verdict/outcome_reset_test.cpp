// Whose a reset is: what proves that it was forged, what makes one doubt, and what says nothing.

#include <gtest/gtest.h>

#include "smtpath/verdict/outcome.h"
#include "unit/verdict/session_builder.h"

namespace smtpath::test {
namespace {

using session::Reset;
using session::Side;
using smtp::Verb;
using std::chrono::milliseconds;
using std::chrono::seconds;
using verdict::Outcome;
using verdict::ResetBy;

/// A server 20 ms away that resets at EHLO, with the marks of its other packets.
SessionBuilder reset_at_ehlo() {
  SessionBuilder connection;
  connection.opened().greeted().asks(Verb::Ehlo).reset_by(Side::Server);
  return connection;
}

verdict::SessionVerdict judged(const SessionBuilder& connection) {
  return verdict::diagnose(connection.session());
}

void expect_by(const SessionBuilder& connection, ResetBy who, std::string_view words) {
  const auto verdict = judged(connection);
  EXPECT_EQ(verdict.outcome, Outcome::Reset) << verdict.text;
  ASSERT_TRUE(verdict.reset_by);
  EXPECT_EQ(to_string(*verdict.reset_by), to_string(who)) << verdict.text;
  EXPECT_NE(verdict.text.find(words), std::string::npos) << verdict.text;
}

/// It comes 0.5 ms after the client's word, of a server that is 20 ms away.
void come_too_early(SessionBuilder& connection) {
  Reset& reset = connection.last_reset();
  reset.at -= milliseconds(20);
  reset.at += std::chrono::microseconds(500);
}

TEST(ResetOrigin, IsTheServerWhereNothingSpeaksAgainstIt) {
  expect_by(reset_at_ehlo(), ResetBy::Server, "The server reset the connection at the word EHLO, 20 ms later.");
}

TEST(ResetOrigin, IsThePathWhereTheServerGoesOnTalking) {
  SessionBuilder connection = reset_at_ehlo();
  connection.last_reset().packets_after = connection.last_reset().talk_after = 2;
  connection.last_reset().first_after = milliseconds(31);
  expect_by(
      connection, ResetBy::Path,
      "in the server's name, but not by it, at the word EHLO, 20 ms later: the server went on talking afterwards (2 "
      "packets, the first 31 ms later).");
}

TEST(ResetOrigin, IsNotThePathWhereTheCaptureMixedUpTheOrder) {
  SessionBuilder connection = reset_at_ehlo();
  connection.last_reset().packets_after = connection.last_reset().talk_after = 1;
  connection.last_reset().first_after = std::chrono::microseconds(20);
  connection.last_reset().sequence_offset = 50;
  expect_by(connection, ResetBy::Server, "reset the connection at the word EHLO");
}

TEST(ResetOrigin, IsNotThePathByAnotherTtlAlone) {
  SessionBuilder connection = reset_at_ehlo();
  connection.last_reset().ttl = Ttl{61};
  expect_by(connection, ResetBy::Server, "Perhaps not itself: its TTL is 61, that of the server's other packets 52");
}

TEST(ResetOrigin, IsNotThePathByTtlAndIpIdWhichALoadBalancerChangesToo) {
  SessionBuilder connection = reset_at_ehlo();
  connection.opened().opened();
  connection.last_reset().ttl = Ttl{61};
  connection.last_reset().identification = 40000;
  expect_by(connection, ResetBy::Server, "its IP ID (40000) is out of line with the server's counter");
}

TEST(ResetOrigin, SaysNothingOfATtlThatDiffersByOne) {
  SessionBuilder connection = reset_at_ehlo();
  connection.last_reset().ttl = Ttl{51};
  EXPECT_EQ(judged(connection).text.find("TTL"), std::string::npos);
}

TEST(ResetOrigin, IsThePathWhereItComesTooEarlyAndWithAnotherTtl) {
  SessionBuilder connection = reset_at_ehlo();
  come_too_early(connection);
  connection.last_reset().ttl = Ttl{61};
  expect_by(connection, ResetBy::Path,
            "it came 0.5 ms after the client's last word, and the way to the server and back");
}

TEST(ResetOrigin, IsNotThePathByTimingAlone) {
  SessionBuilder connection = reset_at_ehlo();
  come_too_early(connection);
  expect_by(connection, ResetBy::Server, "Perhaps not itself: it came 0.5 ms after");
}

TEST(ResetOrigin, ComparesTheTimingWithTheWayToItsSenderOnly) {
  SessionBuilder connection = reset_at_ehlo();
  come_too_early(connection);
  connection.last_reset().ttl = Ttl{61};
  // Captured beside the server: all of the handshake's time is the way to the client.
  connection.edit().server_round_trip = std::chrono::microseconds(80);
  expect_by(connection, ResetBy::Server, "Perhaps not itself: its TTL is 61");
}

TEST(ResetOrigin, IsThePathWhereItCopiesTheIpIdOfThePacketThatItAnswersWithAnotherTtl) {
  SessionBuilder connection = reset_at_ehlo();
  const auto& client = connection.edit().streams.client;
  connection.last_reset().identification = static_cast<std::uint16_t>(client.last_identification + 1);
  connection.last_reset().ttl = Ttl{27};
  expect_by(connection, ResetBy::Path, "continues the client's");
}

TEST(ResetOrigin, IsThePathWhereItBearsTheOtherSidesWindowWithAnotherTtl) {
  SessionBuilder connection = reset_at_ehlo();
  connection.last_reset().window = connection.edit().streams.client.last_window;
  connection.last_reset().ttl = Ttl{2};
  expect_by(connection, ResetBy::Path, "it bears the client's window (64240)");
}

TEST(ResetOrigin, IsThePathWhereABurstGuessesSequenceNumbersWithAnotherTtl) {
  SessionBuilder connection = reset_at_ehlo();
  connection.last_reset().ttl = Ttl{61};
  Reset second = connection.last_reset();
  second.sequence_offset = 1460;
  second.at += std::chrono::microseconds(80);
  connection.edit().resets.push_back(second);
  expect_by(connection, ResetBy::Path, "2 resets came at once, with rising sequence numbers");
}

TEST(ResetOrigin, TellsWhetherTheLastWordHadBeenAnswered) {
  SessionBuilder connection;
  connection.opened().greeted().hello().reset_by(Side::Client);
  expect_by(connection, ResetBy::Client, "The client reset the connection after the reply to EHLO, 20 ms later.");
}

TEST(ResetOrigin, IsTheClientWhoseResetItIs) {
  SessionBuilder connection;
  connection.opened().greeted().asks(Verb::Ehlo).waits(seconds(30)).reset_by(Side::Client);
  expect_by(connection, ResetBy::Client, "It had waited 30 s.");
}

TEST(ResetOrigin, PassesOverAResetThatItsReceiverIgnored) {
  SessionBuilder connection;
  connection.opened().greeted().reset_by(Side::Server).waits(seconds(3)).hello().message(250);
  EXPECT_FALSE(judged(connection).reset_by);
}

TEST(ResetOrigin, OfAForgedAnswerToASynIsThePathAndNoRefusal) {
  SessionBuilder connection;
  connection.syns(1).reset_by(Side::Server);
  connection.last_reset().talk_after = connection.last_reset().packets_after = 1;
  connection.last_reset().first_after = milliseconds(900);
  connection.syn_ack();
  expect_by(connection, ResetBy::Path, "in the handshake");
}

TEST(ResetOrigin, OfARefusalBeforeANewTryIsTheServer) {
  SessionBuilder connection;
  connection.syns(1).reset_by(Side::Server).waits(milliseconds(500)).syns(1).syn_ack();
  connection.edit().resets[0].talk_after = 1;
  connection.edit().resets[0].first_after = milliseconds(520);
  EXPECT_EQ(judged(connection).reset_by, ResetBy::Server);
}

}  // namespace
}  // namespace smtpath::test
