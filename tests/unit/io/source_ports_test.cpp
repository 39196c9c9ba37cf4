#include "smtpath/io/source_ports.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <set>

#include "io/socket_address.h"

namespace smtpath::io {
namespace {

/// 0, or the errno of binding a TCP socket to it.
int bind_to(const IpAddress& address, Port port) {
  const FileDescriptor socket(::socket(address_family(address.family()), SOCK_STREAM, 0));
  const SocketAddress wanted(address, port);
  return ::bind(socket.number(), wanted.get(), wanted.length()) == 0 ? 0 : errno;
}

TEST(SourcePorts, AreTakenForBothFamiliesWhileHeld) {
  Port port;
  {
    const auto held = SourcePorts::hold(1);
    ASSERT_TRUE(held.ok());
    port = held.value().ports().at(0);
    EXPECT_EQ(bind_to(IpAddress(), port), EADDRINUSE);
    EXPECT_EQ(bind_to(*IpAddress::parse("127.0.0.1"), port), EADDRINUSE);
    EXPECT_EQ(bind_to(*IpAddress::parse("::1"), port), EADDRINUSE);
  }
  EXPECT_EQ(bind_to(IpAddress(), port), 0);
}

TEST(SourcePorts, AreSixteenDifferentOnes) {
  const auto held = SourcePorts::hold();
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(held.value().ports().size(), 16U);
  const std::set<Port> distinct(held.value().ports().begin(), held.value().ports().end());
  EXPECT_EQ(distinct.size(), 16U);
  EXPECT_FALSE(distinct.contains(Port{0}));
}

TEST(SourcePorts, MoveWithoutLettingGo) {
  auto held = SourcePorts::hold(2);
  const SourcePorts moved = std::move(held).value();
  EXPECT_EQ(bind_to(IpAddress(), moved.ports().at(1)), EADDRINUSE);
}

}  // namespace
}  // namespace smtpath::io
