#include "app/run_report.h"

#include <algorithm>
#include <map>
#include <utility>

#include "smtpath/path/back.h"
#include "smtpath/path/port_path.h"
#include "smtpath/report/conclusion.h"
#include "smtpath/report/notes.h"
#include "smtpath/report/remarks.h"
#include "smtpath/wire/decode.h"

namespace smtpath::app {

namespace {

constexpr std::string_view kLoopback = "lo";

std::optional<report::IcmpReport> report_icmp(const path::Reply& reply) {
  if (reply.kind != path::ReplyKind::Unreachable || !reply.icmp) return std::nullopt;
  return report::IcmpReport{.type = reply.icmp->type, .code = reply.icmp->code, .from = reply.from};
}

report::AnswerReport report_answer(const path::PortPath& path) {
  const auto answer = path.answer();
  if (!answer) return {};
  const path::Reply& reply = *answer->reply;
  return {.kind = reply.kind,
          .from = reply.from,
          .ttl = reply.ttl,
          .elicit = answer->elicit,
          .back = path::back_of(reply.ttl),
          .rtt = reply.at - answer->probe->sent,
          .icmp = report_icmp(reply)};
}

std::vector<report::FlowReport> report_flows(const path::PortPath& path) {
  std::vector<report::FlowReport> flows;
  for (const path::FlowFate& fate : path.fates()) {
    std::optional<path::ReplyKind> kind;
    if (fate.reply != nullptr) kind = fate.reply->kind;
    flows.push_back(
        {.id = fate.flow->slot, .source_port = fate.flow->source_port, .kind = kind, .elicit = fate.elicit});
  }
  return flows;
}

std::vector<report::HopReport> report_hops(const path::PortPath& path) {
  std::map<Ttl, report::HopReport> hops;
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      report::HopReport& hop = hops[probe.ttl];
      hop.ttl = probe.ttl;
      if (path::has_left(probe)) ++hop.sent;
      for (const path::Reply& reply : probe.replies) {
        hop.replies.push_back({.kind = reply.kind,
                               .from = reply.from,
                               .flow = flow->slot,
                               .rtt = reply.at - probe.sent,
                               .ttl = reply.ttl,
                               .icmp = report_icmp(reply),
                               .mpls = reply.mpls,
                               .quoted_ttl = reply.icmp ? std::optional(reply.icmp->quoted_ttl) : std::nullopt,
                               .changes = reply.icmp ? reply.icmp->changes : std::vector<path::QuoteChange>()});
      }
    }
  }
  std::vector<report::HopReport> by_ttl;
  for (auto& [ttl, hop] : hops) by_ttl.push_back(std::move(hop));
  return by_ttl;
}

report::PortReport report_port(const path::PathTrace& trace, verdict::PortDiagnosis diagnosis) {
  const path::PortPath path(trace, diagnosis.port.port);
  const bool is_subject = diagnosis.port.role == path::Role::Subject;
  return {.port = diagnosis.port.port,
          .role = is_subject ? path::Role::Subject : path::Role::Control,
          .verdict = std::move(diagnosis.verdict),
          .answer = report_answer(path),
          .flows = report_flows(path),
          .hops = report_hops(path)};
}

void add_visits(report::TargetReport& report, const std::vector<verdict::JudgedVisit>& visits) {
  for (report::PortReport& port : report.ports) {
    const auto visit =
        std::find_if(visits.begin(), visits.end(), [&](const auto& each) { return each.facts.port == port.port; });
    if (visit != visits.end()) port.mail = *visit;
  }
  if (!visits.empty()) report.conclusion = report::conclusion_of(report);
}

}  // namespace

report::TargetReport report_target(const report::PlannedTarget& target, const report::RunPlan& plan,
                                   const path::Observer& observer, const std::vector<verdict::JudgedVisit>& visits) {
  report::TargetReport result{.target = target.target,
                              .address = target.address,
                              .distance = {},
                              .error = target.error,
                              .source = target.source,
                              .notes = report::notes_on(target.routes),
                              .conclusion = {},
                              .ports = {},
                              .remarks = {}};
  if (!target.index) {
    result.conclusion = report::conclusion_of(result);
    return result;
  }
  result = judge_into(std::move(result), observer.trace(*target.index), plan.plan.targets.at(*target.index),
                      {.capture_loss = &observer.capture_loss(),
                       .routes = target.routes,
                       .is_target_local = target.source && target.source->interface == kLoopback,
                       .host = &plan.local_host});
  add_visits(result, visits);
  return result;
}

report::TargetReport judge_into(report::TargetReport report, const path::PathTrace& trace, const path::TargetPlan& plan,
                                const verdict::Circumstances& circumstances) {
  verdict::Diagnosis diagnosis = verdict::diagnose(trace, plan, circumstances);
  if (diagnosis.distance) report.distance = diagnosis.distance->ttl;
  for (verdict::PortDiagnosis& port : diagnosis.ports) report.ports.push_back(report_port(trace, std::move(port)));
  report.remarks = report::remarks_on(trace);
  report.conclusion = report::conclusion_of(report);
  return report;
}

report::RunBeginning report_beginning(const report::RunPlan& plan, report::Mode mode) {
  return {.version = plan.version, .mode = mode, .started = plan.started};
}

report::RunEnding report_ending(const report::RunPlan& plan, const path::Observer& observer, Time end) {
  const path::ObserverCounters& counters = observer.counters();
  report::RunEnding run{.capture = {.packets = counters.frames, .dropped = counters.capture.dropped, .undecodable = {}},
                        .elapsed = end - plan.started};
  for (std::size_t i = 0; i < counters.undecodable.size(); ++i) {
    if (counters.undecodable.at(i) == 0) continue;
    run.capture.undecodable[std::string(wire::to_string(static_cast<wire::Undecodable>(i)))] =
        counters.undecodable.at(i);
  }
  return run;
}

}  // namespace smtpath::app
