#pragma once

// Which addresses a SYN can go to: unicast for this host, no IPv6 link-local one, no IPv4-mapped one.

#include <optional>
#include <string>

#include "smtpath/base/address.h"
#include "smtpath/facts/target_error.h"

namespace smtpath::io {

/// Why no SYN can go to the address; `subject` is what to call it. Errors: NotUnicast, NoRoute.
std::optional<facts::TargetError> flaw_of_address(const std::string& subject, const IpAddress& address);

}  // namespace smtpath::io
