#pragma once

// How politely a host was asked: the SYNs that came as far as it.

#include <cstddef>
#include <span>

#include "smtpath/base/quantities.h"
#include "support/network.h"

namespace smtpath::test {

std::size_t count_syns(std::span<const SynArrival> arrivals, Port port);

/// The most of them within any one second; `arrivals` are in the order in which they came.
std::size_t peak_syns_a_second(std::span<const SynArrival> arrivals, Port port);

}  // namespace smtpath::test
