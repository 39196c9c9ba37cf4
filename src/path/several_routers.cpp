#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "smtpath/path/oddity.h"

namespace smtpath::path {

namespace {

struct Sample {
  Time sent;
  IpAddress router;
};

/// By the time of the probe.
using Samples = std::vector<Sample>;

/// A moment between these two is when the other router took over.
struct TakeOver {
  Time after;
  Time before;
};

std::map<Ttl, Samples> samples_of(const FlowTrace& flow) {
  std::map<Ttl, Samples> by_ttl;
  for (const Probe& probe : flow.probes) {
    const auto reply = std::find_if(probe.replies.begin(), probe.replies.end(), [](const Reply& each) {
      return each.kind == ReplyKind::TimeExceeded && !each.is_on_loopback;
    });
    if (reply != probe.replies.end()) by_ttl[probe.ttl].push_back({.sent = probe.sent, .router = reply->from});
  }
  for (auto& [ttl, samples] : by_ttl) {
    std::stable_sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.sent < b.sent; });
  }
  return by_ttl;
}

std::vector<IpAddress> routers_of(const Samples& samples) {
  std::vector<IpAddress> routers;
  for (const Sample& sample : samples) {
    if (std::find(routers.begin(), routers.end(), sample.router) == routers.end()) routers.push_back(sample.router);
  }
  return routers;
}

bool returns(const Samples& samples) {
  std::set<IpAddress> left;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    if (samples[i].router != samples[i - 1].router) left.insert(samples[i - 1].router);
    if (left.contains(samples[i].router)) return true;
  }
  return false;
}

std::optional<TakeOver> take_over_in(const Samples& samples) {
  const auto first_of_other = std::find_if(
      samples.begin(), samples.end(), [&](const Sample& sample) { return sample.router != samples.front().router; });
  if (first_of_other == samples.end()) return std::nullopt;
  return TakeOver{.after = std::prev(first_of_other)->sent, .before = first_of_other->sent};
}

/// If packets were spread at random, n answers of one TTL would fall into two unbroken runs with a chance of
/// (n - 1) / 2^(n - 1) at most. All TTLs must agree on the moment, and have so many answers beyond the first two.
Alternation alternation_of(const std::map<Ttl, Samples>& by_ttl) {
  constexpr std::size_t kEnough = 6;
  std::size_t beyond_two = 0;
  std::optional<TakeOver> common;
  bool is_one_moment = true;
  for (const auto& [ttl, samples] : by_ttl) {
    if (returns(samples)) return Alternation::BackAndForth;
    const auto found = take_over_in(samples);
    if (!found) continue;
    beyond_two += samples.size() - 2;
    if (!common) common = found;
    common =
        TakeOver{.after = std::max(common->after, found->after), .before = std::min(common->before, found->before)};
    is_one_moment &= routers_of(samples).size() == 2 && common->after <= common->before;
  }
  return is_one_moment && beyond_two >= kEnough ? Alternation::Once : Alternation::Unclear;
}

}  // namespace

std::vector<SeveralRouters> several_routers_in(const FlowTrace& flow) {
  const std::map<Ttl, Samples> by_ttl = samples_of(flow);
  const Alternation alternation = alternation_of(by_ttl);
  std::vector<SeveralRouters> several;
  for (const auto& [ttl, samples] : by_ttl) {
    std::vector<IpAddress> routers = routers_of(samples);
    if (routers.size() < 2) continue;
    several.push_back({.source_port = flow.source_port,
                       .destination_port = flow.destination_port,
                       .ttl = ttl,
                       .routers = std::move(routers),
                       .alternation = alternation});
  }
  return several;
}

}  // namespace smtpath::path
