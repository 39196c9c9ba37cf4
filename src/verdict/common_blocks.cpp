#include "smtpath/verdict/common_blocks.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "verdict/shared_place.h"

namespace smtpath::verdict {

namespace {

constexpr std::size_t kMostPlaces = 1024;
constexpr std::size_t kMostPassages = 8192;
constexpr std::size_t kMostPorts = 1024;

using PortOfFamily = std::pair<Port, Family>;
using Passage = std::pair<Port, IpAddress>;

bool is_alike(const CommonBlock& a, const CommonBlock& b) {
  const auto essence = [](const CommonBlock& block) {
    return std::tie(block.family, block.verdict, block.targets, block.asked, block.networks, block.is_exact,
                    block.may_share, block.passed_there, block.judgement);
  };
  return essence(a) == essence(b);
}

/// The same happens to the same port, perhaps at the same place, but the packets show less of where.
bool is_vaguer(const PlaceKey& key, const SharedPlace& place, const PlaceKey& than_key, const SharedPlace& than) {
  const auto what = [](const PlaceKey& of) { return std::tie(of.scope, of.port, of.family, of.kind, of.cause); };
  return key != than_key && key.scope == Scope::Router && what(key) == what(than_key) && place.leaves_room_for(than);
}

}  // namespace

std::string_view to_string(Judgement judgement) {
  switch (judgement) {
    case Judgement::ThisHost:
      return "this-host";
    case Judgement::OutgoingPolicy:
      return "outgoing-policy";
    case Judgement::CommonPath:
      return "common-path";
    case Judgement::Servers:
      return "servers";
    case Judgement::Mixed:
      return "mixed";
    case Judgement::Unknown:
      return "unknown";
  }
  return {};
}

struct CommonBlocks::State {
  /// A block with what orders and merges it.
  struct Found {
    CommonBlock block;
    std::uint64_t fingerprint = 0;
    bool is_control = false;
  };
  struct Counted {
    SharedPlace place;
    /// Since the first target.
    bool is_complete = true;
  };

  void count_block(const PlaceKey& key, const JudgedTarget& target, const JudgedPort& port);
  void count_passage(const JudgedPort& port);
  void forget_single_targets();
  std::uint64_t passed(const PlaceKey& key) const;
  /// Targets elsewhere that may be blocked at this place as well.
  std::uint64_t may_share(const PlaceKey& key, const Counted& counted) const;
  bool is_part_of_another(const PlaceKey& key, const Counted& counted) const;
  std::vector<Found> shared() const;

  std::uint64_t targets = 0;
  std::map<PlaceKey, Counted> places;
  /// By port and router: targets that the port gets through to, past that router.
  std::map<Passage, std::uint64_t> passages;
  bool has_all_passages = true;
  std::map<PortOfFamily, std::uint64_t> asked;
  std::uint64_t uncounted = 0;
};

CommonBlocks::CommonBlocks() : state_(std::make_unique<State>()) {}
CommonBlocks::CommonBlocks(CommonBlocks&&) noexcept = default;
CommonBlocks& CommonBlocks::operator=(CommonBlocks&&) noexcept = default;
CommonBlocks::~CommonBlocks() = default;

void CommonBlocks::add(const JudgedTarget& target) {
  State& state = *state_;
  ++state.targets;
  for (const JudgedPort& port : target.ports) {
    const PortOfFamily asked{port.port, target.address.family()};
    if (state.asked.size() >= kMostPorts && !state.asked.contains(asked)) {
      ++state.uncounted;
      continue;
    }
    ++state.asked[asked];
    if (gets_through(port.verdict)) state.count_passage(port);
    if (const auto key = place_of_block(target, port)) state.count_block(*key, target, port);
  }
}

void CommonBlocks::State::count_block(const PlaceKey& key, const JudgedTarget& target, const JudgedPort& port) {
  auto place = places.find(key);
  if (place == places.end()) {
    if (places.size() >= kMostPlaces) forget_single_targets();
    if (places.size() >= kMostPlaces) {
      ++uncounted;
      return;
    }
    place = places.emplace(key, Counted{.place = {}, .is_complete = uncounted == 0}).first;
  }
  place->second.place.add(target, port, targets);
}

/// Most hosts have a place of their own. One that many share has been met twice long before there are too many.
void CommonBlocks::State::forget_single_targets() {
  for (auto place = places.begin(); place != places.end();) {
    if (place->second.place.targets() > 1) {
      ++place;
      continue;
    }
    ++uncounted;
    place = places.erase(place);
  }
}

void CommonBlocks::State::count_passage(const JudgedPort& port) {
  const std::set<IpAddress> routers(port.routers.begin(), port.routers.end());
  for (const IpAddress& router : routers) {
    const Passage passage{port.port, router};
    if (passages.size() >= kMostPassages && !passages.contains(passage)) {
      has_all_passages = false;
    } else {
      ++passages[passage];
    }
  }
}

std::uint64_t CommonBlocks::State::passed(const PlaceKey& key) const {
  if (!key.router) return 0;
  const auto found = passages.find({key.port, *key.router});
  return found == passages.end() ? 0 : found->second;
}

std::uint64_t CommonBlocks::State::may_share(const PlaceKey& key, const Counted& counted) const {
  std::uint64_t more = 0;
  for (const auto& [other_key, other] : places) {
    if (is_vaguer(other_key, other.place, key, counted.place)) more += other.place.targets();
  }
  return more;
}

/// Then it is told there, and not a second time with less.
bool CommonBlocks::State::is_part_of_another(const PlaceKey& key, const Counted& counted) const {
  return std::any_of(places.begin(), places.end(), [&](const auto& other) {
    return other.second.place.targets() > 1 && is_shown(other.first) &&
           is_vaguer(key, counted.place, other.first, other.second.place);
  });
}

std::vector<CommonBlocks::State::Found> CommonBlocks::State::shared() const {
  std::vector<Found> shared;
  for (const auto& [key, counted] : places) {
    if (counted.place.targets() < 2 || !is_shown(key) || is_part_of_another(key, counted)) continue;
    Found found{.block = counted.place.block(key, passed(key)),
                .fingerprint = counted.place.fingerprint(),
                .is_control = counted.place.is_control()};
    found.block.may_share = may_share(key, counted);
    found.block.asked = asked.at({key.port, key.family});
    found.block.is_exact = found.block.is_exact && counted.is_complete && has_all_passages;
    shared.push_back(std::move(found));
  }
  return shared;
}

std::vector<CommonBlock> CommonBlocks::found() const {
  std::vector<State::Found> merged;
  for (State::Found& one : state_->shared()) {
    const auto same = std::find_if(merged.begin(), merged.end(), [&](const State::Found& other) {
      return other.fingerprint == one.fingerprint && is_alike(other.block, one.block);
    });
    if (same == merged.end()) {
      merged.push_back(std::move(one));
      continue;
    }
    same->is_control = same->is_control && one.is_control;
    same->block.ports.push_back(one.block.ports.front());
  }
  std::stable_sort(merged.begin(), merged.end(), [](const State::Found& a, const State::Found& b) {
    return std::tuple(a.is_control, ~a.block.targets) < std::tuple(b.is_control, ~b.block.targets);
  });
  std::vector<CommonBlock> blocks;
  for (State::Found& found : merged) blocks.push_back(std::move(found.block));
  return blocks;
}

std::uint64_t CommonBlocks::uncounted() const {
  return state_->uncounted;
}

}  // namespace smtpath::verdict
