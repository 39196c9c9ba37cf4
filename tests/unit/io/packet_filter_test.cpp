// Filter expressions, with libpcap itself as the oracle for what they mean.

#include "smtpath/io/packet_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include "unit/io/read_frames.h"

namespace smtpath::io {
namespace {

using test::Bytes;
using test::FileBytes;
using test::Order;
using testing::HasSubstr;
using testing::StartsWith;

/// A TCP segment over IPv4, without checksums.
FileBytes segment(std::uint16_t from, std::uint16_t to) {
  FileBytes bytes(Order::Big);
  bytes.u8(0x45).u8(0).u16(40).u32(0).u8(64).u8(6).u16(0).u32(0x0a000001).u32(0x0a000002);
  return bytes.u16(from).u16(to).u32(1).u32(0).u8(0x50).u8(2).u16(1000).u32(0);
}

Bytes in_ethernet(const FileBytes& packet) {
  return FileBytes(Order::Big).u64(0).u32(0).u16(0x0800).bytes(packet.all()).all();
}

Bytes in_sll2(const FileBytes& packet) {
  return FileBytes(Order::Big).u16(0x0800).u16(0).u32(2).u16(1).u8(0).u8(6).u64(0).bytes(packet.all()).all();
}

Frame frame_of(LinkType link, const Bytes& bytes) {
  return {.time = {},
          .link = link,
          .bytes = bytes,
          .original_length = static_cast<std::uint32_t>(bytes.size()),
          .refused = std::nullopt};
}

PacketFilter filter(const std::string& expression) {
  auto compiled = PacketFilter::compile(expression);
  EXPECT_TRUE(compiled.ok()) << compiled.error().message;
  return std::move(compiled).value();
}

TEST(PacketFilter, MatchesInEveryLinkLayer) {
  PacketFilter mail = filter("tcp port 25");
  const auto expect = [&mail](const FileBytes& packet, bool matches) {
    EXPECT_EQ(mail.matches(frame_of(LinkType::Ethernet, in_ethernet(packet))), matches);
    EXPECT_EQ(mail.matches(frame_of(LinkType::LinuxSll2, in_sll2(packet))), matches);
    EXPECT_EQ(mail.matches(frame_of(LinkType::Raw, packet.all())), matches);
    EXPECT_EQ(mail.matches(frame_of(LinkType::Ipv4, packet.all())), matches);
  };
  expect(segment(40'000, 25), true);
  expect(segment(25, 40'000), true);
  expect(segment(40'000, 26), false);
}

TEST(PacketFilter, WithoutExpressionMatchesAll) {
  PacketFilter all = filter("");
  const Bytes bytes = in_ethernet(segment(1, 2));
  EXPECT_TRUE(all.matches(frame_of(LinkType::Ethernet, bytes)));
  EXPECT_TRUE(all.matches(frame_of(LinkType::Ethernet, {})));
}

TEST(PacketFilter, ReadsTheLengthOnTheWire) {
  PacketFilter large = filter("greater 1000");
  const Bytes bytes = in_ethernet(segment(1, 2));
  Frame frame = frame_of(LinkType::Ethernet, bytes);
  EXPECT_FALSE(large.matches(frame));
  frame.original_length = 1'500;
  EXPECT_TRUE(large.matches(frame));
}

TEST(PacketFilter, NeverReadsPastWhatWasCaptured) {
  PacketFilter mail = filter("tcp port 25");
  const Bytes whole = in_ethernet(segment(40'000, 25));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    // In memory of its own, where the sanitizers see its end.
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(mail.matches(frame_of(LinkType::Ethernet, cut)), length >= 14 + 20 + 4) << length;
  }
}

TEST(PacketFilter, ThatMakesNoSenseIsAnErrorInLibpcapsWords) {
  const auto error_of = [](const std::string& expression) {
    const auto compiled = PacketFilter::compile(expression);
    return compiled.ok() ? std::string() : compiled.error().message;
  };
  EXPECT_THAT(error_of("tcp prot 25"), StartsWith("filter \"tcp prot 25\": "));
  EXPECT_THAT(error_of("tcp prot 25"), HasSubstr("syntax error"));
  EXPECT_THAT(error_of("port 99999"), HasSubstr("99999"));
  EXPECT_THAT(error_of("host 1.2.3.4.5"), StartsWith("filter \"host 1.2.3.4.5\": "));
}

TEST(PacketFilter, OfOneLinkLayerMatchesNothingInOthers) {
  PacketFilter wireless = filter("wlan type mgt");
  const Bytes bytes = in_ethernet(segment(1, 2));
  EXPECT_FALSE(wireless.matches(frame_of(LinkType::Ethernet, bytes)));
  EXPECT_FALSE(wireless.matches(frame_of(LinkType::Raw, bytes)));
  PacketFilter ethernet = filter("ether host 00:00:00:00:00:00");
  EXPECT_TRUE(ethernet.matches(frame_of(LinkType::Ethernet, bytes)));
  EXPECT_FALSE(ethernet.matches(frame_of(LinkType::Raw, bytes)));
}

TEST(PacketFilter, OutlivesAnyNumberOfLinkTypes) {
  PacketFilter mail = filter("tcp port 25");
  const Bytes bytes = in_ethernet(segment(40'000, 25));
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t link = 2; link < 70'000; ++link) {
      if (link == 127) continue;
      mail.matches(frame_of(static_cast<LinkType>(link % 65'536), bytes));
    }
    EXPECT_TRUE(mail.matches(frame_of(LinkType::Ethernet, bytes)));
  }
}

TEST(LinkTypeNames, AreThoseOfLibpcap) {
  int named = 0;
  for (int number = 0; number < 1'000; ++number) {
    const std::string name = to_string(static_cast<LinkType>(number));
    if (name == std::to_string(number)) continue;
    ++named;
    const int dlt = number == static_cast<int>(LinkType::Raw) ? DLT_RAW : number;
    const char* by_libpcap = pcap_datalink_val_to_name(dlt);
    ASSERT_NE(by_libpcap, nullptr) << name;
    EXPECT_EQ(name, by_libpcap);
  }
  EXPECT_GT(named, 40);
  EXPECT_EQ(to_string(static_cast<LinkType>(999)), "999");
}

}  // namespace
}  // namespace smtpath::io
