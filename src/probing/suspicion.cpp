#include "probing/suspicion.h"

#include <algorithm>

#include "smtpath/path/fingerprint.h"

namespace smtpath::probing {

namespace {

const path::Reply* syn_ack_of(const path::PortPath& path) {
  const auto answer = path.answer_of_target();
  return answer && answer->reply->kind == path::ReplyKind::SynAck ? answer->reply : nullptr;
}

bool has_window(const path::Reply& reply) {
  return !reply.tcp || reply.tcp->window != 0;
}

}  // namespace

bool is_suspicious(const Situation& situation, const path::PortPath& path) {
  const path::Reply* accepted = syn_ack_of(path);
  if (accepted == nullptr || path.own_time_exceeded()) return false;
  const int missing = situation.distance ? situation.distance->ttl - path.answer()->elicit : 0;
  if (missing > 1) return false;
  if (missing == 1 || !has_window(*accepted)) return true;
  bool has_others = false;
  bool has_unlike = false;
  for (const path::PortPath& other : situation.ports) {
    if (other.port() == path.port()) continue;
    has_others |= other.answer_of_target().has_value();
    const path::Reply* compared = syn_ack_of(other);
    if (compared == nullptr || other.answer()->elicit != path.answer()->elicit) continue;
    if (path::differences(*accepted, *compared).empty()) return false;
    has_unlike = true;
  }
  return has_unlike || (!has_others && !situation.distance);
}

}  // namespace smtpath::probing
