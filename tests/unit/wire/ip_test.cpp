#include <gtest/gtest.h>

#include "unit/wire/frames.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::decoded;
using test::hex;
using test::joined;
using test::syn;
using test::undecodable;

constexpr std::string_view kAddresses4 = "cb007109 c0000205";

Bytes ipv6_with(std::string_view next_header, const Bytes& payload) {
  Bytes header = joined({hex("60012345 0000"), hex(next_header), hex("37"), hex("20010db8000000000000000000000025"),
                         hex("20010db8000500000000000000000005")});
  header[5] = static_cast<std::byte>(payload.size());
  return joined({header, payload});
}

TEST(Ip, DecodesEveryFieldOfAnIpv4Header) {
  const Packet packet =
      decoded(joined({hex("45b9 001c abcd 4000 3711 0000"), hex(kAddresses4), hex("0001020304050607")}));
  const IpHeader& ip = packet.ip;
  EXPECT_EQ(to_string(ip.source), "203.0.113.9");
  EXPECT_EQ(to_string(ip.destination), "192.0.2.5");
  EXPECT_EQ(ip.ttl, Ttl{55});
  EXPECT_EQ(ip.traffic_class, 0xb9);
  EXPECT_EQ(ip.identification, 0xabcd);
  EXPECT_EQ(ip.protocol, 17);
  EXPECT_TRUE(ip.dont_fragment);
  EXPECT_FALSE(ip.is_fragment());
  EXPECT_EQ(ip.total_length, 28U);
  EXPECT_TRUE(std::holds_alternative<OtherPayload>(packet.payload));
}

TEST(Ip, DecodesEveryFieldOfAnIpv6Header) {
  const IpHeader ip = decoded(joined({hex("6b912345 0008 11 37"), hex("20010db8000000000000000000000025"),
                                      hex("20010db8000500000000000000000005"), hex("0001020304050607")}))
                          .ip;
  EXPECT_EQ(to_string(ip.source), "2001:db8::25");
  EXPECT_EQ(to_string(ip.destination), "2001:db8:5::5");
  EXPECT_EQ(ip.ttl, Ttl{55});
  EXPECT_EQ(ip.traffic_class, 0xb9);
  EXPECT_EQ(ip.flow_label, 0x12345U);
  EXPECT_EQ(ip.identification, 0);
  EXPECT_EQ(ip.protocol, 17);
  EXPECT_EQ(ip.total_length, 48U);
}

TEST(Ip, SkipsIpv4Options) {
  const Packet packet = decoded(test::syn_with_ipv4_options());
  EXPECT_EQ(std::get<TcpSegment>(packet.payload).destination_port, Port{25});
  EXPECT_EQ(std::get<TcpSegment>(packet.payload).payload_length, 0U);
  EXPECT_FALSE(packet.has_bad_checksum);
}

TEST(Ip, DecodesTheTransportOfAFirstFragmentOnly) {
  IpHeader ip = test::ip_header(Family::Ipv4);
  ip.more_fragments = true;
  const Packet first = decoded(test::tcp_packet(ip, {.source_port = Port{25}}));
  EXPECT_TRUE(first.ip.is_fragment());
  EXPECT_TRUE(std::holds_alternative<TcpSegment>(first.payload));

  ip.more_fragments = false;
  ip.fragment_offset = 1480;
  const Packet last = decoded(test::tcp_packet(ip, {.source_port = Port{25}}));
  EXPECT_EQ(last.ip.fragment_offset, 1480U);
  EXPECT_TRUE(last.ip.is_fragment());
  EXPECT_TRUE(std::holds_alternative<OtherPayload>(last.payload));
}

TEST(Ip, ReadsIpv6FragmentHeaders) {
  const Packet first = decoded(ipv6_with("2c", joined({hex("3a00 0001 00000001"), hex("8000 0000 0001 0002")})));
  EXPECT_TRUE(first.ip.more_fragments);
  EXPECT_EQ(first.ip.protocol, 58);
  EXPECT_TRUE(std::holds_alternative<Echo>(first.payload));

  const Packet later = decoded(ipv6_with("2c", joined({hex("3a00 0598 00000001"), hex("8000 0000 0001 0002")})));
  EXPECT_EQ(later.ip.fragment_offset, 1432U);
  EXPECT_TRUE(std::holds_alternative<OtherPayload>(later.payload));
}

