// libtins as the oracle: it understands what we build, byte for byte, and we understand what it builds.

#include <gtest/gtest.h>
#include <tins/icmp.h>
#include <tins/icmpv6.h>
#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>

#include <memory>

#include "smtpath/wire/probe_packet.h"
#include "unit/wire/frames.h"
#include "unit/wire/random_packets.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::decoded;
using test::RandomPackets;

constexpr int kRounds = 400;

std::vector<std::uint8_t> numbers(std::span<const std::byte> bytes) {
  std::vector<std::uint8_t> result;
  for (const std::byte byte : bytes) result.push_back(std::to_integer<std::uint8_t>(byte));
  return result;
}

Bytes bytes_of(Tins::PDU& packet) {
  Bytes result;
  for (const std::uint8_t number : packet.serialize()) result.push_back(std::byte{number});
  return result;
}

std::unique_ptr<Tins::PDU> parsed(std::span<const std::byte> packet) {
  const auto raw = numbers(packet);
  const auto length = static_cast<std::uint32_t>(raw.size());
  if (raw[0] >> 4 == 4) return std::make_unique<Tins::IP>(raw.data(), length);
  return std::make_unique<Tins::IPv6>(raw.data(), length);
}

// What libtins writes out again carries the lengths and checksums that it computed itself.
void expect_same_bytes_from_libtins(std::span<const std::byte> packet) {
  ASSERT_EQ(parsed(packet)->serialize(), numbers(packet));
}

void expect_libtins_agrees(const IpHeader& ip, Tins::PDU& packet) {
  if (const auto* const v4 = packet.find_pdu<Tins::IP>()) {
    ASSERT_EQ(v4->src_addr().to_string(), to_string(ip.source));
    ASSERT_EQ(v4->dst_addr().to_string(), to_string(ip.destination));
    ASSERT_EQ(v4->ttl(), ip.ttl.hops);
    ASSERT_EQ(v4->tos(), ip.traffic_class);
    ASSERT_EQ(v4->id(), ip.identification);
    ASSERT_EQ(v4->flags() == Tins::IP::DONT_FRAGMENT, ip.dont_fragment);
    return;
  }
  const auto* const v6 = packet.find_pdu<Tins::IPv6>();
  ASSERT_NE(v6, nullptr);
  ASSERT_EQ(v6->src_addr(), Tins::IPv6Address(to_string(ip.source)));
  ASSERT_EQ(v6->dst_addr(), Tins::IPv6Address(to_string(ip.destination)));
  ASSERT_EQ(v6->hop_limit(), ip.ttl.hops);
  ASSERT_EQ(v6->traffic_class(), ip.traffic_class);
  ASSERT_EQ(v6->flow_label(), ip.flow_label);
}

void expect_libtins_agrees(const TcpSegment& segment, const Tins::TCP& tcp) {
  ASSERT_EQ(tcp.sport(), segment.source_port.number);
  ASSERT_EQ(tcp.dport(), segment.destination_port.number);
  ASSERT_EQ(tcp.seq(), segment.sequence);
  ASSERT_EQ(tcp.ack_seq(), segment.acknowledgment);
  ASSERT_EQ(tcp.window(), segment.window);
  ASSERT_EQ(tcp.get_flag(Tins::TCP::SYN) != 0, segment.flags.syn);
  ASSERT_EQ(tcp.get_flag(Tins::TCP::RST) != 0, segment.flags.rst);
  ASSERT_EQ(tcp.get_flag(Tins::TCP::ACK) != 0, segment.flags.ack);
  ASSERT_EQ(tcp.search_option(Tins::TCP::MSS) != nullptr, segment.options.mss.has_value());
  if (segment.options.mss) {
    ASSERT_EQ(tcp.mss(), *segment.options.mss);
  }
  ASSERT_EQ(tcp.search_option(Tins::TCP::WSCALE) != nullptr, segment.options.window_scale.has_value());
  if (segment.options.window_scale) {
    ASSERT_EQ(tcp.winscale(), *segment.options.window_scale);
  }
  ASSERT_EQ(tcp.has_sack_permitted(), segment.options.sack_permitted);
  ASSERT_EQ(tcp.search_option(Tins::TCP::TSOPT) != nullptr, segment.options.timestamps.has_value());
  if (segment.options.timestamps) {
    ASSERT_EQ(tcp.timestamp(), std::make_pair(segment.options.timestamps->value, segment.options.timestamps->echo));
  }
}

Tins::TCP built_by_libtins(const TcpSegment& segment) {
  Tins::TCP tcp(segment.destination_port.number, segment.source_port.number);
  tcp.seq(segment.sequence);
  tcp.ack_seq(segment.acknowledgment);
  tcp.window(segment.window);
  tcp.set_flag(Tins::TCP::SYN, segment.flags.syn);
  tcp.set_flag(Tins::TCP::RST, segment.flags.rst);
  tcp.set_flag(Tins::TCP::ACK, segment.flags.ack);
  tcp.set_flag(Tins::TCP::FIN, segment.flags.fin);
  if (segment.options.timestamps) tcp.timestamp(segment.options.timestamps->value, segment.options.timestamps->echo);
  if (segment.options.window_scale) tcp.winscale(*segment.options.window_scale);
  if (segment.options.mss) tcp.mss(*segment.options.mss);
  if (segment.options.sack_permitted) tcp.sack_permitted();
  return tcp;
}

