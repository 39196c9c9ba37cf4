#include "support/random_path_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "support/network_fate.h"

namespace smtpath::test {

namespace {

using verdict::Kind;
using End = Fate::End;

bool is_from_destination(const Fate& fate, int distance) {
  const bool is_answer = fate.end == End::Accepted || fate.end == End::Refused || fate.end == End::Rejected;
  return is_answer && fate.hop == distance;
}

bool speaks_of_host(Unreachable reason) {
  return reason == Unreachable::Net || reason == Unreachable::Host;
}

// The fates of all that a run asks of one path, and what they show together.
class Truths {
 public:
  Truths(const NetworkPath& path, std::span<const path::PortPlan> ports) : path_(path), echo_(fate_of(path, {})) {
    for (const path::PortPlan& port : ports) asked_.emplace_back(port, fate_of(path, port.port));
  }

  std::vector<PortTruth> all() const {
    std::vector<PortTruth> truths;
    for (const auto& [port, fate] : asked_) truths.push_back({.port = port, .right = right_of(port.port, fate)});
    return truths;
  }

 private:
  std::vector<RightVerdict> right_of(Port port, const Fate& fate) const;
  void add_as_destinations_own(std::vector<RightVerdict>& right, Kind kind, Port port, const Fate& fate) const;
  std::vector<RightVerdict> right_elsewhere(Port port, const Fate& fate) const;
  bool looks_like_host_elsewhere(Port port, const Fate& fate) const;

  bool looks_like_destination(Port port, const Fate& fate) const;
  bool is_host_unreachable_for_all() const;
  bool is_distance_shown() const;

  bool is_silent_on_detour(const Detour& detour, int hop) const {
    const int behind = hop - detour.at;
    return behind == 0 ? path_.hop(hop).is_silent : detour.devices[static_cast<std::size_t>(behind) - 1].is_silent;
  }
  bool answers(int hop) const { return hop < path_.distance() && !path_.hop(hop).is_silent; }
  int answering_before(const Fate& fate) const;
  std::optional<int> answering_beyond(Port port, const Fate& fate) const;

  template <class Holds>
  auto count_others(Port port, Holds holds) const {
    return std::count_if(asked_.begin(), asked_.end(), [&](const auto& other) {
      return other.first.port != port && holds(other.first, other.second);
    });
  }

