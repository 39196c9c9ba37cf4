#pragma once

// The form of a host's name that TLS wants, in its ClientHello (RFC 6066 section 3) and beside a certificate.

#include <string>

#include "smtpath/base/address.h"

namespace smtpath::io {

/// Without its final dot; empty for an address, and for what begins with a dot, which OpenSSL takes for a whole domain.
inline std::string host_name(std::string name) {
  if (IpAddress::parse(name) || name.starts_with('.')) return {};
  if (name.ends_with('.')) name.pop_back();
  return name;
}

}  // namespace smtpath::io
