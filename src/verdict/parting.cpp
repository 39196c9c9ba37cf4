#include "verdict/parting.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "smtpath/path/double_answers.h"

namespace smtpath::verdict {

namespace {

/// An answer in the host's name, and the TTL of the probe that drew it.
struct Arrival {
  const path::FlowTrace* flow = nullptr;
  Ttl sent;
  Ttl arrived;
};

/// Also of probes that do not go as far as the host.
std::vector<Arrival> arrivals_of(const Fares& fares, const Case& evidence) {
  std::vector<Arrival> arrivals;
  const Ttl reach = reach_of(evidence);
  for (const path::FlowTrace* flow : evidence.path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      for (const path::Reply& reply : probe.replies) {
        if (probe.ttl >= reach || reply.from != evidence.target || !path::is_final(reply.kind)) continue;
        arrivals.push_back({.flow = flow, .sent = probe.ttl, .arrived = reply.ttl});
      }
    }
  }
  for (const path::Attempt& attempt : fares.attempts) {
    if (attempt.reply == nullptr) continue;
    arrivals.push_back({.flow = attempt.flow, .sent = attempt.probe->ttl, .arrived = attempt.reply->ttl});
  }
  return arrivals;
}

/// Ways back differ a little from flow to flow.
constexpr int kLittle = 2;

bool is_alike(Ttl a, Ttl b) {
  return std::abs(a - b) <= kLittle;
}

/// One device answers all, and gives its answers the TTL that it finds in the probes.
bool are_all_copies(const std::vector<Arrival>& arrivals) {
  const auto is_copied_alike = [&](const Arrival& arrival) {
    const int lost = arrival.sent - arrival.arrived;
    return std::abs(lost - (arrivals.front().sent - arrivals.front().arrived)) <= kLittle;
  };
  return std::all_of(arrivals.begin(), arrivals.end(), is_copied_alike);
}

/// The same probe drew answers that travelled differently: then somebody adds answers of its own.
bool is_any_answered_twice(const Case& evidence) {
  const auto differ = [](const path::Probe& probe) {
    const path::Reply* first = nullptr;
    for (const path::Reply& reply : probe.replies) {
      if (!path::is_final(reply.kind)) continue;
      if (first == nullptr) first = &reply;
      if (!is_alike(first->ttl, reply.ttl)) return true;
    }
    return false;
  };
  const auto flows = evidence.path.flows();
  return std::any_of(flows.begin(), flows.end(), [&](const path::FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(), differ);
  });
}

}  // namespace

Parting parting_by_distance(const Fares& fares, const Case& evidence) {
  if (!evidence.answer || !evidence.distance || evidence.answer->elicit >= evidence.distance->ttl) return {};
  const std::vector<Arrival> arrivals = arrivals_of(fares, evidence);
  if (arrivals.empty() || are_all_copies(arrivals) || is_any_answered_twice(evidence)) return {};
  Parting parting;
  for (const Arrival& arrival : arrivals) {
    (is_alike(arrival.arrived, evidence.answer->reply->ttl) ? parting.blocked : parting.passing)
        .push_back(arrival.flow);
  }
  return parting;
}

Parting parting_by_expiry(const Case& evidence) {
  if (!evidence.distance || !evidence.is_answered_by_target() || is_any_answered_twice(evidence)) return {};
  const Ttl elicit = evidence.answer->elicit;
  const auto goes_on = [&](const path::Probe& probe) {
    return probe.ttl >= elicit && probe.ttl < evidence.distance->ttl && path::has_expired(probe, evidence.target);
  };
  constexpr int kSeveral = 2;
  int passed = 0;
  Parting parting;
  for (const path::FlowTrace* flow : evidence.path.flows()) {
    // An answer that names no probe may be that of the one that expired.
    const auto count =
        flow->unattributed.empty() ? std::count_if(flow->probes.begin(), flow->probes.end(), goes_on) : 0;
    passed += static_cast<int>(count);
    (count > 0 ? parting.passing : parting.blocked).push_back(flow);
  }
  return passed >= kSeveral ? parting : Parting{};
}

}  // namespace smtpath::verdict
