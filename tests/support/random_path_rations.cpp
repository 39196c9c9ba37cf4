#include "support/random_path_rations.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace smtpath::test {

namespace {

using verdict::Cause;
using verdict::Kind;
using End = Fate::End;

constexpr double kSynsInAll = 24;
constexpr double kSynsASecond = 8;
/// That many SYNs, 8 a second.
constexpr Duration kLasts = std::chrono::seconds(3);
/// How long a port is looked at that answers: a run of four has three seconds in all.
constexpr Duration kLook = std::chrono::seconds(1);
/// What is less likely is not to be missed.
constexpr double kMayBeMissed = 0.005;

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

bool is_answered(const PortTruth& truth) {
  const Kind kind = truth.right.front().kind;
  return kind == Kind::Open || kind == Kind::Refused || kind == Kind::Intercepted || kind == Kind::ResetInjected;
}

RightVerdict intermittent(Cause cause, int acting, int distance) {
  return {.kind = Kind::Intermittent, .acting = acting, .answering_beyond = distance, .cause = cause};
}

bool is_open(const PortTruth& truth) {
  return truth.right.front().kind == Kind::Open;
}

void allow_limit(PortTruth& truth, const LimitRate& limit, int hop, int distance) {
  constexpr double kFew = kSynsInAll / 4;
  constexpr double kFirstFew = 2;
  const double passing = limit.burst + limit.per_second * seconds(kLasts);
  // More cross a router than come to the host, and faster.
  const bool is_never_felt = hop == distance && limit.burst >= kSynsASecond && limit.per_second >= kSynsASecond;
  if (is_never_felt) return;
  const bool is_obvious = limit.burst <= kFirstFew && passing <= kFew;
  if (is_obvious && is_open(truth)) truth.right.clear();
  truth.right.push_back(intermittent(Cause::RateLimited, hop, distance));
}

void allow_limits(PortTruth& truth, const Rationed& rationed) {
  const int distance = rationed.path.distance();
  const Fate& fate = rationed.views.front().own_fate();
  const int reached = fate.detour == nullptr ? fate.hop : fate.detour->at;
  for (int hop = 1; hop <= std::min(reached, distance); ++hop) {
    for (const Rule& rule : rationed.path.hop(hop).rules) {
      const auto* const limit = std::get_if<LimitRate>(&rule.action);
      if (limit != nullptr && rule.port == truth.port.port) allow_limit(truth, *limit, hop, distance);
    }
  }
}

void allow_full_queue(PortTruth& truth, const Rationed& rationed) {
  const Server& server = rationed.path.server;
  const bool reaches_queue = is_open(truth) && server.is_open(truth.port.port) &&
                             std::all_of(rationed.views.begin(), rationed.views.end(), [&](const View& view) {
                               return view.own_fate().hop == rationed.path.distance();
                             });
  if (server.queue_is_full <= 0 || !reaches_queue) return;
  const auto states_in = [&](Duration time) { return 1 + std::floor(seconds(time) / seconds(server.queue_changes)); };
  if (std::pow(1 - server.queue_is_full, states_in(kLook)) < kMayBeMissed) truth.right.clear();
  const int distance = rationed.path.distance();
  truth.right.push_back(intermittent(Cause::Overloaded, distance, distance));
  // Who takes what the server passes on stands one behind it.
  if (server.passes_on(truth.port.port)) {
    truth.right.push_back(intermittent(Cause::Overloaded, distance + 1, distance + 1));
  }
  if (!rationed.is_host_heard) truth.right.push_back(intermittent(Cause::Loss, distance, distance));
  if (std::pow(server.queue_is_full, states_in(kLasts)) < kMayBeMissed) return;
  truth.right.push_back({.kind = Kind::Dropped, .acting = distance});
}

void allow_loss(PortTruth& truth, const NetworkPath& path) {
  constexpr double kMuch = 0.05;
  double arrives = 1;
  for (const Device& device : path.devices) {
    arrives *= (1 - device.link.loss_out) * (1 - device.link.loss_back);
    const Bursts& bursts = device.link.bursts;
    if (bursts.every > Duration{}) arrives *= 1 - seconds(bursts.lasts) / seconds(bursts.every);
  }
  if (1 - arrives < kMuch || !is_answered(truth)) return;
  truth.right.push_back({.kind = Kind::Intermittent, .cause = Cause::Loss, .is_anywhere = true});
}

Duration one_way(const NetworkPath& path, int hop) {
  Duration sum{};
  for (int each = 1; each <= hop; ++each) sum += path.hop(each).link.latency;
  return sum;
}

}  // namespace

void allow_what_is_rationed(PortTruth& truth, const Rationed& rationed) {
  allow_loss(truth, rationed.path);
  allow_limits(truth, rationed);
  allow_full_queue(truth, rationed);
}

bool may_be_late(const View& view, Port port) {
  // What the latencies of the way back may differ by.
  constexpr Duration kTie = std::chrono::milliseconds(2);
  const std::vector<Rule>& rules = view.way->hop(view.fate.hop).rules;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& each) {
    return (!each.port || each.port == port) && std::holds_alternative<Inject>(each.action);
  });
  if (rule == rules.end()) return false;
  const auto& inject = std::get<Inject>(rule->action);
  if (inject.form == Inject::Form::AcknowledgesSequence) return true;
  const Duration head_start = 2 * (one_way(*view.way, view.behind->hop) - one_way(*view.way, view.fate.hop));
  return inject.delay > Duration{} && inject.delay + kTie >= head_start;
}

}  // namespace smtpath::test