TEST(Ip, WalksIpv6ExtensionHeadersToTheSegment) {
  const Packet packet = decoded(test::syn_with_ipv6_extensions());
  EXPECT_EQ(packet.ip.protocol, 6);
  EXPECT_EQ(std::get<TcpSegment>(packet.payload).destination_port, Port{25});
  EXPECT_EQ(std::get<TcpSegment>(packet.payload).payload_length, 0U);
  EXPECT_FALSE(packet.has_bad_checksum);
}

TEST(Ip, WalksSixteenIpv6ExtensionHeadersAndNoMore) {
  const auto with_extensions = [](int count) {
    Bytes payload;
    for (int i = 1; i < count; ++i) payload = joined({payload, hex("3c00 010400000000")});
    return ipv6_with("3c", joined({payload, hex("1100 010400000000"), hex("0001020304050607")}));
  };
  EXPECT_EQ(decoded(with_extensions(16)).ip.protocol, 17);
  EXPECT_EQ(undecodable(with_extensions(17)), Undecodable::BadIpHeader);
}

TEST(Ip, AnExtensionHeaderBeyondTheDeclaredLengthIsBad) {
  EXPECT_EQ(undecodable(ipv6_with("00", hex("0609 010400000000"))), Undecodable::BadIpHeader);
  Bytes cut = ipv6_with("00", hex("0600 010400000000"));
  cut.pop_back();
  EXPECT_EQ(undecodable(cut), Undecodable::TruncatedIp);
}

TEST(Ip, ALengthOfZeroIsWhatWasCaptured) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Bytes packet = joined({syn(family), hex("aabbcc")});
    const std::size_t length_at = family == Family::Ipv4 ? 2 : 4;
    packet[length_at] = packet[length_at + 1] = std::byte{0};
    const Packet whole = decoded(packet);
    EXPECT_EQ(whole.ip.total_length, packet.size());
    EXPECT_EQ(std::get<TcpSegment>(whole.payload).payload.size(), 3U);
    EXPECT_EQ(std::get<TcpSegment>(whole.payload).payload_length, 3U);
  }
}

TEST(Ip, HeadersThatContradictThemselvesAreBad) {
  Bytes packet = syn(Family::Ipv4);
  packet[0] = std::byte{0x44};
  EXPECT_EQ(undecodable(packet), Undecodable::BadIpHeader);
  packet[0] = std::byte{0x55};
  EXPECT_EQ(undecodable(packet), Undecodable::BadIpHeader);
  packet[0] = std::byte{0x45};
  packet[3] = std::byte{19};
  EXPECT_EQ(undecodable(packet), Undecodable::BadIpHeader);
}

TEST(Ip, HeadersThatTheCaptureCutsAreTruncated) {
  EXPECT_EQ(undecodable({}), Undecodable::TruncatedIp);
  EXPECT_EQ(undecodable(hex("4500 003c 0007 4000")), Undecodable::TruncatedIp);
  EXPECT_EQ(undecodable(hex("6000 0000 0028 06")), Undecodable::TruncatedIp);
  Bytes options_cut = syn(Family::Ipv4);
  options_cut.resize(22);
  options_cut[0] = std::byte{0x46};
  EXPECT_EQ(undecodable(options_cut), Undecodable::TruncatedIp);
}

TEST(Ip, ABadHeaderChecksumIsNotedAndNotHeldAgainstThePacket) {
  Bytes packet = syn(Family::Ipv4);
  EXPECT_FALSE(decoded(packet).has_bad_checksum);
  packet[10] ^= std::byte{1};
  EXPECT_TRUE(decoded(packet).has_bad_checksum);
  EXPECT_TRUE(std::holds_alternative<TcpSegment>(decoded(packet).payload));
}

}  // namespace
}  // namespace smtpath::wire
