#include "smtpath/report/json.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "report/json_writer.h"
#include "unit/report/samples.h"

namespace smtpath::report {
namespace {

using nlohmann::json;

/// The text that `write(writer)` makes.
template <class Write>
std::string writing(const Write& write) {
  std::string text;
  const Sink sink = [&](std::string_view piece) { text += piece; };
  JsonWriter writer(sink);
  write(writer);
  writer.hand_over();
  return text;
}

std::vector<std::string> keys_of(const nlohmann::ordered_json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(Json, HasTheFieldsOfTheSchemaInTheirOrder) {
  const auto run = nlohmann::ordered_json::parse(samples::json_of(samples::run_of({samples::one_of_each()})));
  EXPECT_EQ(keys_of(run), (std::vector<std::string>{"schema", "tool", "mode", "started", "connections", "targets",
                                                    "summary", "capture", "elapsed_ms"}));
  const auto& target = run["targets"][0];
  EXPECT_EQ(keys_of(target), (std::vector<std::string>{"target", "address", "family", "distance", "error", "source",
                                                       "lookup", "notes", "remarks", "conclusion", "ports"}));
  const auto& port = target["ports"][0];
  EXPECT_EQ(keys_of(port),
            (std::vector<std::string>{"port", "role", "verdict", "confidence", "cause", "reason", "location", "answer",
                                      "evidence", "flows", "hops", "advice", "mail"}));
  EXPECT_EQ(keys_of(port["location"]), (std::vector<std::string>{"place", "last_reached", "first_missed", "suspect"}));
  EXPECT_EQ(keys_of(port["answer"]),
            (std::vector<std::string>{"kind", "from", "ttl", "elicit", "back", "rtt_ms", "icmp"}));
  EXPECT_EQ(
      keys_of(port["hops"][0]["replies"][0]),
      (std::vector<std::string>{"kind", "from", "flow", "rtt_ms", "ttl", "mpls", "quoted_ttl", "changes", "name"}));
}

TEST(Json, TellsWhatThePortsMetInTheWordsOfTheReport) {
  const json run = json::parse(samples::json_of(samples::run_of({samples::one_of_each()})));
  EXPECT_EQ(run["schema"], "smtpath/1");
  EXPECT_EQ(run["mode"], "live");
  EXPECT_EQ(run["started"], "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(run["elapsed_ms"], 812.4);
  EXPECT_EQ(run["capture"]["undecodable"]["truncated-ip"], 2);

  const json& reset = run["targets"][0]["ports"][0];
  EXPECT_EQ(reset["role"], "subject");
  EXPECT_EQ(reset["verdict"], "reset-injected");
  EXPECT_EQ(reset["location"]["suspect"], (json{{"ttl", 3}, {"address", "10.0.3.1"}}));
  EXPECT_EQ(reset["answer"]["kind"], "rst");
  EXPECT_EQ(reset["answer"]["elicit"], 4);
  EXPECT_EQ(run["targets"][0]["ports"][2]["location"], nullptr);
  EXPECT_EQ(run["targets"][0]["ports"][3]["role"], "control");
}

TEST(Json, GivesAPortWithoutAnswerAnAnswerOfNulls) {
  const json run = json::parse(samples::json_of(samples::run_of({samples::one_of_each()})));
  EXPECT_EQ(run["targets"][0]["ports"][1]["answer"], (json{{"kind", "none"},
                                                           {"from", nullptr},
                                                           {"ttl", nullptr},
                                                           {"elicit", nullptr},
                                                           {"back", nullptr},
                                                           {"rtt_ms", nullptr},
                                                           {"icmp", nullptr}}));
}

TEST(Json, NamesEveryIcmpErrorAndItsSender) {
  const json run = json::parse(samples::json_of(samples::run_of({samples::one_of_each_over_ipv6()})));
  const json& port = run["targets"][0]["ports"][0];
  const json icmp{{"type", 1}, {"code", 1}, {"name", "admin-prohibited"}, {"from", "2001:db8:0:f00d::17:2"}};
  EXPECT_EQ(port["answer"]["icmp"], icmp);
  EXPECT_EQ(port["hops"][3]["replies"][0]["icmp"], icmp);
}

TEST(Json, KeepsMplsLabels) {
  TargetReport target = samples::one_of_each();
  target.ports[0].hops[0].replies[0].mpls = {{.label = 24001, .traffic_class = 3, .bottom_of_stack = true, .ttl = 1}};
  const json line = json::parse(json_line_of(target));
  EXPECT_EQ(line["ports"][0]["hops"][0]["replies"][0]["mpls"],
            (json::array({{{"label", 24001}, {"traffic_class", 3}, {"bottom_of_stack", true}, {"ttl", 1}}})));
}

TEST(Json, ReportsAnAnchorAsAControl) {
  TargetReport target = samples::one_of_each();
  target.ports[3].role = path::Role::Anchor;
  EXPECT_EQ(json::parse(json_line_of(target))["ports"][3]["role"], "control");
}

TEST(Json, SaysWhyATargetCouldNotBeTried) {
  const json run = json::parse(samples::json_of(samples::run_of(samples::every_verdict())));
  const json& target = run["targets"].back();
  EXPECT_EQ(target["error"], (json{{"kind", "unknown-host"}, {"text", "mx.invalid does not exist"}}));
  EXPECT_EQ(target["address"], nullptr);
  EXPECT_EQ(target["family"], nullptr);
  EXPECT_EQ(target["source"], nullptr);
  EXPECT_EQ(target["ports"], json::array());
}

TEST(Json, WritesALargeRunInPieces) {
  const samples::Run run = samples::run_of(std::vector<TargetReport>(200, samples::far_away()));
  std::size_t longest = 0;
  std::size_t total = 0;
  samples::write_json(run, [&](std::string_view piece) {
    longest = std::max(longest, piece.size());
    total += piece.size();
  });
  EXPECT_GT(total, 1'000'000U);
  EXPECT_LT(longest, 20'000U);
}

TEST(JsonLines, HoldOneTargetEach) {
  const std::string line = json_line_of(samples::one_of_each());
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto parsed = nlohmann::ordered_json::parse(line);
  EXPECT_EQ(parsed["schema"], "smtpath/1");
  EXPECT_EQ(parsed["type"], "target");
  EXPECT_EQ(keys_of(parsed).at(2), "target");
}

TEST(JsonLines, EndWithASummaryThatCountsTargetsByTheirWorstSubject) {
  const std::string line = samples::summary_line_of(samples::run_of(samples::every_verdict()));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const json summary = json::parse(line);
  EXPECT_EQ(summary["type"], "summary");
  EXPECT_EQ(summary["targets"], samples::every_verdict().size());
  EXPECT_EQ(summary["verdicts"]["open"], 2);
  EXPECT_EQ(summary["verdicts"]["dropped"], 4);
  EXPECT_EQ(summary["verdicts"]["inconclusive"], 6);
  EXPECT_EQ(summary["verdicts"]["error"], 1);
  EXPECT_EQ(summary["capture"]["packets"], 214);
}

TEST(JsonWriter, EscapesWhatJsonAndTerminalsMustNotSee) {
  const auto text = [](std::string_view hostile) { return writing([&](JsonWriter& out) { out.value(hostile); }); };
  EXPECT_EQ(text("a\"b\\c\x1b[31m\n\x7f"), R"("a\"b\\c\u001b[31m\u000a\u007f")");
  EXPECT_EQ(text(std::string_view("\0x", 2)), R"("\u0000x")");
  EXPECT_EQ(text("grüß\xff dich\xc3"), "\"grüß\xEF\xBF\xBD dich\xEF\xBF\xBD\"");
}

TEST(JsonWriter, NeverWritesANumberThatIsNone) {
  const auto number = [](double value) { return writing([&](JsonWriter& out) { out.value(value); }); };
  EXPECT_EQ(number(812.4), "812.4");
  EXPECT_EQ(number(2.0005), "2.001");
  EXPECT_EQ(number(100), "100");
  EXPECT_EQ(number(-0.0001), "0");
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
}

}  // namespace
}  // namespace smtpath::report
