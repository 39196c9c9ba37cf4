#pragma once

// What marks the probes of a flow as ours. Asker and observer draw the same marks from the key of the run, so neither
// has to tell the other what was sent. A flow's initial sequence number is constant: to every stateful firewall its
// probes are retransmissions of one SYN. It is the number of the flow in the plan, encrypted: no two flows of a run
// share one, and who has the key reads the flow off it.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/path/plan.h"

namespace smtpath::path {

/// Where a plan has a flow. Within the plan's bounds: kMostTargets, kMostPorts, kMostSlots.
struct FlowIndex {
  std::size_t target = 0;
  /// Among the ports of the target.
  std::size_t port = 0;
  std::uint8_t slot = 0;
  friend bool operator==(const FlowIndex&, const FlowIndex&) = default;
};

struct FlowMark {
  std::uint32_t sequence = 0;
  /// The TCP timestamp value of probe n is this plus n (modulo 2^32), so that it rises in sending order.
  std::uint32_t timestamp_base = 0;
};

class FlowMarks {
 public:
  explicit FlowMarks(const HashKey& key);
  FlowMarks(FlowMarks&&) noexcept;
  FlowMarks& operator=(FlowMarks&&) noexcept;
  ~FlowMarks();

  FlowMark of(const FlowIndex& flow) const;

  /// The only flow whose sequence number this can be. Every number yields one, whether the plan has it or not.
  FlowIndex flow_with(std::uint32_t sequence) const;

 private:
  class Cipher;
  std::unique_ptr<Cipher> cipher_;
};

/// Of the echo requests to a target, never 0.
std::uint16_t echo_identifier(const HashKey& key, const IpAddress& target);

}  // namespace smtpath::path