Bytes built_by_libtins(const IpHeader& ip, const Tins::PDU& payload) {
  if (ip.source.is_ipv4()) {
    Tins::IP packet = Tins::IP(to_string(ip.destination), to_string(ip.source)) / payload;
    packet.ttl(ip.ttl.hops);
    packet.tos(ip.traffic_class);
    packet.id(ip.identification);
    packet.flags(ip.dont_fragment ? Tins::IP::DONT_FRAGMENT : static_cast<Tins::IP::Flags>(0));
    return bytes_of(packet);
  }
  Tins::IPv6 packet = Tins::IPv6(to_string(ip.destination), to_string(ip.source)) / payload;
  packet.hop_limit(ip.ttl.hops);
  packet.traffic_class(ip.traffic_class);
  packet.flow_label(ip.flow_label);
  return bytes_of(packet);
}

void expect_same_header(const IpHeader& found, const IpHeader& sent) {
  ASSERT_EQ(found.source, sent.source);
  ASSERT_EQ(found.destination, sent.destination);
  ASSERT_EQ(found.ttl, sent.ttl);
  ASSERT_EQ(found.traffic_class, sent.traffic_class);
  ASSERT_EQ(found.identification, sent.identification);
  ASSERT_EQ(found.flow_label, sent.flow_label);
  ASSERT_EQ(found.dont_fragment, sent.dont_fragment);
}

TEST(Libtins, UnderstandsTheSegmentsThatTestsBuild) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  RandomPackets random(test::test_seed());
  for (int round = 0; round < kRounds; ++round) {
    const IpHeader ip = random.ip(random.family());
    const TcpSegment segment = random.segment();
    const Bytes packet = test::tcp_packet(ip, segment);
    const auto tins = parsed(packet);
    ASSERT_NO_FATAL_FAILURE(expect_libtins_agrees(ip, *tins));
    ASSERT_NO_FATAL_FAILURE(expect_libtins_agrees(segment, tins->rfind_pdu<Tins::TCP>()));
    ASSERT_NO_FATAL_FAILURE(expect_same_bytes_from_libtins(packet));
  }
}

TEST(Libtins, ComputesTheSameChecksumsForProbes) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  RandomPackets random(test::test_seed());
  for (int round = 0; round < kRounds; ++round) {
    const IpHeader ends = random.ip(random.family());
    const ProbeMark mark{.ttl = ends.ttl,
                         .number = static_cast<std::uint16_t>(1 + random.number(0xfffe)),
                         .timestamp = random.number(0xffffffff)};
    SynTemplate syn({.source = ends.source,
                     .destination = ends.destination,
                     .source_port = Port{40112},
                     .destination_port = Port{25},
                     .sequence = random.number(0xffffffff),
                     .flow_label = ends.flow_label});
    ASSERT_NO_FATAL_FAILURE(expect_same_bytes_from_libtins(syn.stamp(mark)));
    EchoTemplate echo({.source = ends.source, .destination = ends.destination, .identifier = mark.number});
    ASSERT_NO_FATAL_FAILURE(expect_same_bytes_from_libtins(echo.stamp(mark)));
  }
}

TEST(Libtins, BuildsSegmentsThatDecodeToTheSameFields) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  RandomPackets random(test::test_seed());
  for (int round = 0; round < kRounds; ++round) {
    const IpHeader ip = random.ip(random.family());
    TcpSegment sent = random.segment();
    sent.flags = {.fin = sent.flags.fin, .syn = sent.flags.syn, .rst = sent.flags.rst, .ack = sent.flags.ack};
    const Packet packet = decoded(built_by_libtins(ip, built_by_libtins(sent)));
    ASSERT_FALSE(packet.has_bad_checksum);
    ASSERT_NO_FATAL_FAILURE(expect_same_header(packet.ip, ip));
    const auto& segment = std::get<TcpSegment>(packet.payload);
    ASSERT_EQ(segment.source_port, sent.source_port);
    ASSERT_EQ(segment.destination_port, sent.destination_port);
    ASSERT_EQ(segment.sequence, sent.sequence);
    ASSERT_EQ(segment.acknowledgment, sent.acknowledgment);
    ASSERT_EQ(segment.flags, sent.flags);
    ASSERT_EQ(segment.window, sent.window);
    ASSERT_EQ(segment.options, sent.options);
  }
}

TEST(Libtins, BuildsIcmpErrorsThatDecodeToTheSameQuote) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  RandomPackets random(test::test_seed());
  for (int round = 0; round < kRounds; ++round) {
    const Family family = random.family();
    const IpHeader ip = random.ip(family);
    const IpHeader quoted_ip = random.ip(family);
    const TcpSegment quoted = random.segment();
    const Tins::RawPDU quote(numbers(built_by_libtins(quoted_ip, built_by_libtins(quoted))));
    const Packet packet =
        decoded(family == Family::Ipv4 ? built_by_libtins(ip, Tins::ICMP(Tins::ICMP::TIME_EXCEEDED) / quote)
                                       : built_by_libtins(ip, Tins::ICMPv6(Tins::ICMPv6::TIME_EXCEEDED) / quote));
    ASSERT_FALSE(packet.has_bad_checksum);
    ASSERT_NO_FATAL_FAILURE(expect_same_header(packet.ip, ip));
    const auto& error = std::get<IcmpError>(packet.payload);
    ASSERT_EQ(error.kind, IcmpErrorKind::TimeExceeded);
    ASSERT_TRUE(error.quote);
    ASSERT_NO_FATAL_FAILURE(expect_same_header(error.quote->ip, quoted_ip));
    const auto& tcp = std::get<QuotedTcp>(error.quote->transport);
    ASSERT_EQ(tcp.sequence, quoted.sequence);
    ASSERT_EQ(tcp.source_port, quoted.source_port);
    ASSERT_EQ(tcp.options, quoted.options);
  }
}

}  // namespace
}  // namespace smtpath::wire
