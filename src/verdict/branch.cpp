#include "verdict/branch.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "smtpath/path/branches.h"
#include "verdict/place_of.h"

namespace smtpath::verdict {

namespace {

/// So many flows on each side show what they have in common.
constexpr std::size_t kEnoughFlows = 2;

std::vector<IpAddress> routers_at(const std::vector<const path::FlowTrace*>& flows, Ttl ttl, const IpAddress& target) {
  std::vector<IpAddress> routers;
  for (const path::FlowTrace* flow : flows) {
    if (const auto router = path::router_met(*flow, ttl, target)) routers.push_back(*router);
  }
  return routers;
}

bool contains(const std::vector<IpAddress>& routers, const IpAddress& router) {
  return std::find(routers.begin(), routers.end(), router) != routers.end();
}

struct Branch {
  path::SeenHop at;
  bool is_of_blocked = true;
};

/// A router that all of one side meet and none of the other.
std::optional<Branch> telling_branch(const Parting& parting, const Case& evidence) {
  for (const path::SplitHop& hop : evidence.splits) {
    const auto blocked = routers_at(parting.blocked, hop.ttl, evidence.target);
    const auto passing = routers_at(parting.passing, hop.ttl, evidence.target);
    const std::size_t needed = std::min(kEnoughFlows, parting.blocked.size());
    if (passing.size() < kEnoughFlows) continue;
    const bool is_one = !blocked.empty() && std::all_of(blocked.begin(), blocked.end(), [&](const IpAddress& router) {
      return router == blocked.front();
    });
    if (is_one && blocked.size() >= needed && !contains(passing, blocked.front())) {
      return Branch{.at = {.ttl = hop.ttl, .address = blocked.front()}, .is_of_blocked = true};
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_explained_by_branch(const Parting& parting, const Case& evidence) {
  return telling_branch(parting, evidence).has_value();
}

std::string describe_branch(const Parting& parting, const Case& evidence) {
  const auto branch = telling_branch(parting, evidence);
  if (!branch) return {};
  return fmt::format(": exactly those through {} at hop {} do not", to_string(branch->at.address), branch->at.ttl.hops);
}

Location where_they_part(const Parting& parting, const Case& evidence) {
  Case blocked = evidence;
  blocked.path = evidence.path.of_flows(parting.blocked);
  blocked.answer = blocked.path.answer();
  blocked.others.push_back(evidence.path.of_flows(parting.passing));
  return blocked.answer ? where_answer_begins(blocked, *blocked.answer) : where_silence_begins(blocked);
}

}  // namespace smtpath::verdict
