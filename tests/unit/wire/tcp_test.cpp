#include <gtest/gtest.h>

#include "unit/wire/frames.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::decoded;
using test::hex;
using test::ip_header;
using test::joined;
using test::syn;
using test::tcp_packet;
using test::undecodable;

// The options of a header whose options are these bytes.
TcpOptions options_of(std::string_view option_bytes) {
  const Bytes options = hex(option_bytes);
  Bytes packet = joined({tcp_packet(ip_header(Family::Ipv4), {}), options});
  packet[3] = static_cast<std::byte>(packet.size());
  packet[32] = static_cast<std::byte>((20 + options.size()) / 4 << 4);
  return std::get<TcpSegment>(decoded(packet).payload).options;
}

TEST(Tcp, DecodesEveryField) {
  const Bytes payload = hex("323230");
  const TcpSegment sent{.source_port = Port{25},
                        .destination_port = Port{40112},
                        .sequence = 0xfedcba98,
                        .acknowledgment = 0x89abcdef,
                        .flags = {.syn = true, .psh = true, .ack = true, .cwr = true},
                        .window = 65160,
                        .options = {.mss = 1460,
                                    .window_scale = 9,
                                    .sack_permitted = true,
                                    .timestamps = TcpTimestamps{0x01020304, 0xa0b0c0d0}},
                        .payload = payload};
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Bytes bytes = tcp_packet(ip_header(family), sent);
    const Packet packet = decoded(bytes);
    const auto& segment = std::get<TcpSegment>(packet.payload);
    EXPECT_EQ(segment.source_port, sent.source_port);
    EXPECT_EQ(segment.destination_port, sent.destination_port);
    EXPECT_EQ(segment.sequence, sent.sequence);
    EXPECT_EQ(segment.acknowledgment, sent.acknowledgment);
    EXPECT_EQ(segment.flags, sent.flags);
    EXPECT_EQ(segment.window, sent.window);
    EXPECT_EQ(segment.options, sent.options);
    EXPECT_EQ(Bytes(segment.payload.begin(), segment.payload.end()), payload);
    EXPECT_EQ(segment.payload_length, 3U);
    EXPECT_FALSE(packet.has_bad_checksum);
  }
}

TEST(Tcp, TellsEachFlagFromTheOthers) {
  bool TcpFlags::*const flags[] = {&TcpFlags::fin, &TcpFlags::syn, &TcpFlags::rst, &TcpFlags::psh,
                                   &TcpFlags::ack, &TcpFlags::urg, &TcpFlags::ece, &TcpFlags::cwr};
  for (std::size_t bit = 0; bit < std::size(flags); ++bit) {
    Bytes packet = tcp_packet(ip_header(Family::Ipv4), {});
    packet[33] = static_cast<std::byte>(1U << bit);
    TcpFlags expected;
    expected.*flags[bit] = true;
    EXPECT_EQ(std::get<TcpSegment>(decoded(packet).payload).flags, expected) << bit;
  }
}

TEST(Tcp, ReadsOptionsInAnyOrderAndSkipsUnknownOnes) {
  const TcpOptions options = options_of("01 fd04aabb 03030a 0402 0101 020405b4");
  EXPECT_EQ(options.window_scale, 10);
  EXPECT_TRUE(options.sack_permitted);
  EXPECT_EQ(options.mss, 1460);
}

TEST(Tcp, ABadOptionLengthEndsTheList) {
  EXPECT_EQ(options_of("020405b4 0300 0402"), (TcpOptions{.mss = 1460}));
  EXPECT_EQ(options_of("020405b4 0301 0402"), (TcpOptions{.mss = 1460}));
  EXPECT_EQ(options_of("020405b4 0304 0a01 0402 0101"), (TcpOptions{.mss = 1460}));
  EXPECT_EQ(options_of("020405b4 080a 0000"), (TcpOptions{.mss = 1460}));
  EXPECT_EQ(options_of("01010103"), TcpOptions{});
}

TEST(Tcp, AnEndOfListHidesWhatFollows) {
  EXPECT_EQ(options_of("0402 00 01 020405b4"), (TcpOptions{.sack_permitted = true}));
}

TEST(Tcp, APayloadCutByTheCaptureKeepsItsDeclaredLength) {
  Bytes packet = tcp_packet(ip_header(Family::Ipv4), {.payload = Bytes(100)});
  packet.resize(50);
  const Packet cut = decoded(packet);
  EXPECT_EQ(std::get<TcpSegment>(cut.payload).payload.size(), 10U);
  EXPECT_EQ(std::get<TcpSegment>(cut.payload).payload_length, 100U);
  EXPECT_FALSE(std::get<TcpSegment>(cut.payload).is_header_cut);
  EXPECT_FALSE(cut.has_bad_checksum);
}

TEST(Tcp, OptionsCutByTheCaptureCountAsFarAsTheyGo) {
  Bytes packet = syn(Family::Ipv4);
  packet.resize(46);
  const Packet cut = decoded(packet);
  const auto& segment = std::get<TcpSegment>(cut.payload);
  EXPECT_EQ(segment.options, (TcpOptions{.mss = 1460, .sack_permitted = true}));
  EXPECT_TRUE(segment.is_header_cut);
  EXPECT_TRUE(segment.payload.empty());
  EXPECT_EQ(segment.payload_length, 0U);
}

TEST(Tcp, AHeaderCutBehindItsFlagsKeepsWhatStandsBeforeTheCut) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Bytes packet = syn(family);
    packet.resize(packet.size() - 40 + 14);  // the header has 20 bytes of options
    const Packet cut = decoded(packet);
    const auto& segment = std::get<TcpSegment>(cut.payload);
    EXPECT_TRUE(segment.is_header_cut);
    EXPECT_EQ(segment.sequence, 0xdeadbeef);
    EXPECT_TRUE(segment.flags.syn);
    EXPECT_EQ(segment.window, 0);
    EXPECT_EQ(segment.payload_length, 0U);
    EXPECT_EQ(segment.options, TcpOptions{});
    packet.pop_back();
    EXPECT_EQ(undecodable(packet), Undecodable::TruncatedTransport);
  }
}

TEST(Tcp, AHeaderThatContradictsTheIpLengthIsBad) {
  Bytes short_packet = syn(Family::Ipv4);
  short_packet[3] = std::byte{39};
  EXPECT_EQ(undecodable(short_packet), Undecodable::BadTransportHeader);
  Bytes long_header = syn(Family::Ipv4);
  long_header[32] = std::byte{0xb0};
  EXPECT_EQ(undecodable(long_header), Undecodable::BadTransportHeader);
  Bytes short_header = syn(Family::Ipv4);
  short_header[32] = std::byte{0x40};
  EXPECT_EQ(undecodable(short_header), Undecodable::BadTransportHeader);
}

TEST(Tcp, ABadChecksumIsNoted) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Bytes packet = syn(family);
    packet.back() ^= std::byte{1};
    EXPECT_TRUE(decoded(packet).has_bad_checksum);
    packet.resize(packet.size() - 4);
    EXPECT_FALSE(decoded(packet).has_bad_checksum) << "not verifiable once cut";
  }
}

}  // namespace
}  // namespace smtpath::wire
