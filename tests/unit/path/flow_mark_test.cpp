// What marks probes as ours.

#include "smtpath/path/flow_mark.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace smtpath::path {
namespace {

HashKey key_of(int byte) {
  HashKey key{};
  key.fill(static_cast<std::byte>(byte));
  return key;
}

IpAddress target_of(int last) {
  return IpAddress::v4(std::array{std::byte{203}, std::byte{0}, std::byte{113}, static_cast<std::byte>(last)});
}

TEST(FlowMark, IsConstantWithinAFlow) {
  const FlowMark a = mark_of(key_of(1), target_of(9), Port{40001}, Port{25});
  const FlowMark b = mark_of(key_of(1), target_of(9), Port{40001}, Port{25});
  EXPECT_EQ(a.sequence, b.sequence);
  EXPECT_EQ(a.timestamp_base, b.timestamp_base);
}

TEST(FlowMark, DiffersBetweenFlowsTargetsAndKeys) {
  std::set<std::uint32_t> sequences;
  std::set<std::uint32_t> timestamps;
  std::size_t marks = 0;
  for (int key = 1; key <= 2; ++key) {
    for (int target = 1; target <= 4; ++target) {
      for (std::uint16_t source = 40001; source <= 40016; ++source) {
        for (const Port port : {Port{25}, Port{465}, Port{587}}) {
          const FlowMark mark = mark_of(key_of(key), target_of(target), Port{source}, port);
          sequences.insert(mark.sequence);
          timestamps.insert(mark.timestamp_base);
          ++marks;
        }
      }
    }
  }
  EXPECT_EQ(sequences.size(), marks);
  EXPECT_EQ(timestamps.size(), marks);
}

TEST(FlowMark, TellsTheDirectionOfAFlow) {
  EXPECT_NE(mark_of(key_of(1), target_of(9), Port{25}, Port{587}).sequence,
            mark_of(key_of(1), target_of(9), Port{587}, Port{25}).sequence);
}

TEST(EchoIdentifier, IsNeverZeroAndConstantForATarget) {
  for (int last = 1; last < 255; ++last) {
    const std::uint16_t identifier = echo_identifier(key_of(3), target_of(last));
    EXPECT_NE(identifier, 0);
    EXPECT_EQ(identifier, echo_identifier(key_of(3), target_of(last)));
  }
}

TEST(EchoIdentifier, DependsOnTheKey) {
  EXPECT_NE(echo_identifier(key_of(1), target_of(9)), echo_identifier(key_of(2), target_of(9)));
}

}  // namespace
}  // namespace smtpath::path
