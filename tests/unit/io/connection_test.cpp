#include "smtpath/io/connection.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <string>
#include <string_view>

#include "io/socket_address.h"

namespace smtpath::io {
namespace {

const IpAddress kLoopback = *IpAddress::parse("127.0.0.1");

/// Listens on a port of the system's choice.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const SocketAddress any(kLoopback);
    if (::bind(socket_.number(), any.get(), any.length()) != 0 || ::listen(socket_.number(), 4) != 0) {
      throw std::runtime_error("no listener");
    }
  }
  Port port() const {
    SocketAddress bound;
    ::getsockname(socket_.number(), bound.fill(), bound.fill_length());
    return bound.port();
  }
  FileDescriptor accept() const { return FileDescriptor(::accept(socket_.number(), nullptr, nullptr)); }

 private:
  FileDescriptor socket_;
};

/// Until the descriptor is ready, or there is none any more.
void await(Connection& connection) {
  constexpr int kPatience = 10'000;
  pollfd file{.fd = connection.descriptor(),
              .events = static_cast<short>(POLLIN | (connection.wants_to_write() ? POLLOUT : 0)),
              .revents = 0};
  if (file.fd >= 0) ::poll(&file, 1, kPatience);
  connection.advance();
}

std::string text_of(const std::vector<std::byte>& bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  return text;
}

Connection connect_to(const Listener& listener, const ConnectionOptions& options = {}) {
  Connection connection(kLoopback, listener.port(), options);
  while (connection.state() == Connection::State::Connecting) await(connection);
  return connection;
}

TEST(Connection, CarriesBytesBothWays) {
  const Listener listener;
  Connection connection = connect_to(listener);
  ASSERT_EQ(connection.state(), Connection::State::Established);
  EXPECT_TRUE(connection.source_port());
  const FileDescriptor peer = listener.accept();
  EXPECT_TRUE(connection.read().empty());

  ::send(peer.number(), "220 hello", 9, 0);
  await(connection);
  EXPECT_EQ(text_of(connection.read()), "220 hello");
  connection.write(std::as_bytes(std::span("QUIT", 4)));
  EXPECT_TRUE(connection.is_flushed());
  std::string got(4, '\0');
  ::recv(peer.number(), got.data(), got.size(), MSG_WAITALL);
  EXPECT_EQ(got, "QUIT");
}

TEST(Connection, TellsACloseFromAReset) {
  const Listener listener;
  Connection closed = connect_to(listener);
  { const FileDescriptor peer = listener.accept(); }
  await(closed);
  EXPECT_TRUE(closed.read().empty());
  EXPECT_EQ(closed.end(), Connection::End::Closed);

  Connection reset = connect_to(listener);
  {
    const FileDescriptor peer = listener.accept();
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(peer.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }
  await(reset);
  EXPECT_TRUE(reset.read().empty());
  EXPECT_EQ(reset.end(), Connection::End::Reset);
}

TEST(Connection, KnowsThatItWasRefused) {
  Port port;
  {
    const Listener listener;
    port = listener.port();
  }
  Connection connection(kLoopback, port, {});
  while (connection.state() == Connection::State::Connecting) await(connection);
  EXPECT_EQ(connection.state(), Connection::State::Refused);
  EXPECT_EQ(connection.descriptor(), -1);
}

TEST(Connection, KeepsToASmallSegmentSize) {
  const Listener listener;
  const Connection connection = connect_to(listener, {.source = {}, .interface = {}, .segment_size = 536});
  const FileDescriptor peer = listener.accept();
  int size = 0;
  socklen_t length = sizeof(size);
  ASSERT_EQ(::getsockopt(peer.number(), IPPROTO_TCP, TCP_MAXSEG, &size, &length), 0);
  EXPECT_LE(size, 536);
}

TEST(Connection, SaysThatASourceThatThisHostDoesNotHaveLeadsNowhere) {
  const Listener listener;
  const Connection connection(kLoopback, listener.port(),
                              {.source = IpAddress::parse("192.0.2.7"), .interface = {}, .segment_size = {}});
  EXPECT_EQ(connection.state(), Connection::State::Unreachable);
}

}  // namespace
}  // namespace smtpath::io
