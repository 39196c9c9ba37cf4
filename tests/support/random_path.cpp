#include "support/random_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <variant>

#include "support/dice.h"
#include "support/random_block.h"
#include "support/random_standins.h"
#include "support/simulation.h"

namespace smtpath::test {

namespace {

using path::Role;

constexpr Port kSubject{25};
constexpr std::array kControls{Port{465}, Port{587}, Port{2525}};
constexpr std::array kAnchors{Port{443}, Port{80}};

void vary_routers(NetworkPath& path, Dice& dice) {
  constexpr double kStingy = 0.04;
  const bool is_ipv6 = !path.client.is_ipv4();
  for (Device& device : path.devices) {
    device.initial_ttl = random_initial_ttl(dice);
    device.link.latency = std::chrono::microseconds(dice.between(100, 30'000));
    // ICMPv6 quotes as much as fits (RFC 4443 section 2.4).
    if (!is_ipv6 && dice.chance(0.3)) device.quoted_payload = 8;
    if (!is_ipv6 && dice.chance(0.2)) device.quoted_payload = static_cast<std::size_t>(dice.between(8, 60));
    if (dice.chance(kStingy)) {
      device.icmp_limit = {.burst = static_cast<double>(dice.between(1, 3)), .per_second = dice.between(0.3, 1.0)};
    }
  }
}

void silence_routers(NetworkPath& path, Dice& dice) {
  const int routers = path.distance() - 1;
  if (routers == 0) return;
  const auto silence = [&](int hop) { path.devices[static_cast<std::size_t>(hop) - 1].is_silent = true; };
  if (dice.chance(0.06)) {
    for (int hop = 1; hop <= routers; ++hop) silence(hop);
    return;
  }
  constexpr std::array kShares{0.0, 0.0, 0.1, 0.3};
  const double share = dice.one_of(kShares);
  for (int hop = 1; hop <= routers; ++hop) {
    if (dice.chance(share)) silence(hop);
  }
  if (dice.chance(0.15)) {
    const int first = dice.between(1, routers);
    const int last = std::min(routers, first + dice.between(1, 4));
    for (int hop = first; hop <= last; ++hop) silence(hop);
  }
}

// From some hop on, all come back by another way.
void vary_return_path(NetworkPath& path, Dice& dice) {
  if (dice.chance(0.5)) return;
  const int extra = dice.between(-3, 5);
  for (int hop = dice.between(1, path.distance()); hop <= path.distance(); ++hop) {
    path.devices[static_cast<std::size_t>(hop) - 1].extra_return_hops = extra;
  }
}

// As ping measures it: at most 10 % of what goes to the server and back, on one to three links.
void lose_packets(NetworkPath& path, Dice& dice) {
  constexpr double kMost = 0.10;
  const int links = dice.between(1, 3);
  const double share = dice.between(0.002, kMost) / links;
  for (int i = 0; i < links; ++i) {
    Link& link = path.devices[static_cast<std::size_t>(dice.between(1, path.distance())) - 1].link;
    (dice.chance(0.5) ? link.loss_out : link.loss_back) += share;
  }
}

void vary_server(NetworkPath& path, Dice& dice) {
  path.server.answers_echo = dice.chance(0.7);
  path.server.habits.has_timestamps = path.devices.back().initial_ttl != Ttl{128} || dice.chance(0.4);
  for (const Port anchor : kAnchors) {
    if (dice.chance(0.5)) {
      path.server.open.push_back(anchor);
    } else if (dice.chance(0.5)) {
      path.devices.back().rules.push_back({.port = anchor, .action = Drop{}});
    }
  }
}

Device& random_place(NetworkPath& path, Dice& dice) {
  const int routers = path.distance() - 1;
  const int hop = routers == 0 || dice.chance(0.2) ? path.distance() : dice.between(1, routers);
  return path.devices[static_cast<std::size_t>(hop) - 1];
}

// The block hits port 25 always, and of the others none, some, all, or even the anchors.
void block_ports(NetworkPath& path, Dice& dice) {
  const Rule block{.port = kSubject, .action = random_block(dice), .before_ttl_check = dice.chance(0.5)};
  std::vector<Rule>& rules = random_place(path, dice).rules;
  const auto add = [&](Port port) { rules.push_back({port, block.action, block.before_ttl_check}); };
  constexpr std::array kShares{0.0, 0.0, 0.5, 1.0};
  const double share = dice.one_of(kShares);
  add(kSubject);
  for (const Port control : kControls) {
    if (dice.chance(share)) add(control);
  }
  if (share == 1.0 && dice.chance(0.3)) std::for_each(kAnchors.begin(), kAnchors.end(), add);
}

// A route that leads nowhere, or nobody at the address.
void block_everything(NetworkPath& path, Dice& dice) {
  constexpr std::array kReasons{Unreachable::Net, Unreachable::Host, Unreachable::AdminProhibited};
  if (dice.chance(0.3)) {
    path.server.exists = false;
    return;
  }
  const Action action = dice.chance(0.5) ? Action(Drop{}) : Action(Reject{dice.one_of(kReasons)});
  const int hop = dice.between(1, path.distance() - 1);
  path.devices[static_cast<std::size_t>(hop) - 1].rules.push_back(
      {.port = {}, .action = action, .before_ttl_check = true});
}

void apply_policy(NetworkPath& path, Dice& dice) {
  if (dice.chance(0.5)) path.server.open.push_back(kSubject);
  for (const Port control : kControls) {
    if (dice.chance(0.5)) path.server.open.push_back(control);
  }
  if (path.distance() > 1 && dice.chance(0.06)) {
    block_everything(path, dice);
  } else if (!dice.chance(0.15)) {
    block_ports(path, dice);
  }
}

std::vector<path::PortPlan> asked_ports() {
  std::vector<path::PortPlan> ports{{.port = kSubject, .role = Role::Subject}};
  for (const Port port : kControls) ports.push_back({.port = port, .role = Role::Control});
  for (const Port port : kAnchors) ports.push_back({.port = port, .role = Role::Anchor});
  return ports;
}

}  // namespace

RandomPath random_path(std::uint64_t seed) {
  constexpr int kMostRouters = 29;
  Dice dice(seed);
  RandomPath random;
  random.seed = seed;
  random.path = plain_path(dice.between(0, kMostRouters), dice.chance(0.3) ? Family::Ipv6 : Family::Ipv4);
  vary_routers(random.path, dice);
  silence_routers(random.path, dice);
  vary_return_path(random.path, dice);
  random.is_lossless = dice.chance(0.5);
  if (!random.is_lossless) lose_packets(random.path, dice);
  vary_server(random.path, dice);
  apply_policy(random.path, dice);

  // Dice of its own, so that whatever is drawn above stays the same for a seed.
  constexpr std::uint64_t kOtherDice = 0x9e3779b97f4a7c15U;
  Dice others(seed ^ kOtherDice);
  if (others.chance(0.08)) pass_ports_on(random.path, others);
  if (others.chance(0.2)) multiply_addresses(random.path, others);
  if (others.chance(0.05)) stand_in_for_smtp(random.path, others);

  random.plan = plan_for(random.path, asked_ports());
  for (std::byte& byte : random.plan.key) byte = static_cast<std::byte>(dice.between(0, 255));
  random.truths = truth_of(random.path, random.plan.targets.front().ports);
  return random;
}

}  // namespace smtpath::test
