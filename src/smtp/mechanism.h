#pragma once

// Names of SASL mechanisms (RFC 4422, IANA's registry, and what servers offer besides). Only a known name is ever taken
// from a client's AUTH line: whatever else stands there may be a credential.

#include <string_view>

namespace smtpath::smtp {

inline constexpr std::string_view kOtherMechanism = "OTHER";

/// The name itself as a literal, or kOtherMechanism. `name` in upper case.
std::string_view mechanism_named(std::string_view name);

}  // namespace smtpath::smtp
