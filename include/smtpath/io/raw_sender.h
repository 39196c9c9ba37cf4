#pragma once

// Sends whole IP packets through the IP layer, so that this host's routing and firewall treat them like its mail; a
// link-layer sender would pass both by. It neither builds packets nor hears answers. Opening needs CAP_NET_RAW, sending
// does not; the sockets belong to the user that opened them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

class RawSender {
 public:
  /// With an interface, every packet leaves by it. A host without IPv6 gets a sender for IPv4.
  static Result<RawSender> open(const std::optional<std::string>& interface = std::nullopt);

  /// `packet` starts at its IPv4 or IPv6 header; it is routed by its destination and source, and by `interface_index`
  /// unless that is 0. Returns the errno with which the kernel refused it: EPERM for a firewall rule, EINVAL for a
  /// blackhole route or (IPv6 only) a source that this host does not have, EAFNOSUPPORT without IPv6, ENOBUFS when the
  /// interface's queue stayed full over 10 tries in as many milliseconds.
  std::optional<int> send(std::span<const std::byte> packet, std::uint32_t interface_index = 0);

 private:
  RawSender(FileDescriptor ipv4, FileDescriptor ipv6);

  FileDescriptor ipv4_;
  FileDescriptor ipv6_;
};

}  // namespace smtpath::io
