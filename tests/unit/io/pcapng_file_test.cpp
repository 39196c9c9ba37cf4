// The pcapng format, with libpcap as the oracle where it can read a file.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/io/read_frames.h"

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::file_of;
using test::FileBytes;
using test::FileFrame;
using test::frames_by_libpcap;
using test::frames_of;
using test::Order;
using testing::ElementsAre;
using testing::SizeIs;

constexpr std::uint64_t kSomeTime = 1'700'000'000'123'456'789;

FileBytes small_file(Order order) {
  FileBytes bytes(order);
  bytes.section("a comment").interface({}).enhanced_packet({0, kSomeTime, "first", 60, {}});
  bytes.block(0xbad, FileBytes(order).text("some other block"));
  return bytes.enhanced_packet({0, kSomeTime + 5, "the second", 10, "a remark"});
}

Time at(std::uint64_t nanoseconds) {
  return Time{Duration{static_cast<Duration::rep>(nanoseconds)}};
}

TEST(PcapngFile, ReadsAsLibpcapDoesInBothByteOrders) {
  for (const Order order : {Order::Big, Order::Little}) {
    const FileBytes bytes = small_file(order);
    CaptureFile file = file_of(bytes);
    const auto frames = frames_of(file);
    EXPECT_THAT(frames, SizeIs(2));
    EXPECT_EQ(frames, frames_by_libpcap(bytes.all()));
    EXPECT_EQ(file.ending().kind, EndingKind::Whole);
    EXPECT_EQ(file.unusable_blocks(), 0U);
    EXPECT_THAT(file.section_comments(), ElementsAre("a comment"));
    EXPECT_EQ(file.statistics(), std::nullopt);
  }
}

