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
#include "app/tlsa_lookup.h"
#include "smtpath/path/trace.h"
#include "smtpath/report/run_plan.h"

namespace smtpath::app {

/// What visits need; all of it outlives the planner.
struct MailParts {
  const report::RunPlan& plan;
  const TraceOptions& options;
  const io::CertificateStore& store;
  const TlsaTable& tlsa;
  /// Where keys of TLS sessions go; null: nowhere.
  Evidence* evidence = nullptr;
  /// For ports where mail is submitted; absent: nobody is to log in.
  const std::optional<smtp::Credentials>& credentials;
};

class MailPlanner {
 public:
  explicit MailPlanner(const MailParts& parts);

  /// Of the target at `index` of the plan, once its trace is complete; empty: no port of it is to be visited.
  std::vector<VisitPlan> visits_of(std::size_t index, const path::PathTrace& trace) const;

 private:
  VisitPlan visit_of(const report::PlannedTarget& target, Port port) const;

  MailParts parts_;
  /// By index of the plan.
  std::vector<const report::PlannedTarget*> targets_;
};

}  // namespace smtpath::app
