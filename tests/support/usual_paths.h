#pragma once

// One path of each kind that a run meets, all of the same length: what whole runs cost is measured on them.

#include <string_view>
#include <vector>

#include "smtpath/path/plan.h"
#include "support/network_path.h"

namespace smtpath::test {

struct UsualPath {
  std::string_view name;
  NetworkPath path;
};

/// 14 routers and a server at hop 15. What is meddled with is port 25, or all mail ports, at hop 7 where nothing else
/// is said.
std::vector<UsualPath> usual_paths();

/// 25 is the subject; 465, 587 and 2525 are controls, 443 and 80 anchors.
std::vector<path::PortPlan> mail_ports_and_anchors();

}  // namespace smtpath::test
