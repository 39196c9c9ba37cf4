#include "smtpath/path/oddity.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace smtpath::path {

namespace {

/// A time exceeded and the probe that drew it.
struct Expiry {
  const Probe* probe;
  const Reply* reply;

  SeenHop hop() const { return {.ttl = probe->ttl, .address = reply->from}; }
  Ttl quoted() const { return reply->icmp->quoted_ttl; }
};

std::vector<const FlowTrace*> flows_of(const PathTrace& trace) {
  std::vector<const FlowTrace*> flows;
  for (const FlowTrace& flow : trace.flows) flows.push_back(&flow);
  flows.push_back(&trace.echo);
  return flows;
}

/// By rising TTL.
std::vector<Expiry> expiries_in(const PathTrace& trace) {
  std::vector<Expiry> expiries;
  for (const FlowTrace* flow : flows_of(trace)) {
    for (const Probe& probe : flow->probes) {
      for (const Reply& reply : probe.replies) {
        const bool counts = reply.kind == ReplyKind::TimeExceeded && reply.icmp && !reply.is_on_loopback;
        if (counts) expiries.push_back({.probe = &probe, .reply = &reply});
      }
    }
  }
  std::stable_sort(expiries.begin(), expiries.end(),
                   [](const Expiry& a, const Expiry& b) { return a.probe->ttl < b.probe->ttl; });
  return expiries;
}

/// Keeps what is new, up to the bound.
template <class T>
void add_new(std::vector<T>& all, T one) {
  if (all.size() < kMostOddities && std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

std::vector<SeveralRouters> several_routers(const PathTrace& trace) {
  std::vector<SeveralRouters> all;
  for (const FlowTrace* flow : flows_of(trace)) {
    for (SeveralRouters& each : several_routers_in(*flow)) add_new(all, std::move(each));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const SeveralRouters& a, const SeveralRouters& b) { return a.ttl < b.ttl; });
  return all;
}

std::vector<SeveralErrors> several_errors(const std::vector<Expiry>& expiries) {
  std::vector<SeveralErrors> all;
  for (auto first = expiries.begin(); first != expiries.end();) {
    SeveralErrors one{.ttl = first->probe->ttl, .from = {}};
    const auto next =
        std::find_if(first, expiries.end(), [&](const Expiry& other) { return other.probe != first->probe; });
    for (auto each = first; each != next; ++each) {
      const auto known = std::find(one.from.begin(), one.from.end(), each->reply->from);
      if (known == one.from.end()) one.from.push_back(each->reply->from);
    }
    if (one.from.size() > 1) add_new(all, std::move(one));
    first = next;
  }
  return all;
}

std::vector<TargetOnTheWay> target_on_the_way(const std::vector<Expiry>& expiries, const IpAddress& target) {
  const auto is_target = [&](const Expiry& expiry) { return expiry.reply->from == target; };
  const auto own = std::find_if(expiries.begin(), expiries.end(), is_target);
  if (own == expiries.end()) return {};
  const auto beyond = std::find_if(own, expiries.end(), [&](const Expiry& expiry) {
    return !is_target(expiry) && expiry.probe->ttl > own->probe->ttl;
  });
  if (beyond == expiries.end()) return {};
  return {{.ttl = own->probe->ttl, .beyond = beyond->hop()}};
}

std::vector<ZeroTtlForwarding> zero_ttl_forwarding(const std::vector<Expiry>& expiries) {
  std::set<SeenHop, bool (*)(const SeenHop&, const SeenHop&)> with_one(
      [](const SeenHop& a, const SeenHop& b) { return std::pair(a.ttl, a.address) < std::pair(b.ttl, b.address); });
  for (const Expiry& expiry : expiries) {
    if (expiry.quoted() == Ttl{1}) with_one.insert(expiry.hop());
  }
  std::vector<ZeroTtlForwarding> all;
  for (const Expiry& expiry : expiries) {
    if (expiry.quoted() != Ttl{0}) continue;
    const SeenHop next{.ttl = expiry.probe->ttl + 1, .address = expiry.reply->from};
    if (with_one.contains(next)) add_new(all, {.ttl = expiry.probe->ttl, .answered_by = expiry.reply->from});
  }
  return all;
}

std::vector<UncountedHops> uncounted_hops(const std::vector<Expiry>& expiries) {
  std::vector<UncountedHops> all;
  for (const Expiry& expiry : expiries) {
    if (expiry.quoted() > Ttl{1}) add_new(all, {.hop = expiry.hop(), .quoted = expiry.quoted()});
  }
  return all;
}

std::vector<UnroutedAddress> unrouted_addresses(const std::vector<Expiry>& expiries, const IpAddress& target) {
  std::vector<UnroutedAddress> all;
  std::optional<SeenHop> routed;
  for (const Expiry& expiry : expiries) {
    if (expiry.reply->from == target) continue;
    const auto range = range_of(expiry.reply->from);
    if (!range && !routed) routed = expiry.hop();
    if (!range || !routed || expiry.probe->ttl <= routed->ttl) continue;
    add_new(all, {.hop = expiry.hop(), .range = *range, .behind = *routed});
  }
  return all;
}

template <class T>
void append(std::vector<Oddity>& oddities, std::vector<T> more) {
  for (T& each : more) oddities.emplace_back(std::move(each));
}

}  // namespace

std::vector<Oddity> oddities_in(const PathTrace& trace) {
  const std::vector<Expiry> expiries = expiries_in(trace);
  std::vector<Oddity> oddities;
  append(oddities, several_routers(trace));
  append(oddities, several_errors(expiries));
  append(oddities, target_on_the_way(expiries, trace.target));
  append(oddities, zero_ttl_forwarding(expiries));
  append(oddities, uncounted_hops(expiries));
  append(oddities, unrouted_addresses(expiries, trace.target));
  return oddities;
}

}  // namespace smtpath::path
