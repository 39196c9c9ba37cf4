// The reader that no packet can lead out of its bytes.

#include "smtpath/base/byte_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace smtpath {
namespace {

constexpr std::array kBytes{std::byte{0x01}, std::byte{0x02}, std::byte{0x03}, std::byte{0x04},
                            std::byte{0xfe}, std::byte{0xdc}, std::byte{0xba}};

TEST(ByteReader, ReadsBigEndianNumbersInTurn) {
  ByteReader reader(kBytes);
  EXPECT_EQ(reader.u32(), 0x01020304U);
  EXPECT_EQ(reader.u16(), 0xfedcU);
  EXPECT_EQ(reader.u8(), 0xbaU);
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_TRUE(reader.ok());
}

TEST(ByteReader, YieldsZeroAndFailsPastTheEnd) {
  ByteReader reader{std::span(kBytes).first(3)};
  EXPECT_EQ(reader.u32(), 0U);
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, StaysFailedThoughASmallerReadWouldHaveFitted) {
  ByteReader reader{std::span(kBytes).first(3)};
  reader.u32();
  EXPECT_EQ(reader.u8(), 0U);
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_TRUE(reader.rest().empty());
  reader.skip(0);
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, TakesExactlyWhatIsLeft) {
  ByteReader reader(kBytes);
  reader.skip(4);
  const auto taken = reader.take(3);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken.data(), kBytes.data() + 4);
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.take(0).empty());
  EXPECT_TRUE(reader.ok());
  reader.skip(1);
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, RefusesLengthsThatWouldOverflow) {
  ByteReader reader(kBytes);
  EXPECT_TRUE(reader.take(std::numeric_limits<std::size_t>::max()).empty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, FillsAnArrayOrLeavesItZero) {
  ByteReader reader(kBytes);
  EXPECT_EQ(reader.array<4>()[3], std::byte{0x04});
  EXPECT_EQ(reader.array<4>(), (std::array<std::byte, 4>{}));
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, OfNothingFailsAtTheFirstRead) {
  ByteReader reader({});
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.u8(), 0U);
  EXPECT_FALSE(reader.ok());
}

static_assert(ByteReader(kBytes).array<2>()[1] == std::byte{0x02});

}  // namespace
}  // namespace smtpath
