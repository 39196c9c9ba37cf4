#pragma once

// What random cases draw of single devices: whom they stop and how, and what TTL their packets begin with.

#include "support/dice.h"
#include "support/network_path.h"

namespace smtpath::test {

/// Linux, Windows, and most routers and BSDs.
Ttl random_initial_ttl(Dice& dice);

/// A drop, a reset or a rejection.
Action random_block(Dice& dice);

}  // namespace smtpath::test
