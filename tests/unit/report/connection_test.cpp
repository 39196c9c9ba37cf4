// Connections as JSON: the fields of the schema in their order, what is not known as null, hostile text escaped, and
// the schema as an independent judge of them.

#include "smtpath/report/connection.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "smtpath/report/json.h"
#include "unit/report/samples.h"
#include "unit/report/schema_cases.h"
#include "unit/verdict/random_session.h"
#include "unit/verdict/session_builder.h"

namespace smtpath::report {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using session::Side;
using smtp::Verb;
using test::SessionBuilder;

ConnectionReport report_of(const session::Session& session) {
  return {.session = session, .verdict = verdict::diagnose(session)};
}

ConnectionReport with_everything() {
  SessionBuilder connection(587);
  connection.opened().greeted().hello().asks(Verb::StartTls, 220, "go");
  connection.client_hello(session::TlsMode::StartTls).server_hello(session::TlsVersion::Tls12);
  connection.edit().tls.certificate = session::TlsCertificate{
      .subject = "CN=mx", .issuer = "CN=ca", .not_before = connection.now(), .not_after = connection.now()};
  connection.alert(Side::Client, 48).icmp("198.51.100.1", 3, 4, 1400).reset_by(Side::Server);
  return report_of(connection.session());
}

std::vector<std::string> keys_of(const ordered_json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(ConnectionJson, HasTheFieldsOfTheDesignInTheirOrderAndMoreAfterThem) {
  const auto line = ordered_json::parse(json_line_of(with_everything()));
  const std::vector<std::string> keys = keys_of(line);
  const std::vector<std::string> first{
      "schema",    "type",     "client",  "server",          "started", "duration_ms", "outcome",
      "stage",     "syn_sent", "syn_ack", "reset_by",        "icmp",    "greeting",    "ehlo",
      "starttls",  "tls",      "auth",    "mail_from",       "rcpt_to", "accepted",    "quit",
      "closed_by", "packets",  "bytes",   "retransmissions", "rtt_ms",  "text"};
  ASSERT_GT(keys.size(), first.size());
  EXPECT_EQ(std::vector<std::string>(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(first.size())), first);
  EXPECT_EQ(line["type"], "connection");
}

TEST(ConnectionJson, TellsOfTheDialogueAndOfTls) {
  const json line = json::parse(json_line_of(with_everything()));
  EXPECT_EQ(line["server"], (json{{"address", "203.0.113.9"}, {"port", 587}}));
  EXPECT_EQ(line["outcome"], "tls-failed");
  EXPECT_EQ(line["greeting"]["code"], 220);
  EXPECT_EQ(line["starttls"], (json{{"offered", true}, {"asked", true}, {"code", 220}}));
  EXPECT_EQ(line["tls"]["version"], "TLSv1.2");
  EXPECT_EQ(line["tls"]["alert"], "unknown_ca");
  EXPECT_EQ(line["tls"]["alert_by"], "client");
  EXPECT_EQ(line["tls"]["cipher"], "0x1301");
  EXPECT_EQ(line["reset_by"], "server");
  EXPECT_EQ(line["icmp"]["name"], "fragmentation-needed");
  EXPECT_EQ(line["rtt_ms"], 20);
  EXPECT_EQ(line["replies"], (json{220, 250, 220}));
}

TEST(ConnectionJson, GivesNullForWhatIsNotKnown) {
  SessionBuilder connection;
  connection.syns(3);
  const json line = json::parse(json_line_of(report_of(connection.session())));
  for (const char* key : {"reset_by", "icmp", "greeting", "closed_by", "rtt_ms"}) EXPECT_EQ(line[key], nullptr) << key;
  EXPECT_EQ(line["starttls"]["code"], nullptr);
  EXPECT_EQ(line["tls"]["version"], nullptr);
  EXPECT_EQ(line["tls"]["sni"], nullptr);
  EXPECT_EQ(line["syn_sent"], 3);
}

TEST(ConnectionJson, EscapesWhatComesFromTheNetwork) {
  SessionBuilder connection;
  const std::string hostile = std::string("\x1b[2J\0<script>\xff\"", 15);
  connection.opened().greeted(554, hostile);
  connection.edit().tls.sni = hostile;
  const std::string line = json_line_of(report_of(connection.session()));
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_EQ(line.find('\0'), std::string::npos);
  EXPECT_NE(json::parse(line)["text"].get<std::string>().find("<script>"), std::string::npos);
}

TEST(ConnectionJson, StandsBeforeTheTargetsInTheDocument) {
  std::string text;
  {
    JsonReport document(samples::run_of({}).beginning, [&](std::string_view piece) { text += piece; });
    document.write(with_everything());
    document.write(with_everything());
    document.write(samples::one_of_each());
    document.write(RunTally{}, samples::run_of({}).ending);
  }
  const json document = json::parse(text);
  EXPECT_EQ(document["connections"].size(), 2U);
  EXPECT_EQ(document["connections"][0]["outcome"], "tls-failed");
  EXPECT_FALSE(document["connections"][0].contains("schema"));
  EXPECT_EQ(document["targets"].size(), 1U);
  SchemaCases cases;
  cases.add("document with connections", true, document);
  EXPECT_EQ(cases.complaints(), "");
}

TEST(ConnectionJson, FitsTheSchemaWhateverTheSession) {
  SchemaCases cases;
  cases.add("with everything", true, json::parse(json_line_of(with_everything())));
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    cases.add("seed " + std::to_string(seed), true, json::parse(json_line_of(report_of(test::random_session(seed)))));
  }
  EXPECT_EQ(cases.complaints(), "");
}

TEST(ConnectionJson, DoesNotFitTheSchemaWithoutOneOfItsFields) {
  SchemaCases cases;
  const json line = json::parse(json_line_of(with_everything()));
  for (const auto& [key, value] : line.items()) {
    json changed = line;
    changed.erase(key);
    cases.add("without " + key, false, changed);
    if (!value.is_object()) continue;
    for (const auto& [inner, content] : value.items()) {
      json cut = line;
      cut[key].erase(inner);
      cases.add("without " + key + "." + inner, false, cut);
    }
  }
  EXPECT_EQ(cases.complaints(), "");
}

TEST(ConnectionJson, DoesNotFitTheSchemaWithWordsThatNoReportUses) {
  SchemaCases cases;
  const auto add = [&](const char* pointer, const json& value) {
    json changed = json::parse(json_line_of(with_everything()));
    changed[json::json_pointer(pointer)] = value;
    cases.add(std::string(pointer) + " = " + value.dump(), false, changed);
  };
  add("/outcome", "fine");
  add("/stage", "vrfy");
  add("/reset_by", "nobody");
  add("/closed_by", "path");
  add("/started", "today");
  add("/tls/version", "TLS 1.3");
  add("/tls/mode", "explicit");
  add("/tls/cipher", "AES");
  add("/greeting/code", 99);
  add("/replies/0", "220");
  add("/accepted", -1);
  add("/text", "");
  EXPECT_EQ(cases.complaints(), "");
}

TEST(Summary, OfAnAnalysisCountsConnectionsByOutcome) {
  ConnectionTally tally;
  tally.add(with_everything());
  tally.add(report_of(SessionBuilder().syns(1).reset_by(Side::Server).session()));
  const samples::Run run = samples::run_of({});
  const json line = json::parse(json_summary_line_of(samples::tally_of(run), tally, run.ending));
  EXPECT_EQ(line["connections"], 2);
  EXPECT_EQ(line["failed"], 2);
  EXPECT_EQ(line["outcomes"]["refused"], 1);
  EXPECT_EQ(line["outcomes"]["delivered"], 0);
  SchemaCases cases;
  cases.add("summary of an analysis", true, line);
  json changed = line;
  changed["outcomes"].erase("dropped");
  cases.add("an outcome is missing", false, changed);
  changed = line;
  changed.erase("failed");
  cases.add("without failed", false, changed);
  EXPECT_EQ(cases.complaints(), "");
}

TEST(AnalysisStatus, TellsWhetherAnythingFailedAndWhetherThereWasMailAtAll) {
  ConnectionTally good;
  good.add(report_of(SessionBuilder().opened().greeted().hello().asks(Verb::Quit, 221).session()));
  ConnectionTally bad = good;
  bad.add(with_everything());
  const RunTally none;
  RunTally traced;
  traced.add(samples::one_of_each());
  EXPECT_EQ(analysis_status(good, none), 0);
  EXPECT_EQ(analysis_status(bad, none), 1);
  EXPECT_EQ(analysis_status(ConnectionTally(), none), 2);
  EXPECT_EQ(analysis_status(good, traced), 1) << "its subject is reset on the way";
}

}  // namespace
}  // namespace smtpath::report
