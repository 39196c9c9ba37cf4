#pragma once

// The judge: from what the packets of one target say to a verdict for each of its ports. It knows neither how the
// packets were obtained nor how the verdicts are shown. docs/verdicts.md lists the rules in their order.

#include <optional>
#include <span>
#include <vector>

#include "smtpath/facts/local_host.h"
#include "smtpath/facts/port_route.h"
#include "smtpath/path/capture_loss.h"
#include "smtpath/path/distance.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/trace.h"
#include "smtpath/verdict/verdict.h"

namespace smtpath::verdict {

struct PortDiagnosis {
  path::PortPlan port;
  Verdict verdict;
};

struct Diagnosis {
  /// Of the address; absent when nothing fixed it.
  std::optional<path::Distance> distance;
  /// In the order of the plan, without anchors that were never asked.
  std::vector<PortDiagnosis> ports;
};

/// What is known beside the packets of the target. It is lent for the time of the call.
struct Circumstances {
  /// Null: the capture lost nothing.
  const path::CaptureLoss* capture_loss = nullptr;
  /// Of the ports that the kernel routes apart.
  std::span<const facts::PortRoute> routes{};
  /// This host itself has the target's address.
  bool is_target_local = false;
  /// Null: nothing is known of this host.
  const facts::LocalHost* host = nullptr;
};

Diagnosis diagnose(const path::PathTrace& trace, const path::TargetPlan& plan, const Circumstances& circumstances);

}  // namespace smtpath::verdict
