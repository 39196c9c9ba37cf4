#include "support/random_path_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "support/network_fate.h"
#include "support/random_path_rations.h"
#include "support/random_path_views.h"

namespace smtpath::test {

namespace {

using verdict::Cause;
using verdict::Kind;
using End = Fate::End;

bool is_from_destination(const Fate& fate, int distance) {
  const bool is_answer = fate.end == End::Accepted || fate.end == End::Refused || fate.end == End::Rejected;
  return is_answer && fate.hop == distance;
}

bool speaks_of_host(Unreachable reason) {
  return reason == Unreachable::Net || reason == Unreachable::Host;
}

void drop_repetitions(std::vector<RightVerdict>& right) {
  for (std::size_t kept = 0; kept < right.size(); ++kept) {
    const RightVerdict each = right[kept];
    right.erase(std::remove(right.begin() + static_cast<std::ptrdiff_t>(kept) + 1, right.end(), each), right.end());
  }
}

// The fates of all that a run asks of one path, and what they show together.
class Truths {
 public:
  Truths(const NetworkPath& path, std::span<const path::PortPlan> ports, std::span<const Port> source_ports)
      : path_(path), views_(path, ports, source_ports) {}

  std::vector<PortTruth> all() const {
    std::vector<PortTruth> truths;
    for (const AskedPort& port : views_.asked()) {
      truths.push_back({.port = port.plan, .right = right_of(port)});
      drop_repetitions(truths.back().right);
      allow_what_is_rationed(truths.back(), {.path = path_, .views = port.views, .is_host_heard = is_host_heard()});
    }
    return truths;
  }

 private:
  std::vector<RightVerdict> right_of(const AskedPort& asked) const;
  void add_mixed(std::vector<RightVerdict>& right, const AskedPort& asked) const;
  std::vector<RightVerdict> right_of(Port port, const View& view) const;
  void add_as_copied(std::vector<RightVerdict>& right, Port port, const View& view) const;
  void add_as_destinations_own(std::vector<RightVerdict>& right, Kind kind, Port port, const View& view) const;
  std::vector<RightVerdict> right_elsewhere(Port port, const Fate& fate) const;
  bool looks_like_host_elsewhere(Port port, const View& view) const;

  bool looks_like_destination(Port port, const View& view) const;
  bool is_host_unreachable_for_all() const;
  bool is_distance_shown() const;
  bool is_host_heard() const;

  bool is_silent_on_detour(const Detour& detour, int hop) const {
    const int behind = hop - detour.at;
    return behind == 0 ? path_.hop(hop).is_silent : detour.devices[static_cast<std::size_t>(behind) - 1].is_silent;
  }
  // So little is left of a probe's TTL that the reset seldom or never comes as far as this host.
  bool is_copy_spent(const Fate& fate) const {
    constexpr int kMostTtl = 30;
    constexpr int kFewTtls = 2;
    return fate.copies_ttl && kMostTtl - fate.hop <= path_.return_hops(fate.hop) - 1 + kFewTtls;
  }
  bool answers(int hop) const { return views_.answers(hop); }
  bool answers_echo() const {
    return std::any_of(views_.echo().begin(), views_.echo().end(),
                       [](const View& view) { return view.fate.end == End::Accepted; });
  }
  int answering_before(const Fate& fate) const { return views_.answering_up_to(fate.last_router()); }
  std::optional<int> answering_beyond(Port port, const Fate& fate) const;

  template <class Holds>
  auto count_others(Port port, Holds holds) const {
    return std::count_if(views_.asked().begin(), views_.asked().end(),
                         [&](const AskedPort& other) { return other.plan.port != port && holds(other); });
  }

