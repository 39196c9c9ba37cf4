#include <gtest/gtest.h>

#include "unit/wire/frames.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::decoded;
using test::hex;
using test::icmp_error_packet;
using test::ip_header;
using test::joined;
using test::syn;
using test::undecodable;

std::uint8_t time_exceeded(Family family) {
  return family == Family::Ipv4 ? 11 : 3;
}

std::size_t ip_length(Family family) {
  return family == Family::Ipv4 ? 20 : 40;
}

IcmpError error_in(const Bytes& bytes) {
  const Packet packet = decoded(bytes);
  EXPECT_FALSE(packet.has_bad_checksum);
  EXPECT_TRUE(std::holds_alternative<IcmpError>(packet.payload));
  return std::get<IcmpError>(packet.payload);
}

TEST(Icmp, EightQuotedTcpBytesAreEnough) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const IcmpError error = error_in(icmp_error_packet(
        ip_header(family),
        {.type = time_exceeded(family), .original = syn(family), .quoted_bytes = ip_length(family) + 8}));
    EXPECT_EQ(error.kind, IcmpErrorKind::TimeExceeded);
    ASSERT_TRUE(error.quote);
    EXPECT_EQ(error.quote->length, ip_length(family) + 8);
    const auto& tcp = std::get<QuotedTcp>(error.quote->transport);
    EXPECT_EQ(tcp.source_port, Port{40112});
    EXPECT_EQ(tcp.destination_port, Port{25});
    EXPECT_EQ(tcp.sequence, 0xdeadbeefU);
    EXPECT_FALSE(tcp.beyond);
    EXPECT_EQ(tcp.options, TcpOptions{});
  }
}

TEST(Icmp, AWholeQuoteTellsAllOfTheSyn) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const IcmpError error = error_in(icmp_error_packet(
        ip_header(family),
        {.type = time_exceeded(family), .original = syn(family, 1234, 0xcafebabe), .quoted_ttl = Ttl{2}}));
    ASSERT_TRUE(error.quote);
    const IpHeader& ip = error.quote->ip;
    EXPECT_EQ(ip.source, ip_header(family).destination);
    EXPECT_EQ(ip.destination, ip_header(family).source);
    EXPECT_EQ(ip.ttl, Ttl{2});
    EXPECT_EQ(ip.identification, family == Family::Ipv4 ? 1234 : 0);
    EXPECT_EQ(ip.flow_label, family == Family::Ipv4 ? 0U : 0x12345U);
    EXPECT_EQ(error.quote->length, ip_length(family) + 40);
    const auto& tcp = std::get<QuotedTcp>(error.quote->transport);
    ASSERT_TRUE(tcp.beyond);
    EXPECT_EQ(tcp.beyond->flags, TcpFlags{.syn = true});
    EXPECT_EQ(tcp.beyond->window, family == Family::Ipv4 ? 64240 : 64800);
    EXPECT_EQ(tcp.beyond->acknowledgment, 0U);
    EXPECT_EQ(tcp.options.timestamps, (TcpTimestamps{0xcafebabe, 0}));
    EXPECT_EQ(tcp.options.window_scale, 7);
  }
}

TEST(Icmp, EveryLengthOfAQuoteTellsWhatItHolds) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    for (std::size_t length = 0; length <= ip_length(family) + 40; ++length) {
      SCOPED_TRACE(length);
      const IcmpError error = error_in(icmp_error_packet(
          ip_header(family), {.type = time_exceeded(family), .original = syn(family), .quoted_bytes = length}));
      ASSERT_EQ(error.quote.has_value(), length >= ip_length(family));
      if (!error.quote) continue;
      EXPECT_EQ(error.quote->length, length);
      const auto* const tcp = std::get_if<QuotedTcp>(&error.quote->transport);
      ASSERT_EQ(tcp != nullptr, length >= ip_length(family) + 8);
      if (tcp == nullptr) continue;
      EXPECT_EQ(tcp->beyond.has_value(), length >= ip_length(family) + 16);
      EXPECT_EQ(tcp->options.mss.has_value(), length >= ip_length(family) + 24);
      EXPECT_EQ(tcp->options.timestamps.has_value(), length >= ip_length(family) + 36);
    }
  }
}

TEST(Icmp, ZerosThatPadAShortQuoteAreNoTcpHeader) {
  const Bytes original = syn(Family::Ipv4);
  const Bytes padded = joined({Bytes(original.begin(), original.begin() + 28), Bytes(100)});
  const IcmpError error =
      error_in(icmp_error_packet(ip_header(Family::Ipv4), {.type = 11, .original = padded, .quoted_bytes = 128}));
  ASSERT_TRUE(error.quote);
  EXPECT_EQ(std::get<QuotedTcp>(error.quote->transport).sequence, 0xdeadbeefU);
  EXPECT_FALSE(std::get<QuotedTcp>(error.quote->transport).beyond);
}

