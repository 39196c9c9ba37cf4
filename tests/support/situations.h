#pragma once

// What ordinary life puts between a mail client and its server, by name, and what is true of it: scenarios that need
// policy routing, address translation, hosts beside the chain or faults of the client's own. As in scenarios.h, port 25
// is in trouble and the others are not, unless the case says so.

#include <vector>

#include "support/scenarios.h"

namespace smtpath::test {

/// The client drops, translates or misroutes what it sends itself.
std::vector<Scenario> situations_of_this_host();

/// The server forwards ports, keeps silent, or is not there.
std::vector<Scenario> situations_of_the_house();

/// Routers redirect, refuse, translate, circle, lose or delay.
std::vector<Scenario> situations_between();

/// All of them.
std::vector<Scenario> situations();

}  // namespace smtpath::test
