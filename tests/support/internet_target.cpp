#include "support/internet_target.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "support/dice.h"

namespace smtpath::test {

namespace {

using path::Role;

constexpr Port kSubject{25};
constexpr std::array kControls{Port{465}, Port{587}, Port{2525}};
constexpr std::array kAnchors{Port{443}, Port{80}};
constexpr int kFirstRouterNet = 128;
constexpr std::array kUnreachables{
    Unreachable::Net,           Unreachable::Host,           Unreachable::Port,
    Unreachable::NetProhibited, Unreachable::HostProhibited, Unreachable::AdminProhibited};

IpAddress ipv4_address(int net, std::size_t number) {
  constexpr std::size_t kHostsInNet = 250;
  return IpAddress::v4(std::array{std::byte{10}, static_cast<std::byte>(net),
                                  static_cast<std::byte>(number / kHostsInNet),
                                  static_cast<std::byte>(1 + number % kHostsInNet)});
}

IpAddress ipv6_address(unsigned net, int subnet, std::size_t number) {
  std::array<std::byte, 16> bytes{std::byte{0xfd}, static_cast<std::byte>(net)};
  bytes[7] = static_cast<std::byte>(subnet);
  bytes[14] = static_cast<std::byte>((number + 1) >> 8);
  bytes[15] = static_cast<std::byte>(number + 1);
  return IpAddress::v6(bytes);
}

IpAddress router_address(Family family, int hop, std::size_t number) {
  constexpr unsigned kNet = 0x65;
  return family == Family::Ipv4 ? ipv4_address(kFirstRouterNet + hop, number) : ipv6_address(kNet, hop, number);
}

Ttl initial_ttl(Dice& dice) {
  constexpr std::array kInitial{Ttl{64}, Ttl{64}, Ttl{64}, Ttl{128}, Ttl{255}};
  return dice.one_of(kInitial);
}

Device& device_at(NetworkPath& path, int hop) {
  return path.devices[static_cast<std::size_t>(hop) - 1];
}

int random_router(const NetworkPath& path, Dice& dice) {
  return dice.between(1, path.distance() - 1);
}

// The first link takes as long as the quickest answer, the others share the rest.
void spread_latency(NetworkPath& path, Dice& dice) {
  constexpr std::chrono::microseconds kLeast(10'000);
  const std::chrono::microseconds rest(dice.between(0, 90'000));
  for (Device& device : path.devices) device.link.latency = rest / path.distance();
  path.devices.front().link.latency += kLeast;
}

void vary_routers(NetworkPath& path, Dice& dice) {
  const bool has_silent = dice.chance(0.15);
  for (int hop = 1; hop < path.distance(); ++hop) {
    Device& router = device_at(path, hop);
    router.initial_ttl = initial_ttl(dice);
    router.is_silent = has_silent && dice.chance(0.2);
    // ICMPv6 quotes as much as fits (RFC 4443 section 2.4).
    if (path.client.is_ipv4() && dice.chance(0.3)) router.quoted_payload = 8;
  }
}

void vary_server(NetworkPath& path, Dice& dice) {
  Device& device = path.devices.back();
  Server& server = path.server;
  device.initial_ttl = initial_ttl(dice);
  server.answers_echo = dice.chance(0.75);
  server.habits.has_timestamps = device.initial_ttl != Ttl{128} || dice.chance(0.4);
  if (dice.chance(0.5)) server.open.push_back(kSubject);
  for (const Port control : kControls) {
    if (dice.chance(0.5)) server.open.push_back(control);
  }
  for (const Port anchor : kAnchors) {
    if (dice.chance(0.5)) {
      server.open.push_back(anchor);
    } else if (dice.chance(0.5)) {
      device.rules.push_back({.port = anchor, .action = Drop{}});
    }
  }
}

Action random_action(Dice& dice, bool is_at_server) {
  switch (dice.between(0, is_at_server ? 2 : 4)) {
    case 0:
      return Drop{};
    case 1:
      return Reset{.initial_ttl = initial_ttl(dice)};
    case 2:
      return Reject{dice.one_of(kUnreachables)};
    case 3:
      return TakeOver{.initial_ttl = initial_ttl(dice)};
    default:
      return SynProxy{.initial_ttl = initial_ttl(dice)};
  }
}

// Hits port 25 always, and of the controls none, some or all.
void block_ports(NetworkPath& path, Dice& dice) {
  const bool is_at_server = dice.chance(0.2);
  const int hop = is_at_server ? path.distance() : random_router(path, dice);
  const Action action = random_action(dice, is_at_server);
  const bool before_ttl_check =
      std::holds_alternative<TakeOver>(action) || (!std::holds_alternative<SynProxy>(action) && dice.chance(0.5));
  constexpr std::array kShares{0.0, 0.0, 0.5, 1.0};
  const double share = dice.one_of(kShares);
  std::vector<Rule>& rules = device_at(path, hop).rules;
  rules.push_back({.port = kSubject, .action = action, .before_ttl_check = before_ttl_check});
  for (const Port control : kControls) {
    if (dice.chance(share)) rules.push_back({.port = control, .action = action, .before_ttl_check = before_ttl_check});
  }
}

void befall(NetworkPath& path, Dice& dice) {
  constexpr std::array kForHost{Unreachable::Net, Unreachable::Host, Unreachable::AdminProhibited};
  constexpr int kAll = 100;
  const int lot = dice.between(1, kAll);
  if (lot <= 4) {
    path.server.exists = false;
  } else if (lot <= 8) {
    std::vector<Rule>& rules = path.devices.back().rules;
    rules.push_back({.port = {}, .action = Drop{}});
    std::rotate(rules.begin(), rules.end() - 1, rules.end());
  } else if (lot <= 11) {
    device_at(path, random_router(path, dice))
        .rules.push_back({.port = {}, .action = Drop{}, .before_ttl_check = true});
  } else if (lot <= 14) {
    device_at(path, random_router(path, dice))
        .rules.push_back({.port = {}, .action = Reject{dice.one_of(kForHost)}, .before_ttl_check = true});
  } else if (lot <= 17) {
    const int from = dice.between(2, path.distance() - 1);
    device_at(path, from).loops_to = from - 1;
  } else if (lot <= 25) {
    path.server.forwarded.push_back(kControls[1]);
  } else if (lot <= 80) {
    block_ports(path, dice);
  }
}

}  // namespace

Family internet_family(InternetFamilies families, std::size_t number) {
  switch (families) {
    case InternetFamilies::Ipv4:
      return Family::Ipv4;
    case InternetFamilies::Ipv6:
      return Family::Ipv6;
    case InternetFamilies::Both:
      return number % 2 == 0 ? Family::Ipv4 : Family::Ipv6;
  }
  return Family::Ipv4;
}

IpAddress internet_client(Family family) {
  constexpr int kNet4 = 63;
  constexpr unsigned kNet6 = 0x63;
  return family == Family::Ipv4 ? ipv4_address(kNet4, 1) : ipv6_address(kNet6, 0, 1);
}

IpAddress internet_address(Family family, std::size_t number) {
  constexpr int kNet4 = 64;
  constexpr unsigned kNet6 = 0x64;
  return family == Family::Ipv4 ? ipv4_address(kNet4, number) : ipv6_address(kNet6, 0, number);
}

InternetTarget internet_target(std::uint64_t seed, Family family, std::size_t number) {
  constexpr std::uint64_t kApart = 1'000'003;
  constexpr int kFewestRouters = 3;
  constexpr int kMostRouters = 15;
  Dice dice(seed * kApart + number);
  NetworkPath path = plain_path(dice.between(kFewestRouters, kMostRouters), family);
  path.client = internet_client(family);
  for (int hop = 1; hop < path.distance(); ++hop) device_at(path, hop).address = router_address(family, hop, number);
  const IpAddress address = internet_address(family, number);
  path.devices.back().address = address;
  spread_latency(path, dice);
  vary_routers(path, dice);
  vary_server(path, dice);
  befall(path, dice);
  return {.address = address, .path = std::move(path)};
}

std::vector<path::PortPlan> internet_ports() {
  std::vector<path::PortPlan> ports{{.port = kSubject, .role = Role::Subject}};
  for (const Port port : kControls) ports.push_back({.port = port, .role = Role::Control});
  for (const Port port : kAnchors) ports.push_back({.port = port, .role = Role::Anchor});
  return ports;
}

std::vector<PortTruth> internet_truth(const InternetTarget& target) {
  return truth_of(target.path, internet_ports());
}

}  // namespace smtpath::test
