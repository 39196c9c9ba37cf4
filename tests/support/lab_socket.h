#pragma once

// Sockets in the network of a lab's node, for tests that listen and throw there.

#include <functional>
#include <optional>

#include "smtpath/base/address.h"
#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"
#include "smtpath/io/lab.h"
#include "support/packets.h"

namespace smtpath::test {

/// Hears all IP packets that arrive at the node, on any interface, from now on.
class LabEar {
 public:
  static Result<LabEar> open(const io::Lab& lab, int node);

  /// The next whole IP packet, if one is there already.
  std::optional<Bytes> hear();
  /// Waits until there is one, so many milliseconds at most.
  void wait(int milliseconds);
  /// Waits for the next one.
  Bytes await();

 private:
  explicit LabEar(io::FileDescriptor socket);

  io::FileDescriptor socket_;
  Bytes buffer_;
};

/// What `open` returns, run on a thread inside the node's network.
Result<io::FileDescriptor> open_in(const io::Lab& lab, int node,
                                   const std::function<Result<io::FileDescriptor>()>& open);

/// A socket for whole IP packets, whoever they name as their source; each goes where its address leads from the node.
Result<io::FileDescriptor> open_raw_socket(const io::Lab& lab, int node, Family family);

}  // namespace smtpath::test
