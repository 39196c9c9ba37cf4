#include "path/flow_table.h"

#include <functional>

namespace smtpath::path {

std::size_t TupleHash::operator()(const Tuple& tuple) const noexcept {
  const std::size_t ports = std::size_t{tuple.source_port.number} << 16U | tuple.destination_port.number;
  return std::hash<IpAddress>{}(tuple.destination) ^ (std::hash<IpAddress>{}(tuple.source) << 1U) ^ (ports << 5U);
}

FlowTable::FlowTable(const Plan& plan) {
  for (std::size_t target = 0; target < plan.targets.size(); ++target) {
    const TargetPlan& asked = plan.targets[target];
    echoes_[asked.address] = {echo_identifier(plan.key, asked.address), target};
    for (const PortPlan& port : asked.ports) {
      for (std::size_t slot = 0; slot < plan.source_ports.size(); ++slot) {
        const Port source_port = plan.source_ports[slot];
        flows_.push_back({.target = target,
                          .slot = static_cast<std::uint8_t>(slot),
                          .source_port = source_port,
                          .destination_port = port.port,
                          .mark = mark_of(plan.key, asked.address, source_port, port.port)});
      }
    }
  }
  for (std::size_t i = 0; i < flows_.size(); ++i) sequences_[flows_[i].mark.sequence] = i;
}

const PlannedFlow* FlowTable::by_sequence(std::uint32_t sequence) const {
  const auto found = sequences_.find(sequence);
  return found == sequences_.end() ? nullptr : &flows_[found->second];
}

bool FlowTable::note_captured(const Tuple& tuple, const PlannedFlow& flow) {
  constexpr int kMostTuples = 8;
  if (captured_.contains(tuple)) {
    captured_[tuple] = &flow;
    return true;
  }
  int& count = tuple_counts_[&flow];
  if (count >= kMostTuples) return false;
  ++count;
  captured_[tuple] = &flow;
  return true;
}

const PlannedFlow* FlowTable::by_captured(const Tuple& tuple) const {
  const auto found = captured_.find(tuple);
  return found == captured_.end() ? nullptr : found->second;
}

std::optional<std::size_t> FlowTable::echo_target(const IpAddress& address, std::uint16_t identifier) const {
  const auto found = echoes_.find(address);
  if (found == echoes_.end() || found->second.first != identifier) return std::nullopt;
  return found->second.second;
}

}  // namespace smtpath::path
