#include "verdict/fares.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace smtpath::verdict {

namespace {

/// No path loses less, as far as a few tries tell.
constexpr double kLeastLoss = 0.02;
/// Between tries of one time and those of another.
constexpr double kSameTime = 0.15;  // seconds

double seconds_between(Time from, Time to) {
  return std::chrono::duration<double>(to - from).count();
}

bool is_answered(const path::Attempt& attempt) {
  return attempt.reply != nullptr;
}

double log_chance(std::size_t missed, std::size_t tries) {
  if (tries == 0) return 0;
  const double share = static_cast<double>(missed) / static_cast<double>(tries);
  double sum = 0;
  if (missed > 0) sum += static_cast<double>(missed) * std::log(share);
  if (missed < tries) sum += static_cast<double>(tries - missed) * std::log(1 - share);
  return sum;
}

Explanation by_chance(const Fares& fares) {
  const auto missed = static_cast<std::size_t>(fares.missed());
  // One parameter was fitted.
  return {.kind = Explanation::Kind::Chance,
          .log_likelihood = log_chance(missed, fares.attempts.size()) - std::log(4.0)};
}

/// A flow that is let through loses what the path loses; one that is not is never answered.
Explanation by_flows(const Fares& fares, double loss, bool is_branch_known) {
  double sum = 0;
  std::size_t blocked = 0;
  for (const FlowFare& fare : fares.flows) {
    if (fare.answer != nullptr) {
      sum += fare.missed * std::log(loss) + std::log(1 - loss);
    } else {
      ++blocked;
    }
  }
  // Which of them are blocked was fitted, unless a router tells; how many are, always.
  if (!is_branch_known) sum += log_chance(blocked, fares.flows.size());
  sum -= std::log(4.0);
  return {.kind = Explanation::Kind::Flows, .log_likelihood = sum};
}

double log_limit(const Fares& fares, double loss, double burst, double per_second) {
  constexpr double kMissedThoughLet = 0.04;
  constexpr double kLetThoughEmpty = 0.04;
  double tokens = burst;
  double sum = 0;
  std::optional<Time> last;
  auto attempt = fares.attempts.begin();
  for (const Time sent : fares.spent) {
    if (last) tokens = std::min(burst, tokens + seconds_between(*last, sent) * per_second);
    last = sent;
    const bool is_let = tokens >= 1;
    if (is_let) tokens -= 1;
    if (attempt == fares.attempts.end() || attempt->probe->sent != sent) continue;
    const double answered = is_let ? 1 - loss - kMissedThoughLet : kLetThoughEmpty;
    sum += std::log(is_answered(*attempt) ? answered : 1 - answered);
    ++attempt;
  }
  return sum;
}

Explanation by_limit(const Fares& fares, double loss) {
  constexpr std::array kBursts{1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0};
  constexpr std::array kRates{0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0};
  const double fitted = std::log(static_cast<double>(kBursts.size() * kRates.size()) / 4);
  Explanation best{.kind = Explanation::Kind::Limit, .log_likelihood = -1e9};
  for (const double burst : kBursts) {
    for (const double rate : kRates) {
      const double likelihood = log_limit(fares, loss, burst, rate) - fitted;
      if (likelihood <= best.log_likelihood) continue;
      best = {.kind = Explanation::Kind::Limit, .log_likelihood = likelihood, .burst = burst, .per_second = rate};
    }
  }
  return best;
}

/// Tries of one moment fare alike, those of another as it comes.
Explanation by_times(const Fares& fares, double loss) {
  double sum = std::log(1.0 / 4);
  const path::Attempt* last = nullptr;
  const auto missed = static_cast<double>(fares.missed());
  const double share = (missed + 1) / (static_cast<double>(fares.attempts.size()) + 2);
  for (const path::Attempt& attempt : fares.attempts) {
    const double apart = last == nullptr ? 1e9 : seconds_between(last->probe->sent, attempt.probe->sent);
    const double at_random = is_answered(attempt) ? 1 - share : share;
    const double alike = last != nullptr && is_answered(*last) == is_answered(attempt) ? 1 - loss - 0.05 : loss + 0.05;
    const double same_time = std::exp(-apart / kSameTime);
    sum += std::log(same_time * alike + (1 - same_time) * at_random);
    last = &attempt;
  }
  return {.kind = Explanation::Kind::Times, .log_likelihood = sum};
}

double log_choose(int n, int k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
}

/// Of the flows that are answered in the end: those that never are may be led elsewhere.
void count(PathLoss& loss, const std::vector<path::Attempt>& attempts) {
  for (const path::Attempt& attempt : attempts) {
    const bool is_flow_answered = std::any_of(attempts.begin(), attempts.end(), [&](const path::Attempt& other) {
      return other.flow == attempt.flow && is_answered(other);
    });
    if (!is_flow_answered) continue;
    ++loss.tries;
    if (!is_answered(attempt)) ++loss.missed;
  }
}

/// The host's other ports with such an answer.
void count_ports(PathLoss& loss, const Case& evidence, path::ReplyKind kind) {
  for (const path::PortPath& other : evidence.others) {
    const auto answer = other.answer_of_target();
    if (answer && answer->reply->kind == kind) count(loss, path::attempts_of(other, reach_of(evidence)));
  }
}

}  // namespace

