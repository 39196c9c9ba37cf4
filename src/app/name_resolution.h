#pragma once

// From the words of the user to addresses, by hosts(5), the resolvers and the rules of mail: what was asked on the way
// and what is odd in it stays with each address.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/facts/lookup.h"
#include "smtpath/facts/target_error.h"
#include "smtpath/io/resolver.h"

namespace smtpath::app {

/// Either an address to ask or an error.
struct ResolvedTarget {
  std::optional<IpAddress> address{};
  std::optional<facts::TargetError> error{};
  /// Absent for an address that needed none, and for what is no name.
  std::optional<facts::TargetLookup> lookup{};
};

/// What one word of the user leads to: never empty.
using Resolution = std::vector<ResolvedTarget>;

struct NameQuery {
  /// Only these addresses.
  std::optional<Family> family;
  /// Targets are mail domains or mailboxes (--mx).
  bool is_mail = false;
};

/// Of each, side by side. Of one target so many addresses of a family at most, that a name cannot start a scan.
std::vector<Resolution> resolve_all(io::Resolver& resolver, std::span<const std::string> targets,
                                    const NameQuery& query);
inline constexpr std::size_t kMostAddresses = 8;

}  // namespace smtpath::app
