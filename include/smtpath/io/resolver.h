#pragma once

// From what the user names to addresses that can be probed. Blocks for as long as the system's resolver takes.

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/facts/target_error.h"

namespace smtpath::io {

using Resolution = std::variant<std::vector<IpAddress>, facts::TargetError>;

/// A literal address needs no look-up. Otherwise the system's addresses for the name, in its order, each once; with a
/// family, only that one. Never an empty list, and only addresses that a SYN can go to: unicast for this host, no IPv6
/// link-local one, no IPv4-mapped one. Errors: UnknownHost, also for what is neither a name nor an address; NoAddress,
/// also when the family asked is missing; ResolverFailure; NotUnicast and NoRoute when no usable address is left.
Resolution resolve(const std::string& target, std::optional<Family> family = std::nullopt);

/// The same for each of them, some at a time by threads that are gone on return. Names that do not resolve keep others
/// waiting only while as many as there are threads do not.
std::vector<Resolution> resolve_all(std::span<const std::string> targets, std::optional<Family> family = std::nullopt);

}  // namespace smtpath::io
