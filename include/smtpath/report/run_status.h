#pragma once

// What a whole run amounts to: the worst verdict of a target, what the targets have in common, the outcomes of
// connections, and the exit status. For the status only the subjects of a target count: hardly any mail exchanger
// offers all of the controls, and a healthy one is not a failure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "smtpath/report/connection.h"
#include "smtpath/report/report.h"
#include "smtpath/verdict/common_blocks.h"
#include "smtpath/verdict/outcome.h"
#include "smtpath/verdict/verdict.h"

namespace smtpath::report {

/// Every verdict; the later one of two tells of more trouble.
inline constexpr std::array kVerdictsBestFirst{
    verdict::Kind::Open,     verdict::Kind::Inconclusive, verdict::Kind::Intermittent,  verdict::Kind::Refused,
    verdict::Kind::Rejected, verdict::Kind::Dropped,      verdict::Kind::ResetInjected, verdict::Kind::Intercepted,
    verdict::Kind::Loop,     verdict::Kind::Unreachable,  verdict::Kind::NoRoute,
};

/// Of the subjects; absent when the target could not be tried.
std::optional<verdict::Kind> worst_verdict_of(const TargetReport& target);

/// Counts the targets of a run as they are reported.
class RunTally {
 public:
  /// What is added from here on was traced apart from what was added before: a place that both name may be two.
  void begin_run();
  void add(const TargetReport& target);

  std::size_t targets() const { return targets_; }
  /// Blocks that targets of one run have in common, run by run.
  std::vector<verdict::CommonBlock> common_blocks() const;
  /// Blocked ports of targets of which these know nothing (verdict::CommonBlocks).
  std::uint64_t uncounted() const { return uncounted_ + blocks_.uncounted(); }
  /// Targets with this worst verdict; absent: those that could not be tried.
  std::size_t count(std::optional<verdict::Kind> worst) const;

  /// 0: every subject is open. 1: at least one is known not to be. 2: otherwise. 68: no target has an address.
  int exit_status() const;

 private:
  std::size_t targets_ = 0;
  std::map<std::optional<verdict::Kind>, std::size_t> counts_;
  bool has_resolved_ = false;
  bool has_unusable_ = false;
  bool has_unknown_ = false;
  /// Of the runs before, and of this one.
  std::vector<verdict::CommonBlock> common_;
  std::uint64_t uncounted_ = 0;
  verdict::CommonBlocks blocks_;
};

/// Counts the connections of a run as they are reported.
class ConnectionTally {
 public:
  void add(const ConnectionReport& connection);
  void add(const ConnectionTally& others);

  std::uint64_t connections() const { return connections_; }
  /// Those that somebody has to look at (verdict::SessionVerdict::has_failed).
  std::uint64_t failures() const { return failures_; }
  std::uint64_t count(verdict::Outcome outcome) const { return counts_.at(static_cast<std::size_t>(outcome)); }

 private:
  std::uint64_t connections_ = 0;
  std::uint64_t failures_ = 0;
  std::array<std::uint64_t, verdict::kOutcomes.size()> counts_{};
};

/// Of `smtpath analyze`. 0: nothing failed. 1: a connection did, or a subject of a trace is known not to be usable. 2:
/// neither a connection nor a trace was found.
int analysis_status(const ConnectionTally& connections, const RunTally& targets);

}  // namespace smtpath::report
