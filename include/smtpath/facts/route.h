#pragma once

// What this host's kernel says about the way to a destination, before any packet is sent.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "smtpath/base/address.h"

namespace smtpath::facts {

/// What the kernel does with packets for the destination; it tells of its other route types by a RouteRefusal.
enum class RouteType : std::uint8_t { Unicast, Local, Broadcast, Multicast, Other };

struct Route {
  RouteType type = RouteType::Unicast;
  /// Where packets leave; "lo" for this host itself.
  std::string interface;
  std::uint32_t interface_index = 0;
  /// The address that the kernel sends from; none when it has none to offer.
  std::optional<IpAddress> source;
  /// None when the destination is on the link. May be IPv6 for an IPv4 destination.
  std::optional<IpAddress> gateway;
  /// In bytes: the route's own, else the interface's.
  std::uint32_t mtu = 0;

  friend bool operator==(const Route&, const Route&) = default;
};

/// No packet can be sent. On Linux: ENETUNREACH without a route, EHOSTUNREACH for an unreachable one (ENETUNREACH or
/// EHOSTUNREACH with IPv6), EACCES for a prohibit one, EINVAL for a blackhole; EINVAL or ENETUNREACH for a source that
/// this host does not have.
struct RouteRefusal {
  int error = 0;

  friend bool operator==(const RouteRefusal&, const RouteRefusal&) = default;
};

using RouteAnswer = std::variant<Route, RouteRefusal>;

}  // namespace smtpath::facts
