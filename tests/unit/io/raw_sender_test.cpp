#include "smtpath/io/raw_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <cerrno>

#include "smtpath/io/capture.h"
#include "smtpath/io/privileges.h"
#include "smtpath/io/routes.h"
#include "smtpath/wire/decode.h"
#include "unit/io/child.h"
#include "unit/io/syn.h"

namespace smtpath::io {
namespace {

using test::bytes_of;
using test::in_child;
using test::in_new_network;
using test::ip;
using test::run;
using test::Syn;

std::optional<int> send(const Syn& syn, std::uint32_t interface = 0) {
  auto sender = RawSender::open();
  EXPECT_TRUE(sender.ok());
  return sender.value().send(bytes_of(syn), interface);
}

/// Two links that lead out: v0 with 10.1.0.2/24 and fd01::2/64, w0 with 10.2.0.2/24.
void lay_two_links() {
  ip(R"(link add v0 up type veth peer name v1
        link add w0 up type veth peer name w1
        link set v1 up
        link set w1 up
        addr add 10.1.0.2/24 dev v0
        addr add 10.2.0.2/24 dev w0
        addr add fd01::2/64 dev v0 nodad
        neigh add 10.1.0.1 lladdr 02:00:00:00:00:01 dev v0
        neigh add 10.2.0.1 lladdr 02:00:00:00:00:02 dev w0
        neigh add fd01::1 lladdr 02:00:00:00:00:01 dev v0)");
}

/// The packet that leaves by an interface as `act` is done.
wire::Packet packet_leaving_by(const std::string& interface, const std::function<void()>& act) {
  auto capture = Capture::open(interface);
  EXPECT_TRUE(capture.value().set_filter("tcp or (ip6 and ip6[6] == 6)").ok());
  act();
  pollfd readable{.fd = capture.value().descriptor(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&readable, 1, 1000), 1) << "nothing left by " << interface;
  wire::Packet packet;
  const auto read = capture.value().read([&](const Frame& frame) {
    const auto decoded = wire::decode(frame.link, frame.bytes);
    if (const auto* found = std::get_if<wire::Packet>(&decoded)) packet = *found;
  });
  EXPECT_TRUE(read.ok());
  return packet;
}

TEST(RawSender, ReportsWhatAFirewallRuleRefused) {
  in_new_network([] {
    run("nft 'add table inet t; add chain inet t o { type filter hook output priority 0; }; "
        "add rule inet t o tcp dport 25 drop'");
    EXPECT_EQ(send({.from = "127.0.0.1", .to = "127.0.0.1", .port = 25}), EPERM);
    EXPECT_EQ(send({.from = "::1", .to = "::1", .port = 25}), EPERM);
    EXPECT_EQ(send({.from = "127.0.0.1", .to = "127.0.0.1", .port = 587}), std::nullopt);
  });
}

TEST(RawSender, ReportsTheErrnoOfEachKindOfRoute) {
  in_new_network([] {
    lay_two_links();
    ip(R"(route add unreachable 192.0.2.1
          route add prohibit 192.0.2.2
          route add blackhole 192.0.2.3)");
    const auto send_to = [](const std::string& destination) { return send({.from = "10.1.0.2", .to = destination}); };
    EXPECT_EQ(send_to("192.0.2.1"), EHOSTUNREACH);
    EXPECT_EQ(send_to("192.0.2.2"), EACCES);
    EXPECT_EQ(send_to("192.0.2.3"), EINVAL);
    EXPECT_EQ(send_to("192.0.2.4"), ENETUNREACH);
    EXPECT_EQ(send({.from = "fd01::2", .to = "2001:db8::1"}), ENETUNREACH);
  });
}

TEST(RawSender, ReportsAnIpv6SourceThatThisHostDoesNotHave) {
  in_new_network([] {
    lay_two_links();
    EXPECT_EQ(send({.from = "fd01::99", .to = "fd01::1"}), EINVAL);
  });
}

TEST(RawSender, ReportsAQueueThatStaysFull) {
  in_new_network([] {
    lay_two_links();
    run("tc qdisc add dev v0 root pfifo limit 0");
    EXPECT_EQ(send({.from = "10.1.0.2", .to = "10.1.0.1"}), ENOBUFS);
    EXPECT_EQ(send({.from = "fd01::2", .to = "fd01::1"}), ENOBUFS);
  });
}

TEST(RawSender, KeepsTtlAndIdentification) {
  in_new_network([] {
    lay_two_links();
    const auto packet = packet_leaving_by(
        "v0", [] { EXPECT_EQ(send({.from = "10.1.0.2", .to = "10.1.0.1", .ttl = 3}), std::nullopt); });
    EXPECT_EQ(packet.ip.ttl, Ttl{3});
    EXPECT_EQ(packet.ip.identification, 7);
  });
}

TEST(RawSender, KeepsHopLimitAndFlowLabel) {
  in_new_network([] {
    lay_two_links();
    const auto packet =
        packet_leaving_by("v0", [] { EXPECT_EQ(send({.from = "fd01::2", .to = "fd01::1", .ttl = 3}), std::nullopt); });
    EXPECT_EQ(packet.ip.ttl, Ttl{3});
    EXPECT_EQ(packet.ip.flow_label, 0x12345U);
  });
}

TEST(RawSender, LeavesByTheRouteOfItsSource) {
  in_new_network([] {
    lay_two_links();
    ip(R"(route add default via 10.1.0.1
          route add default via 10.2.0.1 table 100
          rule add from 10.2.0.2 table 100)");
    const auto packet =
        packet_leaving_by("w0", [] { EXPECT_EQ(send({.from = "10.2.0.2", .to = "192.0.2.1"}), std::nullopt); });
    EXPECT_EQ(to_string(packet.ip.destination), "192.0.2.1");
  });
}

TEST(RawSender, LeavesByTheInterfaceAskedForThisPacket) {
  in_new_network([] {
    lay_two_links();
    ip(R"(route add default via 10.1.0.1
          route add default via 10.2.0.1 metric 9)");
    const auto packet = packet_leaving_by("w0", [] {
      EXPECT_EQ(send({.from = "10.1.0.2", .to = "192.0.2.1"}, interface_index("w0").value()), std::nullopt);
    });
    EXPECT_EQ(to_string(packet.ip.destination), "192.0.2.1");
  });
}

TEST(RawSender, LeavesByTheInterfaceItIsBoundTo) {
  in_new_network([] {
    lay_two_links();
    ip(R"(route add default via 10.1.0.1
          route add default via 10.2.0.1 metric 9)");
    auto sender = RawSender::open("w0");
    ASSERT_TRUE(sender.ok());
    const auto packet = packet_leaving_by(
        "w0", [&] { EXPECT_EQ(sender.value().send(bytes_of({.from = "10.2.0.2", .to = "192.0.2.1"})), std::nullopt); });
    EXPECT_EQ(to_string(packet.ip.destination), "192.0.2.1");
  });
}

TEST(RawSender, RefusesWhatIsNoIpPacket) {
  in_child([] {
    auto sender = RawSender::open();
    auto syn = bytes_of({.from = "127.0.0.1", .to = "127.0.0.1"});
    EXPECT_EQ(sender.value().send({}), EINVAL);
    EXPECT_EQ(sender.value().send(std::span(syn).first(19)), EINVAL);
    syn[0] = std::byte{0x55};
    EXPECT_EQ(sender.value().send(syn), EINVAL);
  });
}

TEST(RawSender, NamesAnInterfaceThatIsNotThere) {
  in_child([] {
    const auto sender = RawSender::open("eth77");
    ASSERT_FALSE(sender.ok());
    EXPECT_EQ(sender.error().message, "send by eth77: No such device");
  });
}

TEST(RawSender, SaysWhichCapabilityIsMissing) {
  in_child([] {
    ASSERT_TRUE(drop_all().ok());
    const auto sender = RawSender::open();
    ASSERT_FALSE(sender.ok());
    EXPECT_THAT(sender.error().message, testing::StartsWith("open raw socket: needs CAP_NET_RAW: run it with sudo"));
  });
}

}  // namespace
}  // namespace smtpath::io
