// What a connection waited for when it stalled, and why.

#include <gtest/gtest.h>

#include "smtpath/verdict/outcome.h"
#include "unit/verdict/session_builder.h"

namespace smtpath::test {
namespace {

using session::Side;
using smtp::Verb;
using std::chrono::seconds;
using verdict::Outcome;

SessionBuilder in_data() {
  SessionBuilder connection;
  connection.opened().greeted().hello().asks(Verb::Mail, 250).asks(Verb::Rcpt, 250).asks(Verb::Data, 354);
  connection.edit().dialogue.is_in_data = true;
  return connection;
}

void expect_stalled(const SessionBuilder& connection, std::string_view words) {
  const auto verdict = verdict::diagnose(connection.session());
  EXPECT_EQ(verdict.outcome, Outcome::Stalled) << verdict.text;
  EXPECT_NE(verdict.text.find(words), std::string::npos) << verdict.text;
}

TEST(Stall, OfLargeSegmentsIsABlackHoleWithItsFigures) {
  expect_stalled(in_data().sends_in_vain(Side::Client, 1448, 6),
                 "The client sent 1448 bytes 6 times in 31 s and got no acknowledgment, while segments of up to 30 "
                 "bytes were acknowledged; MSS 1460 of the client, 1460 of the server. This is a path-MTU black hole: "
                 "no ICMP fragmentation needed was captured, so a filter seems to drop it.");
}

TEST(Stall, OfLargeSegmentsNamesTheErrorThatWasSeenAndTheReportHasIt) {
  SessionBuilder connection = in_data();
  connection.icmp("198.51.100.1", 3, 4, 1400).sends_in_vain(Side::Client, 1448, 6);
  expect_stalled(connection,
                 "ICMP fragmentation-needed from 198.51.100.1 names an MTU of 1400, and the client did not");
  EXPECT_EQ(verdict::diagnose(connection.session()).icmp.value().code, 4);
}

TEST(Stall, OfTheServersLargeSegmentsIsABlackHoleToo) {
  expect_stalled(in_data().sends_in_vain(Side::Server, 1448, 6), "The server sent 1448 bytes 6 times");
}

TEST(Stall, OfSmallSegmentsIsNone) {
  expect_stalled(in_data().sends_in_vain(Side::Client, 200, 6),
                 "The client sent 200 bytes 6 times in 31 s and got no acknowledgment: what it sends, or every answer, "
                 "is lost.");
}

TEST(Stall, OfAClosedWindowNamesWhoDoesNotRead) {
  SessionBuilder connection = in_data();
  connection.edit().streams.server.is_window_closed = true;
  expect_stalled(connection.waits(seconds(60)), "The server keeps its receive window closed");
}

TEST(Stall, OfTheEndOfAMessageWaitsForTheServer) {
  SessionBuilder connection;
  connection.opened().greeted().hello().message(0).waits(seconds(300));
  expect_stalled(connection, "did not answer");
}

TEST(Stall, InTheMiddleOfAMessageIsTheClients) {
  expect_stalled(in_data().waits(seconds(15)), "The client stopped in the middle of the message, for 15 s.");
}

TEST(Stall, AfterAReplyIsTheClients) {
  SessionBuilder connection;
  connection.opened().greeted().hello().waits(seconds(90));
  expect_stalled(connection, "The client said nothing more after the reply to EHLO, for 90 s.");
}

TEST(Stall, OfBytesThatNobodyRepeatedBlamesNobody) {
  expect_stalled(in_data().sends_in_vain(Side::Client, 200, 1).waits(seconds(60)),
                 "The client sent 200 bytes, of which the capture shows neither an acknowledgment nor a repetition");
}

TEST(Stall, NeedsARepetitionWhereTheCaptureBeginsLater) {
  SessionBuilder late;
  late.sends_in_vain(Side::Server, 54, 1).waits(seconds(60));
  EXPECT_EQ(verdict::diagnose(late.session()).outcome, Outcome::Partial);
  SessionBuilder repeated;
  repeated.sends_in_vain(Side::Server, 54, 6).waits(seconds(60));
  EXPECT_EQ(verdict::diagnose(repeated.session()).outcome, Outcome::Stalled);
}

TEST(Stall, NeedsTenSeconds) {
  EXPECT_EQ(verdict::diagnose(in_data().waits(std::chrono::milliseconds(9900)).session()).outcome, Outcome::Unfinished);
}

TEST(Stall, IsNotToldOfAConnectionOfWhichOneSideIsMissing) {
  SessionBuilder connection = in_data();
  connection.waits(seconds(60)).edit().is_one_sided = true;
  EXPECT_EQ(verdict::diagnose(connection.session()).outcome, Outcome::Partial);
}

}  // namespace
}  // namespace smtpath::test
