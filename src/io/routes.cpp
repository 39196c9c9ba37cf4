#include "smtpath/io/routes.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "io/socket_address.h"
#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr const char* kOperation = "ask for a route";

void put_address(nlmsghdr* message, std::uint16_t attribute, const IpAddress& address) {
  mnl_attr_put(message, attribute, address.bytes().size(), address.bytes().data());
}

std::uint8_t prefix_length(const IpAddress& address) {
  return static_cast<std::uint8_t>(address.bytes().size() * 8);
}

/// rtnetlink(7), RTM_GETROUTE.
nlmsghdr* write_query(void* buffer, const RouteQuery& query, std::uint32_t sequence) {
  nlmsghdr* message = mnl_nlmsg_put_header(buffer);
  message->nlmsg_type = RTM_GETROUTE;
  message->nlmsg_flags = NLM_F_REQUEST;
  message->nlmsg_seq = sequence;
  auto* route = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
  route->rtm_family = static_cast<unsigned char>(address_family(query.destination.family()));

  route->rtm_dst_len = prefix_length(query.destination);
  put_address(message, RTA_DST, query.destination);
  if (query.source) {
    route->rtm_src_len = prefix_length(*query.source);
    put_address(message, RTA_SRC, *query.source);
  }
  if (query.interface_index != 0) mnl_attr_put_u32(message, RTA_OIF, query.interface_index);
  if (query.user_id) mnl_attr_put_u32(message, RTA_UID, *query.user_id);
  if (query.tcp_port) {
    mnl_attr_put_u8(message, RTA_IP_PROTO, IPPROTO_TCP);
    mnl_attr_put_u16(message, RTA_DPORT, htons(query.tcp_port->number));
  }
  return message;
}

std::optional<IpAddress> read_address(std::span<const std::byte> bytes) {
  if (bytes.size() == 4) return IpAddress::v4(bytes.first<4>());
  if (bytes.size() == 16) return IpAddress::v6(bytes.first<16>());
  return std::nullopt;
}

std::span<const std::byte> payload(const nlattr* attribute) {
  return {static_cast<const std::byte*>(mnl_attr_get_payload(attribute)), mnl_attr_get_payload_len(attribute)};
}

int read_metric(const nlattr* metric, void* mtu) {
  if (mnl_attr_get_type(metric) == RTAX_MTU && mnl_attr_validate(metric, MNL_TYPE_U32) == 0) {
    *static_cast<std::uint32_t*>(mtu) = mnl_attr_get_u32(metric);
  }
  return MNL_CB_OK;
}

facts::RouteType to_route_type(unsigned char type) {
  switch (type) {
    case RTN_UNICAST:
      return facts::RouteType::Unicast;
    case RTN_LOCAL:
      return facts::RouteType::Local;
    case RTN_BROADCAST:
      return facts::RouteType::Broadcast;
    case RTN_MULTICAST:
      return facts::RouteType::Multicast;
    default:
      return facts::RouteType::Other;
  }
}

int read_attribute(const nlattr* attribute, void* to) {
  auto& route = *static_cast<facts::Route*>(to);
  switch (mnl_attr_get_type(attribute)) {
    case RTA_PREFSRC:
      route.source = read_address(payload(attribute));
      break;
    case RTA_GATEWAY:
      route.gateway = read_address(payload(attribute));
      break;
    case RTA_VIA:  // struct rtvia: an address family, then the address
      if (payload(attribute).size() > sizeof(rtvia)) {
        route.gateway = read_address(payload(attribute).subspan(offsetof(rtvia, rtvia_addr)));
      }
      break;
    case RTA_OIF:
      if (mnl_attr_validate(attribute, MNL_TYPE_U32) == 0) route.interface_index = mnl_attr_get_u32(attribute);
      break;
    case RTA_METRICS:
      mnl_attr_parse_nested(attribute, read_metric, &route.mtu);
      break;
  }
  return MNL_CB_OK;
}

facts::Route read_route(const nlmsghdr* message) {
  facts::Route route;
  route.type = to_route_type(static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message))->rtm_type);
  mnl_attr_parse(message, sizeof(rtmsg), read_attribute, &route);
  return route;
}

