#include "netlab_options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string_view>

using smtpath::Duration;
using smtpath::Port;
using smtpath::io::LabLink;
using smtpath::io::LabRule;
using smtpath::io::LabSpec;

namespace {

constexpr const char* kAbout =
    R"(Runs COMMAND in a network of its own: client - router 1 - ... - router N - server.

Node 0 is the client, 1 to N are the routers, N+1 is the server. Node H faces the client
with 10.9.H.1 and fd09:0:0:H::1; the client is 10.9.1.2. Nothing of it is left behind.)";

constexpr const char* kExamples = R"(
COMMAND finds the server in SMTPATH_LAB_SERVER4 and SMTPATH_LAB_SERVER6, and in place of
{server4} and {server6} in its arguments. netlab exits with its status.

A rule is NODE:HOOK:PORT:ACTION.
  HOOK    prerouting (before the TTL check), forward (after it), input (to the node), output (its own)
  PORT    a number, or any
  ACTION  drop, reset, redirect (to the node's own port, see --listen), reject=TYPE with TYPE one of
          admin-prohibited host-prohibited net-prohibited port-unreachable host-unreachable
          net-unreachable prot-unreachable policy-fail reject-route

  netlab --rule 3:forward:25:drop -- traceroute -T -p 25 {server4}
  netlab --routers 7 --open 25,587 --rule 4:prerouting:25:reset -- smtpath trace {server6}
  netlab --delay 2:20ms --loss 2:0.1 -- bash)";

struct Words {
  int routers = 5;
  std::vector<std::uint16_t> open{25, 465, 587};
  std::vector<std::string> rules;
  std::vector<std::string> rulesets;
  std::vector<std::string> listeners;
  std::vector<int> silent;
  std::vector<std::string> delays;
  std::vector<std::string> losses;
  unsigned seed = 1;
  bool no_echo = false;
  bool no_icmp_limit = false;
  int node = 0;
  std::vector<std::string> command;
};

[[noreturn]] void refuse(const std::string& option, const std::string& word, const char* form) {
  throw CLI::ValidationError(option, "'" + word + "' is not " + form);
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} && end == text.data() + text.size();
}

// "NUMBER:REST"
struct Numbered {
  int number = 0;
  std::string rest;
};
Numbered split(const std::string& option, const std::string& word, const char* form) {
  Numbered parts;
  const std::size_t colon = word.find(':');
  if (colon == std::string::npos || !read_number(std::string_view(word).substr(0, colon), parts.number)) {
    refuse(option, word, form);
  }
  parts.rest = word.substr(colon + 1);
  return parts;
}

LabLink& link_at(std::vector<LabLink>& links, int position, unsigned seed) {
  for (LabLink& link : links) {
    if (link.position == position) return link;
  }
  return links.emplace_back(LabLink{.position = position, .seed = seed});
}

void read_links(const Words& words, std::vector<LabLink>& links) {
  constexpr const char* kDelay = "LINK:DELAY, as 2:20ms";
  constexpr const char* kLoss = "LINK:LOSS, as 2:0.1";
  for (const std::string& word : words.delays) {
    const auto [position, rest] = split("--delay", word, kDelay);
    double milliseconds = 0;
    if (!rest.ends_with("ms") || !read_number(std::string_view(rest).substr(0, rest.size() - 2), milliseconds)) {
      refuse("--delay", word, kDelay);
    }
    link_at(links, position, words.seed).one_way_delay =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(milliseconds));
  }
  for (const std::string& word : words.losses) {
    const auto [position, rest] = split("--loss", word, kLoss);
    if (!read_number(rest, link_at(links, position, words.seed).loss)) refuse("--loss", word, kLoss);
  }
}

LabRule read_ruleset(const std::string& word) {
  const auto [node, path] = split("--nft", word, "NODE:FILE");
  std::ifstream file(path);
  if (!file) throw CLI::ValidationError("--nft", "cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return {node, text.str()};
}

LabSpec spec_of(const Words& words) {
  LabSpec spec;
  spec.routers = words.routers;
  for (const std::uint16_t port : words.open) spec.open_ports.push_back(Port{port});
  for (const std::string& word : words.rules) {
    auto rule = smtpath::io::parse_lab_rule(word);
    if (!rule) throw CLI::ValidationError("--rule", rule.error().message);
    spec.rules.push_back(std::move(rule).value());
  }
  for (const std::string& word : words.rulesets) spec.rules.push_back(read_ruleset(word));
  for (const std::string& word : words.listeners) {
    const auto [node, rest] = split("--listen", word, "NODE:PORT");
    std::uint16_t port = 0;
    if (!read_number(rest, port) || port == 0) refuse("--listen", word, "NODE:PORT");
    spec.listeners.push_back({node, Port{port}});
  }
  spec.silent_routers = words.silent;
  read_links(words, spec.links);
  spec.answers_echo = !words.no_echo;
  spec.limits_icmp = !words.no_icmp_limit;
  return spec;
}

void declare(CLI::App& app, Words& words) {
  const auto list = [&app](const char* name, auto& values, const char* meaning) {
    return app.add_option(name, values, meaning)->allow_extra_args(false);
  };
  app.add_option("--routers", words.routers, "How many, 0 to 60")->capture_default_str();
  list("--open", words.open, "Ports that the server greets on as a mail server; its others answer with a reset")
      ->delimiter(',')
      ->type_name("PORT,...")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str();
  list("--rule", words.rules, "A firewall rule, see below")->type_name("RULE");
  list("--nft", words.rulesets, "A ruleset for nft -f, loaded into that node")->type_name("NODE:FILE");
  list("--listen", words.listeners, "A port that another node greets on")->type_name("NODE:PORT");
  list("--silent", words.silent, "Routers that send no ICMP time exceeded")->delimiter(',')->type_name("NODE,...");
  list("--delay", words.delays, "Of each direction of the link behind that node")->type_name("LINK:20ms");
  list("--loss", words.losses, "Chance of each frame, in each direction")->type_name("LINK:0.1");
  app.add_option("--seed", words.seed, "Of what gets lost")->capture_default_str();
  app.add_flag("--no-echo", words.no_echo, "The server does not answer ICMP echo requests");
  app.add_flag("--no-icmp-limit", words.no_icmp_limit, "No node limits the rate of its ICMP errors");
  app.add_option("--node", words.node, "Where COMMAND runs")->capture_default_str();
  app.add_option("COMMAND", words.command, "After --, with its arguments")->required()->type_name("");
}

}  // namespace

NetlabLine read_netlab_line(int argc, char** argv) {
  CLI::App app(kAbout, "netlab");
  app.footer(kExamples);
  Words words;
  declare(app, words);
  try {
    app.parse(argc, argv);
    if (words.node < 0 || words.node > words.routers + 1) {
      throw CLI::ValidationError("--node", std::to_string(words.node) + " is not there");
    }
    return {NetlabOptions{spec_of(words), words.node, std::move(words.command)}, 0};
  } catch (const CLI::ParseError& error) {
    constexpr int kUsage = 64;
    return {std::nullopt, app.exit(error) == 0 ? 0 : kUsage};
  }
}
