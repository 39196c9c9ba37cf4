// One connection each for what a capture can show, and what is said of it.

#include <gtest/gtest.h>

#include <set>

#include "smtpath/verdict/outcome.h"
#include "unit/verdict/session_builder.h"

namespace smtpath::test {
namespace {

using session::Side;
using session::TlsMode;
using session::TlsVersion;
using smtp::Verb;
using std::chrono::milliseconds;
using std::chrono::seconds;
using verdict::Outcome;
using verdict::ResetBy;
using verdict::Stage;

constexpr std::uint8_t kProtocolVersion = 70;
constexpr std::uint8_t kUnknownCa = 48;

struct Row {
  const char* name;
  SessionBuilder connection;
  Outcome outcome;
  Stage stage;
  /// Is in the sentence.
  const char* words;
};

SessionBuilder talk(std::uint16_t port = 25) {
  SessionBuilder connection(port);
  connection.opened().greeted().hello();
  return connection;
}

SessionBuilder starttls() {
  SessionBuilder connection = talk();
  connection.asks(Verb::StartTls, 220, "go").client_hello(TlsMode::StartTls);
  return connection;
}

SessionBuilder masked() {
  SessionBuilder connection(25);
  connection.opened().greeted(220, "****").hello(false);
  connection.edit().dialogue.is_starttls_masked = true;
  connection.edit().dialogue.is_greeting_masked = true;
  return connection;
}

SessionBuilder edited(SessionBuilder connection, void (*edit)(session::Session&)) {
  edit(connection.edit());
  return connection;
}

std::vector<Row> of_dialogues() {
  return {
      {"delivered", talk().message(250).asks(Verb::Quit, 221).closed_by(Side::Client), Outcome::Delivered, Stage::Quit,
       "accepted 1 message (250 queued)"},
      {"delivered, then reset", talk().message(250).reset_by(Side::Server), Outcome::Delivered, Stage::Data,
       "does not undo that"},
      {"recipient refused", talk().asks(Verb::Mail, 250).asks(Verb::Rcpt, 550, "no such user").asks(Verb::Quit, 221),
       Outcome::MessageRefused, Stage::Rcpt, "refused RCPT with 550 no such user"},
      {"greylisted", talk().asks(Verb::Mail, 250).asks(Verb::Rcpt, 451, "later").closed_by(Side::Client),
       Outcome::MessageRefused, Stage::Rcpt, "refused RCPT for now with 451 later"},
      {"message refused", talk().message(554, "spam").asks(Verb::Quit, 221), Outcome::MessageRefused, Stage::Data,
       "refused the message with 554 spam"},
      {"one message refused and one accepted", talk().message(554).message(250), Outcome::Delivered, Stage::Data,
       "accepted 1 message (250 queued) and refused 1"},
      {"credentials refused", talk(587).asks(Verb::Auth, 535, "no").asks(Verb::Quit, 221), Outcome::AuthFailed,
       Stage::Auth, "refused AUTH with 535 no"},
      {"credentials refused, then accepted",
       talk(587).asks(Verb::Auth, 535).asks(Verb::Auth, 235).asks(Verb::Quit, 221), Outcome::Completed, Stage::Quit,
       "no message was sent"},
      {"good-bye", talk().asks(Verb::Quit, 221).closed_by(Side::Client), Outcome::Completed, Stage::Quit,
       "said QUIT and the server answered"},
      {"closed after EHLO", talk().closed_by(Side::Client), Outcome::Completed, Stage::Ehlo,
       "client closed the connection in order after EHLO"},
      {"good-bye, and a reset after FIN", talk().asks(Verb::Quit, 221).closed_by(Side::Client).reset_by(Side::Client),
       Outcome::Completed, Stage::Quit, "said QUIT"},
      {"STARTTLS masked", masked().asks(Verb::Quit, 221), Outcome::StarttlsStripped, Stage::Ehlo, "a middlebox"},
      {"STARTTLS refused", talk().asks(Verb::StartTls, 454, "not now").asks(Verb::Quit, 221), Outcome::StarttlsRefused,
       Stage::StartTls, "refused STARTTLS, which it had offered, for now with 454 not now"},
  };
}

std::vector<Row> of_tls() {
  SessionBuilder implicit(465);
  implicit.opened().client_hello(TlsMode::Implicit);
  SessionBuilder plain = implicit;
  plain.greeted(220, "mx ESMTP").closed_by(Side::Client);
  plain.edit().tls.is_server_no_tls = true;
  return {
      {"encrypted", starttls().server_hello().tls_established().closed_by(Side::Client), Outcome::Encrypted, Stage::Tls,
       "TLSv1.3"},
      {"no ServerHello", starttls().waits(seconds(31)), Outcome::TlsStalled, Stage::Tls,
       "silent for 31 s after the ClientHello"},
      {"alert of the client", starttls().server_hello(TlsVersion::Tls12).alert(Side::Client, kUnknownCa),
       Outcome::TlsFailed, Stage::Tls, "client ended TLS with the alert"},
      {"alert of the server", SessionBuilder(implicit).alert(Side::Server, kProtocolVersion).closed_by(Side::Server),
       Outcome::TlsFailed, Stage::Tls, "server ended TLS with the alert"},
      {"plain server, TLS client", plain, Outcome::TlsFailed, Stage::Tls, "answers in the clear (220 mx ESMTP)"},
      {"closed in the handshake", SessionBuilder(implicit).waits(seconds(3)).closed_by(Side::Client),
       Outcome::TlsFailed, Stage::Tls, "client closed the connection in the TLS handshake"},
      {"reset in the handshake", SessionBuilder(implicit).reset_by(Side::Server), Outcome::Reset, Stage::Tls,
       "server reset the connection at the ClientHello, 20 ms later"},
  };
}

std::vector<Row> of_greetings() {
  return {
      {"refused at the door", SessionBuilder().opened().greeted(554, "go away").asks(Verb::Quit, 221),
       Outcome::GreetingRefused, Stage::Greeting, "554 go away"},
      {"busy", SessionBuilder().opened().greeted(421, "busy").closed_by(Side::Server), Outcome::GreetingTemporary,
       Stage::Greeting, "421 busy"},
      {"no SMTP",
       edited(SessionBuilder().opened().greeted(220, "").closed_by(Side::Client),
              [](session::Session& session) {
                session.dialogue.greeting.reset();
                session.dialogue.is_no_smtp = true;
              }),
       Outcome::ProtocolError, Stage::Greeting, "no reply of SMTP"},
      {"closed at once", SessionBuilder().opened().waits(milliseconds(40)).closed_by(Side::Server), Outcome::Closed,
       Stage::Greeting, "closed it 50 ms later without a greeting"},
      {"client gives up", SessionBuilder().opened().waits(seconds(30)).closed_by(Side::Client), Outcome::NoGreeting,
       Stage::Greeting, "the client gave up after 30 s"},
      {"no greeting until the capture ends", SessionBuilder().opened().waits(seconds(25)), Outcome::NoGreeting,
       Stage::Greeting, "25 s"},
      {"client resets after its wait", SessionBuilder().opened().waits(seconds(30)).reset_by(Side::Client),
       Outcome::NoGreeting, Stage::Greeting, "gave up after 30 s"},
  };
}

std::vector<Row> of_endings() {
  return {
      {"reset at EHLO", SessionBuilder().opened().greeted().asks(Verb::Ehlo).reset_by(Side::Server), Outcome::Reset,
       Stage::Ehlo, "server reset the connection at the word EHLO, 20 ms later"},
      {"reset before the greeting", SessionBuilder().opened().reset_by(Side::Server), Outcome::Reset, Stage::Greeting,
       "before anything was said"},
      {"EHLO unanswered", SessionBuilder().opened().greeted().asks(Verb::Ehlo).waits(seconds(40)), Outcome::Stalled,
       Stage::Ehlo, "acknowledged EHLO and did not answer it in 40 s"},
      {"EHLO unanswered, then given up",
       SessionBuilder().opened().greeted().asks(Verb::Ehlo).waits(seconds(40)).closed_by(Side::Client),
       Outcome::Stalled, Stage::Ehlo, "Then the client gave up."},
      {"SYN-ACK not taken up", SessionBuilder().syns(1).syn_ack().waits(seconds(12)), Outcome::Stalled, Stage::Syn,
       "1 SYN-ACK"},
      {"refused", SessionBuilder().syns(1).reset_by(Side::Server), Outcome::Refused, Stage::Syn,
       "nobody listens on the port"},
      {"rejected", SessionBuilder().syns(1).icmp("198.51.100.1", 3, 13), Outcome::Rejected, Stage::Syn,
       "ICMP admin-prohibited from 198.51.100.1"},
      {"dropped", SessionBuilder().syns(6).waits(seconds(20)), Outcome::Dropped, Stage::Syn,
       "6 SYNs (at 0, 1.0, 3.0, 7.0, 15.0, 31.0 s) in 51 s"},
      {"one SYN, long ago", SessionBuilder().syns(1).waits(seconds(5)), Outcome::Dropped, Stage::Syn, "1 SYN in 5.0 s"},
      {"one SYN at the very end", SessionBuilder().syns(1).waits(milliseconds(300)), Outcome::Unfinished, Stage::Syn,
       "capture ends"},
      {"under way", talk().asks(Verb::Mail), Outcome::Unfinished, Stage::Mail, "under way at mail"},
      {"middle of it",
       edited(SessionBuilder().opened(),
              [](session::Session& session) {
                session.syn_sent = session.syn_acks = 0;
                session.is_established = false;
              }),
       Outcome::Partial, Stage::Greeting, "begins later than the connection"},
      {"client's side alone",
       edited(talk(),
              [](session::Session& session) {
                session.is_one_sided = true;
                session.streams.server = {};
                session.dialogue.greeting.reset();
              }),
       Outcome::Partial, Stage::Ehlo, "Only the client's packets"},
  };
}

std::vector<Row> rows() {
  std::vector<Row> all = of_dialogues();
  for (auto* more : {of_tls, of_greetings, of_endings}) {
    for (Row& row : more()) all.push_back(std::move(row));
  }
  return all;
}

TEST(Outcome, FollowsFromWhatTheConnectionShows) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    const auto verdict = verdict::diagnose(row.connection.session());
    EXPECT_EQ(to_string(verdict.outcome), to_string(row.outcome)) << verdict.text;
    EXPECT_EQ(to_string(verdict.stage), to_string(row.stage)) << verdict.text;
    EXPECT_NE(verdict.text.find(row.words), std::string::npos) << verdict.text;
  }
}

