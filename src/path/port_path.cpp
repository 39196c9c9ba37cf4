#include "smtpath/path/port_path.h"

#include <algorithm>
#include <utility>

namespace smtpath::path {

namespace {

std::vector<const FlowTrace*> flows_to(const PathTrace& trace, Port port) {
  std::vector<const FlowTrace*> flows;
  for (const FlowTrace& flow : trace.flows) {
    if (flow.destination_port == port) flows.push_back(&flow);
  }
  return flows;
}

Ttl elicited_at(const Probe& probe, const Reply& reply) {
  return reply.kind == ReplyKind::Unreachable ? died_at(probe, reply) : probe.ttl;
}

}  // namespace

Ttl died_at(const Probe& probe, const Reply& reply) {
  const int passed = probe.ttl - reply.icmp->quoted_ttl;
  return Ttl{static_cast<std::uint8_t>(std::clamp(passed + 1, 1, int{probe.ttl.hops}))};
}

bool has_left(const Probe& probe) {
  return !probe.refused && !probe.is_unseen;
}

bool is_final(ReplyKind kind) {
  switch (kind) {
    case ReplyKind::SynAck:
    case ReplyKind::Rst:
    case ReplyKind::Unreachable:
      return true;
    case ReplyKind::Ack:
    case ReplyKind::TimeExceeded:
    case ReplyKind::EchoReply:
      return false;
  }
  return false;
}

PortPath::PortPath(const PathTrace& trace, Port port) : PortPath(trace, port, flows_to(trace, port), false) {}

PortPath::PortPath(const PathTrace& trace, Port port, std::vector<const FlowTrace*> flows, bool is_echo)
    : target_(trace.target), port_(port), flows_(std::move(flows)), is_echo_(is_echo) {}

PortPath PortPath::of_echo(const PathTrace& trace) {
  return {trace, Port{}, {&trace.echo}, true};
}

bool PortPath::was_probed() const {
  return probes_from(Ttl{0}) > 0;
}

std::optional<int> PortPath::refusal() const {
  std::optional<int> refusal;
  for (const FlowTrace* flow : flows_) {
    for (const Probe& probe : flow->probes) {
      if (!probe.refused) return std::nullopt;
      refusal = probe.refused;
    }
  }
  return refusal;
}

bool PortPath::is_unseen() const {
  bool has_probes = false;
  for (const FlowTrace* flow : flows_) {
    for (const Probe& probe : flow->probes) {
      if (!probe.is_unseen) return false;
      has_probes = true;
    }
  }
  return has_probes;
}

std::optional<std::pair<Time, Time>> PortPath::sent_between() const {
  std::optional<std::pair<Time, Time>> span;
  for (const FlowTrace* flow : flows_) {
    for (const Probe& probe : flow->probes) {
      if (!has_left(probe)) continue;
      if (!span) span.emplace(probe.sent, probe.sent);
      span = {std::min(span->first, probe.sent), std::max(span->second, probe.sent)};
    }
  }
  return span;
}

int PortPath::probes_at(Ttl ttl) const {
  return probes_from(ttl) - probes_from(ttl + 1);
}

int PortPath::probes_from(Ttl ttl) const {
  int count = 0;
  for (const FlowTrace* flow : flows_) {
    count += static_cast<int>(std::count_if(flow->probes.begin(), flow->probes.end(),
                                            [&](const Probe& probe) { return has_left(probe) && probe.ttl >= ttl; }));
  }
  return count;
}

std::optional<SeenHop> PortPath::farthest_router() const {
  const std::vector<SeenHop> seen = routers();
  if (seen.empty()) return std::nullopt;
  return seen.back();
}

std::vector<SeenHop> PortPath::routers() const {
  std::vector<SeenHop> seen;
  for_each_reply([&](const FlowTrace&, const Probe& probe, const Reply& reply) {
    if (reply.kind != ReplyKind::TimeExceeded || reply.from == target_) return;
    const SeenHop hop{.ttl = probe.ttl, .address = reply.from};
    if (std::find(seen.begin(), seen.end(), hop) == seen.end()) seen.push_back(hop);
  });
  std::stable_sort(seen.begin(), seen.end(), [](const SeenHop& a, const SeenHop& b) { return a.ttl < b.ttl; });
  return seen;
}

std::optional<SeenHop> PortPath::router_at(Ttl ttl) const {
  const std::vector<SeenHop> seen = routers();
  const auto found = std::find_if(seen.begin(), seen.end(), [&](const SeenHop& hop) { return hop.ttl == ttl; });
  if (found == seen.end()) return std::nullopt;
  return *found;
}

Ttl PortPath::last_expired_below(Ttl bound) const {
  Ttl last{0};
  for_each_reply([&](const FlowTrace&, const Probe& probe, const Reply& reply) {
    if (reply.kind == ReplyKind::TimeExceeded && probe.ttl < bound) last = std::max(last, probe.ttl);
  });
  return last;
}

std::optional<Ttl> PortPath::own_time_exceeded() const {
  std::optional<Ttl> least;
  for_each_reply([&](const FlowTrace&, const Probe& probe, const Reply& reply) {
    if (reply.kind != ReplyKind::TimeExceeded || reply.from != target_) return;
    least = std::min(least.value_or(probe.ttl), probe.ttl);
  });
  return least;
}

std::optional<Ttl> PortPath::translated_by() const {
  std::optional<Ttl> least;
  for_each_reply([&](const FlowTrace&, const Probe& probe, const Reply& reply) {
    if (reply.icmp && reply.icmp->translated_to) least = std::min(least.value_or(probe.ttl), probe.ttl);
  });
  return least;
}

std::optional<Answer> PortPath::answer() const {
  std::optional<Answer> best;
  for_each_reply([&](const FlowTrace& flow, const Probe& probe, const Reply& reply) {
    if (!is_final_here(reply)) return;
    const Ttl elicit = elicited_at(probe, reply);
    if (best && best->elicit <= elicit) return;
    best = Answer{.reply = &reply, .probe = &probe, .flow = &flow, .elicit = elicit, .is_pinned = false};
  });
  if (best) best->is_pinned = is_pinned_at(best->elicit);
  return best;
}

std::optional<Answer> PortPath::answer_of_target() const {
  const auto given = answer();
  return given && given->reply->from == target_ && !given->is_of_this_host() ? given : std::nullopt;
}

bool PortPath::has_unattributed_answer() const {
  return std::any_of(flows_.begin(), flows_.end(), [&](const FlowTrace* flow) {
    return std::any_of(flow->unattributed.begin(), flow->unattributed.end(),
                       [&](const Reply& reply) { return is_final_here(reply); });
  });
}

std::vector<FlowFate> PortPath::fates() const {
  std::vector<FlowFate> fates;
  for (const FlowTrace* flow : flows_) {
    FlowFate fate{.flow = flow, .reply = nullptr, .elicit = std::nullopt};
    for (const Probe& probe : flow->probes) {
      for (const Reply& reply : probe.replies) {
        if (!is_final_here(reply)) continue;
        const Ttl elicit = elicited_at(probe, reply);
        if (!fate.elicit || elicit < *fate.elicit) fate = {.flow = flow, .reply = &reply, .elicit = elicit};
      }
    }
    for (const Reply& reply : flow->unattributed) {
      if (fate.reply == nullptr && is_final_here(reply)) fate.reply = &reply;
    }
    fates.push_back(fate);
  }
  return fates;
}

std::optional<Duration> PortPath::longest_round_trip() const {
  std::optional<Duration> longest;
  for_each_reply([&](const FlowTrace&, const Probe& probe, const Reply& reply) {
    const Duration round_trip = reply.at - probe.sent;
    if (!longest || round_trip > *longest) longest = round_trip;
  });
  return longest;
}

bool PortPath::is_final_here(const Reply& reply) const {
  return is_echo_ ? reply.kind == ReplyKind::EchoReply : is_final(reply.kind);
}

void PortPath::for_each_reply(const std::function<void(const FlowTrace&, const Probe&, const Reply&)>& visit) const {
  for (const FlowTrace* flow : flows_) {
    for (const Probe& probe : flow->probes) {
      for (const Reply& reply : probe.replies) visit(*flow, probe, reply);
    }
  }
}

bool PortPath::is_pinned_at(Ttl elicit) const {
  if (elicit <= Ttl{1}) return true;
  return last_expired_below(elicit) == elicit - 1 || probes_at(elicit - 1) >= kSilentTries;
}

}  // namespace smtpath::path
