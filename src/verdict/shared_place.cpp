#include "verdict/shared_place.h"

#include <algorithm>

namespace smtpath::verdict {

namespace {

constexpr std::size_t kMostOthers = 16;
/// Routers this near belong to whoever connects this host.
constexpr Ttl kFirstHops{4};

/// One device alone fits, or two neighbours.
bool is_pinned(const Location& location) {
  if (location.suspect) return true;
  return location.first_missed && location.first_missed->ttl - location.last_reached.ttl == 1;
}

/// A routing failure is nobody's policy on a port.
bool is_of_policy(Kind kind) {
  switch (kind) {
    case Kind::Dropped:
    case Kind::Rejected:
    case Kind::ResetInjected:
    case Kind::Intercepted:
    case Kind::Intermittent:
      return true;
    case Kind::Open:
    case Kind::Refused:
    case Kind::Loop:
    case Kind::Unreachable:
    case Kind::NoRoute:
    case Kind::Inconclusive:
      return false;
  }
  return false;
}

/// Spreads small numbers over all bits (the finaliser of SplitMix64), so that sums of different sets differ.
std::uint64_t spread(std::uint64_t number) {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
  constexpr std::uint64_t kFirst = 0xbf58476d1ce4e5b9;
  constexpr std::uint64_t kSecond = 0x94d049bb133111eb;
  number += kStep;
  number = (number ^ (number >> 30U)) * kFirst;
  number = (number ^ (number >> 27U)) * kSecond;
  return number ^ (number >> 31U);
}

/// Nearest to what all of them say.
Place common_of(Place a, Place b) {
  if (a == b) return a;
  const bool are_on_the_way = (a == Place::Path || a == Place::Edge) && (b == Place::Path || b == Place::Edge);
  return are_on_the_way ? Place::Path : Place::Unknown;
}

}  // namespace

bool gets_through(const Verdict& verdict) {
  return verdict.kind == Kind::Open || verdict.kind == Kind::Refused;
}

std::optional<PlaceKey> place_of_block(const JudgedTarget& target, const JudgedPort& port) {
  const Verdict& verdict = port.verdict;
  // That a server does not offer a control is ordinary.
  const bool is_ordinary = port.is_control && verdict.kind == Kind::Refused;
  if (!verdict.location || is_ordinary || verdict.kind == Kind::Inconclusive) return std::nullopt;
  PlaceKey key{.port = port.port,
               .family = target.address.family(),
               .kind = verdict.kind,
               .cause = verdict.cause,
               .router = std::nullopt};
  const Location& location = *verdict.location;
  if (location.place == Place::Local || location.place == Place::Destination) {
    key.scope = location.place == Place::Local ? Scope::ThisHost : Scope::Destination;
    return key;
  }
  key.is_suspect = location.suspect && location.suspect->address;
  key.router = key.is_suspect ? location.suspect->address : location.last_reached.address;
  if (!key.router) key.ttl = location.last_reached.ttl;
  return key;
}

bool is_shown(const PlaceKey& key) {
  return key.router || key.ttl == Ttl{0};
}

bool SharedPlace::leaves_room_for(const SharedPlace& other) const {
  if (common_->suspect) return false;
  const HopReference& here = common_->last_reached;
  const Location& location = *other.common_;
  const HopReference& there = location.suspect ? *location.suspect : location.last_reached;
  const bool is_beyond = here.ttl < there.ttl || (here.ttl == there.ttl && (!here.address || here == there));
  return is_beyond && (!nearest_missed_ || *nearest_missed_ > there.ttl);
}

void SharedPlace::add(const JudgedTarget& target, const JudgedPort& port, std::uint64_t number) {
  ++targets_;
  fingerprint_ += spread(number);
  is_control_ = is_control_ && port.is_control;
  networks_.add(target.address);
  const bool is_pinned_here = is_pinned(*port.verdict.location);
  if (is_pinned_here) pinned_networks_.add(target.address);
  are_all_pinned_ = are_all_pinned_ && is_pinned_here;
  lowest_ = std::max(lowest_, port.verdict.confidence);
  if (target.distance) nearest_target_ = std::min(nearest_target_.value_or(*target.distance), *target.distance);
  has_edge_ = has_edge_ || port.verdict.location->place == Place::Edge;
  merge_location(*port.verdict.location);
  count_others(target, port);
}

void SharedPlace::merge_location(const Location& location) {
  if (location.first_missed) {
    nearest_missed_ = std::min(nearest_missed_.value_or(location.first_missed->ttl), location.first_missed->ttl);
  }
  if (!common_) {
    common_ = location;
    return;
  }
  common_->place = common_of(common_->place, location.place);
  if (location.last_reached.ttl < common_->last_reached.ttl) common_->last_reached = location.last_reached;
  if (common_->first_missed != location.first_missed) common_->first_missed.reset();
  if (common_->suspect && (!location.suspect || common_->suspect->address != location.suspect->address)) {
    common_->suspect.reset();
  }
}

void SharedPlace::count_others(const JudgedTarget& target, const JudgedPort& port) {
  for (const JudgedPort& other : target.ports) {
    if (other.port == port.port || !gets_through(other.verdict)) continue;
    const auto at = std::lower_bound(others_.begin(), others_.end(), other.port,
                                     [](const OtherPort& a, Port b) { return a.port < b; });
    const bool is_known = at != others_.end() && at->port == other.port;
    if (!is_known && others_.size() >= kMostOthers) continue;
    OtherPort& counted = is_known ? *at : *others_.insert(at, {.port = other.port});
    ++(other.verdict.kind == Kind::Open ? counted.open : counted.refused);
  }
}

CommonBlock SharedPlace::block(const PlaceKey& key, std::uint64_t passed_there) const {
  CommonBlock block{
      .ports = {key.port},
      .family = key.family,
      .verdict = {.kind = key.kind, .cause = key.cause, .reason = {}, .location = common_, .evidence = {}},
      .targets = targets_,
      .networks = networks_.size(),
      .is_exact = !networks_.is_full(),
      .others = others_,
      .passed_there = passed_there,
      .judgement = judgement(key, passed_there)};
  block.verdict.confidence = confidence(block.judgement);
  if (key.scope == Scope::Destination) block.verdict.location.reset();
  return block;
}

Judgement SharedPlace::judgement(const PlaceKey& key, std::uint64_t passed_there) const {
  if (key.scope == Scope::ThisHost) return Judgement::ThisHost;
  if (key.scope == Scope::Destination) return Judgement::Servers;
  if (passed_there > 0) return Judgement::Mixed;
  if (networks_.size() < 2) return common_->place == Place::Edge ? Judgement::Servers : Judgement::Unknown;
  if (pinned_networks_.size() < 2) return Judgement::Unknown;
  return is_of_policy(key.kind) && is_of_the_port() && is_near() ? Judgement::OutgoingPolicy : Judgement::CommonPath;
}

bool SharedPlace::is_of_the_port() const {
  return std::any_of(others_.begin(), others_.end(),
                     [&](const OtherPort& other) { return other.open + other.refused == targets_; });
}

bool SharedPlace::is_near() const {
  const Ttl place = common_->suspect ? common_->suspect->ttl : common_->last_reached.ttl;
  return place <= kFirstHops || (nearest_target_ && 2 * place.hops <= nearest_target_->hops);
}

/// Where no device is proved, each server may still do it by itself: the more so right before the servers.
Confidence SharedPlace::confidence(Judgement judgement) const {
  const bool is_guess = judgement == Judgement::OutgoingPolicy || judgement == Judgement::CommonPath ||
                        judgement == Judgement::Mixed || (judgement == Judgement::Servers && networks_.size() < 2);
  const bool is_proved = common_->suspect || (are_all_pinned_ && !has_edge_);
  if (!is_guess || is_proved || common_->place == Place::Destination) return lowest_;
  return std::max(lowest_, Confidence::Medium);
}

}  // namespace smtpath::verdict
