#pragma once

// Between IpAddress and the kernel's socket addresses.

#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"

namespace smtpath::io {

class SocketAddress {
 public:
  SocketAddress() = default;
  explicit SocketAddress(const IpAddress& address, Port port = {});
  /// A copy; a longer one than any family has is cut.
  SocketAddress(const sockaddr& address, socklen_t length);

  /// For calls that read an address.
  const sockaddr* get() const;
  socklen_t length() const { return length_; }

  /// For calls that fill one in; both live as long as this.
  sockaddr* fill();
  socklen_t* fill_length() { return &length_; }

  /// None when it is neither IPv4 nor IPv6.
  std::optional<IpAddress> address() const;
  Port port() const;

 private:
  sockaddr_storage storage_{};
  socklen_t length_ = sizeof(sockaddr_storage);
};

/// AF_INET or AF_INET6.
int address_family(Family family);

in_addr to_in_addr(const IpAddress& ipv4);
in6_addr to_in6_addr(const IpAddress& ipv6);
IpAddress to_ip_address(const in_addr& address);
IpAddress to_ip_address(const in6_addr& address);

}  // namespace smtpath::io
