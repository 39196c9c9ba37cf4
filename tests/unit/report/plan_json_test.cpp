#include "smtpath/report/plan_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "unit/report/samples.h"

namespace smtpath::report {
namespace {

using nlohmann::json;
using samples::ip;
using ::testing::HasSubstr;

facts::LocalHost sample_host() {
  facts::LocalHost host;
  host.rules.is_complete = true;
  host.rules.rules = {
      {.hook = facts::Hook::Output,
       .effect = facts::Effect::Reset,
       .tool = facts::RuleTool::Nft,
       .where = "table inet filter, chain output",
       .handle = 5,
       .text = "tcp dport { 25, 465-587 } reject with tcp reset comment \"\xc3\xa4\"",
       .family = Family::Ipv4,
       .ports = {{Port{25}, Port{25}}, {Port{465}, Port{587}}}},
      {.hook = facts::Hook::Input,
       .effect = facts::Effect::Drop,
       .tool = facts::RuleTool::Ip6tables,
       .where = "table filter, chain INPUT",
       .handle = 7,
       .text = "-P INPUT DROP",
       .family = {},
       .ports = {},
       .is_policy = true},
  };
  host.connections = {.count = 12, .limit = 262144};
  host.strict_reverse_path = {{"eth0", 2}, {"wg0", 7}};
  return host;
}

RunPlan sample_plan() {
  RunPlan plan;
  plan.version = "0.1.0";
  plan.started = Time{std::chrono::nanoseconds{1'700'000'000'123'456'789}};
  plan.options = {.first_ttl = Ttl{1}, .max_ttl = Ttl{30}, .user = "nobody"};
  for (std::size_t i = 0; i < plan.plan.key.size(); ++i) plan.plan.key.at(i) = static_cast<std::byte>(i * 17);
  plan.plan.source_ports = {Port{40112}, Port{40113}};
  plan.plan.targets.push_back(
      {.address = ip("203.0.113.9"),
       .source = ip("10.0.0.5"),
       .next_hop = ip("10.0.0.1"),
       .ports = {{Port{25}, path::Role::Subject}, {Port{587}, path::Role::Control}, {Port{443}, path::Role::Anchor}},
       .nowhere = ip("192.0.2.77")});
  plan.plan.targets.push_back(
      {.address = ip("2001:db8::9"), .source = ip("2001:db8::5"), .ports = {{Port{25}, path::Role::Subject}}});
  const facts::Vantage source{.address = ip("10.0.0.5"), .interface = "eth0", .user = "nobody"};
  const facts::PortRoute route{.port = Port{25},
                               .difference = facts::PortRoute::Difference::OtherGateway,
                               .error = 0,
                               .interface = "eth1",
                               .interface_index = 3,
                               .gateway = ip("10.0.1.1")};
  plan.targets.push_back({"mx.example.com", ip("203.0.113.9"), std::nullopt, source, {route}, 0});
  plan.targets.push_back({"mx.invalid",
                          std::nullopt,
                          facts::TargetError{facts::TargetErrorKind::UnknownHost, "mx.invalid does not exist"},
                          std::nullopt,
                          {},
                          std::nullopt});
  plan.targets.push_back({"mx.example.com", ip("2001:db8::9"), std::nullopt, std::nullopt, {}, 1});
  plan.targets.front().lookup = samples::lookup_by_mx();
  plan.local_host = sample_host();
  return plan;
}

std::string error_of(const std::string& text) {
  const auto plan = parse_run_plan(text);
  return plan.ok() ? "" : plan.error().message;
}

TEST(PlanJson, OfEarlierVersionsKnowsNoAddressThatNobodyHas) {
  std::string text = to_json(sample_plan());
  const std::string nowhere = R"(,"nowhere":"192.0.2.77")";
  const auto at = text.find(nowhere);
  ASSERT_NE(at, std::string::npos);
  text.erase(at, nowhere.size());
  EXPECT_EQ(error_of(text), "");
}

TEST(PlanJson, ComesBackAsItWas) {
  const RunPlan plan = sample_plan();
  const auto read = parse_run_plan(to_json(plan));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(to_json(read.value()), to_json(plan));

  EXPECT_EQ(read.value().started, plan.started);
  EXPECT_EQ(read.value().options, plan.options);
  EXPECT_EQ(read.value().plan.key, plan.plan.key);
  EXPECT_EQ(read.value().plan.source_ports, plan.plan.source_ports);
  ASSERT_EQ(read.value().plan.targets.size(), 2U);
  EXPECT_EQ(read.value().plan.targets[0].ports[2].role, path::Role::Anchor);
  EXPECT_EQ(read.value().plan.targets[1].source, ip("2001:db8::5"));
  ASSERT_EQ(read.value().targets.size(), 3U);
  EXPECT_EQ(read.value().plan.targets[0].next_hop, ip("10.0.0.1"));
  EXPECT_EQ(read.value().plan.targets[1].next_hop, std::nullopt);
  EXPECT_EQ(read.value().plan.targets[0].nowhere, ip("192.0.2.77"));
  EXPECT_EQ(read.value().plan.targets[1].nowhere, std::nullopt);
  EXPECT_EQ(read.value().targets[0].source->interface, "eth0");
  EXPECT_EQ(read.value().targets[0].routes, plan.targets[0].routes);
  EXPECT_EQ(read.value().targets[1].error->kind, facts::TargetErrorKind::UnknownHost);
  EXPECT_EQ(read.value().targets[2].index, 1U);
}

TEST(PlanJson, TheHostComesBackAsItWas) {
  RunPlan plan = sample_plan();
  EXPECT_EQ(parse_run_plan(to_json(plan)).value().local_host, sample_host());
  plan.local_host.rules.rules[0].handle.reset();
  EXPECT_EQ(parse_run_plan(to_json(plan)).value().local_host, plan.local_host);
  plan.local_host = {};
  EXPECT_EQ(parse_run_plan(to_json(plan)).value().local_host, facts::LocalHost{});
}

TEST(PlanJson, TheLookUpsComeBackAsTheyWere) {
  const auto read = parse_run_plan(to_json(sample_plan()));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().targets[0].lookup, samples::lookup_by_mx());
  EXPECT_EQ(read.value().targets[1].lookup, std::nullopt);
}

TEST(PlanJson, OfTheHostOfAnEarlierPlanNothingIsKnown) {
  json plan = json::parse(to_json(sample_plan()));
  plan.erase("local_host");
  const auto read = parse_run_plan(plan.dump());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().local_host, facts::LocalHost{});
}