TEST(PcapngFile, ReadsEveryTimeResolutionAsLibpcapDoes) {
  const std::pair<std::uint8_t, std::uint64_t> cases[] = {
      {0, 1'700'000'000},
      {3, 1'700'000'000'123},
      {6, 1'700'000'000'123'456},
      {9, kSomeTime},
      {10, kSomeTime * 10 + 7},
      {0x80 | 10, 1'700'000'000ULL << 10 | 512},
      {0x80 | 30, 1'700'000'000ULL << 30 | 5},
  };
  for (const auto& [resolution, units] : cases) {
    for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{3600}, std::int64_t{-3600}}) {
      FileBytes bytes(Order::Little);
      bytes.section().interface({.resolution = resolution, .time_offset = offset, .name = {}});
      bytes.enhanced_packet({0, units, "x", 1, {}});
      CaptureFile file = file_of(bytes);
      EXPECT_EQ(frames_of(file), frames_by_libpcap(bytes.all())) << int{resolution} << " " << offset;
    }
  }
}

TEST(PcapngFile, ClampsTimesThatCannotBe) {
  const auto time_of = [](std::uint8_t resolution, std::int64_t offset, std::uint64_t units) {
    FileBytes bytes(Order::Little);
    bytes.section().interface({.resolution = resolution, .time_offset = offset, .name = {}});
    CaptureFile file = file_of(bytes.enhanced_packet({0, units, "x", 1, {}}));
    return frames_of(file).at(0).time;
  };
  const Time latest = at(std::uint64_t{1} << 62);
  constexpr std::int64_t kFarthest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(time_of(0, kFarthest, ~std::uint64_t{0}), latest);
  EXPECT_EQ(time_of(0, -kFarthest - 1, ~std::uint64_t{0}), latest);
  EXPECT_EQ(time_of(9, -kFarthest - 1, 5), at(0));
  EXPECT_EQ(time_of(127, 0, ~std::uint64_t{0}), at(0));
  EXPECT_EQ(time_of(255, 0, ~std::uint64_t{0}), at(0));
}

TEST(PcapngFile, ReadsPacketsOfOlderKinds) {
  FileBytes bytes(Order::Big);
  bytes.section().interface({.snap_length = 4, .name = {}});
  bytes.obsolete_packet({0, kSomeTime, "obsolete", 60, {}}).simple_packet("simp", 60).simple_packet("abc", 3);
  CaptureFile file = file_of(bytes);
  EXPECT_THAT(frames_of(file), ElementsAre(FileFrame{at(kSomeTime), LinkType::Ethernet, "obsolete", 60, {}},
                                           FileFrame{at(kSomeTime), LinkType::Ethernet, "simp", 60, {}},
                                           FileFrame{at(kSomeTime), LinkType::Ethernet, "abc", 3, {}}));
}

TEST(PcapngFile, GivesEachInterfaceItsLinkType) {
  FileBytes bytes(Order::Little);
  bytes.section().interface({.link = 1, .name = {}}).interface({.link = 276, .resolution = 6, .name = {}});
  bytes.enhanced_packet({1, 5'000'000, "b", 1, {}}).enhanced_packet({0, 6'000'000'000, "a", 1, {}});
  CaptureFile file = file_of(bytes);
  EXPECT_THAT(frames_of(file), ElementsAre(FileFrame{at(5'000'000'000), LinkType::LinuxSll2, "b", 1, {}},
                                           FileFrame{at(6'000'000'000), LinkType::Ethernet, "a", 1, {}}));
}

TEST(PcapngFile, StartsAgainWithEachSection) {
  FileBytes bytes = small_file(Order::Little);
  bytes.bytes(FileBytes(Order::Big)
                  .section("another")
                  .interface({.link = 101, .name = {}})
                  .enhanced_packet({0, kSomeTime, "third", 5, {}})
                  .all());
  CaptureFile file = file_of(bytes);
  const auto frames = frames_of(file);
  ASSERT_THAT(frames, SizeIs(3));
  EXPECT_EQ(frames[2], (FileFrame{at(kSomeTime), LinkType::Raw, "third", 5, {}}));
  EXPECT_THAT(file.section_comments(), ElementsAre("a comment", "another"));
}

TEST(PcapngFile, CountsBlocksThatMakeNoSenseAndGoesOn) {
  FileBytes bytes(Order::Little);
  bytes.section().simple_packet("before any interface", 20).interface({});
  bytes.enhanced_packet({7, kSomeTime, "of no interface", 15, {}});
  bytes.block(6, FileBytes(Order::Little).u32(0).u32(0).u32(0).u32(0xffffffff).u32(60).text("liar"));
  bytes.block(6, FileBytes(Order::Little).u32(0));
  bytes.block(1, FileBytes(Order::Little).u32(0));
  bytes.block(5, FileBytes(Order::Little).u32(9).u64(0));
  bytes.enhanced_packet({0, kSomeTime, "sound", 5, {}});
  CaptureFile file = file_of(bytes);
  EXPECT_THAT(frames_of(file), ElementsAre(FileFrame{at(kSomeTime), LinkType::Ethernet, "sound", 5, {}}));
  EXPECT_EQ(file.unusable_blocks(), 6U);
  EXPECT_EQ(file.ending().kind, EndingKind::Whole);
}

TEST(PcapngFile, PassesOverASectionOfAnotherVersion) {
  FileBytes bytes(Order::Little);
  bytes.block(0x0a0d0d0a, FileBytes(Order::Little).u32(0x1a2b3c4d).u16(2).u16(0).u64(0));
  bytes.interface({}).enhanced_packet({0, kSomeTime, "not to be understood", 20, {}});
  bytes.bytes(small_file(Order::Big).all());
  CaptureFile file = file_of(bytes);
  EXPECT_THAT(frames_of(file), SizeIs(2));
  EXPECT_EQ(file.unusable_blocks(), 1U);
}

TEST(PcapngFile, ReadsBlocksWhosePaddingIsNotCounted) {
  FileBytes bytes(Order::Little);
  bytes.section().interface({.snap_length = 5, .name = {}});
  bytes.u32(3).u32(21).u32(60).text("simpl").u8(0).u8(0).u8(0).u32(21);
  bytes.simple_packet("next", 4);
  CaptureFile file = file_of(bytes);
  EXPECT_THAT(frames_of(file), SizeIs(2));
  EXPECT_EQ(file.ending().kind, EndingKind::Whole);
}

TEST(PcapngFile, EndsAtAFrameworkThatIsBroken) {
  const auto u32s = [](std::uint32_t type, std::uint32_t first, std::uint32_t body, std::uint32_t last) {
    return FileBytes(Order::Little).u32(type).u32(first).u32(body).u32(last);
  };
  const std::pair<FileBytes, std::string> cases[] = {
      {u32s(6, 16, 0, 20), "a block of 16 bytes that ends as one of 20"},
      {u32s(6, 0xffffffff, 0, 0), "a block of 4294967295 bytes"},
      {u32s(6, 8, 0, 8), "a block of 8 bytes"},
      {u32s(0x0a0d0d0a, 28, 0x12345678, 28), "a section in no byte order"},
  };
  for (const auto& [broken, text] : cases) {
    FileBytes bytes = small_file(Order::Little);
    const std::size_t sound = bytes.all().size();
    bytes.bytes(broken.all());
    CaptureFile file = file_of(bytes);
    EXPECT_THAT(frames_of(file), SizeIs(2));
    EXPECT_EQ(file.ending().kind, EndingKind::Damaged);
    EXPECT_EQ(file.ending().offset, sound);
    EXPECT_EQ(file.ending().text, text);
  }
}

TEST(PcapngFile, CutAnywhereGivesThePacketsBeforeTheCut) {
  const Bytes whole = small_file(Order::Little).all();
  for (std::size_t length = 4; length < whole.size(); ++length) {
    const Bytes prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    CaptureFile file = CaptureFile::of_bytes("cut", prefix);
    EXPECT_EQ(frames_of(file), frames_by_libpcap(prefix)) << length;
    EXPECT_EQ(file.ending().offset, length);
  }
}

TEST(PcapngFile, AddsUpTheStatisticsOfItsInterfaces) {
  const auto statistics = [](std::uint32_t interface, std::uint64_t received, std::uint64_t dropped) {
    FileBytes body(Order::Big);
    body.u32(interface).u32(0).u32(7'000);
    body.option(4, FileBytes(Order::Big).u64(received).all()).option(5, FileBytes(Order::Big).u64(dropped).all());
    return body.option(7, FileBytes(Order::Big).u64(1).all()).u32(0);
  };
  FileBytes bytes(Order::Big);
  bytes.section().interface({}).interface({});
  bytes.block(5, statistics(0, 10, 0)).block(5, statistics(1, 100, 5)).block(5, statistics(0, 20, 2));
  CaptureFile file = file_of(bytes);
  EXPECT_THAT(frames_of(file), SizeIs(0));
  ASSERT_TRUE(file.statistics());
  EXPECT_EQ(file.statistics()->counts.received, 120U);
  EXPECT_EQ(file.statistics()->counts.dropped, 9U);
  EXPECT_EQ(file.statistics()->end, at(7'000));
}

TEST(PcapngFile, YieldsStatisticsWhereTheyStand) {
  const auto statistics = [](std::uint32_t time, std::uint64_t dropped, std::string_view comment) {
    FileBytes body(Order::Little);
    body.u32(0).u32(0).u32(time).option(1, comment);
    return body.option(7, FileBytes(Order::Little).u64(dropped).all()).u32(0);
  };
  FileBytes bytes(Order::Little);
  bytes.section().interface({}).block(5, statistics(1'000, 0, "at the start")).enhanced_packet({0, 5'000, "a", 1, {}});
  bytes.block(5, statistics(4'000, 3, "three lost")).enhanced_packet({0, 6'000, "b", 1, {}});
  CaptureFile file = file_of(bytes);
  std::vector<std::string> events;
  for (auto next = file.next(); next.ok() && next.value(); next = file.next()) {
    const auto* said = std::get_if<FileStatistics>(&*next.value());
    events.push_back(said == nullptr ? "a frame" : said->comment + ", " + std::to_string(said->counts.dropped));
    if (said == nullptr) continue;
    EXPECT_EQ(said->end, at(said->counts.dropped == 0 ? 1'000 : 4'000));
  }
  EXPECT_THAT(events, ElementsAre("at the start, 0", "a frame", "three lost, 3", "a frame"));
}

TEST(PcapngFile, KnowsRefusedSendsByInterfaceAndComment) {
  FileBytes bytes(Order::Little);
  bytes.section().interface({.link = 101, .name = "unsent"}).interface({.link = 101, .name = "eth0"});
  bytes.enhanced_packet({0, kSomeTime, "a", 1, "refused: EPERM (1)"});
  bytes.enhanced_packet({0, kSomeTime, "b", 1, "refused: EHOSTUNREACH (113)"});
  bytes.enhanced_packet({1, kSomeTime, "c", 1, "refused: EPERM (1)"});
  for (const char* nonsense : {"", "refused:", "refused: EPERM", "refused: (1", "refused: ()", "refused: (0)",
                               "refused: (99999999999)", "refused: (1) ", "refused: (-1)", "so (1)"}) {
    bytes.enhanced_packet({0, kSomeTime, "d", 1, nonsense});
  }
  CaptureFile file = file_of(bytes);
  EXPECT_THAT(frames_of(file), ElementsAre(FileFrame{at(kSomeTime), LinkType::Raw, "a", 1, 1},
                                           FileFrame{at(kSomeTime), LinkType::Raw, "b", 1, 113},
                                           FileFrame{at(kSomeTime), LinkType::Raw, "c", 1, {}}));
  EXPECT_EQ(file.unusable_blocks(), 10U);
}

TEST(PcapngFile, ReadsAHundredThousandInterfacesAndBoundsMore) {
  FileBytes bytes(Order::Little);
  bytes.section();
  constexpr std::uint32_t kBound = 131'072;
  for (std::uint32_t i = 0; i <= kBound; ++i) bytes.block(1, FileBytes(Order::Little).u16(1).u16(0).u32(0));
  bytes.enhanced_packet({100'000, kSomeTime, "within", 6, {}}).enhanced_packet({kBound, kSomeTime, "beyond", 6, {}});
  CaptureFile file = file_of(bytes);
  EXPECT_THAT(frames_of(file), SizeIs(1));
  EXPECT_EQ(file.unusable_blocks(), 2U);
}

TEST(PcapngFile, OfUnknownVersionsOnlySaysSo) {
  FileBytes bytes(Order::Little);
  bytes.block(0x0a0d0d0a, FileBytes(Order::Little).u32(0x1a2b3c4d).u16(0).u16(1).u64(0));
  CaptureFile file = file_of(bytes.interface({}));
  EXPECT_THAT(frames_of(file), SizeIs(0));
  EXPECT_EQ(describe(file.ending()), "damaged at byte 0: no section of a known version of pcapng");
}

}  // namespace
}  // namespace smtpath::io
