// Every way that a visit of our client can go.

#include "smtpath/smtp/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/smtp/scripted_server.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using smtp::ClientOptions;
using smtp::Verb;
using smtp::VisitEnd;
using smtp::VisitStage;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kEhlo = "EHLO client.example.org";
const std::string kWithTls = "250-mx\r\n250 STARTTLS";

struct Way {
  const char* what;
  ScriptedServer server;
  std::vector<std::string> said;
  VisitStage stage;
  VisitEnd end;
};

ScriptedServer at(const std::string& greeting) {
  return ScriptedServer().greets(greeting);
}

ScriptedServer offering_tls() {
  return at("220 mx").answers("EHLO", kWithTls);
}

ScriptedServer in_tls() {
  return offering_tls().answers("STARTTLS", "220 go");
}

void expect_each(const std::vector<Way>& ways, const ClientOptions& options) {
  for (const Way& way : ways) {
    SCOPED_TRACE(way.what);
    const Meeting meeting = way.server.visited(options);
    EXPECT_EQ(meeting.said, way.said);
    EXPECT_EQ(meeting.visit.stage, way.stage);
    EXPECT_EQ(meeting.visit.end, way.end);
    EXPECT_TRUE(meeting.is_finished);
  }
}

TEST(Client, EndsAtTheGreetingWhereThatForbidsMore) {
  expect_each(
      {
          {"says nothing", ScriptedServer(), {}, VisitStage::Greeting, VisitEnd::TimedOut},
          {"half a greeting", at("220-mx"), {}, VisitStage::Greeting, VisitEnd::TimedOut},
          {"closes", ScriptedServer().closes(""), {}, VisitStage::Greeting, VisitEnd::Closed},
          {"resets", ScriptedServer().resets(""), {}, VisitStage::Greeting, VisitEnd::Reset},
          {"554", at("554 no"), {"QUIT"}, VisitStage::Greeting, VisitEnd::Refused},
          {"554, 221", at("554 no").answers("QUIT", "221 bye"), {"QUIT"}, VisitStage::Greeting, VisitEnd::Refused},
          {"450", at("450 not now").closes("QUIT"), {"QUIT"}, VisitStage::Greeting, VisitEnd::Refused},
          {"421", at("421 busy"), {}, VisitStage::Greeting, VisitEnd::Refused},
          {"500", at("500 what"), {"QUIT"}, VisitStage::Greeting, VisitEnd::Refused},
          {"another protocol", at("SSH-2.0-OpenSSH_9.2"), {}, VisitStage::Greeting, VisitEnd::NoSmtp},
          {"no reply without end", ScriptedServer().sends("", "HTTP"), {}, VisitStage::Greeting, VisitEnd::NoSmtp},
          {"no greeting", at("250 ok"), {}, VisitStage::Greeting, VisitEnd::NoSmtp},
          {"a question", at("334 who"), {}, VisitStage::Greeting, VisitEnd::NoSmtp},
      },
      ScriptedServer::visitor());
}

TEST(Client, EndsAtEhloWhereNeitherThatNorHeloIsTaken) {
  const auto greeted = at("220 mx");
  const std::string helo = "HELO client.example.org";
  const auto knows_no_ehlo = ScriptedServer(greeted).answers("EHLO", "502 unknown");
  expect_each(
      {
          {"silent", greeted, {kEhlo}, VisitStage::Ehlo, VisitEnd::TimedOut},
          {"closes", ScriptedServer(greeted).closes("EHLO"), {kEhlo}, VisitStage::Ehlo, VisitEnd::Closed},
          {"resets", ScriptedServer(greeted).resets("EHLO"), {kEhlo}, VisitStage::Ehlo, VisitEnd::Reset},
          {"550",
           ScriptedServer(greeted).answers("EHLO", "550 no"),
           {kEhlo, "QUIT"},
           VisitStage::Ehlo,
           VisitEnd::Refused},
          {"450",
           ScriptedServer(greeted).answers("EHLO", "450 no"),
           {kEhlo, "QUIT"},
           VisitStage::Ehlo,
           VisitEnd::Refused},
          {"334",
           ScriptedServer(greeted).answers("EHLO", "334 "),
           {kEhlo, "QUIT"},
           VisitStage::Ehlo,
           VisitEnd::Refused},
          {"421", ScriptedServer(greeted).answers("EHLO", "421 bye"), {kEhlo}, VisitStage::Ehlo, VisitEnd::Refused},
          {"HELO",
           ScriptedServer(knows_no_ehlo).answers("HELO", "250 mx"),
           {kEhlo, helo, "QUIT"},
           VisitStage::Quit,
           VisitEnd::Done},
          {"no HELO",
           ScriptedServer(knows_no_ehlo).answers("HELO", "500 no"),
           {kEhlo, helo, "QUIT"},
           VisitStage::Ehlo,
           VisitEnd::Refused},
          {"silent to HELO", knows_no_ehlo, {kEhlo, helo}, VisitStage::Ehlo, VisitEnd::TimedOut},
      },
      ScriptedServer::visitor());
}

