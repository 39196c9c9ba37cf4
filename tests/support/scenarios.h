#pragma once

// What can be wrong on the way to port 25, each case under the one name that it has everywhere, and what is true of it.
// Every network is a chain of five routers: client – 1 – 2 – 3 – 4 – 5 – server. 25 and 587 are open, 465 and 2525 are
// closed, unless the case says otherwise; no case touches any port but 25.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/io/lab_spec.h"

namespace smtpath::test {

/// A hop of a location. Without `is_seen` no packet shows its address.
struct ExpectedHop {
  int ttl = 0;
  bool is_seen = true;
};

/// In the words of the report.
struct ExpectedLocation {
  std::string place;
  std::optional<ExpectedHop> last_reached;
  std::optional<ExpectedHop> first_missed;
  std::optional<ExpectedHop> suspect;
};

struct Scenario {
  std::string name;
  io::LabSpec network;
  /// Of port 25, with its location; an open port has none.
  std::string verdict;
  std::optional<ExpectedLocation> location;
};

inline constexpr int kScenarioRouters = 5;
/// The hop at which the server is.
inline constexpr int kScenarioServer = kScenarioRouters + 1;

std::vector<Scenario> scenarios();

}  // namespace smtpath::test
