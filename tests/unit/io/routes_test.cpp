#include "smtpath/io/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "unit/io/child.h"

namespace smtpath::io {
namespace {

using facts::Route;
using facts::RouteAnswer;
using facts::RouteRefusal;
using facts::RouteType;
using test::in_new_network;
using test::ip;
using testing::HasSubstr;

IpAddress address(const std::string& text) {
  return IpAddress::parse(text).value();
}

RouteAnswer ask(const RouteQuery& query) {
  auto routes = Routes::open();
  EXPECT_TRUE(routes.ok());
  return routes.value().lookup(query).value();
}

RouteAnswer ask(const std::string& destination) {
  return ask(RouteQuery{.destination = address(destination)});
}

Route route_to(const std::string& destination) {
  return std::get<Route>(ask(destination));
}

/// A host with 10.1.0.2/24 and fd01::2/64 on v0, behind the gateways .1, and 10.2.0.2/24 on w0.
void in_small_network(const std::function<void()>& body) {
  in_new_network([&] {
    ip(R"(link add v0 up type veth peer name v1
          link add w0 up type veth peer name w1
          link set v1 up
          link set w1 up
          addr add 10.1.0.2/24 dev v0
          addr add 10.2.0.2/24 dev w0
          addr add fd01::2/64 dev v0 nodad
          route add default via 10.1.0.1
          route add default via fd01::1)");
    body();
  });
}

TEST(Routes, GoByTheGateway) {
  in_small_network([] {
    const Route route = route_to("192.0.2.1");
    EXPECT_EQ(route.type, RouteType::Unicast);
    EXPECT_EQ(route.interface, "v0");
    EXPECT_EQ(route.interface_index, interface_index("v0").value());
    EXPECT_EQ(route.source, address("10.1.0.2"));
    EXPECT_EQ(route.gateway, address("10.1.0.1"));
    EXPECT_EQ(route.mtu, 1500U);
  });
}

TEST(Routes, GoByTheGatewayInIpv6) {
  in_small_network([] {
    const Route route = route_to("2001:db8::1");
    EXPECT_EQ(route.type, RouteType::Unicast);
    EXPECT_EQ(route.interface, "v0");
    EXPECT_EQ(route.source, address("fd01::2"));
    EXPECT_EQ(route.gateway, address("fd01::1"));
    EXPECT_EQ(route.mtu, 1500U);
  });
}

TEST(Routes, NameAnIpv6GatewayOfIpv4Destinations) {
  in_small_network([] {
    ip("route add 198.51.100.0/24 via inet6 fd01::1 dev v0");
    EXPECT_EQ(route_to("198.51.100.1").gateway, address("fd01::1"));
  });
}

TEST(Routes, OnTheLinkHaveNoGateway) {
  in_small_network([] {
    EXPECT_EQ(route_to("10.1.0.77").gateway, std::nullopt);
    EXPECT_EQ(route_to("fd01::77").gateway, std::nullopt);
  });
}

TEST(Routes, TellAddressesOfThisHost) {
  in_small_network([] {
    EXPECT_EQ(route_to("10.1.0.2").type, RouteType::Local);
    EXPECT_EQ(route_to("10.1.0.2").interface, "lo");
    EXPECT_EQ(route_to("127.0.0.1").type, RouteType::Local);
    EXPECT_EQ(route_to("::1").type, RouteType::Local);
  });
}

TEST(Routes, TellBroadcastAndMulticastAddresses) {
  in_small_network([] {
    EXPECT_EQ(route_to("10.1.0.255").type, RouteType::Broadcast);
    EXPECT_EQ(route_to("255.255.255.255").type, RouteType::Broadcast);
    EXPECT_EQ(route_to("224.0.0.1").type, RouteType::Multicast);
    EXPECT_EQ(route_to("ff02::1").type, RouteType::Multicast);
  });
}

TEST(Routes, ThatRefuseGiveTheErrnoOfASend) {
  in_small_network([] {
    ip(R"(route add unreachable 192.0.2.1
          route add prohibit 192.0.2.2
          route add blackhole 192.0.2.3
          route add unreachable 2001:db8::1
          route add prohibit 2001:db8::2
          route add blackhole 2001:db8::3
          route del default via 10.1.0.1)");
    EXPECT_EQ(ask("192.0.2.1"), RouteAnswer(RouteRefusal{EHOSTUNREACH}));
    EXPECT_EQ(ask("192.0.2.2"), RouteAnswer(RouteRefusal{EACCES}));
    EXPECT_EQ(ask("192.0.2.3"), RouteAnswer(RouteRefusal{EINVAL}));
    EXPECT_EQ(ask("192.0.2.4"), RouteAnswer(RouteRefusal{ENETUNREACH}));
    EXPECT_EQ(ask("2001:db8::1"), RouteAnswer(RouteRefusal{EHOSTUNREACH}));
    EXPECT_EQ(ask("2001:db8::2"), RouteAnswer(RouteRefusal{EACCES}));
    EXPECT_EQ(ask("2001:db8::3"), RouteAnswer(RouteRefusal{EINVAL}));
  });
}

TEST(Routes, MayDifferForMail) {
  in_small_network([] {
    ip(R"(route add default via 10.2.0.1 table 100
          rule add ipproto tcp dport 25 table 100)");
    EXPECT_EQ(route_to("192.0.2.1").interface, "v0");
    const auto of_port = [](std::uint16_t port) {
      return std::get<Route>(ask(RouteQuery{.destination = address("192.0.2.1"), .tcp_port = Port{port}}));
    };
    EXPECT_EQ(of_port(25).interface, "w0");
    EXPECT_EQ(of_port(25).gateway, address("10.2.0.1"));
    EXPECT_EQ(of_port(587).interface, "v0");
  });
}

TEST(Routes, MayDifferForAUser) {
  in_small_network([] {
    ip("rule add uidrange 1000-1000 prohibit");
    EXPECT_EQ(ask(RouteQuery{.destination = address("192.0.2.1"), .user_id = 1000}), RouteAnswer(RouteRefusal{EACCES}));
    EXPECT_TRUE(std::holds_alternative<Route>(ask(RouteQuery{.destination = address("192.0.2.1"), .user_id = 1001})));
  });
}

TEST(Routes, MayDifferForASource) {
  in_small_network([] {
    ip(R"(route add default via 10.2.0.1 table 100
          rule add from 10.2.0.2 table 100)");
    const auto route =
        std::get<Route>(ask(RouteQuery{.destination = address("192.0.2.1"), .source = address("10.2.0.2")}));
    EXPECT_EQ(route.interface, "w0");
    EXPECT_EQ(route.source, address("10.2.0.2"));
    const auto foreign = ask(RouteQuery{.destination = address("192.0.2.1"), .source = address("192.0.2.9")});
    EXPECT_TRUE(std::holds_alternative<RouteRefusal>(foreign));
  });
}

TEST(Routes, KeepToTheInterfaceAsked) {
  in_small_network([] {
    ip("route add default via 10.2.0.1 metric 9");
    const auto route = std::get<Route>(
        ask(RouteQuery{.destination = address("192.0.2.1"), .interface_index = interface_index("w0").value()}));
    EXPECT_EQ(route.interface, "w0");
    EXPECT_EQ(route.gateway, address("10.2.0.1"));
    EXPECT_EQ(route.source, address("10.2.0.2"));
  });
}

TEST(Routes, HaveAnMtuOfTheirOwn) {
  in_small_network([] {
    ip(R"(route add 192.0.2.0/24 via 10.1.0.1 mtu 1400
          link set w0 mtu 1300)");
    EXPECT_EQ(route_to("192.0.2.1").mtu, 1400U);
    EXPECT_EQ(route_to("10.2.0.1").mtu, 1300U);
  });
}

TEST(CheckSource, AcceptsAddressesOfThisHost) {
  in_small_network([] {
    EXPECT_TRUE(check_source(address("10.1.0.2")).ok());
    EXPECT_TRUE(check_source(address("fd01::2")).ok());
    EXPECT_TRUE(check_source(address("127.0.0.1")).ok());
  });
}

TEST(CheckSource, NamesAnAddressThatNoInterfaceHas) {
  in_small_network([] {
    EXPECT_EQ(check_source(address("10.1.0.9")).error().message,
              "source 10.1.0.9: no interface of this host has this address");
    EXPECT_EQ(check_source(address("fd01::9")).error().message,
              "source fd01::9: no interface of this host has this address");
    for (const std::string other : {"10.1.0.255", "255.255.255.255", "224.0.0.1", "0.0.0.0", "::"}) {
      EXPECT_THAT(check_source(address(other)).error().message, HasSubstr("not the address of one host")) << other;
    }
  });
}

}  // namespace
}  // namespace smtpath::io