  const NetworkPath& path_;
  PathViews views_;
};

bool is_asked_anyway(const AskedPort& port) {
  return port.plan.role != path::Role::Anchor;
}

std::vector<RightVerdict> Truths::right_of(const AskedPort& asked) const {
  const View& first = asked.views.front();
  std::vector<RightVerdict> right;
  if (asked.surely([&](const View& view) { return is_same_end(view, first); })) {
    right = right_of(asked.plan.port, first);
  } else {
    add_mixed(right, asked);
  }
  // What such a router should answer the next one does: at both TTLs.
  const std::vector<RightVerdict> as_declared = right;
  for (const RightVerdict& each : as_declared) {
    if (each.acting < 2 || each.acting > path_.distance() || !path_.hop(each.acting - 1).forwards_zero_ttl) continue;
    right.push_back(each);
    --right.back().acting;
  }
  return right;
}

bool is_destinations_own(const View& view, int distance) {
  const bool is_answer = view.fate.end == End::Accepted || view.fate.end == End::Refused;
  return is_answer && view.fate.hop == distance;
}

bool resets(const View& view) {
  return view.fate.end == End::Reset || view.fate.end == End::Refused;
}

// Some ways end otherwise than others.
void Truths::add_mixed(std::vector<RightVerdict>& right, const AskedPort& asked) const {
  const auto has_split = [&](Split::By by) {
    return std::any_of(path_.splits.begin(), path_.splits.end(), [&](const Split& split) { return split.by == by; });
  };
  std::vector<View> stopped;
  std::copy_if(asked.views.begin(), asked.views.end(), std::back_inserter(stopped),
               [&](const View& view) { return !is_destinations_own(view, path_.distance()); });
  for (const View& view : stopped) {
    const auto split = std::find_if(path_.splits.begin(), path_.splits.end(), [&](const Split& each) {
      return view.fate.hop > each.at && view.fate.hop <= each.at + each.length();
    });
    const int begin = split == path_.splits.end() ? 0 : split->at;
    right.push_back({.kind = Kind::Intermittent,
                     .acting = view.fate.hop,
                     .answering_before = views_.answering_up_to(begin),
                     .answering_beyond = path_.distance(),
                     .cause = Cause::PathDependent,
                     .not_passed = has_split(Split::By::Flow) ? views_.not_passed(stopped) : std::vector<IpAddress>{}});
    // Of ways that no router shows, half of the packets are just lost.
    if (has_split(Split::By::Packet) && view.fate.end == End::Dropped) {
      right.push_back({.kind = Kind::Intermittent, .cause = Cause::Loss, .is_anywhere = true});
    }
  }
  // Which of them a run saw depends on when it looked; one reset is like another.
  if (!has_split(Split::By::Time) && !asked.surely(resets)) return;
  for (const View& view : asked.views) {
    const std::vector<RightVerdict> alone = right_of(asked.plan.port, view);
    right.insert(right.end(), alone.begin(), alone.end());
  }
}

// Where the box that answers is, or where packets are led to it: both are where it happens.
std::vector<RightVerdict> Truths::right_elsewhere(Port port, const Fate& fate) const {
  const bool is_open = fate.end == End::TakenOver;
  std::vector<RightVerdict> right;
  for (const int acting : {fate.hop, fate.detour->at}) {
    right.push_back({.kind = is_open ? Kind::Intercepted : Kind::ResetInjected,
                     .acting = acting,
                     .answering_before = views_.answering_up_to(fate.detour->at - 1),
                     .is_beside_path = true});
  }
  if (!looks_like_host_elsewhere(port, {.fate = fate, .behind = {}, .way = &path_, .branches = {}})) return right;
  right.push_back({.kind = is_open ? Kind::Open : Kind::Refused,
                   .acting = fate.hop,
                   .answering_before = views_.answering_up_to(fate.detour->at - 1)});
  return right;
}

// Whether all other packets leave it possible that the host is where that box is.
bool Truths::looks_like_host_elsewhere(Port port, const View& view) const {
  const Fate& fate = view.fate;
  const Detour& detour = *fate.detour;
  const int distance = path_.distance();
  int nearest_error = detour.at;
  while (nearest_error < fate.hop && is_silent_on_detour(detour, nearest_error)) ++nearest_error;
  const bool shows_translation = detour.translates_errors && nearest_error < fate.hop;
  // As if the host itself passed the port on.
  if (shows_translation && nearest_error >= distance) return true;
  // Errors in the host's name where others go on are no host's.
  const auto go_beyond = count_others(port, [&](const AskedPort& other) {
    return is_asked_anyway(other) &&
           other.surely([&](const View& others) { return answering_before(others.own_fate()) >= detour.at; });
  });
  if (shows_translation && (answers_echo() || go_beyond > 0)) return false;
  if (fate.hop == distance) return true;
  if (fate.hop < distance) return looks_like_destination(port, view);
  return !answers_echo();
}

std::vector<RightVerdict> Truths::right_of(Port port, const View& view) const {
  const Fate& fate = view.fate;
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
      // How many hops of those that are missing belong to the way back, nothing tells.
      if (fate.copies_ttl) {
        right.back().answering_before = 0;
        right.back().answering_beyond = std::nullopt;
      }
      add_as_destinations_own(right, Kind::Refused, port, view);
      if (view.behind) add_as_copied(right, port, view);
      break;
    case End::TakenOver:
      add(Kind::Intercepted);
      add_as_destinations_own(right, Kind::Open, port, view);
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

// A client that was answered before, or that does not care for such a reset, has the host's own answer.
void Truths::add_as_copied(std::vector<RightVerdict>& right, Port port, const View& view) const {
  const bool is_refused = view.behind->end == End::Refused;
  if (!is_refused && !may_be_late(view, port) && !is_copy_spent(view.fate)) return;
  const std::vector<RightVerdict> own =
      right_of(port, {.fate = *view.behind, .behind = {}, .way = view.way, .branches = view.branches});
  right.insert(right.end(), own.begin(), own.end());
}

void Truths::add_as_destinations_own(std::vector<RightVerdict>& right, Kind kind, Port port, const View& view) const {
  if (!looks_like_destination(port, view)) return;
  right.push_back({.kind = kind, .acting = view.fate.elicit(), .answering_before = answering_before(view.fate)});
}

// Whether an answer in the destination's name is where all other packets say that the destination is.
bool Truths::looks_like_destination(Port port, const View& view) const {
  const Fate& fate = view.fate;
  const int distance = path_.distance();
  // The packets themselves go on, and show what is behind.
  if (view.behind && (view.behind->end == End::Accepted || answering_before(*view.behind) >= fate.elicit()))
    return false;
  if (fate.elicit() >= distance) {
    // The last router forged it: only the way that it travelled back, beside that of the host's SYN-ACKs, gives it
    // away.
    const auto open = count_others(port, [](const AskedPort& other) {
      return is_asked_anyway(other) && other.surely([](const View& own) { return own.fate.end == End::Accepted; });
    });
    const bool has_odd_ttl = view.behind.has_value();
    return open == 0 || has_odd_ttl || path_.return_hops(distance) - path_.return_hops(fate.hop) != 1;
  }
  if (answers_echo()) return false;
  const auto lead_farther = count_others(port, [&](const AskedPort& other) {
    return is_asked_anyway(other) && other.surely([&](const View& others) {
      return is_from_destination(others.own_fate(), distance) || answering_before(others.own_fate()) >= fate.elicit();
    });
  });
  if (lead_farther > 0) return false;
  const auto count_agreeing = [&](End end) {
    return count_others(port, [&](const AskedPort& other) {
      return is_asked_anyway(other) && other.possibly([&](const View& others) {
        return others.fate.end == end && others.fate.elicit() == fate.elicit();
      });
    });
  };
  // Where ports agree on a distance, no anchor is asked, unless all they send is resets.
  const auto accepting = count_agreeing(End::TakenOver);
  const auto agreeing = accepting + count_agreeing(End::Reset);
  if (agreeing > 0 && (fate.end == End::TakenOver || accepting > 0)) return true;
  return count_others(port, [&](const AskedPort& other) {
           return !is_asked_anyway(other) &&
                  other.surely([&](const View& others) { return is_from_destination(others.fate, distance); });
         }) == 0;
}

bool Truths::is_host_unreachable_for_all() const {
  if (answers_echo()) return false;
  return std::all_of(views_.asked().begin(), views_.asked().end(), [&](const AskedPort& asked) {
    if (!is_asked_anyway(asked))
      return !asked.surely([&](const View& view) { return is_from_destination(view.fate, path_.distance()); });
    return asked.possibly(
        [](const View& view) { return view.fate.end == End::Rejected && speaks_of_host(view.fate.reason); });
  });
}

// By the echo, or by two ports: one answering port confirms nothing.
bool Truths::is_distance_shown() const {
  const auto is_shown = [&](const View& view) { return is_from_destination(view.fate, path_.distance()); };
  if (std::all_of(views_.echo().begin(), views_.echo().end(), is_shown)) return true;
  return std::count_if(views_.asked().begin(), views_.asked().end(),
                       [&](const AskedPort& asked) { return asked.surely(is_shown); }) >= 2;
}

// Something that no queue of connections stops comes back from the host.
bool Truths::is_host_heard() const {
  if (answers_echo()) return true;
  return std::any_of(views_.asked().begin(), views_.asked().end(), [&](const AskedPort& asked) {
    return asked.surely([&](const View& view) {
      return view.fate.end != End::Accepted && is_from_destination(view.fate, path_.distance());
    });
  });
}

// Anchors count for the destination only: nobody owes them a sweep.
std::optional<int> Truths::answering_beyond(Port port, const Fate& fate) const {
  int reached = 0;
  for (const AskedPort& other : views_.asked()) {
    if (!is_asked_anyway(other) || other.plan.port == port) continue;
    int least = path_.distance();
    for (const View& view : other.views) least = std::min(least, view.fate.last_router());
    reached = std::max(reached, least);
  }
  for (int hop = fate.last_router() + 1; hop <= reached; ++hop) {
    if (answers(hop)) return hop;
  }
  if (is_distance_shown()) return path_.distance();
  return {};
}

}  // namespace

std::vector<PortTruth> truth_of(const NetworkPath& path, std::span<const path::PortPlan> ports,
                                std::span<const Port> source_ports) {
  return Truths(path, ports, source_ports).all();
}

std::string to_string(const PortTruth& truth) {
  std::string text = fmt::format("{}: ", truth.port.port.number);
  for (const RightVerdict& right : truth.right) {
    if (&right != &truth.right.front()) text += "; or ";
    text += verdict::to_string(right.kind);
    if (right.cause) text += fmt::format(" ({})", verdict::to_string(*right.cause));
    if (right.kind == Kind::Open || right.is_anywhere) continue;
    text += fmt::format(" by hop {}, within {}..", right.acting, right.answering_before);
    if (right.answering_beyond) text += std::to_string(*right.answering_beyond);
  }
  return text;
}

}  // namespace smtpath::test