  const NetworkPath& path_;
  Fate echo_;
  std::vector<std::pair<path::PortPlan, Fate>> asked_;
};

// Where the box that answers is, or where packets are led to it: both are where it happens.
std::vector<RightVerdict> Truths::right_elsewhere(Port port, const Fate& fate) const {
  const bool is_open = fate.end == End::TakenOver;
  int before = fate.detour->at - 1;
  while (before > 0 && !answers(before)) --before;
  std::vector<RightVerdict> right;
  for (const int acting : {fate.hop, fate.detour->at}) {
    right.push_back({.kind = is_open ? Kind::Intercepted : Kind::ResetInjected,
                     .acting = acting,
                     .answering_before = before,
                     .is_beside_path = true,
                     .answering_beyond = {}});
  }
  if (!looks_like_host_elsewhere(port, fate)) return right;
  right.push_back({.kind = is_open ? Kind::Open : Kind::Refused,
                   .acting = fate.hop,
                   .answering_before = before,
                   .is_beside_path = false,
                   .answering_beyond = {}});
  return right;
}

// Whether all other packets leave it possible that the host is where that box is.
bool Truths::looks_like_host_elsewhere(Port port, const Fate& fate) const {
  const Detour& detour = *fate.detour;
  const int distance = path_.distance();
  int nearest_error = detour.at;
  while (nearest_error < fate.hop && is_silent_on_detour(detour, nearest_error)) ++nearest_error;
  const bool shows_translation = detour.translates_errors && nearest_error < fate.hop;
  // As if the host itself passed the port on.
  if (shows_translation && nearest_error >= distance) return true;
  // Errors in the host's name where others go on are no host's.
  const auto go_beyond = count_others(port, [&](const path::PortPlan& other, const Fate& others) {
    return other.role != path::Role::Anchor && answering_before(others) >= detour.at;
  });
  if (shows_translation && (echo_.end == End::Accepted || go_beyond > 0)) return false;
  if (fate.hop == distance) return true;
  if (fate.hop < distance) return looks_like_destination(port, fate);
  return echo_.end != End::Accepted;
}

std::vector<RightVerdict> Truths::right_of(Port port, const Fate& fate) const {
  if (fate.detour != nullptr) return right_elsewhere(port, fate);
  std::vector<RightVerdict> right;
  const auto add = [&](Kind kind) {
    right.push_back({.kind = kind,
                     .acting = fate.hop,
                     .answering_before = answering_before(fate),
                     .answering_beyond = answering_beyond(port, fate)});
  };
  switch (fate.end) {
    case End::Accepted:
      add(Kind::Open);
      break;
    case End::Refused:
      add(Kind::Refused);
      right.back().answering_beyond = {};
      // What it passes the port on to refuses.
      if (!fate.is_before_ttl_check) right.push_back(right.back());
      right.back().acting = fate.elicit();
      break;
    case End::Dropped:
      add(Kind::Dropped);
      break;
    case End::Reset:
      add(Kind::ResetInjected);
      add_as_destinations_own(right, Kind::Refused, port, fate);
      break;
    case End::TakenOver:
      add(Kind::Intercepted);
      add_as_destinations_own(right, Kind::Open, port, fate);
      break;
    case End::Rejected:
      add(Kind::Rejected);
      if (fate.hop == path_.distance()) right.back().answering_beyond = {};
      // A route speaks of the host; a rule for each port that is asked looks no different.
      if (is_host_unreachable_for_all()) {
        add(Kind::Unreachable);
        if (fate.is_route) std::swap(right.front(), right.back());
      }
      break;
    case End::Unresolved:
      add(Kind::Unreachable);
      add(Kind::Rejected);
      break;
    case End::Loops:
      add(Kind::Loop);
      break;
  }
  return right;
}

void Truths::add_as_destinations_own(std::vector<RightVerdict>& right, Kind kind, Port port, const Fate& fate) const {
  if (!looks_like_destination(port, fate)) return;
  right.push_back(
      {.kind = kind, .acting = fate.elicit(), .answering_before = answering_before(fate), .answering_beyond = {}});
}

// Whether an answer in the destination's name is where all other packets say that the destination is.
bool Truths::looks_like_destination(Port port, const Fate& fate) const {
  const int distance = path_.distance();
  if (fate.elicit() >= distance) {
    // The last router forged it: only the way that it travelled back, beside that of the host's SYN-ACKs, gives it
    // away.
    const auto open = count_others(port, [](const path::PortPlan& other, const Fate& others) {
      return other.role != path::Role::Anchor && others.end == End::Accepted;
    });
    return open == 0 || path_.return_hops(distance) - path_.return_hops(fate.hop) != 1;
  }
  if (echo_.end == End::Accepted) return false;
  const auto lead_farther = count_others(port, [&](const path::PortPlan& other, const Fate& others) {
    if (other.role == path::Role::Anchor) return false;
    return is_from_destination(others, distance) || answering_before(others) >= fate.elicit();
  });
  if (lead_farther > 0) return false;
  const auto count_agreeing = [&](End end) {
    return count_others(port, [&](const path::PortPlan& other, const Fate& others) {
      return other.role != path::Role::Anchor && others.end == end && others.elicit() == fate.elicit();
    });
  };
  // Where ports agree on a distance, no anchor is asked, unless all they send is resets.
  const auto accepting = count_agreeing(End::TakenOver);
  const auto agreeing = accepting + count_agreeing(End::Reset);
  if (agreeing > 0 && (fate.end == End::TakenOver || accepting > 0)) return true;
  return count_others(port, [&](const path::PortPlan& other, const Fate& others) {
           return other.role == path::Role::Anchor && is_from_destination(others, distance);
         }) == 0;
}

bool Truths::is_host_unreachable_for_all() const {
  if (echo_.end == End::Accepted) return false;
  return std::all_of(asked_.begin(), asked_.end(), [&](const auto& asked) {
    const auto& [port, fate] = asked;
    if (port.role == path::Role::Anchor) return !is_from_destination(fate, path_.distance());
    return fate.end == End::Rejected && speaks_of_host(fate.reason);
  });
}

// By the echo, or by two ports: one answering port confirms nothing.
bool Truths::is_distance_shown() const {
  if (echo_.end == End::Accepted) return true;
  return std::count_if(asked_.begin(), asked_.end(),
                       [&](const auto& asked) { return is_from_destination(asked.second, path_.distance()); }) >= 2;
}

int Truths::answering_before(const Fate& fate) const {
  int hop = std::min(fate.last_router(), path_.distance() - 1);
  while (hop > 0 && !answers(hop)) --hop;
  return hop;
}

// Anchors count for the destination only: nobody owes them a sweep.
std::optional<int> Truths::answering_beyond(Port port, const Fate& fate) const {
  int reached = 0;
  for (const auto& [other, others] : asked_) {
    if (other.role != path::Role::Anchor && other.port != port) reached = std::max(reached, others.last_router());
  }
  for (int hop = fate.last_router() + 1; hop <= reached; ++hop) {
    if (answers(hop)) return hop;
  }
  if (is_distance_shown()) return path_.distance();
  return {};
}

}  // namespace

std::vector<PortTruth> truth_of(const NetworkPath& path, std::span<const path::PortPlan> ports) {
  return Truths(path, ports).all();
}

std::string to_string(const PortTruth& truth) {
  std::string text = fmt::format("{}: ", truth.port.port.number);
  for (const RightVerdict& right : truth.right) {
    if (&right != &truth.right.front()) text += "; or ";
    text += verdict::to_string(right.kind);
    if (right.kind == Kind::Open) continue;
    text += fmt::format(" by hop {}, within {}..", right.acting, right.answering_before);
    if (right.answering_beyond) text += std::to_string(*right.answering_beyond);
  }
  return text;
}

}  // namespace smtpath::test
