// tshark as the oracle: it reads a capture of random packets once, and its fields are those that decode finds.

#include <gtest/gtest.h>

#include "unit/wire/frames.h"
#include "unit/wire/random_packets.h"
#include "unit/wire/tshark.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::Facts;

constexpr const char* kFields[] = {
    "ip.ttl",
    "ip.id",
    "ip.checksum.status",
    "ipv6.hlim",
    "ipv6.flow",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq",
    "tcp.ack_raw",
    "tcp.flags",
    "tcp.window_size_value",
    "tcp.checksum.status",
    "tcp.options.mss_val",
    "tcp.options.wscale.shift",
    "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
    "icmp.type",
    "icmp.code",
    "icmp.ident",
    "icmp.seq",
    "icmp.checksum.status",
    "icmpv6.type",
    "icmpv6.code",
    "icmpv6.echo.identifier",
    "icmpv6.echo.sequence_number",
    "icmpv6.checksum.status",
    "icmp.mpls.label",
    "icmp.mpls.exp",
    "icmp.mpls.s",
    "icmp.mpls.ttl",
};

// The checksum status of packets that the tests build.
constexpr std::uint32_t kGood = 1;

void add(Facts& facts, const std::string& field, std::uint32_t number) {
  std::string& value = facts[field];
  if (!value.empty()) value += ',';
  value += std::to_string(number);
}

void add_ip(Facts& facts, const IpHeader& ip) {
  if (ip.source.is_ipv4()) {
    add(facts, "ip.ttl", ip.ttl.hops);
    add(facts, "ip.id", ip.identification);
    add(facts, "ip.checksum.status", kGood);
  } else {
    add(facts, "ipv6.hlim", ip.ttl.hops);
    add(facts, "ipv6.flow", ip.flow_label);
  }
}

std::uint32_t bits(const TcpFlags& flags) {
  return (flags.fin ? 1U : 0U) | (flags.syn ? 2U : 0U) | (flags.rst ? 4U : 0U) | (flags.psh ? 8U : 0U) |
         (flags.ack ? 16U : 0U) | (flags.urg ? 32U : 0U) | (flags.ece ? 64U : 0U) | (flags.cwr ? 128U : 0U);
}

void add_options(Facts& facts, const TcpOptions& options) {
  if (options.mss) add(facts, "tcp.options.mss_val", *options.mss);
  if (options.window_scale) add(facts, "tcp.options.wscale.shift", *options.window_scale);
  if (options.timestamps) {
    add(facts, "tcp.options.timestamp.tsval", options.timestamps->value);
    add(facts, "tcp.options.timestamp.tsecr", options.timestamps->echo);
  }
}

// Of a TcpSegment or a QuotedTcp; `rest` has the fields beyond the first 8 bytes.
template <class Tcp, class Rest>
void add_tcp(Facts& facts, const Tcp& tcp, const Rest* rest) {
  add(facts, "tcp.srcport", tcp.source_port.number);
  add(facts, "tcp.dstport", tcp.destination_port.number);
  add(facts, "tcp.seq", tcp.sequence);
  if (rest == nullptr) return;
  add(facts, "tcp.ack_raw", rest->acknowledgment);
  add(facts, "tcp.flags", bits(rest->flags));
  add(facts, "tcp.window_size_value", rest->window);
  add_options(facts, tcp.options);
}

Facts facts_of(const Packet& packet) {
  Facts facts;
  const bool is_ipv4 = packet.ip.source.is_ipv4();
  const std::string icmp = is_ipv4 ? "icmp" : "icmpv6";
  add_ip(facts, packet.ip);
  if (const auto* const segment = std::get_if<TcpSegment>(&packet.payload)) {
    add_tcp(facts, *segment, segment);
    add(facts, "tcp.checksum.status", kGood);
  }
  if (const auto* const echo = std::get_if<Echo>(&packet.payload)) {
    add(facts, icmp + ".type", is_ipv4 ? (echo->is_reply ? 0 : 8) : (echo->is_reply ? 129 : 128));
    add(facts, icmp + ".code", 0);
    add(facts, is_ipv4 ? "icmp.ident" : "icmpv6.echo.identifier", echo->identifier);
    add(facts, is_ipv4 ? "icmp.seq" : "icmpv6.echo.sequence_number", echo->sequence);
    add(facts, icmp + ".checksum.status", kGood);
  }
  if (const auto* const error = std::get_if<IcmpError>(&packet.payload)) {
    add(facts, icmp + ".type", error->type);
    add(facts, icmp + ".code", error->code);
    add(facts, icmp + ".checksum.status", kGood);
    add_ip(facts, error->quote->ip);
    const auto& tcp = std::get<QuotedTcp>(error->quote->transport);
    add_tcp(facts, tcp, tcp.beyond ? &*tcp.beyond : nullptr);
    // Of a short quote, tshark 4.0 shows the sequence number in ICMP, but in ICMPv6 only when padding follows.
    if (!is_ipv4 && !tcp.beyond && error->mpls.count == 0) facts.erase("tcp.seq");
    for (const MplsLabel& label : error->mpls.view()) {
      add(facts, "icmp.mpls.label", label.label);
      add(facts, "icmp.mpls.exp", label.traffic_class);
      add(facts, "icmp.mpls.s", label.bottom_of_stack ? 1 : 0);
      add(facts, "icmp.mpls.ttl", label.ttl);
    }
  }
  return facts;
}

TEST(Tshark, FindsTheSameFieldsInEveryPacket) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  test::RandomPackets random(test::test_seed());
  std::vector<Bytes> packets;
  for (int i = 0; i < 500; ++i) packets.push_back(random.packet());

  std::vector<Facts> rows = test::read_with_tshark(packets, kFields);
  ASSERT_FALSE(rows.empty()) << "tshark did not run: install it, this test needs it";
  ASSERT_EQ(rows.size(), packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    // It judges the TCP checksum of a quote too, even of one cut short.
    if (rows[i].count("icmp.type") + rows[i].count("icmpv6.type") != 0) rows[i].erase("tcp.checksum.status");
    ASSERT_EQ(facts_of(test::decoded(packets[i])), rows[i]) << "packet " << i + 1;
  }
}

}  // namespace
}  // namespace smtpath::wire
