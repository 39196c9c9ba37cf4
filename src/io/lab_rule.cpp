#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

#include "smtpath/io/lab_spec.h"

namespace smtpath::io {

namespace {

struct HookName {
  LabHook hook;
  std::string_view name;
};
constexpr std::array kHooks{
    HookName{LabHook::Prerouting, "prerouting"},
    HookName{LabHook::Input, "input"},
    HookName{LabHook::Forward, "forward"},
    HookName{LabHook::Output, "output"},
};

// An ICMP unreachable by the name that rules are written with, and by nft's name for it in each family.
struct Unreachable {
  LabAction action;
  std::string_view name;
  std::string_view icmp;
  std::string_view icmpv6;
};
constexpr std::array kUnreachables{
    Unreachable{LabAction::NetUnreachable, "net-unreachable", "net-unreachable", "no-route"},
    Unreachable{LabAction::HostUnreachable, "host-unreachable", "host-unreachable", "addr-unreachable"},
    Unreachable{LabAction::ProtUnreachable, "prot-unreachable", "prot-unreachable", "port-unreachable"},
    Unreachable{LabAction::PortUnreachable, "port-unreachable", "port-unreachable", "port-unreachable"},
    Unreachable{LabAction::NetProhibited, "net-prohibited", "net-prohibited", "admin-prohibited"},
    Unreachable{LabAction::HostProhibited, "host-prohibited", "host-prohibited", "admin-prohibited"},
    Unreachable{LabAction::AdminProhibited, "admin-prohibited", "admin-prohibited", "admin-prohibited"},
    Unreachable{LabAction::PolicyFail, "policy-fail", "admin-prohibited", "policy-fail"},
    Unreachable{LabAction::RejectRoute, "reject-route", "net-unreachable", "reject-route"},
};

std::string_view name_of(LabHook hook) {
  const auto found =
      std::find_if(kHooks.begin(), kHooks.end(), [&](const HookName& each) { return each.hook == hook; });
  assert(found != kHooks.end());
  return found->name;
}

std::string reject(const std::string& match, LabAction action) {
  const auto found = std::find_if(kUnreachables.begin(), kUnreachables.end(),
                                  [&](const Unreachable& each) { return each.action == action; });
  assert(found != kUnreachables.end());
  return fmt::format("{0} reject with icmp type {1}\n    {0} reject with icmpv6 type {2}", match, found->icmp,
                     found->icmpv6);
}

std::string statements(const std::string& match, LabAction action) {
  switch (action) {
    case LabAction::Drop:
      return match + " drop";
    case LabAction::Reset:
      return match + " reject with tcp reset";
    case LabAction::Redirect:
      return match + " redirect";
    case LabAction::NetUnreachable:
    case LabAction::HostUnreachable:
    case LabAction::ProtUnreachable:
    case LabAction::PortUnreachable:
    case LabAction::NetProhibited:
    case LabAction::HostProhibited:
    case LabAction::AdminProhibited:
    case LabAction::PolicyFail:
    case LabAction::RejectRoute:
      return reject(match, action);
  }
  return {};
}

std::optional<LabAction> find_action(std::string_view word) {
  if (word == "drop") return LabAction::Drop;
  if (word == "reset") return LabAction::Reset;
  if (word == "redirect") return LabAction::Redirect;
  constexpr std::string_view kReject = "reject=";
  if (!word.starts_with(kReject)) return std::nullopt;
  word.remove_prefix(kReject.size());
  for (const Unreachable& each : kUnreachables) {
    if (each.name == word) return each.action;
  }
  return std::nullopt;
}

std::string action_words() {
  std::string words = "drop, reset, redirect";
  for (const Unreachable& each : kUnreachables) words += fmt::format(", reject={}", each.name);
  return words;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Up to the next colon, which goes too.
std::string_view take_word(std::string_view& text) {
  const std::size_t length = std::min(text.find(':'), text.size());
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return word;
}

}  // namespace

LabRule lab_rule(int node, LabHook hook, std::optional<Port> port, LabAction action) {
  const bool translates = action == LabAction::Redirect;
  const std::string match = port ? fmt::format("tcp dport {}", port->number) : "meta l4proto tcp";
  return {node, fmt::format("table inet {} {{\n"
                            "  chain {} {{\n"
                            "    type {} hook {} priority {}\n"
                            "    {}\n"
                            "  }}\n"
                            "}}\n",
                            translates ? "lab_nat" : "lab_filter", name_of(hook), translates ? "nat" : "filter",
                            name_of(hook), translates ? -100 : 0, statements(match, action))};
}

Result<LabRule> parse_lab_rule(std::string_view text) {
  const std::string where = fmt::format("rule '{}': ", text);
  const auto node = parse_number<int>(take_word(text));
  if (!node) return Error{where + "it begins with the number of a node"};

  const std::string_view hook_word = take_word(text);
  const auto hook =
      std::find_if(kHooks.begin(), kHooks.end(), [&](const HookName& each) { return each.name == hook_word; });
  if (hook == kHooks.end()) return Error{where + "the hook is prerouting, input, forward or output"};

  std::optional<Port> port;
  if (const std::string_view word = take_word(text); word != "any") {
    const auto number = parse_number<std::uint16_t>(word);
    if (!number || *number == 0) return Error{where + "the port is 1 to 65535, or any"};
    port = Port{*number};
  }
  const auto action = find_action(text);
  if (!action) return Error{where + "the action is one of " + action_words()};
  return lab_rule(*node, hook->hook, port, *action);
}

}  // namespace smtpath::io
