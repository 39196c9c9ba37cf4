// The pcap format, with libpcap as the oracle.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <cstdio>

#include "unit/io/read_frames.h"

namespace smtpath::io {
namespace {

using test::Bytes;
using test::file_of;
using test::FileBytes;
using test::FileFrame;
using test::frames_by_libpcap;
using test::frames_of;
using test::Order;
using testing::ElementsAre;

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kLongHeaders = 0xa1b2cd34;

FileBytes small_file(Order order, std::uint32_t magic, std::uint32_t link = 1) {
  const bool is_long = magic == kLongHeaders;
  return FileBytes(order)
      .pcap_header(magic, link)
      .pcap_packet({1'700'000'000, 123'456, "first", 60, is_long})
      .pcap_packet({1'700'000'001, 1, "", 0, is_long})
      .pcap_packet({2'000'000'000, 999'999, "the third", 9, is_long});
}

TEST(PcapFile, ReadsAsLibpcapDoesInEveryVariant) {
  for (const Order order : {Order::Big, Order::Little}) {
    for (const std::uint32_t magic : {kMicroseconds, kNanoseconds, kLongHeaders}) {
      for (const std::uint32_t link : {1U, 101U, 113U, 276U}) {
        const FileBytes bytes = small_file(order, magic, link);
        CaptureFile file = file_of(bytes);
        const auto frames = frames_of(file);
        EXPECT_EQ(frames.size(), 3U);
        EXPECT_EQ(frames, frames_by_libpcap(bytes.all())) << std::hex << magic;
        EXPECT_EQ(file.ending().kind, EndingKind::Whole);
        EXPECT_EQ(file.ending().offset, bytes.all().size());
      }
    }
  }
}

/// By libpcap itself, three packets.
Bytes file_by_libpcap(int link, int precision) {
  char* content = nullptr;
  std::size_t size = 0;
  std::FILE* stream = open_memstream(&content, &size);
  pcap_t* pcap = pcap_open_dead_with_tstamp_precision(link, 65535, static_cast<u_int>(precision));
  pcap_dumper_t* dumper = pcap_dump_fopen(pcap, stream);
  const std::string text = "a frame's content";
  for (const u_int length : {17U, 0U, 5U}) {
    const pcap_pkthdr header{.ts = {.tv_sec = 1'700'000'000, .tv_usec = 123'456}, .caplen = length, .len = 1500};
    pcap_dump(reinterpret_cast<u_char*>(dumper), &header, reinterpret_cast<const u_char*>(text.data()));
  }
  pcap_dump_close(dumper);
  pcap_close(pcap);
  const auto view = std::as_bytes(std::span(content, size));
  Bytes bytes(view.begin(), view.end());
  std::free(content);
  return bytes;
}

TEST(PcapFile, OfLibpcapReadsAsLibpcapReadsIt) {
  for (const int link : {DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL, DLT_IPV6}) {
    for (const int precision : {PCAP_TSTAMP_PRECISION_MICRO, PCAP_TSTAMP_PRECISION_NANO}) {
      const Bytes bytes = file_by_libpcap(link, precision);
      CaptureFile file = CaptureFile::of_bytes("by libpcap", bytes);
      const auto frames = frames_of(file);
      EXPECT_EQ(frames.size(), 3U);
      EXPECT_EQ(frames, frames_by_libpcap(bytes));
    }
  }
}

TEST(PcapFile, OfAnEarlyVersionHasItsLengthsSwapped) {
  for (const std::uint16_t minor : {std::uint16_t{2}, std::uint16_t{3}}) {
    FileBytes bytes(Order::Little);
    bytes.pcap_header(kMicroseconds, 1, minor).u32(1).u32(0).u32(60).u32(5).text("first");
    CaptureFile file = file_of(bytes);
    EXPECT_EQ(frames_of(file), frames_by_libpcap(bytes.all()));
    EXPECT_EQ(file.ending().kind, EndingKind::Whole);
  }
}

TEST(PcapFile, OfDgUxHasItsLengthsSwapped) {
  FileBytes bytes(Order::Big);
  bytes.u32(kMicroseconds).u16(543).u16(0).u32(0).u32(0).u32(65535).u32(1).u32(1).u32(0).u32(60).u32(5).text("first");
  CaptureFile file = file_of(bytes);
  EXPECT_EQ(frames_of(file), frames_by_libpcap(bytes.all()));
  EXPECT_EQ(file.ending().kind, EndingKind::Whole);
}

TEST(PcapFile, HasTimesPast2038) {
  FileBytes bytes(Order::Little);
  bytes.pcap_header(kMicroseconds, 1).pcap_packet({0xffffffff, 999'999, "x", 1});
  CaptureFile file = file_of(bytes);
  EXPECT_EQ(frames_of(file).at(0).time, Time{std::chrono::seconds(4'294'967'295) + std::chrono::microseconds(999'999)});
}

TEST(PcapFile, OfABusKeepsTheBeginningOfItsLargePackets) {
  constexpr std::uint32_t kUsbPcap = 249;
  const std::string content(300'000, 'x');
  FileBytes bytes(Order::Little);
  bytes.pcap_header(kMicroseconds, kUsbPcap).pcap_packet({1, 2, content, 300'000}).pcap_packet({3, 4, "next", 4});
  CaptureFile file = file_of(bytes);
  const auto frames = frames_of(file);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].content.size(), 262'144U);
  EXPECT_EQ(frames[0].original_length, 300'000U);
  EXPECT_EQ(frames[1].content, "next");
  EXPECT_EQ(file.ending().kind, EndingKind::Whole);
}

TEST(PcapFile, IgnoresTheBitsAboveTheLinkType) {
  CaptureFile file = file_of(small_file(Order::Little, kMicroseconds, 0xf4000001));
  EXPECT_EQ(frames_of(file).at(0).link, LinkType::Ethernet);
}

TEST(PcapFile, CutAnywhereGivesThePacketsBeforeTheCut) {
  const Bytes whole = small_file(Order::Little, kMicroseconds).all();
  for (std::size_t length = 4; length < whole.size(); ++length) {
    const Bytes prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    CaptureFile file = CaptureFile::of_bytes("cut", prefix);
    const auto frames = frames_of(file);
    EXPECT_EQ(frames, frames_by_libpcap(prefix)) << length;
    const bool is_between_packets = length == 24 || length == 24 + 21 || length == 24 + 21 + 16;
    EXPECT_EQ(file.ending().kind, is_between_packets ? EndingKind::Whole : EndingKind::CutShort) << length;
    EXPECT_EQ(file.ending().offset, length);
  }
}

TEST(PcapFile, EndsAtALengthThatCannotBe) {
  FileBytes bytes = small_file(Order::Little, kMicroseconds);
  const std::size_t sound = bytes.all().size();
  bytes.u32(0).u32(0).u32(0x7fffffff).u32(0x7fffffff).text("more");
  CaptureFile file = file_of(bytes);
  EXPECT_EQ(frames_of(file).size(), 3U);
  EXPECT_EQ(file.ending().kind, EndingKind::Damaged);
  EXPECT_EQ(file.ending().offset, sound);
  EXPECT_EQ(describe(file.ending()), "damaged at byte " + std::to_string(sound) + ": a packet of 2147483647 bytes");
}

}  // namespace
}  // namespace smtpath::io
