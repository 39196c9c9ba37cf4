// The judge of our own visits: a table from what a visit showed to what is said of it.

#include "smtpath/verdict/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "support/visits.h"
#include "unit/verdict/session_builder.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using facts::TlsEnd;
using smtp::Reply;
using smtp::VisitEnd;
using smtp::VisitStage;
using testing::HasSubstr;
using testing::IsEmpty;
using verdict::ConnectEnd;
using verdict::MailFacts;
using verdict::Outcome;
using verdict::Stage;

struct Row {
  std::string name;
  MailFacts facts;
  Outcome outcome;
  Stage stage;
  std::string text;
};

void PrintTo(const Row& row, std::ostream* stream) {
  *stream << row.name;
}

template <class Change>
MailFacts changed(MailFacts facts, Change change) {
  change(facts);
  return facts;
}

std::vector<Row> rows() {
  std::vector<Row> rows{{"HealthyServer", healthy_visit(), Outcome::Ok, Stage::Quit, "TLSv1.3"}};
  const auto add = [&](std::string name, MailFacts facts, std::pair<Outcome, Stage> end, std::string text) {
    rows.push_back({std::move(name), std::move(facts), end.first, end.second, std::move(text)});
  };
  const auto certificate = [&](std::string name, const std::function<void(facts::TlsResult&)>& spoil,
                               std::string text) {
    MailFacts facts = healthy_visit();
    spoil(*facts.tls);
    add(std::move(name), std::move(facts), {Outcome::CertificateInvalid, Stage::Tls}, std::move(text));
  };
  certificate(
      "ExpiredCertificate",
      [](auto& tls) {
        tls.trust = facts::Trust::Expired;
        tls.chain.front().not_after = kVisitTime - 24h * 3;
      },
      "expired 3 days ago");
  certificate(
      "SelfSignedCertificate", [](auto& tls) { tls.trust = facts::Trust::SelfSigned; }, "self-signed");
  certificate(
      "UnknownIssuer", [](auto& tls) { tls.trust = facts::Trust::UnknownIssuer; }, "CN=Test CA");
  certificate(
      "WrongName", [](auto& tls) { tls.matched_name.clear(); }, "not for \"mx.example.com\"");
  certificate(
      "WrongTlsaRecords", [](auto& tls) { tls.dane = facts::Dane::Differs; }, "TLSA");

  add("GreetingRefused",
      changed(visit_in_the_clear(VisitStage::Greeting, VisitEnd::Refused),
              [](auto& facts) {
                facts.greeting = Reply{554, "no"};
              }),
      {Outcome::GreetingRefused, Stage::Greeting}, "554 no");
  add("GreetingTemporary",
      changed(visit_in_the_clear(VisitStage::Greeting, VisitEnd::Refused),
              [](auto& facts) {
                facts.greeting = Reply{421, "busy"};
              }),
      {Outcome::GreetingTemporary, Stage::Greeting}, "421 busy");
  add("NoGreeting",
      changed(visit_in_the_clear(VisitStage::Greeting, VisitEnd::TimedOut), [](auto& facts) { facts.waited = 30s; }),
      {Outcome::NoGreeting, Stage::Greeting}, "within 30 s");
  add("ClosedAtOnce", visit_in_the_clear(VisitStage::Greeting, VisitEnd::Closed), {Outcome::Closed, Stage::Greeting},
      "before it greets");
  add("ResetAtEhlo", visit_in_the_clear(VisitStage::Ehlo, VisitEnd::Reset), {Outcome::Reset, Stage::Ehlo}, "reset");
  add("SilentAtEhlo",
      changed(visit_in_the_clear(VisitStage::Ehlo, VisitEnd::TimedOut), [](auto& facts) { facts.waited = 30s; }),
      {Outcome::Stalled, Stage::Ehlo}, "30 s");
  add("NoSmtp", visit_in_the_clear(VisitStage::Greeting, VisitEnd::NoSmtp), {Outcome::ProtocolError, Stage::Greeting},
      "another service");
  add("StarttlsNotOffered",
      changed(visit_in_the_clear(VisitStage::Quit, VisitEnd::Done),
              [](auto& facts) { facts.is_starttls_offered = false; }),
      {Outcome::StarttlsNotOffered, Stage::Ehlo}, "in the clear");
  add("StarttlsMasked",
      changed(visit_in_the_clear(VisitStage::Quit, VisitEnd::Done),
              [](auto& facts) {
                facts.is_starttls_offered = false;
                facts.is_starttls_masked = true;
              }),
      {Outcome::StarttlsStripped, Stage::Ehlo}, "X's");
  add("GreetingMaskedAndNoStarttls",
      changed(visit_in_the_clear(VisitStage::Quit, VisitEnd::Done),
              [](auto& facts) {
                facts.is_starttls_offered = false;
                facts.is_greeting_masked = true;
              }),
      {Outcome::StarttlsStripped, Stage::Ehlo}, "asterisks");
  add("StarttlsRefused",
      changed(visit_in_the_clear(VisitStage::Quit, VisitEnd::Done),
              [](auto& facts) {
                facts.is_starttls_asked = true;
                facts.starttls = Reply{454, "not now"};
              }),
      {Outcome::StarttlsRefused, Stage::StartTls}, "454 not now");

  add("HandshakeWithoutAnswer",
      changed(visit_with_tls_ended(TlsEnd::TimedOut), [](auto& facts) { facts.tls->received_bytes = 0; }),
      {Outcome::TlsStalled, Stage::Tls}, "after our ClientHello of 300 bytes");
  add("BigHelloDropped",
      changed(visit_with_tls_ended(TlsEnd::TimedOut),
              [](auto& facts) {
                facts.retries = {{verdict::Retry::SmallHello, TlsEnd::Established}};
              }),
      {Outcome::TlsStalled, Stage::Tls}, "one of 300 bytes is dropped");
  add("BlackHole",
      changed(visit_with_tls_ended(TlsEnd::TimedOut),
              [](auto& facts) {
                facts.retries = {{verdict::Retry::SmallHello, TlsEnd::TimedOut},
                                 {verdict::Retry::SmallSegments, TlsEnd::Established}};
              }),
      {Outcome::TlsStalled, Stage::Tls}, "path-MTU black hole");
  add("AlertOfTheServer",
      changed(visit_with_tls_ended(TlsEnd::Alerted),
              [](auto& facts) {
                facts.tls->alert = facts::TlsAlertNote{facts::AlertFrom::Server, 40};
              }),
      {Outcome::TlsFailed, Stage::Tls}, "handshake_failure");
  add("RenegotiationDeclined",
      changed(visit_with_tls_ended(TlsEnd::Alerted),
              [](auto& facts) {
                facts.tls->has_renegotiated = true;
                facts.tls->alert = facts::TlsAlertNote{facts::AlertFrom::Server, 40};
              }),
      {Outcome::TlsFailed, Stage::Tls}, "second TLS handshake");
  add("PlainTextForTls", visit_with_tls_ended(TlsEnd::NotTls), {Outcome::TlsFailed, Stage::Tls}, "no TLS");
  add("ClosedInHandshake", visit_with_tls_ended(TlsEnd::Closed), {Outcome::TlsFailed, Stage::Tls}, "closed");

  add("WrongPassword",
      changed(healthy_visit(),
              [](auto& facts) {
                facts.auth = smtp::AuthAttempt{"PLAIN", Reply{535, "5.7.8 bad"}};
              }),
      {Outcome::AuthFailed, Stage::Auth}, "User name or password");
  add("ApplicationPassword",
      changed(healthy_visit(),
              [](auto& facts) {
                facts.auth = smtp::AuthAttempt{"PLAIN", Reply{534, "5.7.9 Application-specific password required"}};
              }),
      {Outcome::AuthFailed, Stage::Auth}, "application password");
  add("RightPassword",
      changed(healthy_visit(),
              [](auto& facts) {
                facts.auth = smtp::AuthAttempt{"PLAIN", Reply{235, "ok"}};
              }),
      {Outcome::Ok, Stage::Quit}, "");

  const auto unconnected = [](ConnectEnd end) {
    MailFacts facts;
    facts.connect = end;
    return facts;
  };
  add("ConnectionRefused", unconnected(ConnectEnd::Refused), {Outcome::Refused, Stage::Syn}, "refused");
  add("ConnectionUnanswered", unconnected(ConnectEnd::TimedOut), {Outcome::Dropped, Stage::Syn}, "");
  add("Interrupted", unconnected(ConnectEnd::Interrupted), {Outcome::Unfinished, Stage::Syn}, "cut short");
  return rows;
}