TEST(PlanJson, WritesTheKeyInHexadecimal) {
  EXPECT_EQ(json::parse(to_json(sample_plan()))["plan"]["key"], "00112233445566778899aabbccddeeff");
}

TEST(PlanJson, PassesOverFieldsOfLaterVersions) {
  json plan = json::parse(to_json(sample_plan()));
  plan["later"] = {{"more", true}};
  EXPECT_EQ(error_of(plan.dump()), "");
}

TEST(PlanJson, RefusesEveryPrefixOfAPlan) {
  const std::string text = to_json(sample_plan());
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_NE(error_of(text.substr(0, length)), "") << length;
  }
}

/// Every place in the document, as JSON pointers.
std::vector<json::json_pointer> places_in(const json& document) {
  const json leaves = document.flatten();
  std::vector<json::json_pointer> places;
  for (const auto& [pointer, value] : leaves.items()) {
    for (json::json_pointer place(pointer); !place.empty(); place = place.parent_pointer()) {
      if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
    }
  }
  return places;
}

/// Of a look-up, which earlier evidence does not have.
bool is_of_lookup(const json::json_pointer& place) {
  return place.to_string().find("/lookup") != std::string::npos;
}

/// What follows from other fields, and is not read.
bool is_derived(const json::json_pointer& place) {
  return place.to_string().find("/failing_resolvers") != std::string::npos;
}

bool may_be_null(const json::json_pointer& place) {
  const std::string& name = place.back();
  if (is_of_lookup(place)) {
    return name == "lookup" || name == "mx" || name == "alias_of" || name == "dnssec" || name == "why_bogus" ||
           name == "resolver" || name == "suggestion";
  }
  if (name == "gateway" || name == "next_hop" || name == "nowhere") return true;
  if (place.to_string().starts_with("/local_host/")) {
    return name == "handle" || name == "family" || name == "connections";
  }
  if (place.to_string().starts_with("/plan/"))
    return name == "source" && place.parent_pointer().parent_pointer().back() == "ports";
  return place.to_string().starts_with("/targets/") &&
         (name == "address" || name == "error" || name == "source" || name == "index");
}

TEST(PlanJson, RefusesEachFieldOfAnotherType) {
  const json plan = json::parse(to_json(sample_plan()));
  const std::vector<json> wrong{nullptr,
                                true,
                                "",
                                "text",
                                -1,
                                1.5,
                                1e300,
                                json::array(),
                                json::object(),
                                json::array({1, "a"}),
                                18446744073709551615U};
  for (const auto& place : places_in(plan)) {
    for (const json& value : wrong) {
      if (plan[place].type() == value.type() || (value.is_null() && may_be_null(place))) continue;
      const bool is_text_for_none = plan[place].is_null() && value.is_string() && is_of_lookup(place);
      if (is_derived(place) || is_text_for_none) continue;
      json changed = plan;
      changed[place] = value;
      EXPECT_THAT(error_of(changed.dump()), HasSubstr("read the plan of the run: ")) << place << " = " << value;
    }
  }
}

