#include "app/target_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "smtpath/io/line_reader.h"

namespace smtpath::app {

namespace {

/// RFC 1035 section 2.3.4, as text without the final dot.
constexpr std::size_t kLongestName = 253;
constexpr std::size_t kMostTargets = 1'000'000;
constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

class TargetList {
 public:
  /// False: there are too many.
  bool add(std::string target) {
    if (!known_.insert(target).second) return true;
    targets_.push_back(std::move(target));
    return targets_.size() <= kMostTargets;
  }

  std::vector<std::string> take() && { return std::move(targets_); }

 private:
  std::unordered_set<std::string> known_;
  std::vector<std::string> targets_;
};

/// Without comment and the blanks around it.
std::string_view content_of(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != std::string_view::npos) {
      line = line.substr(0, at);
      break;
    }
  }
  const std::size_t first = line.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

/// What is wrong with it at first sight; whether there is such a host is another question.
std::optional<std::string> flaw_of(std::string_view target) {
  constexpr char kFirstPrintable = 0x20;
  constexpr char kDelete = 0x7f;
  const auto is_control = [](char letter) {
    return (letter >= 0 && letter < kFirstPrintable && letter != '\t') || letter == kDelete;
  };
  if (std::any_of(target.begin(), target.end(), is_control)) return "a control character, not a target";
  if (target.size() > kLongestName + 1)
    return fmt::format("longer than a host name can be ({} characters)", kLongestName);
  if (target.find_first_of(kBlanks) != std::string_view::npos) {
    return fmt::format("\"{}\": more than one word on a line", target);
  }
  return std::nullopt;
}

std::optional<TargetListFailure> add_list(TargetList& targets, const std::string& path) {
  auto opened = io::LineReader::open(path);
  if (!opened) return TargetListFailure{opened.error(), ExitStatus::NoInput};
  io::LineReader& reader = opened.value();
  bool is_empty = true;
  for (std::size_t number = 1;; ++number) {
    const auto line = reader.next();
    if (!line) return TargetListFailure{line.error(), ExitStatus::NoInput};
    if (!line.value()) break;
    std::string_view text = *line.value();
    if (number == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const std::string_view target = content_of(text);
    if (target.empty()) continue;
    if (const auto flaw = flaw_of(target)) {
      return TargetListFailure{Error{fmt::format("{}:{}: {}", reader.name(), number, *flaw)}};
    }
    is_empty = false;
    if (!targets.add(std::string(target))) {
      return TargetListFailure{Error{fmt::format("{}: more than {} targets", reader.name(), kMostTargets)}};
    }
  }
  if (is_empty) return TargetListFailure{Error{fmt::format("{}: no target in it", reader.name())}};
  return std::nullopt;
}

}  // namespace

std::variant<std::vector<std::string>, TargetListFailure> read_targets(const TraceOptions& options) {
  TargetList targets;
  for (const std::string& target : options.targets) targets.add(target);
  if (options.target_list) {
    if (auto failure = add_list(targets, *options.target_list)) return std::move(*failure);
  }
  return std::move(targets).take();
}

}  // namespace smtpath::app