TEST(Outcome, CanBeEachOfTheListButThoseOfLiveRuns) {
  std::set<std::string_view> missing;
  for (const Outcome outcome : verdict::kOutcomes) missing.insert(to_string(outcome));
  for (const Row& row : rows()) missing.erase(to_string(verdict::diagnose(row.connection.session()).outcome));
  EXPECT_EQ(missing, (std::set<std::string_view>{"certificate-invalid", "ok", "starttls-not-offered"}));
}

TEST(Outcome, OfADeliveryThatWasResetNamesTheResetAndIsNoFailure) {
  const auto verdict = verdict::diagnose(talk().message(250).reset_by(Side::Server).session());
  EXPECT_EQ(verdict.reset_by, ResetBy::Server);
  EXPECT_FALSE(verdict.has_failed);
}

TEST(Outcome, LeavesOutResetsAfterFin) {
  const auto verdict =
      verdict::diagnose(talk().asks(Verb::Quit, 221).closed_by(Side::Client).reset_by(Side::Client).session());
  EXPECT_FALSE(verdict.reset_by);
  EXPECT_EQ(verdict.closed_by, verdict::ClosedBy::Both);
}

TEST(Outcome, IsARecipientsRefusalOnlyWhereNoMessageWasUnderWay) {
  SessionBuilder connection = talk();
  connection.asks(Verb::Mail, 250).asks(Verb::Rcpt, 550).message(0).waits(seconds(60));
  EXPECT_EQ(verdict::diagnose(connection.session()).outcome, Outcome::Stalled);
}

