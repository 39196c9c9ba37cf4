#pragma once

// An ordinary TCP connection of this host, such as a mail client makes. Nothing here waits: the owner polls the
// descriptor and asks again. Needs no privilege.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

struct ConnectionOptions {
  std::optional<IpAddress> source;
  std::optional<std::string> interface;
  /// Announced to the peer, and kept to ourselves (RFC 9293 section 3.7.1); absent: the system's own.
  std::optional<int> segment_size;
};

class Connection {
 public:
  enum class State : std::uint8_t { Connecting, Established, Refused, Unreachable, TimedOut };
  enum class End : std::uint8_t { None, Closed, Reset };

  /// Begins to connect; what goes wrong at once is the state.
  Connection(const IpAddress& address, Port port, const ConnectionOptions& options);

  State state() const { return state_; }
  /// Of ours; absent until it is known.
  std::optional<Port> source_port() const;
  /// Readable, or writable where `wants_to_write`, when there is something to do; -1 once closed.
  int descriptor() const { return socket_.number(); }
  bool wants_to_write() const { return state_ == State::Connecting || !pending_.empty(); }

  /// Call it when the descriptor is ready: finishes connecting, sends what waits.
  void advance();
  /// Sends now or later, in order.
  void write(std::span<const std::byte> bytes);
  /// The peer's next bytes, at most 64 KiB; empty: none now, or none any more (`end`).
  std::vector<std::byte> read();
  /// What the peer did, once read() has given all that came before.
  End end() const { return end_; }
  /// Everything written is with the kernel.
  bool is_flushed() const { return pending_.empty(); }
  /// Closes: with a FIN, where both ends have read all.
  void close() { socket_ = {}; }

 private:
  void fail(int error);
  void send_pending();

  FileDescriptor socket_;
  State state_ = State::Connecting;
  End end_ = End::None;
  std::vector<std::byte> pending_;
};

}  // namespace smtpath::io
