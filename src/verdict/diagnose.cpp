#include "smtpath/verdict/diagnose.h"

#include "smtpath/path/port_path.h"
#include "verdict/case.h"
#include "verdict/injector.h"
#include "verdict/interception.h"
#include "verdict/place_of.h"
#include "verdict/rules.h"

namespace smtpath::verdict {

namespace {

Verdict verdict_of(const Case& evidence) {
  for (const Rule& rule : rules()) {
    if (auto verdict = rule.decide(evidence)) {
      for (Evidence& item : verdict->evidence) {
        if (item.rule.empty()) item.rule = rule.name;
      }
      tell_of_interception(evidence, *verdict);
      tell_of_forgeries(evidence, *verdict);
      return *std::move(verdict);
    }
  }
  Verdict nothing;
  nothing.reason = Reason::TooFewReplies;
  nothing.location = where_silence_begins(evidence);
  return nothing;
}

}  // namespace

Diagnosis diagnose(const path::PathTrace& trace, const path::TargetPlan& plan, const Circumstances& circumstances) {
  Diagnosis diagnosis{.distance = path::distance_of(trace, plan.ports), .ports = {}};
  for (const path::PortPlan& asked : plan.ports) {
    const bool was_probed = path::PortPath(trace, asked.port).was_probed();
    if (asked.role == path::Role::Anchor && !was_probed) continue;
    diagnosis.ports.push_back(
        {.port = asked, .verdict = verdict_of(make_case(trace, plan, asked.port, circumstances))});
  }
  return diagnosis;
}

}  // namespace smtpath::verdict