TEST(Outcome, CountsAClosedDialogueAsFailedWhereTheServerGaveUp) {
  SessionBuilder connection = talk();
  connection.edit().dialogue.unsolicited = 1;
  connection.edit().dialogue.last_unsolicited = smtp::Reply{421, "timeout"};
  const auto verdict = verdict::diagnose(connection.closed_by(Side::Server).session());
  EXPECT_EQ(verdict.outcome, Outcome::Completed);
  EXPECT_TRUE(verdict.has_failed);
  EXPECT_NE(verdict.text.find("gave up with 421 timeout"), std::string::npos) << verdict.text;
}

TEST(Outcome, CountsTroubleUnderEncryptionAsFailed) {
  SessionBuilder connection = starttls();
  connection.server_hello().tls_established().sends_in_vain(Side::Client, 1448, 6);
  const auto verdict = verdict::diagnose(connection.session());
  EXPECT_EQ(verdict.outcome, Outcome::Encrypted);
  EXPECT_TRUE(verdict.has_failed);
  EXPECT_NE(verdict.text.find("path-MTU black hole"), std::string::npos) << verdict.text;
}

TEST(Outcome, TakesAShortEncryptedMessageAfterTheCertificateForAnAlert) {
  SessionBuilder connection = starttls();
  connection.server_hello(TlsVersion::Tls13);
  connection.edit().tls.client_application_bytes = 24;
  const auto verdict = verdict::diagnose(connection.closed_by(Side::Client).session());
  EXPECT_EQ(verdict.outcome, Outcome::TlsFailed);
  EXPECT_NE(verdict.text.find("does not trust that certificate"), std::string::npos) << verdict.text;
}

