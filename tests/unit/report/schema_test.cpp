// Reports against docs/report.schema.json, by an independent validator (Debian's python3-jsonschema).

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "smtpath/report/json.h"
#include "unit/report/samples.h"
#include "unit/report/schema_cases.h"

namespace smtpath::report {
namespace {

using nlohmann::json;

json document_of(const samples::Run& run) {
  return json::parse(samples::json_of(run));
}

TargetReport target_with_everything() {
  TargetReport target = samples::one_of_each();
  target.ports[0].hops[0].replies[0].mpls = {{.label = 24001, .traffic_class = 3, .bottom_of_stack = true, .ttl = 1}};
  target.ports[0].hops[0].replies[0].changes = {
      {.field = path::QuotedField::Mss, .sent = std::uint32_t{1460}, .quoted = {}},
      {.field = path::QuotedField::SourceAddress, .sent = samples::ip("10.0.0.5"), .quoted = samples::ip("192.0.2.1")}};
  target.notes = {"A note."};
  target.lookup = samples::lookup_by_mx();
  target.names[target.ports[0].hops[0].replies[0].from] = "gw.example.net";
  target.remarks = {{.kind = "rewritten", .ttl = Ttl{1}, .text = "A remark."}};
  return target;
}

TEST(Schema, TakesEveryReport) {
  SchemaCases cases;
  cases.add("every verdict", true, document_of(samples::run_of(samples::every_verdict())));
  cases.add("no target", true, document_of(samples::run_of({})));
  for (const TargetReport& target : samples::every_verdict()) {
    cases.add("line of " + target.target, true, json::parse(json_line_of(target)));
  }
  for (const TargetReport& target : {target_with_everything(), samples::one_of_each_over_ipv6(), samples::far_away()}) {
    cases.add(target.target, true, document_of(samples::run_of({target})));
    cases.add("line of " + target.target, true, json::parse(json_line_of(target)));
  }
  cases.add("summary", true, json::parse(samples::summary_line_of(samples::run_of(samples::every_verdict()))));
  json later = document_of(samples::run_of({samples::one_of_each()}));
  later["targets"][0]["ports"][0]["a_later_field"] = 1;
  cases.add("a field of a later version", true, later);

  EXPECT_EQ(cases.complaints(), "");
}

/// Adds `document` without each of its fields in turn; `icmp` of a reply is the one that may be absent.
void add_without_each_field(SchemaCases& cases, const json& document, const json::json_pointer& place) {
  const json& here = document[place];
  if (here.is_object()) {
    for (const auto& [key, value] : here.items()) {
      if (place.back() == "undecodable" || (key == "icmp" && here.contains("mpls"))) continue;
      json changed = document;
      changed[place].erase(key);
      cases.add("without " + (place / key).to_string(), false, changed);
    }
  }
  if (!here.is_structured()) return;
  if (here.is_array()) {
    if (!here.empty()) add_without_each_field(cases, document, place / 0);
    return;
  }
  for (const auto& [key, value] : here.items()) add_without_each_field(cases, document, place / key);
}

TEST(Schema, RefusesAReportThatLacksAField) {
  SchemaCases cases;
  const json line = json::parse(json_line_of(target_with_everything()));
  add_without_each_field(cases, document_of(samples::run_of({target_with_everything()})),
                         json::json_pointer("/targets"));
  add_without_each_field(cases, json::parse(samples::summary_line_of(samples::run_of({}))),
                         json::json_pointer("/verdicts"));
  for (const char* key :
       {"schema", "tool", "mode", "started", "connections", "targets", "summary", "capture", "elapsed_ms"}) {
    json changed = document_of(samples::run_of({}));
    changed.erase(key);
    cases.add(std::string("run without ") + key, false, changed);
  }
  for (const char* key : {"schema", "type", "target", "ports", "conclusion"}) {
    json changed = line;
    changed.erase(key);
    cases.add(std::string("line without ") + key, false, changed);
  }
  EXPECT_EQ(cases.complaints(), "");
}

TEST(Schema, RefusesWordsThatNoReportUses) {
  SchemaCases cases;
  const auto add = [&](const char* pointer, const json& value) {
    json changed = document_of(samples::run_of({samples::one_of_each()}));
    changed[json::json_pointer(pointer)] = value;
    cases.add(std::string(pointer) + " = " + value.dump(), false, changed);
  };
  add("/schema", "smtpath/2");
  add("/mode", "asleep");
  add("/started", "yesterday");
  add("/targets/0/family", "ipx");
  add("/targets/0/distance", 256);
  add("/targets/0/ports/0/port", 65536);
  add("/targets/0/ports/0/role", "anchor");
  add("/targets/0/ports/0/verdict", "blocked");
  add("/targets/0/ports/0/confidence", "certain");
  add("/targets/0/ports/0/cause", "loss");
  add("/targets/0/ports/0/reason", "interrupted");
  add("/targets/0/ports/0/location", nullptr);
  add("/targets/0/ports/2/location",
      document_of(samples::run_of({samples::one_of_each()}))["targets"][0]["ports"][0]["location"]);
  add("/targets/0/ports/0/location/place", "nowhere");
  add("/targets/0/ports/0/answer", nullptr);
  add("/targets/0/ports/0/answer/kind", "reset");
  add("/targets/0/ports/1/answer/ttl", 60);
  add("/targets/0/ports/0/hops/0/replies/0/kind", "none");
  add("/targets/0/ports/0/hops/0/replies/0/quoted_ttl", 256);
  add("/targets/0/ports/0/hops/0/replies/0/changes",
      json::array({json{{"field", "colour"}, {"sent", 1}, {"quoted", 2}}}));
  add("/targets/0/remarks", json::array({json{{"kind", "nice"}, {"ttl", 1}, {"text", "x"}}}));
  add("/targets/0/error", json{{"kind", "gone"}, {"text", "x"}});
  add("/elapsed_ms", nullptr);
  EXPECT_EQ(cases.complaints(), "");
}

}  // namespace
}  // namespace smtpath::report
