#pragma once

// Asks the kernel which way packets would take, by netlink. Sends nothing but the question and needs no privilege. An
// interface is asked for its name and MTU once.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/facts/route.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

struct RouteQuery {
  IpAddress destination;
  /// Else the kernel chooses.
  std::optional<IpAddress> source = std::nullopt;
  /// By this interface only; 0 for any.
  std::uint32_t interface_index = 0;
  /// Ask for TCP to this port, as policy rules may route mail apart. Else for any protocol (to the kernel: UDP).
  std::optional<Port> tcp_port = std::nullopt;
  /// Ask for packets of this user; else for those of ours.
  std::optional<std::uint32_t> user_id = std::nullopt;
};

class Routes {
 public:
  static Result<Routes> open();

  /// A Result's Error only when the question itself failed.
  Result<facts::RouteAnswer> lookup(const RouteQuery& query);

 private:
  struct Interface {
    std::string name;
    std::uint32_t mtu = 0;
  };

  explicit Routes(FileDescriptor socket);

  /// As it was when it was first asked for.
  const Interface& interface(std::uint32_t index);
  /// Adds what the kernel's answer leaves out.
  void complete(facts::Route& route, const RouteQuery& query);

  FileDescriptor socket_;
  std::map<std::uint32_t, Interface> interfaces_;
  std::uint32_t sequence_ = 0;
};

/// Whether packets can be sent from `address`; the error says why not ("source 192.0.2.1: no interface has this
/// address").
Result<Done> check_source(const IpAddress& address);

/// Whether it is 255.255.255.255 or the broadcast address of a subnet that this host is on; only the kernel knows the
/// masks of those.
bool is_broadcast(const IpAddress& address);

/// The index of an interface; error: no such interface.
Result<std::uint32_t> interface_index(const std::string& interface);

}  // namespace smtpath::io
