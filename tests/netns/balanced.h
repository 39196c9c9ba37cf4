#pragma once

// A chain whose second router spreads flows over several branches, by the hash of their five-tuple as Linux routers do,
// and what the branches saw of them. They meet again at router 4:
//
//                    ┌─ 3 ─┐
//     client – 1 – 2 ┼─ 7 ─┼ 4 – 5 – server
//                    └─ … ─┘

#include <map>
#include <set>
#include <string>
#include <vector>

#include "netns/program.h"
#include "smtpath/io/lab_spec.h"
#include "support/scenarios.h"

namespace smtpath::test {

inline constexpr int kSplitter = 2;
inline constexpr int kBranchHop = 3;
inline constexpr int kMeeting = 4;

/// The router of a branch; the first is on the chain.
int node_of_branch(int branch);

/// Its address in its errors.
std::string address_of_branch(int branch, Family family);

/// Adds branches to a chain until there are so many. They count the source ports of what goes to port 25.
void balance(io::LabSpec& spec, int branches);

/// Of the SYNs to port 25 by source port: the branches that each flow was seen on.
struct FlowsSeen {
  std::map<int, std::set<int>> branches;
  /// Those with SYNs that go as far as the server.
  std::set<int> far_going;
};
FlowsSeen flows_seen(const io::Lab& lab, int branches, Family family);

}  // namespace smtpath::test
