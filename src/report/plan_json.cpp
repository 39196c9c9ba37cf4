#include "smtpath/report/plan_json.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "report/facts_json.h"
#include "report/json_node.h"
#include "report/json_writer.h"
#include "report/local_host_json.h"
#include "report/lookup_json.h"

namespace smtpath::report {

namespace {

constexpr std::string_view kSchema = "smtpath-plan/1";
constexpr std::uint64_t kMaxPort = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t kMaxTtl = std::numeric_limits<std::uint8_t>::max();

constexpr std::array kErrorKinds{
    facts::TargetErrorKind::UnknownHost, facts::TargetErrorKind::NoAddress, facts::TargetErrorKind::ResolverFailure,
    facts::TargetErrorKind::NotUnicast,  facts::TargetErrorKind::NoRoute,   facts::TargetErrorKind::NullMx,
};
constexpr std::array kDifferences{facts::PortRoute::Difference::Refused, facts::PortRoute::Difference::OtherInterface,
                                  facts::PortRoute::Difference::OtherGateway};
constexpr std::array kRoles{path::Role::Subject, path::Role::Control, path::Role::Anchor};

std::string_view role_name(path::Role role) {
  switch (role) {
    case path::Role::Subject:
      return "subject";
    case path::Role::Control:
      return "control";
    case path::Role::Anchor:
      return "anchor";
  }
  return {};
}

// Writing.

std::optional<std::string> text_of(const std::optional<IpAddress>& address) {
  return address ? std::optional(to_string(*address)) : std::nullopt;
}

std::string hex_of(const path::HashKey& key) {
  std::string hex;
  for (const std::byte byte : key) fmt::format_to(std::back_inserter(hex), "{:02x}", std::to_integer<unsigned>(byte));
  return hex;
}

void write_options(JsonWriter& out, const RunOptions& options) {
  out.begin_object();
  out.member("first_ttl", options.first_ttl.hops);
  out.member("max_ttl", options.max_ttl.hops);
  out.member("user", options.user);
  out.end_object();
}

void write_route(JsonWriter& out, const facts::PortRoute& route) {
  out.begin_object();
  out.member("port", route.port.number);
  out.member("difference", to_string(route.difference));
  out.member("error", route.error);
  out.member("interface", route.interface);
  out.member("interface_index", route.interface_index);
  out.member("gateway", text_of(route.gateway));
  out.end_object();
}

void write_planned_target(JsonWriter& out, const PlannedTarget& target) {
  out.begin_object();
  out.member("target", target.target);
  out.member("address", text_of(target.address));
  out.object_or_null("error", target.error, write_error);
  out.object_or_null("source", target.source, write_source);
  out.list("routes", target.routes, write_route);
  out.member("index", target.index);
  out.object_or_null("lookup", target.lookup, write_planned_lookup);
  out.end_object();
}

void write_port_plan(JsonWriter& out, const path::PortPlan& port) {
  out.begin_object();
  out.member("port", port.port.number);
  out.member("role", role_name(port.role));
  out.member("source", text_of(port.source));
  out.end_object();
}

void write_target_plan(JsonWriter& out, const path::TargetPlan& target) {
  out.begin_object();
  out.member("address", to_string(target.address));
  out.member("source", to_string(target.source));
  out.member("next_hop", text_of(target.next_hop));
  out.list("ports", target.ports, write_port_plan);
  out.member("nowhere", text_of(target.nowhere));
  out.end_object();
}

void write_plan(JsonWriter& out, const path::Plan& plan) {
  out.begin_object();
  out.member("key", hex_of(plan.key));
  out.list("source_ports", plan.source_ports, [](JsonWriter& list, Port port) { list.value(port.number); });
  out.list("targets", plan.targets, write_target_plan);
  out.end_object();
}

// Reading.

Port read_port(const JsonNode& node) {
  return Port{static_cast<std::uint16_t>(node.number(1, kMaxPort))};
}

Ttl read_ttl(const JsonNode& node) {
  return Ttl{static_cast<std::uint8_t>(node.number(1, kMaxTtl))};
}

Time read_time(const JsonNode& node) {
  return Time{Duration{static_cast<std::int64_t>(node.number(0, std::numeric_limits<std::int64_t>::max()))}};
}

IpAddress read_address(const JsonNode& node) {
  const auto address = IpAddress::parse(node.text());
  if (!address) node.fail("expected an IP address");
  return address.value_or(IpAddress{});
}

std::optional<IpAddress> read_optional_address(const JsonNode& node) {
  return node.is_null() ? std::nullopt : std::optional(read_address(node));
}

path::HashKey read_key(const JsonNode& node) {
  path::HashKey key{};
  const std::string hex = node.text();
  bool is_hex = hex.size() == 2 * key.size();
  for (std::size_t i = 0; is_hex && i < key.size(); ++i) {
    const char* digits = hex.data() + 2 * i;
    std::uint8_t byte = 0;
    is_hex = std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    key.at(i) = std::byte{byte};
  }
  if (!is_hex) node.fail("expected 32 hexadecimal digits");
  return key;
}

RunOptions read_options(const JsonNode& node) {
  RunOptions options{.first_ttl = read_ttl(node.at("first_ttl")),
                     .max_ttl = read_ttl(node.at("max_ttl")),
                     .user = node.at("user").text()};
  if (options.first_ttl > options.max_ttl) node.fail("first_ttl is more than max_ttl");
  return options;
}

path::TargetPlan read_target_plan(const JsonNode& node) {
  path::TargetPlan target{.address = read_address(node.at("address")),
                          .source = read_address(node.at("source")),
                          .next_hop = read_optional_address(node.at("next_hop")),
                          .ports = {}};
  if (target.address.family() != target.source.family()) node.fail("address and source are of two families");
  for (const JsonNode& port : node.at("ports").items()) {
    target.ports.push_back({.port = read_port(port.at("port")),
                            .role = read_word(port.at("role"), kRoles, role_name),
                            .source = read_optional_address(port.at("source"))});
  }
  // Evidence of earlier versions names none.
  if (const JsonNode nowhere = node.at("nowhere"); !nowhere.is_missing())
    target.nowhere = read_optional_address(nowhere);
  if (target.nowhere && target.nowhere->family() != target.address.family())
    node.at("nowhere").fail("is of another family");
  if (target.ports.size() > path::kMostPorts) node.at("ports").fail("too many");
  return target;
}

path::Plan read_plan(const JsonNode& node) {
  path::Plan plan{.key = read_key(node.at("key")), .source_ports = {}, .targets = {}};
  for (const JsonNode& port : node.at("source_ports").items()) plan.source_ports.push_back(read_port(port));
  for (const JsonNode& target : node.at("targets").items()) plan.targets.push_back(read_target_plan(target));
  if (plan.source_ports.empty() && !plan.targets.empty()) node.at("source_ports").fail("expected one at least");
  if (plan.source_ports.size() > path::kMostSlots) node.at("source_ports").fail("too many");
  return plan;
}

facts::TargetError read_error(const JsonNode& node) {
  return {.kind = read_word(node.at("kind"), kErrorKinds), .text = node.at("text").text()};
}

facts::Vantage read_source(const JsonNode& node) {
  return {.address = read_address(node.at("address")),
          .interface = node.at("interface").text(),
          .user = node.at("user").text()};
}

facts::PortRoute read_route(const JsonNode& node) {
  constexpr std::uint64_t kMaxIndex = std::numeric_limits<std::uint32_t>::max();
  return {.port = read_port(node.at("port")),
          .difference = read_word(node.at("difference"), kDifferences),
          .error = static_cast<int>(node.at("error").number(0, std::numeric_limits<int>::max())),
          .interface = node.at("interface").text(),
          .interface_index = static_cast<std::uint32_t>(node.at("interface_index").number(0, kMaxIndex)),
          .gateway = read_optional_address(node.at("gateway"))};
}

/// `least` is the least index that is not taken.
PlannedTarget read_planned_target(const JsonNode& node, const path::Plan& plan, std::size_t least) {
  PlannedTarget target;
  target.target = node.at("target").text();
  target.address = read_optional_address(node.at("address"));
  if (!node.at("error").is_null()) target.error = read_error(node.at("error"));
  if (!node.at("source").is_null()) target.source = read_source(node.at("source"));
  for (const JsonNode& route : node.at("routes").items()) target.routes.push_back(read_route(route));
  // Evidence of earlier versions has none.
  const JsonNode lookup = node.at("lookup");
  if (!lookup.is_missing() && !lookup.is_null()) target.lookup = read_planned_lookup(lookup);
  if (node.at("index").is_null()) return target;

  target.index = node.at("index").number(0, std::numeric_limits<std::uint32_t>::max());
  if (*target.index >= plan.targets.size() || plan.targets[*target.index].address != target.address) {
    node.at("index").fail("names no target of the plan with this address");
  }
  if (*target.index < least) node.at("index").fail("expected a larger one than before");
  return target;
}

}  // namespace

std::string to_json(const RunPlan& plan) {
  std::string json;
  const Sink sink = [&](std::string_view piece) { json += piece; };
  JsonWriter out(sink);
  out.begin_object();
  out.member("schema", kSchema);
  out.member("version", plan.version);
  out.member("started_ns", plan.started.time_since_epoch().count());
  out.key("options");
  write_options(out, plan.options);
  out.key("plan");
  write_plan(out, plan.plan);
  out.list("targets", plan.targets, write_planned_target);
  out.key("local_host");
  write_local_host(out, plan.local_host);
  out.end_object();
  out.hand_over();
  return json;
}

bool is_run_plan(std::string_view text) {
  return text.starts_with(R"({"schema":"smtpath-plan/)");
}

Result<RunPlan> parse_run_plan(std::string_view json) {
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return Error{"read the plan of the run: not JSON"};

  std::string fault;
  const JsonNode root(document, fault);
  if (root.at("schema").text() != kSchema) root.at("schema").fail(fmt::format("expected {}", kSchema));
  RunPlan plan{.version = root.at("version").text(),
               .started = read_time(root.at("started_ns")),
               .options = read_options(root.at("options")),
               .plan = read_plan(root.at("plan")),
               .targets = {},
               .local_host = read_local_host(root.at("local_host"))};
  std::size_t least = 0;
  for (const JsonNode& target : root.at("targets").items()) {
    plan.targets.push_back(read_planned_target(target, plan.plan, least));
    if (const auto index = plan.targets.back().index) least = *index + 1;
  }
  if (!fault.empty()) return Error{"read the plan of the run: " + fault};
  return plan;
}

}  // namespace smtpath::report