TEST(Client, GoesAsFarTowardsTlsAsTheServerDoes) {
  const auto offered = offering_tls();
  const auto begun = in_tls();
  expect_each(
      {
          {"not offered", at("220 mx").answers("EHLO", "250 mx"), {kEhlo, "QUIT"}, VisitStage::Quit, VisitEnd::Done},
          {"masked",
           at("220 mx").answers("EHLO", "250-mx\r\n250 XXXXXXXA"),
           {kEhlo, "QUIT"},
           VisitStage::Quit,
           VisitEnd::Done},
          {"454",
           ScriptedServer(offered).answers("STARTTLS", "454 later"),
           {kEhlo, "STARTTLS", "QUIT"},
           VisitStage::StartTls,
           VisitEnd::Done},
          {"502",
           ScriptedServer(offered).answers("STARTTLS", "502 what"),
           {kEhlo, "STARTTLS", "QUIT"},
           VisitStage::StartTls,
           VisitEnd::Done},
          {"250",
           ScriptedServer(offered).answers("STARTTLS", "250 ok"),
           {kEhlo, "STARTTLS", "QUIT"},
           VisitStage::Quit,
           VisitEnd::Done},
          {"421",
           ScriptedServer(offered).answers("STARTTLS", "421 bye"),
           {kEhlo, "STARTTLS"},
           VisitStage::StartTls,
           VisitEnd::Refused},
          {"silent", offered, {kEhlo, "STARTTLS"}, VisitStage::StartTls, VisitEnd::TimedOut},
          {"resets",
           ScriptedServer(offered).resets("STARTTLS"),
           {kEhlo, "STARTTLS"},
           VisitStage::StartTls,
           VisitEnd::Reset},
          {"broken",
           ScriptedServer(begun).fails_handshake(),
           {kEhlo, "STARTTLS"},
           VisitStage::Tls,
           VisitEnd::TlsFailed},
          {"silent inside", begun, {kEhlo, "STARTTLS", "TLS", kEhlo}, VisitStage::EhloInTls, VisitEnd::TimedOut},
          {"closes inside",
           ScriptedServer(begun).closes("TLS"),
           {kEhlo, "STARTTLS", "TLS", kEhlo},
           VisitStage::EhloInTls,
           VisitEnd::Closed},
          {"refuses inside",
           ScriptedServer(begun).answers("EHLO", "550 no"),
           {kEhlo, "STARTTLS", "TLS", kEhlo, "QUIT"},
           VisitStage::EhloInTls,
           VisitEnd::Refused},
          {"healthy",
           ScriptedServer::healthy(),
           {kEhlo, "STARTTLS", "TLS", kEhlo, "QUIT"},
           VisitStage::Quit,
           VisitEnd::Done},
      },
      ScriptedServer::visitor());
}

TEST(Client, DoesNotCareHowTheServerTakesItsLeave) {
  const auto server = at("220 mx").answers("EHLO", "250 mx");
  for (const ScriptedServer& each :
       {ScriptedServer(server).answers("QUIT", "221 bye"), ScriptedServer(server).answers("QUIT", "500 what"),
        ScriptedServer(server).answers("QUIT", "421 timeout"), ScriptedServer(server).closes("QUIT"),
        ScriptedServer(server).resets("QUIT"), ScriptedServer(server).sends("QUIT", "rubbish"), server}) {
    const Meeting meeting = each.visited();
    EXPECT_EQ(meeting.visit.end, VisitEnd::Done);
    EXPECT_EQ(meeting.visit.stage, VisitStage::Quit);
    EXPECT_TRUE(meeting.is_finished);
    EXPECT_LE(meeting.took, 5s);
  }
}