class MailVerdictTest : public testing::TestWithParam<Row> {};

TEST_P(MailVerdictTest, SaysWhatTheVisitShowed) {
  const Row& row = GetParam();
  const verdict::MailVerdict verdict = judge_visit(row.facts, nullptr);
  EXPECT_EQ(to_string(verdict.outcome), to_string(row.outcome));
  EXPECT_EQ(to_string(verdict.stage), to_string(row.stage));
  EXPECT_THAT(verdict.text, HasSubstr(row.text));
}

INSTANTIATE_TEST_SUITE_P(Visits, MailVerdictTest, testing::ValuesIn(rows()),
                         [](const auto& tested) { return tested.param.name; });

TEST(MailVerdict, TrustsTlsaRecordsMoreThanAnyIssuer) {
  MailFacts facts = healthy_visit();
  facts.tls->trust = facts::Trust::SelfSigned;
  facts.tls->matched_name.clear();
  facts.tls->dane = facts::Dane::Matches;
  EXPECT_EQ(judge_visit(facts, nullptr).outcome, Outcome::Ok);
}

TEST(MailVerdict, SaysThatAPasswordWasWithheldWhereTheServerIsNotWhoItSays) {
  MailFacts facts = healthy_visit();
  facts.auth = smtp::AuthAttempt{};
  EXPECT_EQ(judge_visit(facts, nullptr).outcome, Outcome::AuthFailed);
  facts.tls->trust = facts::Trust::SelfSigned;
  const verdict::MailVerdict verdict = judge_visit(facts, nullptr);
  EXPECT_EQ(verdict.outcome, Outcome::CertificateInvalid);
  EXPECT_THAT(verdict.notes, testing::ElementsAre(HasSubstr("password was not sent")));
}

