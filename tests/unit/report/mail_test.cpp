// What reports say of visits to mail ports, and how an evidence file carries them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "report/mail_words.h"
#include "smtpath/report/conclusion.h"
#include "smtpath/report/json.h"
#include "smtpath/report/visit_json.h"
#include "support/visits.h"
#include "unit/report/samples.h"
#include "unit/report/schema_cases.h"

namespace smtpath::report {
namespace {

using nlohmann::json;
using smtp::VisitEnd;
using smtp::VisitStage;
using ::testing::HasSubstr;
using ::testing::Not;
using verdict::MailFacts;
using namespace std::chrono_literals;

/// With something in every field.
MailFacts full_visit() {
  MailFacts facts = test::healthy_visit();
  facts.source_port = Port{40001};
  facts.lookup_time = 3ms;
  facts.connect_time = 10ms;
  facts.greeting_time = 11ms;
  facts.ehlo_time = 12ms;
  facts.starttls_time = 13ms;
  facts.tls_time = 14ms;
  facts.waited = 15ms;
  facts.smuggled_bytes = 7;
  facts.odd_lines = 2;
  facts.unsolicited = smtp::Reply{421, "a \x1b[31mred\x1b[0m \"text\""};
  facts.auth = smtp::AuthAttempt{"LOGIN", smtp::Reply{535, "5.7.8 no"}};
  facts.tls->group = "X25519";
  facts.tls->alert = facts::TlsAlertNote{facts::AlertFrom::Server, 40};
  facts.tls->flights = {{true, 300, 0ms}, {false, 1500, 14ms}};
  facts.tls->dane = facts::Dane::Matches;
  facts.tls->has_renegotiated = true;
  facts.retries = {{verdict::Retry::SmallHello, facts::TlsEnd::TimedOut},
                   {verdict::Retry::SmallSegments, facts::TlsEnd::Established}};
  return facts;
}

TargetReport with_mail(MailFacts facts) {
  TargetReport target = samples::one_of_each();
  for (PortReport& port : target.ports) {
    if (port.port != facts.port) continue;
    port.mail = verdict::judge_visits({std::move(facts)}, {}).front();
    break;
  }
  target.conclusion = conclusion_of(target);
  return target;
}

json mail_of(const TargetReport& target) {
  const json document = json::parse(json_line_of(target));
  for (const json& port : document.at("ports")) {
    if (!port.at("mail").is_null()) return port.at("mail");
  }
  return {};
}

TEST(Mail, TellsInJsonWhatAHealthyServerDid) {
  MailFacts facts = test::healthy_visit();
  facts.ehlo_time = 12ms;
  const json mail = mail_of(with_mail(facts));
  EXPECT_EQ(mail.at("outcome"), "ok");
  EXPECT_EQ(mail.at("stage"), "quit");
  EXPECT_EQ(mail.at("code"), 221);
  EXPECT_EQ(mail.at("starttls"), json::parse(R"({"offered": true, "asked": true, "code": 220, "smuggled_bytes": 0})"));
  EXPECT_EQ(mail.at("tls").at("version"), "TLSv1.3");
  EXPECT_EQ(mail.at("tls").at("name_matches"), true);
  EXPECT_EQ(mail.at("tls").at("trusted"), true);
  EXPECT_EQ(mail.at("ms").at("ehlo"), 12.0);
  EXPECT_EQ(mail.at("ms").at("greeting"), nullptr);
}

TEST(Mail, HasNoStarttlsWhereThePortBeginsWithTls) {
  MailFacts facts = test::healthy_visit();
  facts.begins_with_tls = true;
  EXPECT_EQ(mail_of(with_mail(facts)).at("starttls"), nullptr);
}

TEST(Mail, FitsTheSchemaWhateverItTells) {
  SchemaCases cases;
  cases.add("full", true, json::parse(json_line_of(with_mail(full_visit()))));
  cases.add("no greeting", true,
            json::parse(json_line_of(with_mail(test::visit_in_the_clear(VisitStage::Greeting, VisitEnd::TimedOut)))));
  cases.add("tls failed", true, json::parse(json_line_of(with_mail(test::visit_with_tls_ended(facts::TlsEnd::Reset)))));
  json wrong = json::parse(json_line_of(with_mail(full_visit())));
  for (json& port : wrong.at("ports")) {
    if (!port.at("mail").is_null()) port.at("mail")["outcome"] = "fine";
  }
  cases.add("another outcome", false, wrong);
  EXPECT_EQ(cases.complaints(), "");
}

TEST(Mail, ComesBackFromEvidenceAsItWas) {
  const std::vector<MailFacts> visits{full_visit(), test::visit_in_the_clear(VisitStage::Greeting, VisitEnd::Closed),
                                      MailFacts{}};
  const std::string written = to_json(visits);
  const auto read = parse_visits(written);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(read.value()), written);
  ASSERT_EQ(read.value().size(), 3U);
  EXPECT_EQ(json_line_of(with_mail(read.value()[0])), json_line_of(with_mail(full_visit())));
}

TEST(Mail, OfEvidenceThatIsNoneIsRefusedWithItsPlace) {
  EXPECT_THAT(parse_visits("{").error().message, HasSubstr("not JSON"));
  json document = json::parse(to_json({full_visit()}));
  document["visits"][0]["tls"]["trust"] = "blind";
  EXPECT_THAT(parse_visits(document.dump()).error().message, HasSubstr("trust"));
  document = json::parse(to_json({full_visit()}));
  document["visits"][0].erase("end");
  EXPECT_THAT(parse_visits(document.dump()).error().message, HasSubstr("end"));
}

TEST(Mail, IsPartOfTheConclusionWhereItDoesNotWork) {
  MailFacts expired = test::healthy_visit();
  expired.tls->trust = facts::Trust::Expired;
  expired.tls->chain.front().not_after = expired.at - 24h * 3;
  EXPECT_THAT(with_mail(expired).conclusion, HasSubstr("Port 587 is open, but the certificate expired 3 days ago."));
  EXPECT_THAT(with_mail(test::healthy_visit()).conclusion, Not(HasSubstr("but")));
}

TEST(Mail, TakesOneLineOfTextWhereItWorks) {
  EXPECT_THAT(text_of(with_mail(test::healthy_visit()), {}),
              HasSubstr("- mail: ok, TLSv1.3 with TLS_AES_256_GCM_SHA384\n"));
}

TEST(Mail, PutsNoEscapeSequenceOnTheTerminal) {
  MailFacts facts = test::visit_in_the_clear(VisitStage::Greeting, VisitEnd::Refused);
  facts.greeting = smtp::Reply{554, "\x1b[31mgo away"};
  const TargetReport target = with_mail(facts);
  EXPECT_THAT(text_of(target, {.verbose = true}), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace smtpath::report
