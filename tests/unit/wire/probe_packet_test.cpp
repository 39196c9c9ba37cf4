#include "smtpath/wire/probe_packet.h"

#include <gtest/gtest.h>

#include "unit/wire/frames.h"
#include "unit/wire/random_packets.h"

namespace smtpath::wire {
namespace {

using test::address;
using test::Bytes;
using test::decoded;
using test::hex;

SynFields syn_fields(Family family) {
  return {.source = address(family == Family::Ipv4 ? "192.0.2.5" : "2001:db8:5::5"),
          .destination = address(family == Family::Ipv4 ? "203.0.113.9" : "2001:db8::25"),
          .source_port = Port{40112},
          .destination_port = Port{25},
          .sequence = 0xdeadbeef,
          .flow_label = 0xabcde};
}

Bytes stamped(SynTemplate& packet, const ProbeMark& mark) {
  const auto view = packet.stamp(mark);
  return {view.begin(), view.end()};
}

TEST(SynTemplate, LooksLikeASynOfLinuxOnIpv4) {
  SynTemplate packet(syn_fields(Family::Ipv4));
  EXPECT_EQ(stamped(packet, {.ttl = Ttl{9}, .number = 0x0102, .timestamp = 0xcafebabe}),
            hex("4500 003c 0102 4000 0906 72ab c0000205 cb007109"
                "9cb0 0019 deadbeef 00000000 a002 faf0 8edb 0000"
                "020405b4 0402 080a cafebabe 00000000 01 030307"));
}

TEST(SynTemplate, LooksLikeASynOfLinuxOnIpv6) {
  SynTemplate packet(syn_fields(Family::Ipv6));
  EXPECT_EQ(stamped(packet, {.ttl = Ttl{9}, .number = 0x0102, .timestamp = 0xcafebabe}),
            hex("600abcde 0028 06 09 20010db8000500000000000000000005 20010db8000000000000000000000025"
                "9cb0 0019 deadbeef 00000000 a002 fd20 2f2e 0000"
                "020405a0 0402 080a cafebabe 00000000 01 030307"));
}

TEST(SynTemplate, StampsOnlyWhatDiffersBetweenProbes) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    SynTemplate packet(syn_fields(family));
    const Bytes first = stamped(packet, {.ttl = Ttl{1}, .number = 1, .timestamp = 1});
    stamped(packet, {.ttl = Ttl{255}, .number = 0xffff, .timestamp = 0xffffffff});
    EXPECT_EQ(stamped(packet, {.ttl = Ttl{1}, .number = 1, .timestamp = 1}), first);
  }
}

TEST(SynTemplate, KeepsChecksumsRightOverAnySequenceOfMarks) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  test::RandomPackets random(test::test_seed());
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    SynTemplate packet(syn_fields(family));
    for (int round = 0; round < 2000; ++round) {
      const ProbeMark mark{.ttl = Ttl{static_cast<std::uint8_t>(random.number(255))},
                           .number = static_cast<std::uint16_t>(1 + random.number(0xfffe)),
                           .timestamp = random.number(0xffffffff)};
      const Packet found = decoded(stamped(packet, mark));
      ASSERT_FALSE(found.has_bad_checksum);
      ASSERT_EQ(found.ip.ttl, mark.ttl);
      ASSERT_EQ(found.ip.identification, family == Family::Ipv4 ? mark.number : 0);
      ASSERT_EQ(std::get<TcpSegment>(found.payload).options.timestamps, (TcpTimestamps{mark.timestamp, 0}));
    }
  }
}

TEST(EchoTemplate, BuildsAnEchoRequest) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const SynFields ends = syn_fields(family);
    EchoTemplate packet({.source = ends.source, .destination = ends.destination, .identifier = 0xabcd});
    const auto view = packet.stamp({.ttl = Ttl{9}, .number = 0x1234});
    const Packet found = decoded({view.begin(), view.end()});
    EXPECT_EQ(found.ip.source, ends.source);
    EXPECT_EQ(found.ip.destination, ends.destination);
    EXPECT_EQ(found.ip.ttl, Ttl{9});
    EXPECT_EQ(found.ip.identification, family == Family::Ipv4 ? 0x1234 : 0);
    EXPECT_FALSE(found.ip.dont_fragment);
    EXPECT_FALSE(found.has_bad_checksum);
    const auto& echo = std::get<Echo>(found.payload);
    EXPECT_FALSE(echo.is_reply);
    EXPECT_EQ(echo.identifier, 0xabcd);
    EXPECT_EQ(echo.sequence, 0x1234);
    const std::size_t payload = view.size() - (family == Family::Ipv4 ? 28 : 48);
    EXPECT_GE(payload, 16U);
    EXPECT_LE(payload, 32U);
  }
}

TEST(EchoTemplate, KeepsChecksumsRightOverAnySequenceOfMarks) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const SynFields ends = syn_fields(family);
    EchoTemplate packet({.source = ends.source, .destination = ends.destination, .identifier = 1});
    for (unsigned number = 1; number <= 0xffff; number += 13) {
      const auto view =
          packet.stamp({.ttl = Ttl{static_cast<std::uint8_t>(number)}, .number = static_cast<std::uint16_t>(number)});
      ASSERT_FALSE(decoded({view.begin(), view.end()}).has_bad_checksum);
    }
  }
}

}  // namespace
}  // namespace smtpath::wire
