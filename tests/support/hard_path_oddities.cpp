#include <algorithm>

#include "support/hard_path_parts.h"

namespace smtpath::test {

namespace {

std::string rewrite(NetworkPath& path, Dice& dice) {
  constexpr std::uint8_t kClass = 0x28;
  constexpr std::uint16_t kMss = 1380;
  constexpr int kOutside = 55;
  Rewriting rewriting;
  if (dice.chance(0.4)) rewriting.source = address_of(path.client.family(), 0, kOutside);
  if (dice.chance(0.3)) rewriting.sequence_offset = static_cast<std::uint32_t>(dice.between(1, 1 << 30));
  if (dice.chance(0.3)) rewriting.traffic_class = kClass;
  if (dice.chance(0.3)) rewriting.mss = kMss;
  rewriting.removes_options = dice.chance(0.2);
  rewriting.translates_errors = dice.chance(0.5);
  some_router(path, dice).rewriting = rewriting;
  return rewriting.translates_errors ? "rewrites, and errors" : "rewrites";
}

// Such a router stands for none: it does nothing else, and is not the last.
std::string forward_zero_ttl(NetworkPath& path, Dice& dice) {
  if (path.distance() < 3) return {};
  Device& router = path.devices[static_cast<std::size_t>(dice.between(1, path.distance() - 2)) - 1];
  if (!router.rules.empty()) return {};
  router.forwards_zero_ttl = true;
  return "forwards TTL 0";
}

std::string speak_as_target(NetworkPath& path, Dice& dice) {
  Device& router = some_router(path, dice);
  if (!router.rules.empty()) return {};
  router.speaks_as_target = true;
  return "speaks as target";
}

std::string disturb_arrival(NetworkPath& path, Dice& dice) {
  Link& link = some_router(path, dice).link;
  link.doubles_back = dice.chance(0.5);
  if (!link.doubles_back) link.jitter = std::chrono::milliseconds(dice.between(1, 40));
  return link.doubles_back ? "doubles" : "jitter";
}

}  // namespace

std::string add_oddity(NetworkPath& path, Dice& dice) {
  if (path.distance() < 2) return {};
  switch (dice.between(0, 5)) {
    case 0:
    case 1:
    case 2:
      return rewrite(path, dice);
    case 3:
      return forward_zero_ttl(path, dice);
    case 4:
      return speak_as_target(path, dice);
    default:
      return disturb_arrival(path, dice);
  }
}

}  // namespace smtpath::test
