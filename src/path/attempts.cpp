#include "smtpath/path/attempts.h"

#include <algorithm>

namespace smtpath::path {

namespace {

/// What answers at all has answered by then.
constexpr Duration kAnswerTime = std::chrono::seconds(1);

/// The first, and TCP's rather than an error's: what was rejected on the way draws no other answer.
const Reply* final_reply(const std::vector<Reply>& replies) {
  const Reply* error = nullptr;
  for (const Reply& reply : replies) {
    if (!is_final(reply.kind)) continue;
    if (reply.kind != ReplyKind::Unreachable) return &reply;
    if (error == nullptr) error = &reply;
  }
  return error;
}

/// An answer that names no probe and came after this one left, and before the next did.
const Reply* answer_without_name(const FlowTrace& flow, const Probe& probe, const Probe* next) {
  const auto found = std::find_if(flow.unattributed.begin(), flow.unattributed.end(), [&](const Reply& reply) {
    return is_final(reply.kind) && reply.at >= probe.sent && (next == nullptr || reply.at < next->sent);
  });
  return found == flow.unattributed.end() ? nullptr : &*found;
}

/// Without a timestamp it may be that of any probe of its flow that was on its way.
bool names_a_probe(const Reply& reply) {
  return reply.icmp || (reply.tcp && reply.tcp->options.timestamps);
}

void take_in(std::vector<Attempt>& attempts, const FlowTrace& flow, Ttl reach) {
  std::vector<const Probe*> probes;
  for (const Probe& probe : flow.probes) {
    if (probe.ttl >= reach && has_left(probe)) probes.push_back(&probe);
  }
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Probe* next = i + 1 < probes.size() ? probes[i + 1] : nullptr;
    const Reply* reply = final_reply(probes[i]->replies);
    if (reply == nullptr) reply = answer_without_name(flow, *probes[i], next);
    if (reply != nullptr && !names_a_probe(*reply)) {
      const auto may_be_it = [&](const Attempt& attempt) {
        return attempt.flow == &flow && reply->at - attempt.probe->sent < kAnswerTime;
      };
      attempts.erase(std::remove_if(attempts.begin(), attempts.end(), may_be_it), attempts.end());
    }
    attempts.push_back({.flow = &flow, .probe = probes[i], .reply = reply});
    if (reply != nullptr) return;
  }
}

}  // namespace

std::vector<Attempt> attempts_of(const PortPath& path, Ttl reach) {
  std::vector<Attempt> attempts;
  for (const FlowTrace* flow : path.flows()) take_in(attempts, *flow, reach);
  std::stable_sort(attempts.begin(), attempts.end(),
                   [](const Attempt& a, const Attempt& b) { return a.probe->sent < b.probe->sent; });
  return attempts;
}

}  // namespace smtpath::path