TEST(Client, BeginsWithTlsWhereThePortDoes) {
  ClientOptions options = ScriptedServer::visitor();
  options.begins_with_tls = true;
  const auto server = ScriptedServer()
                          .takes_for_handshake(80ms)
                          .answers("TLS", "220 mx", 30ms)
                          .answers("EHLO", kWithTls, 40ms)
                          .answers("QUIT", "221 bye");
  const Meeting meeting = server.visited(options);
  EXPECT_THAT(meeting.said, ElementsAre("TLS", kEhlo, "QUIT"));
  EXPECT_EQ(meeting.visit.end, VisitEnd::Done);
  EXPECT_EQ(meeting.visit.tls, 80ms);
  EXPECT_EQ(meeting.visit.greeting, 30ms);
  EXPECT_EQ(meeting.visit.ehlo, 40ms);
  EXPECT_EQ(meeting.visit.plain.replies, 0U);
  ASSERT_TRUE(meeting.visit.encrypted.has_value());
  EXPECT_EQ(meeting.visit.encrypted->greeting->code, 220);
}

TEST(Client, TellsThatAHandshakeFailedWhereThePortBeginsWithIt) {
  ClientOptions options = ScriptedServer::visitor();
  options.begins_with_tls = true;
  const Meeting meeting = ScriptedServer().fails_handshake().visited(options);
  EXPECT_THAT(meeting.said, IsEmpty());
  EXPECT_EQ(meeting.visit.stage, VisitStage::Tls);
  EXPECT_EQ(meeting.visit.end, VisitEnd::TlsFailed);
  EXPECT_EQ(meeting.visit.tls, std::nullopt);
  EXPECT_FALSE(meeting.visit.encrypted.has_value());
}

TEST(Client, StaysInTheClearWhenToldSo) {
  ClientOptions options = ScriptedServer::visitor();
  options.wants_starttls = false;
  EXPECT_THAT(ScriptedServer::healthy().visited(options).said, ElementsAre(kEhlo, "QUIT"));
}

TEST(Client, TimesEachStage) {
  const auto server = ScriptedServer()
                          .greets("220 mx", 20s)
                          .answers("EHLO", kWithTls, 30ms)
                          .answers("STARTTLS", "220 go", 40ms)
                          .takes_for_handshake(50ms)
                          .answers("EHLO", "250 mx", 7ms)
                          .answers("QUIT", "221 bye", 1ms);
  const Meeting meeting = server.visited();
  EXPECT_EQ(meeting.visit.greeting, 20s);
  EXPECT_EQ(meeting.visit.ehlo, 37ms);
  EXPECT_EQ(meeting.visit.starttls, 40ms);
  EXPECT_EQ(meeting.visit.tls, 50ms);
  EXPECT_EQ(meeting.visit.waited, 0s);
  EXPECT_EQ(meeting.took, 20s + 128ms);
}

TEST(Client, CountsTheDeadlineFromTheCommandAndTheWaitFromTheLastByte) {
  ClientOptions options = ScriptedServer::visitor();
  options.greeting_wait = 40s;
  options.reply_wait = 20s;
  const Meeting silent = ScriptedServer().visited(options);
  EXPECT_EQ(silent.took, 40s);
  EXPECT_EQ(silent.visit.waited, 40s);
  const Meeting half = ScriptedServer().greets("220 mx", 5s).sends("EHLO", "250-mx\r\n250-", 12s).visited(options);
  EXPECT_EQ(half.took, 25s);
  EXPECT_EQ(half.visit.waited, 8s);
  EXPECT_TRUE(half.visit.plain.is_reply_under_way);
}

