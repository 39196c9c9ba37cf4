// Where the devices of a simulated network stand, and which of them a packet comes to next.

#include <algorithm>

#include "support/network.h"
#include "support/network_travel.h"

namespace smtpath::test {

void Network::plant() {
  for (const Device& device : path_.devices) {
    const std::size_t here = nodes_.size();
    nodes_.push_back({.device = &device, .hop = static_cast<int>(here) + 1, .before = {}, .next = here + 1});
    if (here > 0) nodes_.back().before = here - 1;
  }
  nodes_.back().is_host = true;
  plant_detours();
  plant_splits();
}

void Network::plant_detours() {
  for (const Detour& detour : path_.detours) {
    plant_row(detour.devices, static_cast<std::size_t>(detour.at) - 1, &detour);
    nodes_.back().is_host = true;
  }
}

void Network::plant_splits() {
  for (const Split& split : path_.splits) {
    const auto router = static_cast<std::size_t>(split.at) - 1;
    nodes_[router].split = &split;
    nodes_[router].first_branch = nodes_.size();
    for (const std::vector<Device>& branch : split.others) {
      const std::size_t last = plant_row(branch, router, nullptr);
      nodes_[last].next = router + 1 + branch.size();
    }
  }
}

// Devices one behind another; the last one of them.
std::size_t Network::plant_row(std::span<const Device> devices, std::size_t before, const Detour* detour) {
  for (const Device& device : devices) {
    const std::size_t here = nodes_.size();
    nodes_.push_back(
        {.device = &device, .hop = nodes_[before].hop + 1, .before = before, .next = here + 1, .detour = detour});
    before = here;
  }
  return before;
}

// Where the packet goes from the router at which it is.
std::size_t Network::after(const Travel& packet) {
  const Node& node = nodes_[packet.at];
  const Detour* const detour = packet.detour;
  if (detour != nullptr && node.detour == nullptr && node.hop == detour->at) {
    const auto first =
        std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& each) { return each.detour == detour; });
    return static_cast<std::size_t>(first - nodes_.begin());
  }
  const std::size_t branch = node.split == nullptr ? 0 : branch_for(*node.split, packet);
  if (branch == 0) return node.next;
  return node.first_branch + (branch - 1) * static_cast<std::size_t>(node.split->length());
}

std::size_t Network::branch_for(const Split& split, const Travel& packet) {
  switch (split.by) {
    case Split::By::Flow:
      return branch_of(split, packet.flow);
    case Split::By::Packet:
      return std::uniform_int_distribution<std::size_t>(0, split.branches() - 1)(other_random_);
    case Split::By::Time:
      return packet.now >= *first_sent_ + split.after ? 1 : 0;
  }
  return 0;
}

// The detour that packets to the port are on when they are at this device: its translation is behind them.
const Detour* Network::detour_at(std::size_t node, std::optional<Port> port) const {
  const Detour* const detour = port ? path_.detour_of(*port) : nullptr;
  return detour != nullptr && nodes_[node].hop >= detour->at ? detour : nullptr;
}

}  // namespace smtpath::test
