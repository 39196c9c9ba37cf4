#include "io/rule_tools.h"

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "io/command.h"
#include "io/iptables_rules.h"
#include "io/nft_rules.h"
#include "io/rule_table.h"

namespace smtpath::io {

namespace {

constexpr std::size_t kMostListing = std::size_t{1} << 20;
/// What iptables says of rules that it does not list as they were made by its older self.
constexpr std::string_view kLegacyWarning = "legacy tables present";

using Clock = std::chrono::steady_clock;

void append(Ruleset& ruleset, Ruleset more) {
  ruleset.tables.insert(ruleset.tables.end(), std::make_move_iterator(more.tables.begin()),
                        std::make_move_iterator(more.tables.end()));
  ruleset.is_complete &= more.is_complete;
}

class RuleTools {
 public:
  RuleTools(std::vector<std::string> folders, Duration patience)
      : folders_(std::move(folders)), deadline_(Clock::now() + patience) {}

  facts::LocalRules ask() {
    Ruleset found = ask_nft();
    for (const Family family : {Family::Ipv4, Family::Ipv6}) {
      const std::string prefix = family == Family::Ipv4 ? "iptables" : "ip6tables";
      const auto listing = list(prefix + "-save", {});
      if (!listing) continue;
      Ruleset iptables = parse_iptables_save(listing->text, family);
      if (is_view_of_nft(listing->text)) leave_out_what_iptables_shows(found, iptables);
      append(found, std::move(iptables));
      if (listing->warnings.find(kLegacyWarning) == std::string::npos) continue;
      const auto legacy = list(prefix + "-legacy-save", {});
      if (legacy) append(found, parse_iptables_save(legacy->text, family));
    }
    found.is_complete &= has_listed_ && !has_failed_;
    return stopping_rules(found);
  }

 private:
  struct Listing {
    std::string text;
    std::string warnings;
    bool is_cut = false;
  };

  Ruleset ask_nft() {
    // Sets of a hundred thousand addresses take their time, and no rule is missed without them.
    const auto terse = list("nft", {"-a", "-t", "list", "ruleset"});
    if (!terse) return {};
    Ruleset ruleset = parse_nft_ruleset(terse->text);
    if (!ruleset.lacks_sets) return ruleset;
    const auto whole = list("nft", {"-a", "list", "ruleset"});
    return whole && !whole->is_cut ? parse_nft_ruleset(whole->text) : ruleset;
  }

  /// Nothing when the program is not installed, or did not get that far.
  std::optional<Listing> list(const std::string& program, const std::vector<std::string>& arguments) {
    const std::string path = path_of(program);
    const Duration left = deadline_ - Clock::now();
    if (path.empty()) return std::nullopt;
    if (left <= Duration::zero()) return failure();
    Command command{
        .argv = {path}, .environment = {"LC_ALL=C"}, .timeout = left, .is_isolated = true, .most_output = kMostListing};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    auto outcome = run_command(command);
    if (!outcome || outcome.value().timed_out) return failure();
    Listing listing{.text = std::move(outcome.value().output), .warnings = std::move(outcome.value().errors)};
    listing.is_cut = listing.text.size() >= kMostListing;
    if (listing.is_cut || outcome.value().status != 0) has_failed_ = true;
    if (!listing.is_cut && outcome.value().status != 0) return std::nullopt;
    has_listed_ = true;
    return listing;
  }

  std::optional<Listing> failure() {
    has_failed_ = true;
    return std::nullopt;
  }

  std::string path_of(const std::string& program) const {
    for (const std::string& folder : folders_) {
      std::string path = folder + "/" + program;
      if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
  }

  std::vector<std::string> folders_;
  Clock::time_point deadline_;
  bool has_listed_ = false;
  bool has_failed_ = false;
};

}  // namespace

facts::LocalRules ask_rule_tools(std::vector<std::string> folders, Duration patience) {
  return RuleTools(std::move(folders), patience).ask();
}

}  // namespace smtpath::io
