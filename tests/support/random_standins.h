#pragma once

// What a random path has beside filters: ports that the server passes on, routers of several addresses, and boxes that
// answer in the server's name.

#include "support/dice.h"
#include "support/network_path.h"

namespace smtpath::test {

/// Some mail ports of the server are those of a container one hop farther.
void pass_ports_on(NetworkPath& path, Dice& dice);

/// Some routers answer from several addresses.
void multiply_addresses(NetworkPath& path, Dice& dice);

/// Port 25 meets no filter but a SYN proxy, a listener on a router, or another host, nearer than the server, as far or
/// farther.
void stand_in_for_smtp(NetworkPath& path, Dice& dice);

}  // namespace smtpath::test
