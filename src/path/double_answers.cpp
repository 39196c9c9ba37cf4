#include "smtpath/path/double_answers.h"

#include <algorithm>

#include "smtpath/path/port_path.h"

namespace smtpath::path {

namespace {

/// A host that gives up a connection which nobody completes may reset it, though later.
constexpr Duration kRace = std::chrono::seconds(1);

bool drew(const Probe& probe, ReplyKind kind) {
  return std::any_of(probe.replies.begin(), probe.replies.end(),
                     [&](const Reply& reply) { return reply.kind == kind && !reply.is_on_loopback; });
}

/// Of every probe of the flow that left with this TTL.
template <class Predicate>
bool holds_of_all_at(const FlowTrace& flow, Ttl ttl, Predicate predicate) {
  return std::all_of(flow.probes.begin(), flow.probes.end(),
                     [&](const Probe& probe) { return !has_left(probe) || probe.ttl != ttl || predicate(probe); });
}

template <class Predicate>
bool holds_of_all(const FlowTrace& flow, Predicate predicate) {
  return std::all_of(flow.probes.begin(), flow.probes.end(),
                     [&](const Probe& probe) { return !has_left(probe) || predicate(probe); });
}

bool has_unattributed(const FlowTrace& flow, ReplyKind kind) {
  return std::any_of(flow.unattributed.begin(), flow.unattributed.end(),
                     [&](const Reply& reply) { return reply.kind == kind && !reply.is_on_loopback; });
}

/// When the first answer came that names no probe; absent: none did.
std::optional<Time> first_unattributed(const FlowTrace& flow) {
  std::optional<Time> first;
  for (const Reply& reply : flow.unattributed) {
    if (is_tcp_answer(reply.kind) && !reply.is_on_loopback) first = std::min(first.value_or(reply.at), reply.at);
  }
  return first;
}

/// Where the nearest probe died that drew an unreachable; absent: none did.
std::optional<Ttl> nearest_rejection(const FlowTrace& flow) {
  std::optional<Ttl> nearest;
  for (const Probe& probe : flow.probes) {
    for (const Reply& reply : probe.replies) {
      if (reply.kind != ReplyKind::Unreachable || reply.is_on_loopback) continue;
      nearest = std::min(nearest.value_or(probe.ttl), died_at(probe, reply));
    }
  }
  return nearest;
}

/// An answer came that names no probe, and errors speak for all that it may be one to. What dies short of who turned
/// others back draws nothing that those did not draw as well.
bool is_answered_beside_errors(const FlowTrace& flow, const IpAddress& target) {
  const auto answered = first_unattributed(flow);
  const auto rejected = nearest_rejection(flow);
  if (!answered || !rejected) return false;
  return holds_of_all(flow, [&](const Probe& probe) {
    return probe.sent > *answered || probe.ttl < *rejected || drew(probe, ReplyKind::Unreachable) ||
           has_expired(probe, target);
  });
}

std::optional<Ttl> least_ttl(const FlowTrace& flow) {
  std::optional<Ttl> least;
  for (const Probe& probe : flow.probes) least = std::min(least.value_or(probe.ttl), probe.ttl);
  return least;
}

bool does_race(const Probe& probe) {
  for (const Reply& accepted : probe.replies) {
    for (const Reply& reset : probe.replies) {
      const bool are_both = accepted.kind == ReplyKind::SynAck && reset.kind == ReplyKind::Rst;
      if (are_both && reset.at <= accepted.at + kRace) return true;
    }
  }
  return false;
}

}  // namespace

bool has_expired(const Probe& probe, const IpAddress& target) {
  return std::any_of(probe.replies.begin(), probe.replies.end(),
                     [&](const Reply& reply) { return reply.kind == ReplyKind::TimeExceeded && reply.from != target; });
}

// A reset names no probe, only the TTL where its flow has but one; so all probes of that TTL must have expired.
std::optional<Ttl> expired_and_drew(const FlowTrace& flow, ReplyKind kind, const IpAddress& target,
                                    std::optional<Ttl> host) {
  const auto expired = [&](const Probe& probe) { return has_expired(probe, target) && (!host || probe.ttl < *host); };
  std::optional<Ttl> least;
  for (const Probe& probe : flow.probes) {
    if (!drew(probe, kind) || !holds_of_all_at(flow, probe.ttl, expired)) continue;
    least = std::min(least.value_or(probe.ttl), probe.ttl);
  }
  if (least || !has_unattributed(flow, kind) || !holds_of_all(flow, expired)) return least;
  return least_ttl(flow);
}

std::optional<Ttl> only_ttl_without_reset(const FlowTrace& flow) {
  if (flow.probes.empty() || has_unattributed(flow, ReplyKind::Rst)) return std::nullopt;
  const Ttl ttl = flow.probes.front().ttl;
  const auto is_so = [&](const Probe& probe) { return probe.ttl == ttl && !drew(probe, ReplyKind::Rst); };
  return holds_of_all(flow, is_so) ? std::optional(ttl) : std::nullopt;
}

bool was_accepted_and_reset(const FlowTrace& flow, const IpAddress& target) {
  const auto is_accepted = [](const Probe& probe) { return drew(probe, ReplyKind::SynAck); };
  const auto is_spoken_for = [&](const Probe& probe) { return is_accepted(probe) || has_expired(probe, target); };
  if (std::none_of(flow.probes.begin(), flow.probes.end(), is_accepted)) return false;
  if (has_unattributed(flow, ReplyKind::Rst) && holds_of_all(flow, is_spoken_for)) return true;
  return std::any_of(flow.probes.begin(), flow.probes.end(), [&](const Probe& probe) {
    return does_race(probe) && holds_of_all_at(flow, probe.ttl, is_accepted);
  });
}

bool are_expiries_contradicted(std::span<const FlowTrace* const> flows, const IpAddress& target) {
  const auto has_two = [&](const Probe& probe) {
    const Reply* first = nullptr;
    for (const Reply& reply : probe.replies) {
      if (reply.kind != ReplyKind::TimeExceeded || reply.from == target) continue;
      if (first != nullptr && first->from != reply.from) return true;
      first = &reply;
    }
    return false;
  };
  return std::any_of(flows.begin(), flows.end(), [&](const FlowTrace* flow) {
    return std::any_of(flow->probes.begin(), flow->probes.end(), has_two);
  });
}

bool are_probes_copied(std::span<const FlowTrace* const> flows, const IpAddress& target) {
  return std::any_of(flows.begin(), flows.end(), [&](const FlowTrace* flow) {
    return expired_and_drew(*flow, ReplyKind::Rst, target) || expired_and_drew(*flow, ReplyKind::SynAck, target) ||
           was_accepted_and_reset(*flow, target);
  });
}

bool are_errors_contradicted(std::span<const FlowTrace* const> flows, const IpAddress& target) {
  return std::any_of(flows.begin(), flows.end(), [&](const FlowTrace* flow) {
    if (is_answered_beside_errors(*flow, target)) return true;
    return std::any_of(flow->probes.begin(), flow->probes.end(), [&](const Probe& probe) {
      if (!drew(probe, ReplyKind::Unreachable)) return false;
      return drew(probe, ReplyKind::SynAck) || drew(probe, ReplyKind::Rst) || has_expired(probe, target);
    });
  });
}

}  // namespace smtpath::path
