#include "verdict/deprivation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "verdict/place_of.h"

namespace smtpath::verdict {

namespace {

/// What fared so at one moment fares so for about this long.
constexpr double kMoment = 0.15;  // seconds
/// Of what is not let through, now and then something is.
constexpr double kLetThrough = 0.05;
/// The natural logarithm of how much less likely a place is that is ruled out: a hundredth.
constexpr double kRuledOut = 4.6;

/// A probe that expires at a hop, shortly after a SYN to the host drew nothing.
struct Expiry {
  bool is_answered = false;
  /// How probable it is that nothing was let through yet.
  double deprived = 0;
};

/// How well hops answer otherwise: this port's probes at other times, and those of what passes them.
struct Answering {
  int asked = 0;
  int answered = 0;

  /// The router answers a probe that comes as far.
  double share() const { return (answered + 1.0) / (asked + 2.0); }
};

struct Hop {
  std::vector<Expiry> expiries;
  Answering otherwise;
  /// When probes left that its router answered, rising.
  std::vector<Time> spent{};
};

using Hops = std::map<Ttl, Hop>;

bool draws_time_exceeded(const path::Probe& probe) {
  return std::any_of(probe.replies.begin(), probe.replies.end(),
                     [](const path::Reply& reply) { return reply.kind == path::ReplyKind::TimeExceeded; });
}

/// The last try before it drew nothing: how probable it is that this one had no chance either. 0: that one was
/// answered.
double deprived_at(Time sent, const Fares& fares) {
  std::optional<Time> missed;
  std::optional<Time> answered;
  for (const path::Attempt& attempt : fares.attempts) {
    if (attempt.probe->sent > sent) break;
    (attempt.reply == nullptr ? missed : answered) = attempt.probe->sent;
  }
  // Of tries of one moment the first are let through.
  if (!missed || (answered && *answered > *missed)) return 0;
  return std::exp(-std::chrono::duration<double>(sent - *missed).count() / kMoment);
}

/// Linux routers send one destination so many errors at once, and so many a second: none was left for a probe of then.
bool is_spent(const Hop& hop, Time sent) {
  constexpr double kAtOnce = 6;
  constexpr double kPerSecond = 1;
  double left = kAtOnce;
  std::optional<Time> last;
  const auto regain = [&](Time until) {
    if (last) left = std::min(kAtOnce, left + std::chrono::duration<double>(until - *last).count() * kPerSecond);
    last = until;
  };
  for (const Time spent : hop.spent) {
    if (spent > sent) break;
    regain(spent);
    left -= 1;
  }
  regain(sent);
  return left < 1;
}

void note_spending(Hops& hops, const path::PortPath& path) {
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      if (draws_time_exceeded(probe)) hops[probe.ttl].spent.push_back(probe.sent);
    }
  }
}

Hops answers_of_routers(const Case& evidence) {
  Hops hops;
  note_spending(hops, evidence.path);
  note_spending(hops, evidence.echo);
  for (const path::PortPath& other : evidence.others) note_spending(hops, other);
  for (auto& [ttl, hop] : hops) std::sort(hop.spent.begin(), hop.spent.end());
  return hops;
}

void count(Hops& hops, const path::Probe& probe) {
  Answering& hop = hops[probe.ttl].otherwise;
  ++hop.asked;
  if (draws_time_exceeded(probe)) ++hop.answered;
}

void count_passing(Hops& hops, const path::PortPath& path) {
  const auto& answer = path.answer();
  if (!answer) return;
  for (const path::FlowTrace* flow : path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      if (probe.ttl < answer->elicit && path::has_left(probe)) count(hops, probe);
    }
  }
}

Hops hops_of(const Case& evidence, const Fares& fares) {
  constexpr double kHardly = 0.1;
  Hops hops = answers_of_routers(evidence);
  const Ttl reach = reach_of(evidence);
  for (const path::FlowTrace* flow : evidence.path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      // Who answers nobody shows nothing.
      if (probe.ttl >= reach || !path::has_left(probe) || !router_at(evidence, probe.ttl)) continue;
      const double deprived = deprived_at(probe.sent, fares);
      const bool is_answered = draws_time_exceeded(probe);
      if (deprived < kHardly) {
        count(hops, probe);
      } else if (is_answered || !is_spent(hops[probe.ttl], probe.sent)) {
        hops[probe.ttl].expiries.push_back({.is_answered = is_answered, .deprived = deprived});
      }
    }
  }
  for (const path::PortPath& other : evidence.others) count_passing(hops, other);
  count_passing(hops, evidence.echo);
  std::erase_if(hops, [](const auto& hop) { return hop.second.expiries.empty(); });
  return hops;
}

/// How likely it is what was seen, if probes come as far as `last` and no farther while nothing is let through.
double log_likelihood(const Hops& hops, Ttl last) {
  double sum = 0;
  for (const auto& [ttl, hop] : hops) {
    const double passing = hop.otherwise.share();
    for (const Expiry& expiry : hop.expiries) {
      const double blocked = ttl <= last ? 0 : expiry.deprived;
      const double answered = (1 - blocked) * passing + blocked * passing * kLetThrough;
      sum += std::log(expiry.is_answered ? answered : 1 - answered);
    }
  }
  return sum;
}

}  // namespace

Location where_deprived(const Case& evidence, const Fares& fares) {
  const Hops hops = hops_of(evidence, fares);
  std::vector<Ttl> places{Ttl{0}};
  for (const auto& [ttl, hop] : hops) places.push_back(ttl);
  double best = log_likelihood(hops, Ttl{0});
  for (const Ttl last : places) best = std::max(best, log_likelihood(hops, last));
  std::erase_if(places, [&](Ttl last) { return log_likelihood(hops, last) < best - kRuledOut; });
  const Ttl nearest = places.front();
  // Up to the next hop that was asked for in such a time.
  const auto next = hops.upper_bound(places.back());
  const Ttl farthest = (next == hops.end() ? reach_of(evidence) : next->first) - 1;

  Location location;
  location.last_reached = {.ttl = nearest, .address = {}};
  if (nearest > Ttl{0}) location.last_reached.address = router_at(evidence, nearest);
  location.first_missed = next_beyond(evidence, farthest);
  const auto own_next = std::find_if(evidence.path.routers().begin(), evidence.path.routers().end(),
                                     [&](const path::SeenHop& hop) { return hop.ttl > farthest; });
  if (own_next != evidence.path.routers().end() &&
      (!location.first_missed || own_next->ttl < location.first_missed->ttl)) {
    location.first_missed = HopReference{.ttl = own_next->ttl, .address = own_next->address};
  }
  location.place = place_of_silence(evidence, location);
  return location;
}

}  // namespace smtpath::verdict