TEST(MailVerdict, AsksNoNameOfACertificateWhereTheTargetIsAnAddress) {
  MailFacts facts = healthy_visit();
  facts.names.clear();
  facts.tls->matched_name.clear();
  const verdict::MailVerdict verdict = judge_visit(facts, nullptr);
  EXPECT_EQ(verdict.outcome, Outcome::Ok);
}

TEST(MailVerdict, NotesWhatAHealthyServerDoesOddly) {
  MailFacts facts = healthy_visit();
  facts.greeting_time = 5s;
  facts.smuggled_bytes = 12;
  facts.tls->chain.front().not_after = kVisitTime + 24h * 5 + 1h;
  const verdict::MailVerdict verdict = judge_visit(facts, nullptr);
  EXPECT_EQ(verdict.outcome, Outcome::Ok);
  EXPECT_THAT(verdict.notes, testing::ElementsAre(HasSubstr("took 5.0 s"), HasSubstr("12 bytes in the clear"),
                                                  HasSubstr("expires in 5 days")));
}

TEST(MailVerdict, NotesWhatTheServerSaidUnasked) {
  MailFacts facts = visit_in_the_clear(VisitStage::Ehlo, VisitEnd::TimedOut);
  facts.unsolicited = Reply{250, "mx.example.com"};
  EXPECT_THAT(judge_visit(facts, nullptr).notes, testing::Contains(HasSubstr("250 mx.example.com unasked")));
}

