// The text of an analysis, as a person reads it.

#include "smtpath/report/digest.h"

#include <gtest/gtest.h>

#include "report/utf8.h"
#include "unit/report/samples.h"
#include "unit/verdict/random_session.h"
#include "unit/verdict/session_builder.h"

namespace smtpath::report {
namespace {

using session::Side;
using smtp::Verb;
using std::chrono::seconds;
using test::SessionBuilder;

ConnectionReport report_of(const session::Session& session) {
  return {.session = session, .verdict = verdict::diagnose(session)};
}

void add(Digest& digest, const SessionBuilder& connection) {
  digest.add(report_of(connection.session()));
}

SessionBuilder dropped() {
  return SessionBuilder().syns(6).waits(seconds(32));
}

SessionBuilder delivered(std::uint16_t port, std::string_view server = "203.0.113.9") {
  SessionBuilder connection(port, server);
  return connection.opened().greeted().hello().message(250).asks(Verb::Quit, 221).closed_by(Side::Client);
}

std::string text_of(const Digest& digest, int width, bool color = false) {
  FileReport file;
  file.name = "failing-mail.pcapng";
  file.format = "pcapng, gzip";
  file.frames = 214;
  file.bytes = 61'234;
  file.first = SessionBuilder().now();
  file.last = *file.first + seconds(95);
  file.remarks = {"It is cut short at byte 61200."};
  std::string text;
  digest.write({file}, {.color = color, .width = width, .verbose = false},
               [&](std::string_view piece) { text += piece; });
  return text;
}

Digest night_shift() {
  Digest digest(false);
  add(digest, delivered(25));
  add(digest, dropped());
  add(digest, dropped());
  add(digest, delivered(587));
  SessionBuilder reset(25, "2001:db8:1234:5678:9abc:def0:1234:5678");
  add(digest, reset.opened().greeted().asks(Verb::Ehlo).reset_by(Side::Server));
  return digest;
}

TEST(Digest, FitsInto80Columns) {
  EXPECT_EQ(text_of(night_shift(), 80),
            R"(failing-mail.pcapng: pcapng, gzip, 214 frames, 61.2 kB, 2026-01-31 00:00:00.000
  UTC, 1 min 35 s
  It is cut short at byte 61200.

5 connections to mail ports; 3 failed.

server        port   conns  failed  handshake  retrans  outcomes
203.0.113.9     25       3       2    20.0 ms     0.0%  2 dropped, 1 delivered
               587       1       0    20.0 ms     0.0%  1 delivered
2001:db8:1234:5678:9abc:def0:1234:5678
                25       1       1    20.0 ms     0.0%  1 reset

203.0.113.9: Port 25: 2 of 3 connections are without an answer to their SYNs;
  587 passes.

3 connections failed:

2026-01-31 00:00:00.000  192.0.2.7:40112 > 203.0.113.9:25  dropped at syn
  Nothing answered 6 SYNs (at 0, 1.0, 3.0, 7.0, 15.0, 31.0 s) in 63 s: the
  server or something on the way drops them.

2026-01-31 00:00:00.000  192.0.2.7:40112 > 203.0.113.9:25  dropped at syn
  Nothing answered 6 SYNs (at 0, 1.0, 3.0, 7.0, 15.0, 31.0 s) in 63 s: the
  server or something on the way drops them.

2026-01-31 00:00:00.000  192.0.2.7:40112 >
  [2001:db8:1234:5678:9abc:def0:1234:5678]:25  reset at ehlo
  The server reset the connection at the word EHLO, 20 ms later.
)");
}

TEST(Digest, HasRoomForLongAddressesAt120Columns) {
  const std::string text = text_of(night_shift(), 120);
  EXPECT_NE(text.find("2001:db8:1234:5678:9abc:def0:1234:5678     25       1       1    20.0 ms     0.0%  1 reset\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("203.0.113.9: Port 25: 2 of 3 connections are without an answer to their SYNs; 587 passes.\n"),
            std::string::npos)
      << text;
}

TEST(Digest, IsNoWiderThanTheTerminal) {
  for (const int width : {72, 80, 100, 132}) {
    const std::string text = text_of(night_shift(), width);
    for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
      EXPECT_LE(columns_of(rest.substr(0, rest.find('\n'))), static_cast<std::size_t>(width)) << rest;
      if (HasFailure()) return;
    }
  }
}

TEST(Digest, SaysSoWhereThereWasNoMail) {
  const Digest digest(false);
  EXPECT_NE(text_of(digest, 80).find("\nNo connection to a mail port was found.\n"), std::string::npos);
  EXPECT_EQ(digest.connections(), 0U);
}

TEST(Digest, SaysSoWhereNothingFailed) {
  Digest digest(false);
  add(digest, delivered(25));
  const std::string text = text_of(digest, 80);
  EXPECT_NE(text.find("1 connection to mail ports; none failed."), std::string::npos) << text;
  EXPECT_EQ(text.find(" failed:"), std::string::npos) << text;
  EXPECT_EQ(digest.failures(), 0U);
}

TEST(Digest, ShowsNothingThatATerminalObeysOrAReaderMistakes) {
  const std::string hostile = std::string("\x1b[2J\x07\0\xc2\x9b<b>\xe2\x80\xae", 15);
  Digest digest(false);
  SessionBuilder refused;
  add(digest, refused.opened().greeted(554, hostile));
  SessionBuilder encrypted(465);
  encrypted.opened().client_hello(session::TlsMode::Implicit).server_hello().tls_established();
  encrypted.edit().tls.sni = hostile;
  add(digest, encrypted.reset_by(Side::Server));
  for (std::uint64_t seed = 0; seed < 400; ++seed) digest.add(report_of(test::random_session(seed)));
  for (const char c : text_of(digest, 80)) {
    ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)) << static_cast<int>(c);
  }
  EXPECT_EQ(text_of(digest, 80).find("\xc2\x9b"), std::string::npos);
  EXPECT_EQ(text_of(digest, 80).find("\xe2\x80\xae"), std::string::npos);
}

