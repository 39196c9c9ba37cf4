#pragma once

// Finds the flow of a plan that a packet belongs to: by the tuple that the capture showed our probe with, or, where
// something rewrote that tuple, by the sequence number that only our probes carry. It grows with the flows that were
// captured, not with those that the plan allows.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/path/flow_mark.h"
#include "smtpath/path/plan.h"

namespace smtpath::path {

/// Addresses and ports in the direction of the probe.
struct Tuple {
  IpAddress source;
  IpAddress destination;
  Port source_port;
  Port destination_port;
  friend bool operator==(const Tuple&, const Tuple&) = default;
};

struct TupleHash {
  std::size_t operator()(const Tuple& tuple) const noexcept;
};

/// A flow that may send probes, as the plan allows it.
struct PlannedFlow {
  std::size_t target = 0;
  std::uint8_t slot = 0;
  Port source_port;
  Port destination_port;
  FlowMark mark;
  /// Not the target's, but that of the address that nobody can have.
  bool is_to_nowhere = false;
};

class FlowTable {
 public:
  explicit FlowTable(const Plan& plan);

  /// The flow whose probes carry this sequence number; absent: the plan has none.
  std::optional<PlannedFlow> by_sequence(std::uint32_t sequence) const;

  /// Absent: the plan has no such flow.
  std::optional<PlannedFlow> planned(std::size_t target, std::size_t slot, Port destination_port) const;

  /// Remembers under which tuple the capture showed a flow; false: it was shown under too many already, which only
  /// somebody who sends our probes back to us brings about.
  bool note_captured(const Tuple& tuple, const PlannedFlow& flow);

  /// The flow last captured under this tuple.
  std::optional<PlannedFlow> by_captured(const Tuple& tuple) const;

  /// From here on nothing belongs to a flow of the target, which has this address.
  void release(std::size_t target, const IpAddress& address);

  /// Absent: no target, or one that was released.
  std::optional<std::size_t> target_with(const IpAddress& address) const;

  /// The target whose echo requests carry this identifier and go to this address.
  std::optional<std::size_t> echo_target(const IpAddress& address, std::uint16_t identifier) const;

 private:
  FlowMarks marks_;
  std::vector<Port> source_ports_;
  /// The first is empty, for targets that were released. Targets in a row that are asked the same share a list.
  std::vector<std::vector<Port>> port_lists_{{}};
  std::vector<std::size_t> list_of_target_;
  std::unordered_map<Tuple, PlannedFlow, TupleHash> captured_;
  /// Of each flow, by its sequence number.
  std::unordered_map<std::uint32_t, std::vector<Tuple>> tuples_;
  std::unordered_map<IpAddress, std::pair<std::uint16_t, std::size_t>> echoes_;
};

}  // namespace smtpath::path
