#include "path/next_hops.h"

namespace smtpath::path {

NextHops::NextHops(const Plan& plan) {
  for (std::size_t i = 0; i < plan.targets.size(); ++i) {
    if (const auto& next_hop = plan.targets[i].next_hop) behind_[*next_hop].targets.push_back(i);
  }
}

std::optional<std::size_t> NextHops::note(const wire::Packet& packet, const wire::Neighbor& neighbor,
                                          std::vector<PathTrace>& traces) {
  const auto found = behind_.find(neighbor.target);
  if (found == behind_.end()) return std::nullopt;
  Behind& told = found->second;
  NextHop next_hop = told.next_hop;
  if (neighbor.is_reply) {
    next_hop.has_answered = true;
  } else if (packet.ip.source != neighbor.target) {
    next_hop.was_asked = true;
  }
  if (next_hop == told.next_hop) return std::nullopt;
  told.next_hop = next_hop;
  for (const std::size_t target : told.targets) traces[target].next_hop = next_hop;
  return told.targets.front();
}

}  // namespace smtpath::path
