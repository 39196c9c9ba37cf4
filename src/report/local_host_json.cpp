#include "report/local_host_json.h"

#include <array>
#include <cstdint>
#include <limits>

namespace smtpath::report {

namespace {

constexpr std::array kHooks{facts::Hook::Output,  facts::Hook::Postrouting, facts::Hook::Egress,
                            facts::Hook::Ingress, facts::Hook::Prerouting,  facts::Hook::Input};
constexpr std::array kEffects{facts::Effect::Drop, facts::Effect::Reject, facts::Effect::Reset};
constexpr std::array kTools{facts::RuleTool::Nft, facts::RuleTool::Iptables, facts::RuleTool::Ip6tables};
constexpr std::array kFamilies{Family::Ipv4, Family::Ipv6};
constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::uint64_t>::max();

void write_range(JsonWriter& out, const facts::PortRange& range) {
  out.begin_object();
  out.member("first", range.first.number);
  out.member("last", range.last.number);
  out.end_object();
}

void write_rule(JsonWriter& out, const facts::LocalRule& rule) {
  out.begin_object();
  out.member("hook", to_string(rule.hook));
  out.member("effect", to_string(rule.effect));
  out.member("tool", to_string(rule.tool));
  out.member("where", rule.where);
  out.member("handle", rule.handle);
  out.member("text", rule.text);
  out.member("family", rule.family ? std::optional(to_string(*rule.family)) : std::nullopt);
  out.list("ports", rule.ports, write_range);
  out.member("is_policy", rule.is_policy);
  out.end_object();
}

void write_connections(JsonWriter& out, const facts::ConnectionTable& connections) {
  out.begin_object();
  out.member("count", connections.count);
  out.member("limit", connections.limit);
  out.end_object();
}

void write_interface(JsonWriter& out, const facts::StrictInterface& interface) {
  out.begin_object();
  out.member("name", interface.name);
  out.member("index", interface.index);
  out.end_object();
}

Port read_port(const JsonNode& node) {
  return Port{static_cast<std::uint16_t>(node.number(0, std::numeric_limits<std::uint16_t>::max()))};
}

facts::PortRange read_range(const JsonNode& node) {
  const facts::PortRange range{read_port(node.at("first")), read_port(node.at("last"))};
  if (range.last < range.first) node.fail("ends before it begins");
  return range;
}

facts::LocalRule read_rule(const JsonNode& node) {
  facts::LocalRule rule{.hook = read_word(node.at("hook"), kHooks),
                        .effect = read_word(node.at("effect"), kEffects),
                        .tool = read_word(node.at("tool"), kTools),
                        .where = node.at("where").text(),
                        .handle = {},
                        .text = node.at("text").text(),
                        .family = {},
                        .ports = {},
                        .is_policy = node.at("is_policy").flag()};
  if (!node.at("handle").is_null()) rule.handle = node.at("handle").number(0, kMaxNumber);
  if (!node.at("family").is_null()) rule.family = read_word(node.at("family"), kFamilies);
  for (const JsonNode& range : node.at("ports").items()) rule.ports.push_back(read_range(range));
  return rule;
}

}  // namespace

void write_local_host(JsonWriter& out, const facts::LocalHost& host) {
  out.begin_object();
  out.list("rules", host.rules.rules, write_rule);
  out.member("is_complete", host.rules.is_complete);
  out.object_or_null("connections", host.connections, write_connections);
  out.list("strict_reverse_path", host.strict_reverse_path, write_interface);
  out.end_object();
}

facts::LocalHost read_local_host(const JsonNode& node) {
  facts::LocalHost host;
  if (node.is_missing()) return host;
  for (const JsonNode& rule : node.at("rules").items()) host.rules.rules.push_back(read_rule(rule));
  host.rules.is_complete = node.at("is_complete").flag();
  if (const JsonNode connections = node.at("connections"); !connections.is_null()) {
    host.connections = {.count = connections.at("count").number(0, kMaxNumber),
                        .limit = connections.at("limit").number(0, kMaxNumber)};
  }
  for (const JsonNode& interface : node.at("strict_reverse_path").items()) {
    const auto index = interface.at("index").number(0, std::numeric_limits<std::uint32_t>::max());
    host.strict_reverse_path.push_back({interface.at("name").text(), static_cast<std::uint32_t>(index)});
  }
  return host;
}

}  // namespace smtpath::report
