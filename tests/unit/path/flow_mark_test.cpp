// What marks probes as ours.

#include "smtpath/path/flow_mark.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <random>
#include <unordered_set>

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

TEST(FlowMarks, AreConstantWithinAFlow) {
  const FlowIndex flow{.target = 9, .port = 2, .slot = 5};
  const FlowMark a = FlowMarks(key_of(1)).of(flow);
  const FlowMark b = FlowMarks(key_of(1)).of(flow);
  EXPECT_EQ(a.sequence, b.sequence);
  EXPECT_EQ(a.timestamp_base, b.timestamp_base);
}

TEST(FlowMarks, AreSharedByNoTwoFlowsOfARun) {
  // As many as 5,000 targets have, asked 6 ports each: by chance, 26 pairs of random numbers would be the same.
  const FlowMarks marks(key_of(1));
  std::unordered_set<std::uint32_t> sequences;
  constexpr std::size_t kTargets = 5'000;
  constexpr std::size_t kPorts = 6;
  for (std::size_t target = 0; target < kTargets; ++target) {
    for (std::size_t port = 0; port < kPorts; ++port) {
      for (std::uint8_t slot = 0; slot < kMostSlots; ++slot) {
        sequences.insert(marks.of({.target = target, .port = port, .slot = slot}).sequence);
      }
    }
  }
  EXPECT_EQ(sequences.size(), kTargets * kPorts * kMostSlots);
}

TEST(FlowMarks, LeadBackToTheFlow) {
  constexpr std::uint32_t kSeed = 20'261'121;
  std::mt19937 random(kSeed);
  const FlowMarks marks(key_of(7));
  const auto expect_back = [&](const FlowIndex& flow) {
    EXPECT_EQ(marks.flow_with(marks.of(flow).sequence), flow)
        << "target " << flow.target << " port " << flow.port << " slot " << int{flow.slot} << " seed " << kSeed;
  };
  expect_back({.target = 0, .port = 0, .slot = 0});
  expect_back({.target = kMostTargets - 1, .port = kMostPorts - 1, .slot = kMostSlots - 1});
  for (int i = 0; i < 10'000; ++i) {
    expect_back({.target = random() % kMostTargets,
                 .port = random() % kMostPorts,
                 .slot = static_cast<std::uint8_t>(random() % kMostSlots)});
  }
}

TEST(FlowMarks, OfAnotherKeyLeadElsewhere) {
  const FlowMarks ours(key_of(1));
  const FlowMarks theirs(key_of(2));
  int same_sequence = 0;
  int same_timestamp = 0;
  int led_back = 0;
  for (std::size_t target = 0; target < 1'000; ++target) {
    const FlowIndex flow{.target = target, .port = 1, .slot = 3};
    const FlowMark mark = theirs.of(flow);
    same_sequence += ours.of(flow).sequence == mark.sequence ? 1 : 0;
    same_timestamp += ours.of(flow).timestamp_base == mark.timestamp_base ? 1 : 0;
    led_back += ours.flow_with(mark.sequence) == flow ? 1 : 0;
  }
  EXPECT_EQ(same_sequence + same_timestamp + led_back, 0);
}

TEST(FlowMarks, OfNeighboursLookUnrelated) {
  // Each bit of the index turns about half the bits of the sequence number.
  const FlowMarks marks(key_of(5));
  constexpr int kFlows = 500;
  for (const std::size_t bit : {0U, 1U, 7U, 16U}) {
    int turned = 0;
    for (std::size_t target = 0; target < kFlows; ++target) {
      const std::uint32_t a = marks.of({.target = target, .port = 0, .slot = 0}).sequence;
      const std::uint32_t b = marks.of({.target = target ^ std::size_t{1} << bit, .port = 0, .slot = 0}).sequence;
      turned += std::popcount(a ^ b);
    }
    EXPECT_NEAR(turned / double{kFlows}, 16, 1) << bit;
  }
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
