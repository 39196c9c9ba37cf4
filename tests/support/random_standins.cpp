#include "support/random_standins.h"

#include <algorithm>
#include <array>
#include <vector>

namespace smtpath::test {

namespace {

/// What a run asks at most: whoever is farther is not found.
constexpr int kFarthest = 30;
constexpr Port kSmtp{25};
constexpr std::array kMailPorts{kSmtp, Port{465}, Port{587}, Port{2525}};

Device& random_router(NetworkPath& path, Dice& dice) {
  return path.devices[static_cast<std::size_t>(dice.between(1, path.distance() - 1)) - 1];
}

void lead_elsewhere(NetworkPath& path, Dice& dice) {
  constexpr int kMostFarther = 2;
  const int at = dice.between(1, path.distance() - 1);
  const int farthest = std::min(path.distance() + kMostFarther, kFarthest);
  Detour detour = plain_detour(path, kSmtp, at, dice.between(at + 1, std::max(at + 1, farthest)));
  detour.is_open = dice.chance(0.8);
  detour.translates_errors = dice.chance(0.7);
  for (Device& device : detour.devices) {
    device.link.latency = std::chrono::microseconds(dice.between(100, 10'000));
    device.is_silent = dice.chance(0.1);
    // The way back leads through the router that translates.
    device.extra_return_hops = path.hop(at).extra_return_hops;
  }
  path.detours.push_back(std::move(detour));
}

}  // namespace

void pass_ports_on(NetworkPath& path, Dice& dice) {
  if (path.distance() >= kFarthest) return;
  for (const Port port : kMailPorts) {
    if (path.server.listens_on(port) && dice.chance(0.5)) {
      std::erase(path.server.open, port);
      path.server.forwarded.push_back(port);
    } else if (!path.server.listens_on(port) && dice.chance(0.2)) {
      path.server.forwarded_closed.push_back(port);
    }
  }
}

void multiply_addresses(NetworkPath& path, Dice& dice) {
  constexpr unsigned kNet = 3;
  constexpr int kMostMore = 2;
  int next = 1;
  for (Device& device : path.devices) {
    if (!dice.chance(0.3) || &device == &path.devices.back()) continue;
    for (int more = dice.between(1, kMostMore); more > 0; --more) {
      device.other_addresses.push_back(address_of(path.client.family(), kNet, next++));
    }
  }
}

void stand_in_for_smtp(NetworkPath& path, Dice& dice) {
  if (path.distance() < 2) return;
  for (Device& device : path.devices) {
    std::erase_if(device.rules, [](const Rule& rule) { return rule.port == kSmtp; });
  }
  switch (dice.between(0, 3)) {
    case 0:
      random_router(path, dice).rules.push_back({.port = kSmtp, .action = SynProxy{}, .before_ttl_check = false});
      return;
    case 1:
      random_router(path, dice).rules.push_back({.port = kSmtp, .action = TakeOver{}, .before_ttl_check = true});
      return;
    default:
      lead_elsewhere(path, dice);
  }
}

}  // namespace smtpath::test
