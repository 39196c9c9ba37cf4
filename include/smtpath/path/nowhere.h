#pragma once

// Addresses set aside for documentation (RFC 5737, RFC 3849, RFC 9637): nobody can have one, so that whoever accepts a
// SYN to one accepts in anybody's name.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "smtpath/base/address.h"
#include "smtpath/path/flow_mark.h"
#include "smtpath/path/plan.h"

namespace smtpath::path {

/// For the target, drawn from the key, of a net that none of `used` is of; absent: they are of all such nets.
std::optional<IpAddress> nowhere_address(const HashKey& key, const IpAddress& target, std::span<const IpAddress> used);

/// The flow from the source port at `slot` to the target's port at `port`, as it goes to nowhere; absent: the plan has
/// no room for it.
std::optional<FlowIndex> flow_to_nowhere(const TargetPlan& plan, std::size_t target, std::size_t port,
                                         std::uint8_t slot);

}  // namespace smtpath::path