TEST(Icmp, NamesTheKindOfEachError) {
  struct Case {
    Family family;
    std::uint8_t type;
    std::uint8_t code;
    IcmpErrorKind kind;
  };
  for (const Case& c :
       {Case{Family::Ipv4, 11, 0, IcmpErrorKind::TimeExceeded}, Case{Family::Ipv4, 11, 1, IcmpErrorKind::Other},
        Case{Family::Ipv4, 3, 1, IcmpErrorKind::Unreachable}, Case{Family::Ipv4, 3, 13, IcmpErrorKind::Unreachable},
        Case{Family::Ipv4, 3, 4, IcmpErrorKind::PacketTooBig}, Case{Family::Ipv4, 4, 0, IcmpErrorKind::Other},
        Case{Family::Ipv4, 5, 1, IcmpErrorKind::Other}, Case{Family::Ipv4, 12, 0, IcmpErrorKind::Other},
        Case{Family::Ipv6, 3, 0, IcmpErrorKind::TimeExceeded}, Case{Family::Ipv6, 3, 1, IcmpErrorKind::Other},
        Case{Family::Ipv6, 1, 1, IcmpErrorKind::Unreachable}, Case{Family::Ipv6, 1, 4, IcmpErrorKind::Unreachable},
        Case{Family::Ipv6, 2, 0, IcmpErrorKind::PacketTooBig}, Case{Family::Ipv6, 4, 1, IcmpErrorKind::Other}}) {
    SCOPED_TRACE(testing::Message() << to_string(c.family) << ' ' << int{c.type} << '/' << int{c.code});
    const IcmpError error =
        error_in(icmp_error_packet(ip_header(c.family), {.type = c.type, .code = c.code, .original = syn(c.family)}));
    EXPECT_EQ(error.kind, c.kind);
    EXPECT_EQ(error.type, c.type);
    EXPECT_EQ(error.code, c.code);
    ASSERT_TRUE(error.quote);
    EXPECT_TRUE(std::holds_alternative<QuotedTcp>(error.quote->transport));
  }
}

TEST(Icmp, TellsTheMtuOfPacketsThatWereTooBig) {
  const Bytes too_big4 =
      icmp_error_packet(ip_header(Family::Ipv4), {.type = 3, .code = 4, .rest = 1400, .original = syn(Family::Ipv4)});
  const Bytes too_big6 =
      icmp_error_packet(ip_header(Family::Ipv6), {.type = 2, .rest = 70000, .original = syn(Family::Ipv6)});
  EXPECT_EQ(error_in(too_big4).mtu, 1400U);
  EXPECT_EQ(error_in(too_big6).mtu, 70000U);
}

TEST(Icmp, QuotesEchoRequestsToo) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const Bytes request = test::echo_packet(ip_header(family), {.identifier = 0x1234, .sequence = 99});
    const IcmpError error =
        error_in(icmp_error_packet(ip_header(family), {.type = time_exceeded(family), .original = request}));
    ASSERT_TRUE(error.quote);
    const auto& echo = std::get<QuotedEcho>(error.quote->transport);
    EXPECT_EQ(echo.identifier, 0x1234);
    EXPECT_EQ(echo.sequence, 99);
  }
}

TEST(Icmp, AQuotedLaterFragmentHasNoTransport) {
  IpHeader ip = ip_header(Family::Ipv4);
  ip.fragment_offset = 1480;
  const Bytes fragment = test::tcp_packet(ip, {.source_port = Port{25}});
  const IcmpError error = error_in(icmp_error_packet(ip_header(Family::Ipv4), {.type = 11, .original = fragment}));
  ASSERT_TRUE(error.quote);
  EXPECT_EQ(error.quote->ip.fragment_offset, 1480U);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(error.quote->transport));
}

TEST(Icmp, AQuoteWithIpOptionsIsReadBehindThem) {
  const IcmpError error = error_in(icmp_error_packet(
      ip_header(Family::Ipv4), {.type = 11, .original = test::syn_with_ipv4_options(), .quoted_bytes = 32}));
  ASSERT_TRUE(error.quote);
  EXPECT_EQ(std::get<QuotedTcp>(error.quote->transport).sequence, 0xdeadbeefU);
}

TEST(Icmp, AnUnreadableQuoteIsAbsent) {
  const Bytes garbage = hex("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
  EXPECT_FALSE(error_in(icmp_error_packet(ip_header(Family::Ipv4), {.type = 11, .original = garbage})).quote);
}

TEST(Icmp, DecodesEchoesOfBothFamilies) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    for (const bool is_reply : {false, true}) {
      const Packet packet = decoded(
          test::echo_packet(ip_header(family), {.is_reply = is_reply, .identifier = 0xabcd, .sequence = 0x1234}));
      const auto& echo = std::get<Echo>(packet.payload);
      EXPECT_EQ(echo.is_reply, is_reply);
      EXPECT_EQ(echo.identifier, 0xabcd);
      EXPECT_EQ(echo.sequence, 0x1234);
      EXPECT_FALSE(packet.has_bad_checksum);
    }
  }
}

TEST(Icmp, MessagesThatNeitherQuoteNorEchoAreOtherPayload) {
  const auto message = [](Family family, std::uint8_t type) {
    return icmp_error_packet(ip_header(family), {.type = type, .original = syn(family)});
  };
  EXPECT_TRUE(std::holds_alternative<OtherPayload>(decoded(message(Family::Ipv4, 13)).payload));
  EXPECT_TRUE(std::holds_alternative<OtherPayload>(decoded(message(Family::Ipv6, 133)).payload));
}

TEST(Icmp, AHeaderOfLessThanEightBytesIsNoPacket) {
  Bytes cut = test::echo_packet(ip_header(Family::Ipv4), {});
  cut.pop_back();
  EXPECT_EQ(undecodable(cut), Undecodable::TruncatedTransport);
  cut[3] = std::byte{27};
  EXPECT_EQ(undecodable(cut), Undecodable::BadTransportHeader);
}

TEST(Icmp, ABadChecksumIsNoted) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Bytes packet = test::echo_packet(ip_header(family), {.is_reply = true});
    packet.back() ^= std::byte{1};
    EXPECT_TRUE(decoded(packet).has_bad_checksum);
  }
}

}  // namespace
}  // namespace smtpath::wire
