#pragma once

// Which ports a run asks, from the words of the command line.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/path/plan.h"

namespace smtpath::app {

/// As given; absent where the option was not.
struct PortChoice {
  std::optional<std::string> subjects;
  /// "none" for no control and no anchor.
  std::optional<std::string> controls;
};

/// Without subjects: 25, controlled by 465, 587 and 2525. Subjects alone have no controls. 443 and 80 become anchors.
/// Errors: no port, 0, past 65535, not a number, named twice, more than a plan holds.
Result<std::vector<path::PortPlan>> choose_ports(const PortChoice& choice);

/// A list of ports where an analysis expects mail. Errors: as above, but that it may hold 4,096.
Result<std::vector<Port>> parse_ports(const std::string& list);

}  // namespace smtpath::app
