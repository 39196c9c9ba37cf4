#pragma once

// Which interface the probes of a port leave by, where policy rules give mail to it another than the host's other
// traffic.

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "smtpath/base/quantities.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

class PortInterfaces {
 public:
  explicit PortInterfaces(const report::RunPlan& plan);

  /// For a packet to a target of the plan; 0 leaves the choice to the kernel.
  std::uint32_t of(std::size_t target, std::span<const std::byte> packet) const;

 private:
  std::map<std::pair<std::size_t, Port>, std::uint32_t> indices_;
};

}  // namespace smtpath::app
