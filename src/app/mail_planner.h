#pragma once

// Which mail ports of a traced target to visit, and how: those that answered with a SYN-ACK, as a mail client of this
// host would.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/evidence.h"
#include "app/mail_visit.h"
#include "app/options.h"
#include "smtpath/path/trace.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

class MailPlanner {
 public:
  /// All are lent for the planner's life. Keys of TLS sessions go to the evidence; null: there is none.
  MailPlanner(const report::RunPlan& plan, const TraceOptions& options, const io::CertificateStore& store,
              Evidence* evidence);

  /// Of the target at `index` of the plan, once its trace is complete; empty: no port of it is to be visited.
  std::vector<VisitPlan> visits_of(std::size_t index, const path::PathTrace& trace) const;

 private:
  VisitPlan visit_of(const report::PlannedTarget& target, Port port) const;

  const report::RunPlan& plan_;
  const TraceOptions& options_;
  const io::CertificateStore& store_;
  Evidence* evidence_;
  /// By index of the plan.
  std::vector<const report::PlannedTarget*> targets_;
};

}  // namespace smtpath::app
