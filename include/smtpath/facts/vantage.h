#pragma once

// What the edge found out about where probes start: the address, interface and user that they are sent from.

#include <string>

#include "smtpath/base/address.h"

namespace smtpath::facts {

struct Vantage {
  IpAddress address;
  std::string interface;
  /// The owner of the sending sockets, as local firewall rules see it.
  std::string user;
};

}  // namespace smtpath::facts
