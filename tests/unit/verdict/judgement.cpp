#include "unit/verdict/judgement.h"

namespace smtpath::test {

namespace {

std::string name_of(const IpAddress& address) {
  if (address == TraceBuilder::target()) return "target";
  for (int hop = 1; hop <= 30; ++hop) {
    if (address == TraceBuilder::router(hop)) return "r" + std::to_string(hop);
  }
  return to_string(address);
}

std::string words_of(const std::optional<verdict::HopReference>& hop) {
  if (!hop) return "none";
  return std::to_string(hop->ttl.hops) + " " + (hop->address ? name_of(*hop->address) : "?");
}

}  // namespace

verdict::Verdict judge(const TraceBuilder& trace, std::uint16_t port, std::uint64_t dropped_by_capture) {
  path::CaptureLoss loss;
  loss.note(Time::max(), {.received = 100, .dropped = dropped_by_capture});
  const verdict::Diagnosis diagnosis = verdict::diagnose(trace, trace.plan(),
                                                         {.capture_loss = &loss,
                                                          .routes = trace.routes(),
                                                          .is_target_local = trace.is_target_local(),
                                                          .host = trace.host()});
  for (const verdict::PortDiagnosis& diagnosed : diagnosis.ports) {
    if (diagnosed.port.port == Port{port}) return diagnosed.verdict;
  }
  return {};
}

std::string in_short(const verdict::Verdict& verdict) {
  std::string words = std::string(to_string(verdict.kind)) + " " + std::string(to_string(verdict.confidence));
  if (verdict.reason) words += " (" + std::string(to_string(*verdict.reason)) + ")";
  if (verdict.cause) words += " (" + std::string(to_string(*verdict.cause)) + ")";
  if (!verdict.location) return words;
  const verdict::Location& location = *verdict.location;
  return words + " " + std::string(to_string(location.place)) + ", last " + words_of(location.last_reached) +
         ", missed " + words_of(location.first_missed) + ", suspect " + words_of(location.suspect);
}

std::string rule_of(const verdict::Verdict& verdict) {
  return verdict.evidence.empty() ? std::string() : verdict.evidence.front().rule;
}

}  // namespace smtpath::test
