#include "report/common_words.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "unit/report/samples.h"
#include "unit/report/schema_cases.h"

namespace smtpath::report {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using verdict::CommonBlock;
using verdict::Confidence;
using verdict::Judgement;
using verdict::Kind;

CommonBlock block_of(Kind kind, Judgement judgement) {
  CommonBlock block;
  block.ports = {Port{25}};
  block.targets = block.asked = block.networks = 4;
  block.judgement = judgement;
  block.verdict.kind = kind;
  block.verdict.confidence = Confidence::High;
  block.verdict.location = verdict::Location{.place = verdict::Place::Path,
                                             .last_reached = {.ttl = Ttl{2}, .address = samples::ip("10.9.0.1")},
                                             .first_missed = {},
                                             .suspect = {}};
  return block;
}

TEST(CommonWords, SayWhatWhereForWhomAndWhose) {
  CommonBlock block = block_of(Kind::Dropped, Judgement::OutgoingPolicy);
  block.others = {{.port = Port{465}, .open = 3, .refused = 1}, {.port = Port{587}, .open = 4}};
  EXPECT_EQ(sentence_on(block),
            "Port 25 ends after hop 2 (10.9.0.1) for all 4 hosts (4 networks); 587 passes: this is the network's "
            "outgoing policy, not the servers'.");
}

TEST(CommonWords, AreNoSurerThanTheVerdict) {
  CommonBlock block = block_of(Kind::ResetInjected, Judgement::CommonPath);
  block.verdict.confidence = Confidence::Low;
  block.verdict.location->suspect = block.verdict.location->last_reached;
  block.targets = 3;
  EXPECT_EQ(sentence_on(block),
            "Port 25 is reset at hop 2 (10.9.0.1) in the server's name for 3 of 4 hosts (4 networks): this is perhaps "
            "of the path that they share, not of each server.");
}

TEST(CommonWords, KeepTheTwoCandidatesOfSilence) {
  CommonBlock block = block_of(Kind::Dropped, Judgement::CommonPath);
  block.verdict.location->first_missed = {.ttl = Ttl{3}, .address = samples::ip("10.9.1.1")};
  EXPECT_THAT(sentence_on(block), HasSubstr("ends between hop 2 (10.9.0.1) and hop 3 (10.9.1.1) for"));
}

TEST(CommonWords, TellOfSeveralPortsAndOfCountsThatAreTheLeast) {
  CommonBlock block = block_of(Kind::Dropped, Judgement::OutgoingPolicy);
  block.ports = {Port{25}, Port{465}, Port{587}};
  block.others = {{.port = Port{2525}, .open = 0, .refused = 4}};
  block.family = Family::Ipv6;
  block.asked = 9;
  block.is_exact = false;
  EXPECT_EQ(sentence_on(block),
            "Ports 25, 465 and 587 end after hop 2 (10.9.0.1) for at least 4 of 9 IPv6 hosts (at least 4 networks); "
            "2525 gets through to the servers: this is the network's outgoing policy, not the servers'.");
}

TEST(CommonWords, HaveASentenceForEveryBlock) {
  for (const Kind kind : kVerdictsBestFirst) {
    for (const Judgement judgement : {Judgement::ThisHost, Judgement::OutgoingPolicy, Judgement::CommonPath,
                                      Judgement::Servers, Judgement::Mixed, Judgement::Unknown}) {
      CommonBlock block = block_of(kind, judgement);
      EXPECT_THAT(sentence_on(block), HasSubstr(" for all 4 hosts (4 networks)"));
      block.verdict.location.reset();
      EXPECT_THAT(sentence_on(block), Not(HasSubstr("hop")));
    }
  }
}

/// Two hosts of different networks whose port 25 is reset at the same hop.
samples::Run two_alike() {
  TargetReport other = samples::one_of_each();
  other.address = samples::ip("198.51.100.7");
  other.target = "mx.example.net";
  return samples::run_of({samples::one_of_each(), other});
}

TEST(CommonSummary, StandsInEveryFormOfTheReport) {
  const samples::Run run = two_alike();
  const json document = json::parse(samples::json_of(run));
  const json line = json::parse(samples::summary_line_of(run));
  const json& findings = document["summary"]["findings"];
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(document["summary"]["targets"], 2);
  EXPECT_EQ(line["findings"], findings);
  EXPECT_EQ(findings[0]["ports"], json::array({25}));
  EXPECT_EQ(findings[0]["verdict"], "reset-injected");
  EXPECT_EQ(findings[0]["targets"], 2);
  EXPECT_EQ(findings[0]["networks"], 2);
  const std::string sentence = findings[0]["text"];
  EXPECT_THAT(samples::text_of(run, {.width = 0}), HasSubstr("\n2 targets together\n- " + sentence + "\n"));

  SchemaCases cases;
  cases.add("two alike", true, document);
  cases.add("their summary line", true, line);
  for (const auto& [key, value] : findings[0].items()) {
    json changed = document;
    changed["summary"]["findings"][0].erase(key);
    cases.add("finding without " + key, false, changed);
  }
  json changed = document;
  changed["summary"]["findings"][0]["judgement"] = "guilty";
  cases.add("another judgement", false, changed);
  EXPECT_EQ(cases.complaints(), "");
}

TEST(CommonSummary, IsNullForASingleTarget) {
  const samples::Run run = samples::run_of({samples::one_of_each()});
  EXPECT_EQ(json::parse(samples::json_of(run))["summary"], nullptr);
  EXPECT_EQ(json::parse(samples::summary_line_of(run))["findings"], json::array());
  EXPECT_THAT(samples::text_of(run, {}), Not(HasSubstr("together")));
}

TEST(CommonSummary, KeepsRunsApart) {
  RunTally tally;
  for (const TargetReport& target : two_alike().targets) {
    tally.begin_run();
    tally.add(target);
  }
  EXPECT_EQ(tally.targets(), 2U);
  EXPECT_TRUE(tally.common_blocks().empty());
  for (const TargetReport& target : two_alike().targets) tally.add(target);
  const std::size_t found = tally.common_blocks().size();
  EXPECT_GT(found, 0U);
  tally.begin_run();
  EXPECT_EQ(tally.common_blocks().size(), found);
}

}  // namespace
}  // namespace smtpath::report
