#include "smtpath/verdict/diagnose.h"

#include <algorithm>

#include "smtpath/path/port_path.h"
#include "verdict/branch.h"
#include "verdict/case.h"
#include "verdict/fares.h"
#include "verdict/injector.h"
#include "verdict/interception.h"
#include "verdict/place_of.h"
#include "verdict/rules.h"

namespace smtpath::verdict {

namespace {

bool is_of_host(const Verdict& verdict) {
  return verdict.kind == Kind::Open || verdict.kind == Kind::Refused;
}

/// Where packets of one flow take different branches, or tries of the port come to nothing, one verdict on all is less
/// sure.
bool is_doubtful(const Case& evidence, const Verdict& verdict) {
  const bool is_of_answers = verdict.kind != Kind::Dropped && verdict.kind != Kind::Intermittent;
  if (!is_of_answers || !evidence.answer || evidence.answer->is_of_this_host()) return false;
  if (is_split_by_packet(evidence)) return true;
  // Forgers on some branches, and others behind them, look like one.
  const bool is_forged = verdict.kind == Kind::ResetInjected || verdict.kind == Kind::Intercepted;
  if (is_forged && !evidence.splits.empty()) return true;
  const Fares fares = fares_of(evidence);
  constexpr int kSeveral = 2;
  constexpr double kSeldom = 2e-2;
  if (fares.missed() < kSeveral) return false;
  if (!evidence.splits.empty()) return true;
  // Routers ration their errors: rejected tries that come to nothing say little.
  return is_of_host(verdict) && chance_of_coincidence(fares, loss_of_others(evidence)) < kSeldom;
}

/// What stops flows of one port may stop those of another, on source ports that were not tried.
void doubt_beside_branches(Diagnosis& diagnosis) {
  const bool is_any_dependent =
      std::any_of(diagnosis.ports.begin(), diagnosis.ports.end(),
                  [](const PortDiagnosis& port) { return port.verdict.cause == Cause::PathDependent; });
  for (PortDiagnosis& port : diagnosis.ports) {
    if (is_any_dependent && is_of_host(port.verdict))
      port.verdict.confidence = std::max(port.verdict.confidence, Confidence::Medium);
  }
}

Verdict verdict_of(const Case& evidence) {
  for (const Rule& rule : rules()) {
    if (auto verdict = rule.decide(evidence)) {
      for (Evidence& item : verdict->evidence) {
        if (item.rule.empty()) item.rule = rule.name;
      }
      if (verdict->confidence == Confidence::High && is_doubtful(evidence, *verdict)) {
        verdict->confidence = Confidence::Medium;
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
  doubt_beside_branches(diagnosis);
  return diagnosis;
}

}  // namespace smtpath::verdict