TEST(MailVerdict, SaysThatAnotherPortOffersWhatThisOneLacks) {
  MailFacts plain = visit_in_the_clear(VisitStage::Quit, VisitEnd::Done);
  plain.port = Port{25};
  plain.is_starttls_offered = false;
  const auto judged = verdict::judge_visits({plain, healthy_visit()}, {});
  ASSERT_EQ(judged.size(), 2U);
  EXPECT_THAT(judged[0].verdict.notes, testing::ElementsAre(HasSubstr("Port 587 of the same host offers STARTTLS")));
  EXPECT_THAT(judged[1].verdict.notes, IsEmpty());
}

TEST(MailVerdict, AsksThePacketsWhoseAResetIs) {
  SessionBuilder connection(587);
  connection.opened().greeted().asks(smtp::Verb::Ehlo).reset_by(session::Side::Server);
  const MailFacts facts = visit_in_the_clear(VisitStage::Ehlo, VisitEnd::Reset);
  session::Session by_server = connection.session();
  EXPECT_EQ(judge_visit(facts, &by_server).reset_by, verdict::ResetBy::Server);

  connection.last_reset().packets_after = connection.last_reset().talk_after = 2;
  connection.last_reset().first_after = 31ms;
  const session::Session forged = connection.session();
  const verdict::MailVerdict verdict = judge_visit(facts, &forged);
  EXPECT_EQ(verdict.outcome, Outcome::Reset);
  EXPECT_EQ(verdict.reset_by, verdict::ResetBy::Path);
  EXPECT_THAT(verdict.text, HasSubstr("at the word EHLO"));
}

TEST(MailVerdict, SeesABlackHoleInThePacketsAlone) {
  SessionBuilder connection(587);
  connection.opened().greeted().hello().asks(smtp::Verb::StartTls, 220).client_hello(session::TlsMode::StartTls);
  connection.sends_in_vain(session::Side::Server, 1448, 4).waits(20s);
  const session::Session stalled = connection.session();
  const verdict::MailVerdict verdict = judge_visit(visit_with_tls_ended(TlsEnd::TimedOut), &stalled);
  EXPECT_EQ(verdict.outcome, Outcome::TlsStalled);
  EXPECT_TRUE(verdict.is_black_hole) << verdict.text;
}

TEST(MailVerdict, LooksOnlyAtThePacketsOfItsOwnConnection) {
  SessionBuilder connection(587);
  connection.opened().greeted().asks(smtp::Verb::Ehlo).reset_by(session::Side::Server);
  const session::Session session = connection.session();
  MailFacts facts = visit_in_the_clear(VisitStage::Ehlo, VisitEnd::Reset);
  facts.source_port = session.client.port;
  EXPECT_TRUE(verdict::judge_visits({facts}, std::vector{session}).front().verdict.reset_by);
  facts.source_port = Port{static_cast<std::uint16_t>(session.client.port.number + 1)};
  EXPECT_FALSE(verdict::judge_visits({facts}, std::vector{session}).front().verdict.reset_by);
}

TEST(MailVerdict, CountsMailWithoutAssuranceAsUsableBetweenServersOnly) {
  for (const Outcome outcome : {Outcome::CertificateInvalid, Outcome::StarttlsNotOffered, Outcome::StarttlsRefused}) {
    EXPECT_TRUE(is_usable(outcome, Port{25}));
    EXPECT_FALSE(is_usable(outcome, Port{587}));
  }
  EXPECT_TRUE(is_usable(Outcome::Ok, Port{587}));
  EXPECT_FALSE(is_usable(Outcome::NoGreeting, Port{25}));
}

}  // namespace
}  // namespace smtpath::test
