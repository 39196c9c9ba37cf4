#include "smtpath/path/port_path.h"

#include <algorithm>
#include <array>
#include <utility>

#include "path/translation.h"
#include "smtpath/path/double_answers.h"
#include "smtpath/path/succession.h"

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

bool has_unattributed_final(const FlowTrace& flow) {
  return std::any_of(flow.unattributed.begin(), flow.unattributed.end(),
                     [](const Reply& reply) { return is_final(reply.kind); });
}

/// More final answers that name no probe than there are probes left without one: some expired probe drew one as well,
/// or an answer came twice.
bool has_answers_to_spare(const FlowTrace& flow) {
  const auto spare = std::count_if(flow.unattributed.begin(), flow.unattributed.end(),
                                   [](const Reply& reply) { return is_final(reply.kind); });
  if (spare == 0) return false;
  const auto waiting = std::count_if(flow.probes.begin(), flow.probes.end(),
                                     [](const Probe& probe) { return has_left(probe) && probe.replies.empty(); });
  return static_cast<std::uint64_t>(spare) + flow.unattributed_repeats > static_cast<std::uint64_t>(waiting);
}

/// Its time ended, and nobody answered it in the host's name.
bool has_only_expired(const Probe& probe) {
  bool has_expired = false;
  for (const Reply& reply : probe.replies) {
    if (is_tcp_answer(reply.kind) || reply.kind == ReplyKind::EchoReply) return false;
    has_expired |= reply.kind == ReplyKind::TimeExceeded;
  }
  return has_expired;
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

PortPath::PortPath(const PathTrace& trace, Port port) : PortPath(trace.target, port, flows_to(trace, port), false) {}

PortPath::PortPath(const IpAddress& target, Port port, std::vector<const FlowTrace*> flows, bool is_echo)
    : target_(target), port_(port), flows_(std::move(flows)), is_echo_(is_echo) {
  are_errors_contradicted_ = path::are_errors_contradicted(flows_, target_);
  translated_by_ = translated_from(flows_);
  std::array<int, kTtls> expired{};
  const bool is_copied = path::are_probes_copied(flows_, target_);
  for (const FlowTrace* flow : flows_) {
    const bool is_clean = is_copied ? !has_unattributed_final(*flow) : !has_answers_to_spare(*flow);
    for (const Probe& probe : flow->probes) {
      for (const Reply& reply : probe.replies) read(*flow, probe, reply);
      if (is_clean && has_only_expired(probe)) ++expired[probe.ttl.hops];
    }
  }
  const int least = is_copied ? expiries_that_tell(expired) : 1;
  for (std::size_t hops = 0; hops < expired.size(); ++hops) expiries_.set(hops, expired[hops] >= least);
  if (answer_) answer_->is_pinned = is_pinned_at(answer_->elicit);
}

/// Who answers copies need not answer each: so many that expire without an answer as hardly all do by chance, behind
/// him or where he is.
int PortPath::expiries_that_tell(const std::array<int, kTtls>& expired) const {
  constexpr int kMost = 100;
  if (!answer_) return kSilentTries;
  int unanswered = 0;
  for (std::size_t hops = answer_->elicit.hops; hops < expired.size(); ++hops) unanswered += expired[hops];
  if (unanswered == 0) return kSilentTries;
  const int asked = unanswered + probes_answered_from(answer_->elicit);
  int expiries = kSilentTries;
  while (expiries < kMost && chance_of_silence(unanswered, asked, expiries) > kUnlikelySilence) ++expiries;
  return expiries;
}

/// That drew a final answer.
int PortPath::probes_answered_from(Ttl ttl) const {
  int count = 0;
  for (const FlowTrace* flow : flows_) {
    count += static_cast<int>(std::count_if(flow->probes.begin(), flow->probes.end(), [&](const Probe& probe) {
      return probe.ttl >= ttl && std::any_of(probe.replies.begin(), probe.replies.end(),
                                             [&](const Reply& reply) { return is_final_here(probe, reply); });
    }));
  }
  return count;
}

PortPath PortPath::of_echo(const PathTrace& trace) {
  return {trace.target, Port{}, {&trace.echo}, true};
}

PortPath PortPath::of_flows(std::vector<const FlowTrace*> flows) const {
  return {target_, port_, std::move(flows), is_echo_};
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
  if (routers_.empty()) return std::nullopt;
  return routers_.back();
}

std::optional<SeenHop> PortPath::router_at(Ttl ttl) const {
  const auto found = std::find_if(routers_.begin(), routers_.end(), [&](const SeenHop& hop) { return hop.ttl == ttl; });
  if (found == routers_.end()) return std::nullopt;
  return *found;
}

Ttl PortPath::last_expired_below(Ttl bound) const {
  std::size_t hops = bound.hops;
  while (hops > 0 && !expiries_.test(--hops)) continue;
  return expiries_.test(hops) ? Ttl{static_cast<std::uint8_t>(hops)} : Ttl{0};
}

std::optional<Answer> PortPath::answer_of_target() const {
  const auto given = answer();
  return given && given->reply->from == target_ && !given->is_of_this_host() ? given : std::nullopt;
}

std::optional<Answer> PortPath::answer_by(ReplyKind kind) const {
  std::optional<Answer> least;
  for (const FlowTrace* flow : flows_) {
    for (const Probe& probe : flow->probes) {
      for (const Reply& reply : probe.replies) {
        const bool is_of_target = reply.kind == kind && reply.from == target_ && !reply.is_on_loopback;
        if (!is_of_target || (least && least->elicit <= probe.ttl)) continue;
        least = Answer{.reply = &reply, .probe = &probe, .flow = flow, .elicit = probe.ttl, .is_pinned = false};
      }
    }
  }
  if (least) least->is_pinned = is_pinned_at(least->elicit);
  return least;
}

bool PortPath::has_unattributed_answer() const {
  return std::any_of(flows_.begin(), flows_.end(), [&](const FlowTrace* flow) {
    return std::any_of(flow->unattributed.begin(), flow->unattributed.end(),
                       [](const Reply& reply) { return is_final(reply.kind); });
  });
}

std::vector<FlowFate> PortPath::fates() const {
  std::vector<FlowFate> fates;
  for (const FlowTrace* flow : flows_) {
    FlowFate fate{.flow = flow, .reply = nullptr, .elicit = std::nullopt};
    for (const Probe& probe : flow->probes) {
      for (const Reply& reply : probe.replies) {
        if (!is_final_here(probe, reply)) continue;
        const Ttl elicit = elicited_at(probe, reply);
        if (!fate.elicit || elicit < *fate.elicit) fate = {.flow = flow, .reply = &reply, .elicit = elicit};
      }
    }
    for (const Reply& reply : flow->unattributed) {
      if (fate.reply == nullptr && is_final(reply.kind)) fate.reply = &reply;
    }
    fates.push_back(fate);
  }
  return fates;
}

/// An echo reply to a request that died on the way is forged.
bool PortPath::is_final_here(const Probe& probe, const Reply& reply) const {
  if (is_echo_) return reply.kind == ReplyKind::EchoReply && !has_expired(probe, target_);
  return is_final(reply.kind) && (reply.kind != ReplyKind::Unreachable || !are_errors_contradicted_);
}

void PortPath::read(const FlowTrace& flow, const Probe& probe, const Reply& reply) {
  const Duration round_trip = reply.at - probe.sent;
  longest_round_trip_ = std::max(longest_round_trip_.value_or(round_trip), round_trip);
  if (reply.kind == ReplyKind::TimeExceeded) note_time_exceeded(probe, reply);
  if (!is_final_here(probe, reply)) return;
  const Ttl elicit = elicited_at(probe, reply);
  if (answer_ && answer_->elicit <= elicit) return;
  answer_ = Answer{.reply = &reply, .probe = &probe, .flow = &flow, .elicit = elicit, .is_pinned = false};
}

void PortPath::note_time_exceeded(const Probe& probe, const Reply& reply) {
  if (reply.from == target_) {
    own_expiry_ = std::min(own_expiry_.value_or(probe.ttl), probe.ttl);
    return;
  }
  const SeenHop hop{.ttl = probe.ttl, .address = reply.from};
  const auto begin = std::lower_bound(routers_.begin(), routers_.end(), hop.ttl,
                                      [](const SeenHop& seen, Ttl ttl) { return seen.ttl < ttl; });
  const auto end = std::find_if(begin, routers_.end(), [&](const SeenHop& seen) { return seen.ttl != hop.ttl; });
  if (std::find(begin, end, hop) == end) routers_.insert(end, hop);
}

bool PortPath::is_pinned_at(Ttl elicit) const {
  if (elicit <= Ttl{1}) return true;
  return last_expired_below(elicit) == elicit - 1 || probes_at(elicit - 1) >= kSilentTries;
}

}  // namespace smtpath::path
