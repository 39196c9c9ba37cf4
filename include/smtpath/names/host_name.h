#pragma once

// What can be a host name at all (RFC 952, RFC 1123 section 2.1; underscores are let through, as resolvers do).

#include <string>
#include <string_view>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"

namespace smtpath::names {

/// RFC 1035 section 2.3.4, as text without the final dot.
inline constexpr std::size_t kLongestName = 253;

/// What is wrong with a host name, in words that follow it ("not an IPv4 address …"); empty if nothing. A name whose
/// last label is a number is taken for a misspelt address.
std::string_view flaw_of_host_name(std::string_view name);

/// Without the final dot, letters small (RFC 4343).
std::string canonical(std::string_view name);

/// The name whose PTR record names the address (RFC 1035 section 3.5, RFC 3596 section 2.5).
std::string reverse_name(const IpAddress& address);

/// Where the TLSA records of a TCP service are: "_25._tcp.mx.example" (RFC 6698 section 3).
std::string tlsa_name(std::string_view host, Port port);

}  // namespace smtpath::names
