#pragma once

// The report that a person reads in a terminal: a table of hops by ports, the verdict of each port, one conclusion.

#include <string>

#include "smtpath/report/report.h"
#include "smtpath/report/run_status.h"

namespace smtpath::report {

struct TextStyle {
  bool color = false;
  /// Columns of the terminal; long lines of prose are folded to it. 0: never fold.
  int width = 80;
  /// Every piece of evidence and every reply, instead of the first few.
  bool verbose = false;
};

/// One target, without what belongs to the whole run. Text from the network is escaped: no control characters.
std::string text_of(const TargetReport& target, const TextStyle& style);

/// What stands between the texts of two targets.
std::string rule_between_targets();

/// What stands after the text of the last target: what the targets have in common. Empty where that is nothing.
std::string text_of(const RunTally& tally, const TextStyle& style);

/// What stands last: the line on the capture.
std::string text_of(const RunEnding& run, const TextStyle& style);

}  // namespace smtpath::report
