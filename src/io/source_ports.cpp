#include "smtpath/io/source_ports.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "io/socket_address.h"
#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr const char* kOperation = "hold a source port";

/// Bound, never listening. A dual-stack socket bound to :: holds its port for IPv4 too.
Result<FileDescriptor> bind_to_free_port(Family family) {
  FileDescriptor socket(::socket(address_family(family), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) {
    if (errno == EAFNOSUPPORT && family == Family::Ipv6) return bind_to_free_port(Family::Ipv4);
    return system_error(kOperation, errno);
  }
  const int off = 0;
  if (family == Family::Ipv6 && ::setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) != 0) {
    return system_error(kOperation, errno);
  }
  const SocketAddress any(family == Family::Ipv6 ? to_ip_address(in6addr_any) : IpAddress());
  if (::bind(socket.number(), any.get(), any.length()) != 0) return system_error(kOperation, errno);
  return socket;
}

}  // namespace

Result<SourcePorts> SourcePorts::hold(std::size_t count) {
  SourcePorts held;
  for (std::size_t i = 0; i < count; ++i) {
    auto socket = bind_to_free_port(Family::Ipv6);
    if (!socket.ok()) return socket.error();
    SocketAddress bound;
    if (::getsockname(socket.value().number(), bound.fill(), bound.fill_length()) != 0) {
      return system_error(kOperation, errno);
    }
    held.ports_.push_back(bound.port());
    held.sockets_.push_back(std::move(socket).value());
  }
  return held;
}

}  // namespace smtpath::io
