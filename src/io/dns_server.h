#pragma once

// A name server by its address: how it is written, and how the kernel wants it.

#include <optional>
#include <string>
#include <string_view>

#include "io/socket_address.h"

namespace smtpath::io {

struct DnsServer {
  /// "192.0.2.53", "fe80::1%eth0", or with another port than 53 "192.0.2.53@5353".
  std::string text;
  SocketAddress address;
};

/// Of "192.0.2.53", "192.0.2.53@5353", "[2001:db8::53]", "[2001:db8::53]:5353".
std::optional<DnsServer> parse_dns_server(std::string_view text);

}  // namespace smtpath::io
