#include "wire/checksum.h"

#include <gtest/gtest.h>

#include "unit/wire/frames.h"
#include "unit/wire/random_packets.h"

namespace smtpath::wire {
namespace {

using test::hex;

TEST(Checksum, AddsTheExampleOfRfc1071) {
  EXPECT_EQ(ones_complement_sum(hex("0001 f203 f4f5 f6f7")), 0xddf2);
}

TEST(Checksum, PadsAnOddLastByteWithZero) {
  EXPECT_EQ(ones_complement_sum(hex("0102 03")), 0x0102 + 0x0300);
  EXPECT_EQ(ones_complement_sum(hex("0000 0000 01")), 0x0100);
}

TEST(Checksum, UpdatesTheExampleOfRfc1624) {
  EXPECT_EQ(updated_checksum(0xdd2f, 0x5555, 0x3285), 0x0000);
}

TEST(Checksum, AfterAnUpdateIsThatOfTheChangedBytes) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  test::RandomPackets random(test::test_seed());
  for (int round = 0; round < 2000; ++round) {
    // Few bits set make the extreme sums, 0 and all ones, likely.
    const std::uint16_t before = static_cast<std::uint16_t>(random.number(2) * 0x7fff);
    const std::uint16_t after = static_cast<std::uint16_t>(random.number(2) * 0x7fff);
    const std::uint32_t fixed = 1 + random.number(2);
    const auto checksum_with = [&](std::uint16_t word) {
      const std::byte bytes[] = {static_cast<std::byte>(word >> 8), static_cast<std::byte>(word & 0xff), std::byte{0},
                                 static_cast<std::byte>(fixed)};
      return static_cast<std::uint16_t>(~ones_complement_sum(bytes));
    };
    ASSERT_EQ(updated_checksum(checksum_with(before), before, after), checksum_with(after));
  }
}

}  // namespace
}  // namespace smtpath::wire
