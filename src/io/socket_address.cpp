#include "io/socket_address.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>

namespace smtpath::io {

SocketAddress::SocketAddress(const IpAddress& address, Port port) {
  if (address.is_ipv4()) {
    sockaddr_in socket_address{};
    socket_address.sin_family = AF_INET;
    socket_address.sin_port = htons(port.number);
    socket_address.sin_addr = to_in_addr(address);
    std::memcpy(&storage_, &socket_address, sizeof(socket_address));
    length_ = sizeof(socket_address);
  } else {
    sockaddr_in6 socket_address{};
    socket_address.sin6_family = AF_INET6;
    socket_address.sin6_port = htons(port.number);
    socket_address.sin6_addr = to_in6_addr(address);
    std::memcpy(&storage_, &socket_address, sizeof(socket_address));
    length_ = sizeof(socket_address);
  }
}

SocketAddress::SocketAddress(const sockaddr& address, socklen_t length)
    : length_(std::min(length, socklen_t{sizeof(storage_)})) {
  std::memcpy(&storage_, &address, length_);
}

const sockaddr* SocketAddress::get() const {
  return reinterpret_cast<const sockaddr*>(&storage_);
}

sockaddr* SocketAddress::fill() {
  return reinterpret_cast<sockaddr*>(&storage_);
}

std::optional<IpAddress> SocketAddress::address() const {
  if (storage_.ss_family == AF_INET) {
    sockaddr_in socket_address{};
    std::memcpy(&socket_address, &storage_, sizeof(socket_address));
    return to_ip_address(socket_address.sin_addr);
  }
  if (storage_.ss_family == AF_INET6) {
    sockaddr_in6 socket_address{};
    std::memcpy(&socket_address, &storage_, sizeof(socket_address));
    return to_ip_address(socket_address.sin6_addr);
  }
  return std::nullopt;
}

Port SocketAddress::port() const {
  // sin_port and sin6_port lie at the same place.
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  sockaddr_in socket_address{};
  std::memcpy(&socket_address, &storage_, sizeof(socket_address));
  return Port{ntohs(socket_address.sin_port)};
}

int address_family(Family family) {
  return family == Family::Ipv4 ? AF_INET : AF_INET6;
}

in_addr to_in_addr(const IpAddress& ipv4) {
  assert(ipv4.is_ipv4());
  in_addr address{};
  std::memcpy(&address, ipv4.bytes().data(), sizeof(address));
  return address;
}

in6_addr to_in6_addr(const IpAddress& ipv6) {
  assert(!ipv6.is_ipv4());
  in6_addr address{};
  std::memcpy(&address, ipv6.bytes().data(), sizeof(address));
  return address;
}

IpAddress to_ip_address(const in_addr& address) {
  return IpAddress::v4(std::as_bytes(std::span<const in_addr, 1>(&address, 1)));
}

IpAddress to_ip_address(const in6_addr& address) {
  return IpAddress::v6(std::as_bytes(std::span<const in6_addr, 1>(&address, 1)));
}

}  // namespace smtpath::io
