#pragma once

// The hosts of a simulated Internet: thousands of addresses, each with a path of its own and something that befalls its
// mail ports there, all of it worked out from a seed and the host's number. No packet is lost, every answer takes 20 to
// 200 ms, and routers answer as often as Linux lets them.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/path/plan.h"
#include "support/network_path.h"
#include "support/random_path_truth.h"

namespace smtpath::test {

/// Hosts that addresses are worked out for.
inline constexpr std::size_t kMostInternetTargets = 60'000;

enum class InternetFamilies : std::uint8_t { Ipv4, Ipv6, Both };

struct InternetTarget {
  IpAddress address;
  NetworkPath path;
};

/// Every other number is an IPv6 host when there are both.
Family internet_family(InternetFamilies families, std::size_t number);

/// 10.63.0.2 or fd63::2, from where all of it is asked.
IpAddress internet_client(Family family);

/// 10.64.0.0/16 or fd64::/64.
IpAddress internet_address(Family family, std::size_t number);

/// The same for the same arguments. Router h of host n is 10.(128+h).x.y where n is 10.64.x.y, or fd65:0:0:h::n+1.
InternetTarget internet_target(std::uint64_t seed, Family family, std::size_t number);

/// What `smtpath trace` asks of a host by default, anchors included.
std::vector<path::PortPlan> internet_ports();

/// In the order of internet_ports().
std::vector<PortTruth> internet_truth(const InternetTarget& target);

}  // namespace smtpath::test
