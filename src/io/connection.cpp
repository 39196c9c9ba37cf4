#include "smtpath/io/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <poll.h>
#include <array>
#include <cerrno>

#include "io/socket_address.h"

namespace smtpath::io {

namespace {

constexpr std::size_t kMostRead = std::size_t{64} << 10;

/// What cannot be set shows in the connection itself.
void prepare(int socket, const ConnectionOptions& options) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (options.segment_size) {
    ::setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &*options.segment_size, sizeof(*options.segment_size));
  }
  if (options.interface) {
    ::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, options.interface->c_str(),
                 static_cast<socklen_t>(options.interface->size()));
  }
}

}  // namespace

Connection::Connection(const IpAddress& address, Port port, const ConnectionOptions& options)
    : socket_(::socket(address_family(address.family()), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (!socket_.is_open()) {
    fail(errno);
    return;
  }
  prepare(socket_.number(), options);
  if (options.source) {
    const SocketAddress source(*options.source);
    if (::bind(socket_.number(), source.get(), source.length()) != 0) {
      fail(errno);
      return;
    }
  }
  const SocketAddress target(address, port);
  if (::connect(socket_.number(), target.get(), target.length()) == 0) {
    state_ = State::Established;
  } else if (errno != EINPROGRESS) {
    fail(errno);
  }
}

std::optional<Port> Connection::source_port() const {
  SocketAddress bound;
  if (!socket_.is_open() || ::getsockname(socket_.number(), bound.fill(), bound.fill_length()) != 0)
    return std::nullopt;
  if (bound.port() == Port{}) return std::nullopt;
  return bound.port();
}

void Connection::advance() {
  if (!socket_.is_open()) return;
  if (state_ == State::Connecting) {
    pollfd file{.fd = socket_.number(), .events = POLLOUT, .revents = 0};
    if (::poll(&file, 1, 0) <= 0) return;
    int error = 0;
    socklen_t length = sizeof(error);
    ::getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &error, &length);
    // A refusal is ECONNREFUSED: this one had been accepted.
    if (error == ECONNRESET) end_ = End::Reset;
    if (error != 0 && error != ECONNRESET) return fail(error);
    state_ = State::Established;
  }
  send_pending();
}

void Connection::write(std::span<const std::byte> bytes) {
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
  send_pending();
}

void Connection::send_pending() {
  if (state_ != State::Established || !socket_.is_open()) return;
  while (!pending_.empty()) {
    const ssize_t sent = ::send(socket_.number(), pending_.data(), pending_.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      // What is wrong shows when the peer's last bytes have been read.
      if (errno != EAGAIN && errno != EINTR) pending_.clear();
      return;
    }
    pending_.erase(pending_.begin(), pending_.begin() + sent);
  }
}

std::vector<std::byte> Connection::read() {
  std::vector<std::byte> bytes;
  if (state_ != State::Established || !socket_.is_open() || end_ != End::None) return bytes;
  bytes.resize(kMostRead);
  const ssize_t got = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
  if (got == 0) end_ = End::Closed;
  if (got < 0 && errno != EAGAIN && errno != EINTR) end_ = End::Reset;
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

void Connection::fail(int error) {
  state_ = State::Unreachable;
  if (error == ECONNREFUSED) state_ = State::Refused;
  if (error == ETIMEDOUT) state_ = State::TimedOut;
  socket_ = {};
}

}  // namespace smtpath::io
