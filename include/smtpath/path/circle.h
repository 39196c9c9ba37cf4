#pragma once

// Packets that routers pass to one another in a circle until their time ends.

#include <optional>
#include <span>

#include "smtpath/path/port_path.h"

namespace smtpath::path {

/// A router at two TTLs, and the last one that answered before it came again.
struct Circle {
  SeenHop first;
  SeenHop last_new;
  SeenHop again;
};

/// The first repetition in `routers`, which are in the order of their TTLs. At two neighbouring TTLs one router proves
/// nothing: some answer for the hop behind them.
std::optional<Circle> find_circle(std::span<const SeenHop> routers);

}  // namespace smtpath::path