TEST(PlanJson, RefusesAMissingField) {
  const json plan = json::parse(to_json(sample_plan()));
  for (const auto& place : places_in(plan)) {
    if (!plan[place.parent_pointer()].is_object() || place.to_string() == "/local_host") continue;
    // Evidence of earlier versions.
    if (place.back() == "nowhere" || place.back() == "lookup" || is_derived(place)) continue;
    json changed = plan;
    changed[place.parent_pointer()].erase(place.back());
    EXPECT_NE(error_of(changed.dump()), "") << place;
  }
}

TEST(PlanJson, SaysWhichFieldIsWrong) {
  const auto error_with = [](const char* pointer, const json& value) {
    json plan = json::parse(to_json(sample_plan()));
    plan[json::json_pointer(pointer)] = value;
    return error_of(plan.dump());
  };
  EXPECT_EQ(error_with("/options/max_ttl", 256),
            "read the plan of the run: options.max_ttl: expected a number from 1 to 255");
  EXPECT_EQ(error_with("/plan/targets/0/ports/1/port", 65536),
            "read the plan of the run: plan.targets[0].ports[1].port: expected a number from 1 to 65535");
  EXPECT_EQ(error_with("/plan/targets/0/address", "10.0.0.256"),
            "read the plan of the run: plan.targets[0].address: expected an IP address");
  EXPECT_EQ(error_with("/plan/targets/0/source", "2001:db8::5"),
            "read the plan of the run: plan.targets[0]: address and source are of two families");
  EXPECT_EQ(error_with("/plan/key", "xyz"), "read the plan of the run: plan.key: expected 32 hexadecimal digits");
  EXPECT_EQ(error_with("/plan/source_ports", json::array()),
            "read the plan of the run: plan.source_ports: expected one at least");
  EXPECT_EQ(error_with("/plan/source_ports", std::vector<int>(17, 4000)),
            "read the plan of the run: plan.source_ports: too many");
  const json port = {{"port", 25}, {"role", "subject"}, {"source", nullptr}};
  EXPECT_EQ(error_with("/plan/targets/0/ports", json(65, port)),
            "read the plan of the run: plan.targets[0].ports: too many");
  EXPECT_EQ(error_with("/targets/0/index", 2),
            "read the plan of the run: targets[0].index: names no target of the plan with this address");
  EXPECT_EQ(error_with("/targets/0/index", 1),
            "read the plan of the run: targets[0].index: names no target of the plan with this address");
  json twice = json::parse(to_json(sample_plan()));
  twice["targets"].push_back(twice["targets"][0]);
  EXPECT_EQ(error_of(twice.dump()).find("read the plan of the run: targets["), 0U);
  EXPECT_NE(error_of(twice.dump()).find(".index: expected a larger one than before"), std::string::npos);
  EXPECT_EQ(error_with("/options/first_ttl", 31), "read the plan of the run: options: first_ttl is more than max_ttl");
  EXPECT_EQ(error_with("/local_host/rules/0/hook", "forward"),
            "read the plan of the run: local_host.rules[0].hook: expected another word");
  EXPECT_EQ(error_with("/local_host/rules/0/ports/0/last", 24),
            "read the plan of the run: local_host.rules[0].ports[0]: ends before it begins");
  EXPECT_EQ(error_with("/local_host/is_complete", 1),
            "read the plan of the run: local_host.is_complete: expected true or false");
  EXPECT_EQ(error_with("/schema", "smtpath-plan/2"), "read the plan of the run: schema: expected smtpath-plan/1");
}

TEST(PlanJson, RefusesHostileDocuments) {
  for (const std::string& text :
       {std::string(10'000, '['), std::string(10'000, '[') + std::string(10'000, ']'),
        std::string("{\"schema\":1e999}"), std::string("{\"started_ns\":99999999999999999999999}"),
        std::string("\xff\xfe"), std::string("null"), std::string("{}"), std::string("[]"), std::string(1, '\0')}) {
    EXPECT_NE(error_of(text), "") << text.substr(0, 20);
  }
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "{\"schema\":";
  EXPECT_NE(error_of(deep + "1" + std::string(10'000, '}')), "");
}

TEST(PlanJson, NeitherCrashesNorThrowsOnBytesFlippedAtRandom) {
  const std::string text = to_json(sample_plan());
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same every time
  for (int round = 0; round < 5'000; ++round) {
    std::string flipped = text;
    for (int i = 0; i < 3; ++i) flipped[random() % flipped.size()] = static_cast<char>(random());
    const auto plan = parse_run_plan(flipped);
    EXPECT_TRUE(!plan.ok() || parse_run_plan(to_json(plan.value())).ok()) << flipped;
  }
}

}  // namespace
}  // namespace smtpath::report
