#pragma once

// What can be wrong on the way to port 25, each case under the one name that it has everywhere, and what is true of it.
// Every network is a chain of five routers: client – 1 – 2 – 3 – 4 – 5 – server. 25 and 587 are open, 465 and 2525 are
// closed, unless the case says otherwise; none of scenarios() touches any port but 25. See situations.h for those that
// need more than a rule on the chain.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
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

inline constexpr int kScenarioRouters = 5;
/// The hop at which the server is.
inline constexpr int kScenarioServer = kScenarioRouters + 1;

/// 10.9.<network>.<host> or fd09:0:0:<network>::<host>, the digits the same.
struct LabHost {
  int network = 0;
  int host = 0;
};

std::string to_string(LabHost host, Family family);

struct Scenario {
  std::string name;
  io::LabSpec network{.routers = kScenarioRouters, .open_ports = {Port{25}, Port{587}}};
  /// Of port 25, with its location; an open port has none.
  std::string verdict{};
  std::optional<ExpectedLocation> location{};
  /// Of the other ports.
  std::map<int, std::string> others{{465, "refused"}, {587, "open"}, {2525, "refused"}};
  /// As reported; null when nothing shows it.
  std::optional<int> distance = kScenarioServer;
  /// Both of port 25, where the case is about them.
  std::optional<std::string> confidence{};
  std::optional<std::string> reason{};
  /// An address that a note of the report must name.
  std::optional<LabHost> noted{};
  /// What is traced.
  LabHost target{kScenarioServer, 1};
  /// More options of the program.
  std::vector<std::string> options{};
  /// Who answers at each hop of port 25, from the client on, where it is not the chain.
  std::vector<LabHost> path{};
  /// Whether packets get lost on the way by chance: then silence may be `inconclusive`, a location wider than the
  /// expected one, and the distance unknown.
  bool is_lossy = false;
};

std::vector<Scenario> scenarios();

Scenario open_everywhere();
Scenario drop_after(int hop);
Scenario rst_forged_after(int hop);

}  // namespace smtpath::test
