#pragma once

// The one name that smtpath gives to each ICMP error, in the words of RFC 792, RFC 1122 section 3.2.2.1, RFC 1812
// section 5.2.7.1 and RFC 4443; reports, evidence and documentation all use it.

#include <cstdint>
#include <string>

#include "smtpath/base/address.h"

namespace smtpath::path {

/// "admin-prohibited" for 3/13 of IPv4 and 1/1 of IPv6; "icmp-3-77" where nobody has given a name.
/// `family` is that of the packet that carries the error.
std::string icmp_name(Family family, std::uint8_t type, std::uint8_t code);

}  // namespace smtpath::path
