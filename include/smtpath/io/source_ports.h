#pragma once

// Holds TCP source ports for probes: while this lives, the kernel gives them to no other connection, and answers what
// arrives for them with a RST, which frees the server.

#include <cstddef>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

class SourcePorts {
 public:
  static constexpr std::size_t kDefaultCount = 16;

  /// Ports of the kernel's choice, each held for IPv4 and IPv6 alike. Needs no privilege.
  static Result<SourcePorts> hold(std::size_t count = kDefaultCount);

  const std::vector<Port>& ports() const { return ports_; }

 private:
  std::vector<FileDescriptor> sockets_;
  std::vector<Port> ports_;
};

}  // namespace smtpath::io
