#pragma once

// The ways that packets of one port can take where a simulated path splits: each is a path without splits.

#include <cstddef>
#include <span>
#include <vector>

#include "support/network_path.h"

namespace smtpath::test {

/// Of each split of a path, the branch that is taken.
using Branches = std::vector<std::size_t>;

/// The path as packets that take these branches find it.
NetworkPath along(const NetworkPath& path, const Branches& branches);

/// What packets of a flow may take: one way, if all splits go by flow. Their ports are as this host sends them.
std::vector<Branches> branches_of(const NetworkPath& path, const FlowKey& flow);

/// Whatever any packet may take.
std::vector<Branches> all_branches(const NetworkPath& path);

}  // namespace smtpath::test
