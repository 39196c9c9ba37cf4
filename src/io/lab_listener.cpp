#include "io/lab_listener.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "io/socket_address.h"
#include "io/system_error.h"

namespace smtpath::io {

namespace {

constexpr std::string_view kGreeting = "220 lab ESMTP\r\n";
constexpr int kBacklog = 4096;
// Beyond this the oldest connection goes.
constexpr std::size_t kMostConnections = 512;

Result<FileDescriptor> listen_on(Port port) {
  const std::string what = "listen on port " + std::to_string(port.number);
  FileDescriptor listener(socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.is_open()) return system_error(what, errno);
  const int off = 0;
  const int on = 1;
  setsockopt(listener.number(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const SocketAddress any(IpAddress::v6(std::array<std::byte, 16>{}), port);
  if (bind(listener.number(), any.get(), any.length()) != 0) return system_error(what, errno);
  if (listen(listener.number(), kBacklog) != 0) return system_error(what, errno);
  return listener;
}

void accept_one(const FileDescriptor& listener, std::vector<FileDescriptor>& connections) {
  FileDescriptor connection(accept4(listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!connection.is_open()) return;
  send(connection.number(), kGreeting.data(), kGreeting.size(), MSG_NOSIGNAL);
  if (connections.size() == kMostConnections) connections.erase(connections.begin());
  connections.push_back(std::move(connection));
}

// Whether the peer is still there.
bool read_and_forget(const FileDescriptor& connection) {
  std::array<char, 4096> bytes{};
  const ssize_t length = recv(connection.number(), bytes.data(), bytes.size(), 0);
  return length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace

Result<std::vector<FileDescriptor>> listen_on(const std::vector<Port>& ports) {
  std::vector<FileDescriptor> listeners;
  for (const Port port : ports) {
    auto listener = listen_on(port);
    if (!listener) return listener.error();
    listeners.push_back(std::move(listener).value());
  }
  return listeners;
}

void greet(const std::vector<FileDescriptor>& listeners, int stop) {
  std::vector<FileDescriptor> connections;
  std::vector<pollfd> waiting;
  for (;;) {
    waiting.assign(1, {stop, POLLIN, 0});
    for (const FileDescriptor& listener : listeners) waiting.push_back({listener.number(), POLLIN, 0});
    for (const FileDescriptor& connection : connections) waiting.push_back({connection.number(), POLLIN, 0});
    if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[0].revents != 0) return;

    std::vector<FileDescriptor> open;
    for (std::size_t i = 0; i < connections.size(); ++i) {
      const bool has_news = waiting[1 + listeners.size() + i].revents != 0;
      if (!has_news || read_and_forget(connections[i])) open.push_back(std::move(connections[i]));
    }
    connections = std::move(open);
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      if (waiting[1 + i].revents != 0) accept_one(listeners[i], connections);
    }
  }
}

}  // namespace smtpath::io
