#include "smtpath/io/raw_sender.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "io/socket_address.h"
#include "io/system_error.h"
#include "smtpath/base/byte_reader.h"
#include "smtpath/io/privileges.h"

namespace smtpath::io {

namespace {

constexpr int kTries = 10;
constexpr auto kBetweenTries = std::chrono::milliseconds(1);

/// IPPROTO_RAW means that the IP header is included (raw(7)); with IPv6 only that keeps hop limit and flow label. An
/// IPPROTO_RAW socket receives nothing.
Result<FileDescriptor> open_socket(Family family, const std::optional<std::string>& interface) {
  const int domain = address_family(family);
  FileDescriptor socket(::socket(domain, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW));
  if (!socket.is_open()) {
    if (errno == EPERM) return missing_raw_capability("open raw socket");
    if (errno == EAFNOSUPPORT && family == Family::Ipv6) return socket;
    return system_error("open raw socket", errno);
  }
  // Without it the kernel keeps quiet about a full queue (ip(7): ENOBUFS).
  const int on = 1;
  const int level = family == Family::Ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
  const int option = family == Family::Ipv4 ? IP_RECVERR : IPV6_RECVERR;
  if (::setsockopt(socket.number(), level, option, &on, sizeof(on)) != 0) {
    return system_error("set up raw socket", errno);
  }
  if (interface && ::setsockopt(socket.number(), SOL_SOCKET, SO_BINDTODEVICE, interface->c_str(),
                                static_cast<socklen_t>(interface->size())) != 0) {
    return system_error("send by " + *interface, errno);
  }
  return socket;
}

struct Endpoints {
  IpAddress source;
  IpAddress destination;
};

/// RFC 791 section 3.1, RFC 8200 section 3.
std::optional<Endpoints> endpoints(std::span<const std::byte> packet) {
  ByteReader reader(packet);
  const int version = reader.u8() >> 4;
  if (version == 4) {
    reader.skip(11);
    const auto source = reader.array<4>();
    const auto destination = reader.array<4>();
    if (reader.ok()) return Endpoints{IpAddress::v4(source), IpAddress::v4(destination)};
  } else if (version == 6) {
    reader.skip(7);
    const auto source = reader.array<16>();
    const auto destination = reader.array<16>();
    if (reader.ok()) return Endpoints{IpAddress::v6(source), IpAddress::v6(destination)};
  }
  return std::nullopt;
}

/// The kernel routes a header-included packet without a look at its source; ancillary data tells it, so that policy
/// rules by source address hold as they do for a connection.
class RoutingHint {
 public:
  RoutingHint(const IpAddress& source, std::uint32_t interface_index) {
    if (source.is_ipv4()) {
      in_pktinfo hint{};
      hint.ipi_ifindex = static_cast<int>(interface_index);
      hint.ipi_spec_dst = to_in_addr(source);
      fill(IPPROTO_IP, IP_PKTINFO, hint);
    } else {
      in6_pktinfo hint{};
      hint.ipi6_ifindex = interface_index;
      // A loopback source stands for none; as a hint it would be refused before the route is looked for. With any
      // source as a hint the kernel prefers a route to the interface it is told.
      if (!source.is_loopback() && interface_index == 0) hint.ipi6_addr = to_in6_addr(source);
      fill(IPPROTO_IPV6, IPV6_PKTINFO, hint);
    }
  }

  void attach_to(msghdr& message) {
    message.msg_control = buffer_.data();
    message.msg_controllen = length_;
  }

 private:
  template <class Hint>
  void fill(int level, int type, const Hint& hint) {
    cmsghdr header{};
    header.cmsg_level = level;
    header.cmsg_type = type;
    header.cmsg_len = CMSG_LEN(sizeof(hint));
    std::memcpy(buffer_.data(), &header, sizeof(header));
    std::memcpy(buffer_.data() + CMSG_LEN(0), &hint, sizeof(hint));
    length_ = CMSG_SPACE(sizeof(hint));
  }

  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> buffer_{};
  std::size_t length_ = 0;
};

}  // namespace

RawSender::RawSender(FileDescriptor ipv4, FileDescriptor ipv6) : ipv4_(std::move(ipv4)), ipv6_(std::move(ipv6)) {}

Result<RawSender> RawSender::open(const std::optional<std::string>& interface) {
  auto ipv4 = open_socket(Family::Ipv4, interface);
  if (!ipv4.ok()) return ipv4.error();
  auto ipv6 = open_socket(Family::Ipv6, interface);
  if (!ipv6.ok()) return ipv6.error();
  return RawSender(std::move(ipv4).value(), std::move(ipv6).value());
}

std::optional<int> RawSender::send(std::span<const std::byte> packet, std::uint32_t interface_index) {
  const auto ends = endpoints(packet);
  if (!ends) return EINVAL;
  const FileDescriptor& socket = ends->destination.is_ipv4() ? ipv4_ : ipv6_;
  if (!socket.is_open()) return EAFNOSUPPORT;

  SocketAddress destination(ends->destination);
  RoutingHint hint(ends->source, interface_index);
  // sendmsg(2) only reads it, but shares its type with recvmsg(2).
  iovec content{const_cast<std::byte*>(packet.data()), packet.size()};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  msghdr message{};
  message.msg_name = destination.fill();
  message.msg_namelen = destination.length();
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  hint.attach_to(message);

  for (int tries = 1;;) {
    if (::sendmsg(socket.number(), &message, 0) >= 0) return std::nullopt;
    if (errno == EINTR) continue;
    const bool is_transient = errno == ENOBUFS || errno == EAGAIN;
    if (!is_transient || tries++ == kTries) return errno == EAGAIN ? ENOBUFS : errno;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace smtpath::io
