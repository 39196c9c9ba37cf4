#pragma once

// A network interface whose other end is this process: what the kernel sends out of it is read here, and what is
// written here arrives there. Ethernet with one neighbour; only IP passes.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::test {

class TapDevice {
 public:
  /// Of this interface, and of the neighbour that it leads to.
  static constexpr const char* kAddress = "02:00:00:00:00:02";
  static constexpr const char* kNeighbour = "02:00:00:00:00:01";

  /// In the calling thread's network namespace; it goes when this object does.
  static Result<TapDevice> create(const std::string& name);

  /// For poll: readable when read() has something.
  int descriptor() const { return file_.number(); }

  /// The next IP packet; the view lives until the next call. None: nothing is left for now.
  std::optional<std::span<const std::byte>> read();

  /// Error: the interface is down or gone.
  Result<Done> write(std::span<const std::byte> packet);

 private:
  explicit TapDevice(io::FileDescriptor file);

  io::FileDescriptor file_;
  std::vector<std::byte> received_;
  std::vector<std::byte> sent_;
};

}  // namespace smtpath::test