TEST(Outcome, OfAPortScanIsAResetThatIsNoFailure) {
  SessionBuilder connection;
  connection.syns(1).syn_ack().reset_by(Side::Client);
  connection.edit().is_half_open = true;
  const auto verdict = verdict::diagnose(connection.session());
  EXPECT_EQ(verdict.outcome, Outcome::Reset);
  EXPECT_TRUE(verdict.is_probe);
  EXPECT_FALSE(verdict.has_failed);
}

TEST(Outcome, OfTheSynsOfATracerouteIsNoFailure) {
  const auto verdict = verdict::diagnose(SessionBuilder().syns(2, 3).waits(seconds(5)).session());
  EXPECT_EQ(verdict.outcome, Outcome::Dropped);
  EXPECT_FALSE(verdict.has_failed);
  EXPECT_NE(verdict.text.find("traceroute"), std::string::npos) << verdict.text;
}

TEST(Outcome, IsUnfinishedWhereTheCaptureEndsBehindAPipelinedQuit) {
  SessionBuilder connection = talk();
  connection.message(0);
  ++connection.edit().dialogue.of(Verb::Quit).asked;
  connection.edit().dialogue.last_asked = Verb::Quit;
  EXPECT_EQ(verdict::diagnose(connection.session()).outcome, Outcome::Unfinished);
  EXPECT_EQ(verdict::diagnose(connection.closed_by(Side::Client).session()).outcome, Outcome::Completed);
}

TEST(Outcome, OfARefusalToATracerouteIsNoFailure) {
  const auto verdict = verdict::diagnose(SessionBuilder().syns(1, 4).reset_by(Side::Server).session());
  EXPECT_EQ(verdict.outcome, Outcome::Refused);
  EXPECT_TRUE(verdict.is_probe);
}

TEST(Outcome, BlamesNobodyForAnswersThatTheCaptureLacks) {
  SessionBuilder connection = talk();
  connection.message(0).edit().streams.server.gaps = 1;
  EXPECT_FALSE(verdict::diagnose(connection.closed_by(Side::Client).session()).has_failed);
}

TEST(Outcome, OfAMaskedGreetingNamesMeddling) {
  SessionBuilder connection(25);
  connection.opened().greeted(220, "******").hello(false).message(250);
  connection.edit().dialogue.is_greeting_masked = true;
  const auto verdict = verdict::diagnose(connection.session());
  EXPECT_EQ(verdict.outcome, Outcome::Delivered);
  EXPECT_TRUE(verdict.is_meddled_with);
  ASSERT_EQ(verdict.notes.size(), 1U);
  EXPECT_NE(verdict.notes[0].find("middlebox"), std::string::npos);
}

TEST(Outcome, IsNoSilenceOfTheServerWhereTheCaptureLostItsWords) {
  SessionBuilder connection;
  connection.opened().waits(seconds(30));
  connection.edit().streams.server.bytes_not_captured = 90;
  EXPECT_NE(verdict::diagnose(connection.session()).outcome, Outcome::NoGreeting);
}

}  // namespace
}  // namespace smtpath::test