/// The address that a connection would get; connecting a datagram socket sends nothing.
std::optional<IpAddress> source_by_connecting(const RouteQuery& query, const std::string& interface) {
  const FileDescriptor socket(::socket(address_family(query.destination.family()), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return std::nullopt;
  if (query.interface_index != 0) {
    ::setsockopt(socket.number(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                 static_cast<socklen_t>(interface.size()));
  }
  const SocketAddress destination(query.destination, query.tcp_port.value_or(Port{9}));
  SocketAddress source;
  if (::connect(socket.number(), destination.get(), destination.length()) != 0 ||
      ::getsockname(socket.number(), source.fill(), source.fill_length()) != 0) {
    return std::nullopt;
  }
  return source.address();
}

std::uint32_t interface_mtu(const std::string& interface) {
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  if (!socket.is_open() || interface.size() >= sizeof(request.ifr_name)) return 0;
  std::memcpy(request.ifr_name, interface.data(), interface.size());
  return ::ioctl(socket.number(), SIOCGIFMTU, &request) == 0 ? static_cast<std::uint32_t>(request.ifr_mtu) : 0;
}

}  // namespace

const Routes::Interface& Routes::interface(std::uint32_t index) {
  const auto known = interfaces_.find(index);
  if (known != interfaces_.end()) return known->second;
  Interface interface;
  std::array<char, IF_NAMESIZE> name{};
  if (::if_indextoname(index, name.data()) != nullptr) interface.name = name.data();
  interface.mtu = interface_mtu(interface.name);
  return interfaces_.emplace(index, std::move(interface)).first->second;
}

void Routes::complete(facts::Route& route, const RouteQuery& query) {
  const Interface& out = interface(route.interface_index);
  route.interface = out.name;
  if (!route.source) route.source = query.source ? query.source : source_by_connecting(query, route.interface);
  if (route.mtu == 0) route.mtu = out.mtu;
}

Routes::Routes(FileDescriptor socket) : socket_(std::move(socket)) {}

Result<Routes> Routes::open() {
  FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket.is_open()) return system_error(kOperation, errno);
  return Routes(std::move(socket));
}

Result<facts::RouteAnswer> Routes::lookup(const RouteQuery& query) {
  alignas(nlmsghdr) std::array<char, 8192> buffer{};
  const nlmsghdr* question = write_query(buffer.data(), query, ++sequence_);
  const std::string operation = std::string(kOperation) + " to " + to_string(query.destination);
  if (::send(socket_.number(), question, question->nlmsg_len, 0) < 0) return system_error(operation, errno);

  for (;;) {
    const ssize_t received = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return system_error(operation, errno);
    int length = static_cast<int>(received);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); mnl_nlmsg_ok(message, length);
         message = mnl_nlmsg_next(message, &length)) {
      if (message->nlmsg_seq != sequence_) continue;
      if (message->nlmsg_type == NLMSG_ERROR) {
        const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message));
        return facts::RouteAnswer(facts::RouteRefusal{-error->error});
      }
      if (message->nlmsg_type != RTM_NEWROUTE) continue;
      facts::Route route = read_route(message);
      complete(route, query);
      return facts::RouteAnswer(std::move(route));
    }
  }
}

Result<Done> check_source(const IpAddress& address) {
  const std::string operation = "source " + to_string(address);
  const FileDescriptor socket(::socket(address_family(address.family()), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return system_error(operation, errno);
  const SocketAddress wanted(address);
  if (::bind(socket.number(), wanted.get(), wanted.length()) != 0) {
    if (errno == EADDRNOTAVAIL) return Error{operation + ": no interface of this host has this address"};
    return system_error(operation, errno);
  }
  // Binding lets these pass too.
  if (address.is_unspecified() || address.is_multicast() || is_broadcast(address)) {
    return Error{operation + ": not the address of one host"};
  }
  return Done{};
}

Result<std::uint32_t> interface_index(const std::string& interface) {
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (index == 0) return Error{"interface " + interface + ": no such interface"};
  return index;
}

bool is_broadcast(const IpAddress& address) {
  if (address.is_limited_broadcast()) return true;
  auto routes = Routes::open();
  if (!routes.ok()) return false;
  const auto answer = routes.value().lookup({.destination = address});
  if (!answer.ok()) return false;
  const auto* route = std::get_if<facts::Route>(&answer.value());
  return route != nullptr && route->type == facts::RouteType::Broadcast;
}

}  // namespace smtpath::io
