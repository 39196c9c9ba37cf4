#include "smtpath/io/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>

#include "smtpath/io/clock.h"
#include "smtpath/io/privileges.h"
#include "smtpath/io/raw_sender.h"
#include "smtpath/wire/decode.h"
#include "unit/io/child.h"
#include "unit/io/syn.h"

namespace smtpath::io {
namespace {

using test::bytes_of;
using test::in_child;
using test::in_new_network;
using test::ip;
using testing::HasSubstr;

struct Seen {
  LinkType link;
  Time time;
  wire::Packet packet;
  std::vector<std::byte> bytes;
};

/// Reads until `count` packets were decoded; fails after two seconds.
std::vector<Seen> await(Capture& capture, std::size_t count) {
  std::vector<Seen> seen;
  while (seen.size() < count) {
    pollfd readable{.fd = capture.descriptor(), .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, 2000) <= 0) break;
    const auto read = capture.read([&](const Frame& frame) {
      const auto decoded = wire::decode(frame.link, frame.bytes);
      if (const auto* packet = std::get_if<wire::Packet>(&decoded)) {
        seen.push_back({frame.link, frame.time, *packet, {frame.bytes.begin(), frame.bytes.end()}});
      }
    });
    EXPECT_TRUE(read.ok());
    if (!read.ok()) break;
  }
  EXPECT_EQ(seen.size(), count);
  seen.resize(count);
  return seen;
}

Capture open_capture(const std::string& filter) {
  auto capture = Capture::open();
  EXPECT_TRUE(capture.ok()) << capture.error().message;
  EXPECT_TRUE(capture.value().set_filter(filter).ok());
  return std::move(capture).value();
}

wire::TcpFlags flags_of(const Seen& seen) {
  return std::get<wire::TcpSegment>(seen.packet.payload).flags;
}

TEST(Capture, SeesTheSynAndTheResetThatAnswersIt) {
  for (const std::string address : {"127.0.0.1", "::1"}) {
    in_new_network([&] {
      Capture capture = open_capture("tcp or ip6");
      EXPECT_EQ(capture.interface(), "any");
      auto sender = RawSender::open();
      ASSERT_TRUE(sender.ok());
      const Time before = now();
      ASSERT_EQ(sender.value().send(bytes_of({.from = address, .to = address})), std::nullopt);

      const auto seen = await(capture, 2);
      EXPECT_EQ(seen[0].link, LinkType::LinuxSll2);
      EXPECT_TRUE(flags_of(seen[0]).syn);
      EXPECT_TRUE(flags_of(seen[1]).rst);
      EXPECT_GE(seen[0].time, before);
      EXPECT_GE(seen[1].time, seen[0].time);
      EXPECT_LE(seen[1].time, now());
    });
  }
}

TEST(Capture, TellsWhatLeavesFromWhatArrives) {
  in_new_network([] {
    ip(R"(link add v0 up type veth peer name v1
          link set v1 up
          addr add 10.1.0.2/24 dev v0
          neigh add 10.1.0.1 lladdr 02:00:00:00:00:01 dev v0)");
    Capture capture = open_capture("tcp");
    auto sender = RawSender::open();
    ASSERT_EQ(sender.value().send(bytes_of({.from = "10.1.0.2", .to = "10.1.0.1"})), std::nullopt);

    const auto seen = await(capture, 2);
    EXPECT_TRUE(seen[0].packet.is_outgoing);
    EXPECT_FALSE(seen[1].packet.is_outgoing);
    EXPECT_NE(seen[0].packet.interface_index, seen[1].packet.interface_index);
  });
}

TEST(Capture, OfOneInterfaceHasItsLinkType) {
  in_new_network([] {
    auto capture = Capture::open("lo");
    ASSERT_TRUE(capture.ok());
    EXPECT_EQ(capture.value().link(), LinkType::Ethernet);
    EXPECT_EQ(capture.value().interface(), "lo");
  });
}

TEST(Capture, PassesNothingBeforeItsFilter) {
  in_new_network([] {
    auto capture = Capture::open();
    auto sender = RawSender::open();
    const auto syn = bytes_of({.from = "127.0.0.1", .to = "127.0.0.1"});
    ASSERT_EQ(sender.value().send(syn), std::nullopt);
    ASSERT_TRUE(capture.value().set_filter("").ok());
    ASSERT_EQ(sender.value().send(bytes_of({.from = "127.0.0.1", .to = "127.0.0.1", .ttl = 9})), std::nullopt);

    EXPECT_EQ(await(capture.value(), 2)[0].packet.ip.ttl, Ttl{9});
    EXPECT_EQ(capture.value().statistics().received, 2U);
    EXPECT_EQ(capture.value().statistics().dropped, 0U);
  });
}

TEST(Capture, DeliversNoMoreThanItsLimitAtOnce) {
  in_new_network([] {
    Capture capture = open_capture("tcp");
    auto sender = RawSender::open();
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(sender.value().send(bytes_of({.from = "127.0.0.1", .to = "127.0.0.1"})), std::nullopt);
    }
    std::size_t delivered = 0;
    const auto count = [&](const Frame&) { ++delivered; };
    EXPECT_EQ(capture.read(count, 4).value(), 4U);
    EXPECT_EQ(capture.read(count, 4).value(), 2U);
    EXPECT_EQ(capture.read(count, 4).value(), 0U);
    EXPECT_EQ(delivered, 6U);
  });
}