TEST(Client, DropsAndCountsWhatStandsBehindTheAnswerToStartTls) {
  const auto server = offering_tls().sends("STARTTLS", "220 go\r\n250 AUTH\r\n").answers("EHLO", "250 mx");
  const Meeting meeting = server.visited();
  EXPECT_EQ(meeting.visit.smuggled_bytes, 10U);
  EXPECT_EQ(meeting.visit.plain.of(Verb::StartTls).accepted, 1U);
  EXPECT_EQ(meeting.visit.plain.replies, 3U);
  ASSERT_TRUE(meeting.visit.encrypted.has_value());
  EXPECT_EQ(meeting.visit.encrypted->of(Verb::Ehlo).accepted, 1U);
  EXPECT_EQ(meeting.visit.encrypted->replies, 1U);
}

TEST(Client, ReadsTheTranscriptOfBothParts) {
  const smtp::Visit visit = ScriptedServer::healthy().visited().visit;
  EXPECT_EQ(visit.plain.greeting->text, "mx.example.com ESMTP");
  EXPECT_THAT(visit.plain.extensions.list(), ElementsAre("SIZE 1000", "STARTTLS"));
  EXPECT_EQ(visit.plain.of(Verb::Quit).asked, 0U);
  ASSERT_TRUE(visit.encrypted.has_value());
  EXPECT_FALSE(visit.encrypted->greeting.has_value());
  EXPECT_THAT(visit.encrypted->extensions.list(), ElementsAre("SIZE 1000", "AUTH PLAIN LOGIN"));
  EXPECT_EQ(visit.encrypted->of(Verb::Quit).accepted, 1U);
  EXPECT_EQ(visit.encrypted->gaps, 0U);
}

TEST(Client, TakesARefusalOfEhloInsideTlsForOneAndNotForAGreeting) {
  const smtp::Visit visit = in_tls().answers("EHLO", "550 not you").visited().visit;
  ASSERT_TRUE(visit.encrypted.has_value());
  EXPECT_FALSE(visit.encrypted->greeting.has_value());
  EXPECT_EQ(visit.encrypted->of(Verb::Ehlo).refused, 1U);
}

TEST(Client, WaitsForTheLastLineOfAGreeting) {
  smtp::Client client(ScriptedServer::visitor(), Time{});
  const auto hear = [&](std::string_view text) { client.handle_bytes(Time{}, std::as_bytes(std::span(text))); };
  for (const char* part : {"220-mx one\r\n", "220-two\r\n", "220 ", "three\r"}) {
    hear(part);
    EXPECT_EQ(client.poll_transmit(), std::nullopt) << part;
  }
  hear("\n");
  EXPECT_EQ(client.poll_transmit(), kEhlo + "\r\n");
  EXPECT_EQ(client.poll_transmit(), std::nullopt);
}

TEST(Client, EndsWhereverItIsInterrupted) {
  smtp::Client client(ScriptedServer::visitor(), Time{});
  client.interrupt(Time{} + 3s);
  EXPECT_TRUE(client.is_finished());
  EXPECT_EQ(client.visit().end, VisitEnd::Interrupted);
  EXPECT_EQ(client.visit().waited, 3s);
  EXPECT_EQ(client.next_timeout(), std::nullopt);
}

TEST(Client, BoundsAHandshakeThatNobodyEnds) {
  ClientOptions options = ScriptedServer::visitor();
  options.begins_with_tls = true;
  smtp::Client client(options, Time{});
  client.handle_timeout(Time{} + 29s);
  EXPECT_TRUE(client.wants_tls());
  client.handle_timeout(*client.next_timeout());
  EXPECT_TRUE(client.is_finished());
  EXPECT_EQ(client.visit().end, VisitEnd::TimedOut);
  EXPECT_EQ(client.visit().stage, VisitStage::Tls);
}

TEST(Client, SaysOneWordWhateverThisHostIsCalled) {
  ClientOptions options = ScriptedServer::visitor();
  options.name = "a b\r\nMAIL FROM:<>\r\n";
  EXPECT_THAT(at("220 mx").visited(options).said, ElementsAre("EHLO abMAILFROM:<>"));
  options.name = "";
  EXPECT_THAT(at("220 mx").visited(options).said, ElementsAre("EHLO localhost"));
}

}  // namespace
}  // namespace smtpath::test
