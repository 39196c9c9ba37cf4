#pragma once

// Which way probes to an address leave this host, and whether mail to each port takes the same. Policy rules by port
// and protocol apply to connections and not to raw packets, so the kernel is asked for both.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/result.h"
#include "smtpath/facts/port_route.h"
#include "smtpath/facts/vantage.h"
#include "smtpath/io/routes.h"
#include "smtpath/path/plan.h"

namespace smtpath::app {

struct WayOutQuery {
  IpAddress address;
  /// As the user asked for them.
  std::optional<IpAddress> source;
  std::optional<std::string> interface;
  /// In force.
  std::string user;
};

struct WayOut {
  /// Without an address where the kernel has none to offer.
  facts::Vantage vantage;
  /// The gateway, or the address itself on the link; absent without a route.
  std::optional<IpAddress> next_hop;
};

/// Error: the kernel could not be asked.
Result<WayOut> find_way_out(io::Routes& routes, const WayOutQuery& query);

/// How mail to the ports leaves, as far as it differs. Where probes can follow, `ports` gets their source.
Result<std::vector<facts::PortRoute>> find_port_routes(io::Routes& routes, const WayOutQuery& query,
                                                       std::vector<path::PortPlan>& ports);

}  // namespace smtpath::app