TEST(Digest, ShowsTheLastTwentyFailuresTheNewestLastAndAllOnDemand) {
  for (const bool keeps_all : {false, true}) {
    Digest digest(keeps_all);
    for (int i = 0; i < 30; ++i) {
      session::Session session = dropped().session();
      session.first += seconds(i);
      session.client.port = Port{static_cast<std::uint16_t>(1000 + i)};
      digest.add(report_of(session));
    }
    const std::string text = text_of(digest, 80);
    EXPECT_EQ(text.find("192.0.2.7:1009 ") != std::string::npos, keeps_all);
    EXPECT_EQ(text.find("30 connections failed; the last 20, --all shows more:") != std::string::npos, !keeps_all);
    EXPECT_LT(text.find("192.0.2.7:1010 "), text.find("192.0.2.7:1029 "));
  }
}

TEST(Digest, FoldsTheTableOfManyServersUnlessAllAreWanted) {
  for (const bool keeps_all : {false, true}) {
    Digest digest(keeps_all);
    for (int i = 0; i < 50; ++i) add(digest, delivered(25, "198.51.100." + std::to_string(i)));
    add(digest, dropped());
    const std::string text = text_of(digest, 80);
    EXPECT_EQ(
        text.find("... and 31 more servers with 31 connections, of which 0 failed; --all shows") != std::string::npos,
        !keeps_all)
        << text;
    EXPECT_LT(text.find("\n203.0.113.9 "), text.find("\n198.51.100.0 ")) << "the one that failed comes first";
  }
}

TEST(Digest, StaysBoundedAndCountsWhatItDoesNotTellApart) {
  Digest digest(false);
  session::Session session = delivered(25).session();
  const verdict::SessionVerdict verdict = verdict::diagnose(session);
  for (std::uint16_t port = 1; port <= 5000; ++port) {
    session.server.port = Port{port};
    digest.add({.session = session, .verdict = verdict});
  }
  EXPECT_EQ(digest.connections(), 5000U);
  EXPECT_NE(
      text_of(digest, 80).find("... and 904 connections to more servers than are told apart here: 904 delivered."),
      std::string::npos);
}

TEST(Digest, IsTheSameWhateverTheOrderOfServers) {
  Digest forwards(true);
  Digest backwards(true);
  for (int i = 0; i < 30; ++i) add(forwards, delivered(25, "198.51.100." + std::to_string(i)));
  for (int i = 29; i >= 0; --i) add(backwards, delivered(25, "198.51.100." + std::to_string(i)));
  EXPECT_EQ(text_of(forwards, 80), text_of(backwards, 80));
}

TEST(Digest, PaintsOnlyWhereColorsAreWanted) {
  EXPECT_EQ(text_of(night_shift(), 80, false).find('\x1b'), std::string::npos);
  EXPECT_NE(text_of(night_shift(), 80, true).find("\x1b[1;31m2 dropped"), std::string::npos);
}

}  // namespace
}  // namespace smtpath::report