TEST(Capture, CutsFramesAndKeepsTheirLength) {
  in_new_network([] {
    Capture capture = open_capture("tcp[tcpflags] & tcp-syn != 0");
    auto sender = RawSender::open();
    auto syn = bytes_of({.from = "127.0.0.1", .to = "127.0.0.1"});
    syn.resize(5'000);
    ASSERT_EQ(sender.value().send(syn), std::nullopt);
    const auto read = capture.read([](const Frame& frame) {
      EXPECT_EQ(frame.bytes.size(), Capture::kSnapLength);
      EXPECT_GT(frame.original_length, 5'000U);
    });
    EXPECT_EQ(read.value(), 1U);
  });
}

TEST(Capture, SetsAFilterWithoutPrivileges) {
  in_new_network([] {
    Capture capture = open_capture("");
    auto sender = RawSender::open();
    ASSERT_TRUE(assume_user("nobody").ok());
    ASSERT_TRUE(drop_all().ok());
    ASSERT_TRUE(capture.set_filter("tcp[tcpflags] & tcp-rst != 0").ok());
    ASSERT_EQ(sender.value().send(bytes_of({.from = "127.0.0.1", .to = "127.0.0.1"})), std::nullopt);
    EXPECT_TRUE(flags_of(await(capture, 1)[0]).rst);
  });
}

TEST(Capture, NamesAFilterThatDoesNotParse) {
  in_new_network([] {
    auto capture = Capture::open();
    const auto done = capture.value().set_filter("port port");
    ASSERT_FALSE(done.ok());
    EXPECT_THAT(done.error().message, HasSubstr("filter \"port port\": "));
  });
}

TEST(Capture, NamesAnInterfaceThatIsNotThere) {
  for (const std::string name : {"eth77", "nflog", ""}) {
    const auto capture = Capture::open(name);
    ASSERT_FALSE(capture.ok());
    EXPECT_EQ(capture.error().message, "interface " + name + ": no such interface");
  }
}

TEST(Capture, SaysWhichCapabilityIsMissing) {
  in_child([] {
    ASSERT_TRUE(assume_user("nobody").ok());
    ASSERT_TRUE(drop_all().ok());
    const auto capture = Capture::open();
    ASSERT_FALSE(capture.ok());
    EXPECT_THAT(capture.error().message, HasSubstr("capture on any: needs CAP_NET_RAW"));
    EXPECT_THAT(capture.error().message, HasSubstr("sudo"));
    EXPECT_THAT(capture.error().message, HasSubstr("setcap cap_net_raw+ep /"));
  });
}

}  // namespace
}  // namespace smtpath::io
