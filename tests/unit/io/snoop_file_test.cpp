// The snoop format, by the book (RFC 1761).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/io/read_frames.h"

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::FileBytes;
using test::FileFrame;
using test::frames_of;
using test::Order;
using testing::ElementsAre;
using testing::SizeIs;

struct Record {
  std::string_view content;
  std::uint32_t original = 0;
  std::uint32_t drops = 0;
  std::size_t padding = 0;
};

class SnoopBytes {
 public:
  explicit SnoopBytes(std::uint32_t datalink = 4) {
    bytes_.text(std::string_view("snoop\0\0\0", 8)).u32(2).u32(datalink);
  }
  SnoopBytes& record(const Record& record) {
    const auto captured = static_cast<std::uint32_t>(record.content.size());
    bytes_.u32(record.original).u32(captured).u32(24 + captured + static_cast<std::uint32_t>(record.padding));
    bytes_.u32(record.drops).u32(1'700'000'000).u32(5).text(record.content).text(std::string(record.padding, 'p'));
    return *this;
  }
  FileBytes& raw() { return bytes_; }
  const Bytes& all() const { return bytes_.all(); }

 private:
  FileBytes bytes_{Order::Big};
};

CaptureFile file_of(const SnoopBytes& bytes) {
  return CaptureFile::of_bytes("x.snoop", bytes.all());
}

TEST(SnoopFile, GivesFramesWithTheirTimesAndLengths) {
  CaptureFile file = file_of(SnoopBytes().record({"first", 60, 0, 3}).record({"second", 6, 7, 0}));
  const Time time{1'700'000'000s + 5us};
  EXPECT_THAT(frames_of(file), ElementsAre(FileFrame{time, LinkType::Ethernet, "first", 60, {}},
                                           FileFrame{time, LinkType::Ethernet, "second", 6, {}}));
  EXPECT_EQ(file.ending().kind, EndingKind::Whole);
  EXPECT_EQ(file.format(), "snoop, microseconds");
  ASSERT_TRUE(file.statistics());
  EXPECT_EQ(file.statistics()->counts.received, 2U);
  EXPECT_EQ(file.statistics()->counts.dropped, 7U);
  EXPECT_EQ(file.statistics()->end, time);
}

TEST(SnoopFile, NumbersLinkTypesInItsOwnWay) {
  const auto link_of = [](std::uint32_t datalink) {
    CaptureFile file = file_of(SnoopBytes(datalink).record({"x", 1, 0, 0}));
    return to_string(frames_of(file).at(0).link);
  };
  EXPECT_EQ(link_of(0), "EN10MB");
  EXPECT_EQ(link_of(4), "EN10MB");
  EXPECT_EQ(link_of(8), "FDDI");
  EXPECT_EQ(link_of(5), "65535");
}

TEST(SnoopFile, CutAnywhereGivesThePacketsBeforeTheCut) {
  const Bytes whole = SnoopBytes().record({"first", 60, 0, 3}).record({"second", 6, 7, 2}).all();
  for (std::size_t length = 12; length < whole.size(); ++length) {
    CaptureFile file =
        CaptureFile::of_bytes("cut", {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
    const std::size_t expected = length >= 16 + 32 + 30 ? 2 : length >= 16 + 29 ? 1 : 0;
    ASSERT_THAT(frames_of(file), SizeIs(expected)) << length;
    const bool is_between = length == 16 || length == 16 + 32;
    ASSERT_EQ(file.ending().kind, is_between ? EndingKind::Whole : EndingKind::CutShort) << length;
    ASSERT_EQ(file.ending().offset, length);
  }
}

TEST(SnoopFile, EndsAtLengthsThatCannotBe) {
  SnoopBytes claiming;
  claiming.record({"first", 60, 0, 3}).raw().u32(9).u32(0x7fffffff).u32(0xffffffff).u32(0).u32(0).u32(0).text("more");
  CaptureFile file = file_of(claiming);
  EXPECT_THAT(frames_of(file), SizeIs(1));
  EXPECT_EQ(describe(file.ending()), "damaged at byte 48: a packet of 2147483647 bytes");
  SnoopBytes overlapping;
  overlapping.raw().u32(9).u32(9).u32(24).u32(0).u32(0).u32(0).text("nine more");
  file = file_of(overlapping);
  EXPECT_THAT(frames_of(file), SizeIs(0));
  EXPECT_EQ(describe(file.ending()), "damaged at byte 16: a record of 24 bytes with a packet of 9");
}

}  // namespace
}  // namespace smtpath::io