Ttl reach_of(const Case& evidence) {
  if (evidence.distance) return evidence.distance->ttl;
  return evidence.answer ? evidence.answer->elicit : Ttl{1};
}

void note_spending(Fares& fares, const Case& evidence, Ttl beyond) {
  for (const path::FlowTrace* flow : evidence.path.flows()) {
    for (const path::Probe& probe : flow->probes) {
      if (probe.ttl > beyond && path::has_left(probe)) fares.spent.push_back(probe.sent);
    }
  }
  std::sort(fares.spent.begin(), fares.spent.end());
}

int Fares::missed() const {
  return static_cast<int>(
      std::count_if(attempts.begin(), attempts.end(), [](const auto& attempt) { return !is_answered(attempt); }));
}

Fares fares_of(const Case& evidence) {
  Fares fares{.attempts = path::attempts_of(evidence.path, reach_of(evidence)), .flows = {}, .spent = {}};
  for (const path::Attempt& attempt : fares.attempts) {
    auto fare = std::find_if(fares.flows.begin(), fares.flows.end(),
                             [&](const FlowFare& each) { return each.flow == attempt.flow; });
    if (fare == fares.flows.end()) fare = fares.flows.insert(fares.flows.end(), FlowFare{.flow = attempt.flow});
    if (is_answered(attempt)) {
      fare->answer = attempt.reply;
    } else {
      ++fare->missed;
    }
  }
  return fares;
}

PathLoss loss_of_others(const Case& evidence) {
  constexpr int kEnough = 6;
  PathLoss loss;
  if (const auto& echo = evidence.echo.answer()) {
    for (const path::FlowTrace* flow : evidence.echo.flows()) {
      for (const path::Probe& probe : flow->probes) {
        if (probe.ttl < echo->elicit || !path::has_left(probe)) continue;
        ++loss.tries;
        if (probe.replies.empty()) ++loss.missed;
      }
    }
  }
  // Ports that accept connections may suffer from what this one does; those that refuse them do not.
  if (loss.tries < kEnough) count_ports(loss, evidence, path::ReplyKind::Rst);
  loss.missed_at_no_queue = loss.missed;
  loss.tries_at_no_queue = loss.tries;
  if (loss.tries < kEnough) count_ports(loss, evidence, path::ReplyKind::SynAck);
  loss.share = std::max(kLeastLoss, (loss.missed + 0.5) / (loss.tries + 2.0));
  return loss;
}

PathLoss loss_of_other_ports(const Case& evidence) {
  PathLoss loss;
  count_ports(loss, evidence, path::ReplyKind::Rst);
  if (loss.tries == 0) count_ports(loss, evidence, path::ReplyKind::SynAck);
  loss.share = std::max(kLeastLoss, (loss.missed + 0.5) / (loss.tries + 2.0));
  return loss;
}

double chance_of_loss(int missed, int tries, double probability) {
  double sum = 0;
  for (int lost = missed; lost <= tries; ++lost) {
    sum += std::exp(log_choose(tries, lost) + lost * std::log(probability) + (tries - lost) * std::log1p(-probability));
  }
  return sum;
}

double chance_of_coincidence(const Fares& fares, const PathLoss& others) {
  // Of all that were missed, at least as many here as there were (Fisher's exact test).
  const int tries = fares.tries();
  const int missed = fares.missed() + others.missed;
  double sum = 0;
  for (int here = fares.missed(); here <= std::min(missed, tries); ++here) {
    if (missed - here > others.tries) continue;
    sum += std::exp(log_choose(tries, here) + log_choose(others.tries, missed - here) -
                    log_choose(tries + others.tries, missed));
  }
  return sum;
}

std::vector<Explanation> explain(const Fares& fares, double path_loss, bool is_branch_known) {
  const double loss = std::clamp(path_loss, kLeastLoss, 0.6);
  std::vector<Explanation> all{by_chance(fares), by_flows(fares, loss, is_branch_known), by_limit(fares, loss),
                               by_times(fares, loss)};
  std::stable_sort(all.begin(), all.end(),
                   [](const Explanation& a, const Explanation& b) { return a.log_likelihood > b.log_likelihood; });
  return all;
}

}  // namespace smtpath::verdict
