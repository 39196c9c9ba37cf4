#include "path/flow_table.h"

#include <algorithm>
#include <functional>

namespace smtpath::path {

namespace {

constexpr std::size_t kReleased = 0;

std::vector<Port> numbers_of(const std::vector<PortPlan>& ports) {
  std::vector<Port> numbers;
  for (const PortPlan& port : ports) numbers.push_back(port.port);
  return numbers;
}

}  // namespace

std::size_t TupleHash::operator()(const Tuple& tuple) const noexcept {
  const std::size_t ports = std::size_t{tuple.source_port.number} << 16U | tuple.destination_port.number;
  return std::hash<IpAddress>{}(tuple.destination) ^ (std::hash<IpAddress>{}(tuple.source) << 1U) ^ (ports << 5U);
}

FlowTable::FlowTable(const Plan& plan) : marks_(plan.key), source_ports_(plan.source_ports) {
  for (std::size_t target = 0; target < plan.targets.size(); ++target) {
    const TargetPlan& asked = plan.targets[target];
    echoes_[asked.address] = {echo_identifier(plan.key, asked.address), target};
    std::vector<Port> ports = numbers_of(asked.ports);
    if (port_lists_.back() != ports) port_lists_.push_back(std::move(ports));
    list_of_target_.push_back(port_lists_.size() - 1);
  }
}

std::optional<PlannedFlow> FlowTable::by_sequence(std::uint32_t sequence) const {
  const FlowIndex index = marks_.flow_with(sequence);
  if (index.target >= list_of_target_.size() || index.slot >= source_ports_.size()) return std::nullopt;
  const std::vector<Port>& ports = port_lists_[list_of_target_[index.target]];
  if (index.port < ports.size()) return planned(index.target, index.slot, ports[index.port]);
  if (index.port - ports.size() >= ports.size()) return std::nullopt;
  return PlannedFlow{.target = index.target,
                     .slot = index.slot,
                     .source_port = source_ports_[index.slot],
                     .destination_port = ports[index.port - ports.size()],
                     .mark = marks_.of(index),
                     .is_to_nowhere = true};
}

std::optional<PlannedFlow> FlowTable::planned(std::size_t target, std::size_t slot, Port destination_port) const {
  const std::vector<Port>& ports = port_lists_[list_of_target_[target]];
  const auto port = std::find(ports.begin(), ports.end(), destination_port);
  if (port == ports.end() || slot >= source_ports_.size()) return std::nullopt;
  const FlowIndex index{.target = target,
                        .port = static_cast<std::size_t>(port - ports.begin()),
                        .slot = static_cast<std::uint8_t>(slot)};
  return PlannedFlow{.target = target,
                     .slot = index.slot,
                     .source_port = source_ports_[slot],
                     .destination_port = destination_port,
                     .mark = marks_.of(index)};
}

bool FlowTable::note_captured(const Tuple& tuple, const PlannedFlow& flow) {
  constexpr std::size_t kMostTuples = 8;
  std::vector<Tuple>& tuples = tuples_[flow.mark.sequence];
  if (std::find(tuples.begin(), tuples.end(), tuple) == tuples.end()) {
    if (tuples.size() >= kMostTuples) return false;
    tuples.push_back(tuple);
  }
  captured_[tuple] = flow;
  return true;
}

std::optional<PlannedFlow> FlowTable::by_captured(const Tuple& tuple) const {
  const auto found = captured_.find(tuple);
  return found == captured_.end() ? std::nullopt : std::optional(found->second);
}

void FlowTable::release(std::size_t target, const IpAddress& address) {
  // As many flows again lead nowhere.
  const std::size_t ports = std::min(2 * port_lists_[list_of_target_[target]].size(), kMostPorts);
  for (std::size_t port = 0; port < ports; ++port) {
    for (std::size_t slot = 0; slot < source_ports_.size(); ++slot) {
      const FlowMark mark = marks_.of({.target = target, .port = port, .slot = static_cast<std::uint8_t>(slot)});
      const auto found = tuples_.find(mark.sequence);
      if (found == tuples_.end()) continue;
      for (const Tuple& tuple : found->second) {
        const auto captured = captured_.find(tuple);
        if (captured != captured_.end() && captured->second.target == target) captured_.erase(captured);
      }
      tuples_.erase(found);
    }
  }
  list_of_target_[target] = kReleased;
  const auto echo = echoes_.find(address);
  if (echo != echoes_.end() && echo->second.second == target) echoes_.erase(echo);
}

std::optional<std::size_t> FlowTable::target_with(const IpAddress& address) const {
  const auto found = echoes_.find(address);
  return found == echoes_.end() ? std::nullopt : std::optional(found->second.second);
}

std::optional<std::size_t> FlowTable::echo_target(const IpAddress& address, std::uint16_t identifier) const {
  const auto found = echoes_.find(address);
  if (found == echoes_.end() || found->second.first != identifier) return std::nullopt;
  return found->second.second;
}

}  // namespace smtpath::path
