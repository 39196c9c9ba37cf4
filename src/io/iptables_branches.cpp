#include "io/iptables_branches.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

namespace smtpath::io {

namespace {

/// Their next word is text of the user's, which may look like an option.
constexpr std::array<std::string_view, 8> kOptionsWithText{"--comment",    "--log-prefix", "--nflog-prefix", "--string",
                                                           "--hex-string", "--name",       "--match-set",    "--path"};
/// Targets that let the packet go on, or end its way through the table.
constexpr std::array<std::string_view, 3> kTargetsThatPass{"ACCEPT", "RETURN", "QUEUE"};

std::optional<std::uint16_t> number_in(std::string_view text) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "25", "25:30", "25,465:587"; none when it is something else.
std::optional<PortSet> ports_in(std::string_view text) {
  std::vector<facts::PortRange> ranges;
  for (;;) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    const std::size_t colon = item.find(':');
    const auto first = number_in(item.substr(0, colon));
    const auto last = colon == std::string_view::npos ? first : number_in(item.substr(colon + 1));
    if (!first || !last) return std::nullopt;
    ranges.push_back({Port{*first}, Port{*last}});
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  PortSet ports(std::move(ranges));
  if (ports.ranges().size() > PortSet::kMostRanges) return std::nullopt;
  return ports;
}

class Rule {
 public:
  explicit Rule(const std::vector<std::string>& words) : words_(words) {}

  std::vector<RuleBranch> read() {
    bool is_negated = false;
    while (next_ < words_.size()) {
      const std::string& option = words_[next_++];
      if (option == "!") {
        is_negated = true;
        continue;
      }
      if (takes_argument(option)) read_option(option, argument(), is_negated);
      is_negated = false;
    }
    if (!action_) return {};
    std::vector<RuleBranch> branches;
    for (const Reach& way : ways_) branches.push_back({reach_ & way, *action_});
    return branches;
  }

 private:
  static bool takes_argument(std::string_view option) {
    constexpr std::array<std::string_view, 11> kOptions{
        "-p", "-i", "-o", "-j", "-g", "--sport", "--dport", "--sports", "--dports", "--ports", "--reject-with"};
    return !option.empty() &&
           (std::find(kOptions.begin(), kOptions.end(), option) != kOptions.end() ||
            std::find(kOptionsWithText.begin(), kOptionsWithText.end(), option) != kOptionsWithText.end());
  }

  std::string argument() { return next_ < words_.size() ? words_[next_++] : std::string(); }

  void read_option(std::string_view option, const std::string& argument, bool is_negated) {
    if (option == "-p") {
      reach_.has_tcp &= (argument == "tcp" || argument == "6" || argument == "all") != is_negated;
    } else if (option == "-i") {
      reach_.comes_from_outside &= argument != "lo" || is_negated;
    } else if (option == "-o") {
      reach_.goes_outside &= argument != "lo" || is_negated;
    } else if (option == "-j" || option == "-g") {
      read_target(argument);
    } else if (option == "--reject-with") {
      if (action_ && argument == "tcp-reset") action_ = facts::Effect::Reset;
    } else if (option.ends_with("port") || option.ends_with("ports")) {
      if (const auto ports = ports_in(argument)) read_ports(option, is_negated ? ~*ports : *ports, is_negated);
    }
  }

  void read_target(const std::string& target) {
    if (target == "DROP") {
      action_ = facts::Effect::Drop;
    } else if (target == "REJECT") {
      action_ = facts::Effect::Reject;
    } else if (std::find(kTargetsThatPass.begin(), kTargetsThatPass.end(), target) == kTargetsThatPass.end()) {
      // Perhaps a target that a module brings: then no chain has its name.
      action_ = ChainCall{.chain = target};
    }
  }

  void read_ports(std::string_view option, const PortSet& ports, bool is_negated) {
    Reach source;
    source.source = ports;
    Reach destination;
    destination.destination = ports;
    if (option.starts_with("--s")) {
      reach_ = reach_ & source;
    } else if (option.starts_with("--d")) {
      reach_ = reach_ & destination;
    } else if (is_negated) {
      reach_ = reach_ & source & destination;
    } else {
      ways_ = {source, destination};
    }
  }

  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  Reach reach_;
  /// Any of these besides: "--ports" means one end or the other.
  std::vector<Reach> ways_{Reach{}};
  std::optional<RuleAction> action_;
};

}  // namespace

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  bool is_quoted = false;
  bool is_in_word = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char letter = line[i];
    if (!is_quoted && (letter == ' ' || letter == '\t')) {
      is_in_word = false;
      continue;
    }
    if (!is_in_word) words.emplace_back();
    is_in_word = true;
    if (letter == '"') {
      is_quoted = !is_quoted;
    } else if (letter == '\\' && i + 1 < line.size()) {
      words.back() += line[++i];
    } else {
      words.back() += letter;
    }
  }
  return words;
}

std::vector<RuleBranch> read_branches(const std::vector<std::string>& words) {
  return Rule(words).read();
}

}  // namespace smtpath::io
