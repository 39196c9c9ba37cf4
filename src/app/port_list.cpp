#include "app/port_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace smtpath::app {

namespace {

constexpr Port kSmtp{25};
constexpr std::array kUsualControls{Port{465}, Port{587}, Port{2525}};
constexpr std::array kAnchors{Port{443}, Port{80}};
constexpr std::size_t kMostNamed = path::kMostPorts - kAnchors.size();
/// Where an analysis may look for mail.
constexpr std::size_t kMostExpected = 4096;
constexpr std::string_view kNone = "none";

Result<Port> parse_port(std::string_view option, std::string_view word) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || number == 0 || number > 65535) {
    return Error{fmt::format("{} {}: not a port (1 to 65535)", option, word)};
  }
  return Port{static_cast<std::uint16_t>(number)};
}

bool is_among(const std::vector<path::PortPlan>& ports, Port port) {
  return std::any_of(ports.begin(), ports.end(), [&](const path::PortPlan& known) { return known.port == port; });
}

struct ListOption {
  std::string_view name;
  path::Role role;
  std::size_t most = kMostNamed;
};

std::optional<Error> add_list(std::vector<path::PortPlan>& ports, std::string_view list, const ListOption& option) {
  while (true) {
    const std::size_t comma = list.find(',');
    const auto port = parse_port(option.name, list.substr(0, comma));
    if (!port) return port.error();
    if (is_among(ports, port.value())) {
      return Error{fmt::format("{}: port {} is named twice", option.name, port.value().number)};
    }
    if (ports.size() == option.most) return Error{fmt::format("{}: more than {} ports", option.name, option.most)};
    ports.push_back({.port = port.value(), .role = option.role});
    if (comma == std::string_view::npos) return std::nullopt;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

Result<std::vector<path::PortPlan>> choose_ports(const PortChoice& choice) {
  std::vector<path::PortPlan> ports;
  if (choice.subjects) {
    if (const auto error = add_list(ports, *choice.subjects, {.name = "-p", .role = path::Role::Subject}))
      return *error;
  } else {
    ports.push_back({.port = kSmtp, .role = path::Role::Subject});
  }
  if (choice.controls == kNone) return ports;
  if (choice.controls) {
    const ListOption option{.name = "--control", .role = path::Role::Control};
    if (const auto error = add_list(ports, *choice.controls, option)) return *error;
  } else if (!choice.subjects) {
    for (const Port port : kUsualControls) ports.push_back({.port = port, .role = path::Role::Control});
  }
  for (const Port port : kAnchors) {
    if (!is_among(ports, port)) ports.push_back({.port = port, .role = path::Role::Anchor});
  }
  return ports;
}

Result<std::vector<Port>> parse_ports(const std::string& list) {
  std::vector<path::PortPlan> plans;
  const ListOption option{.name = "-p", .role = path::Role::Subject, .most = kMostExpected};
  if (const auto error = add_list(plans, list, option)) return *error;
  std::vector<Port> ports;
  for (const path::PortPlan& plan : plans) ports.push_back(plan.port);
  return ports;
}

}  // namespace smtpath::app
