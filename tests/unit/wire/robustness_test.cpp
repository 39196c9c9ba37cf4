// Whatever the bytes, decoding stays within them. Each frame is copied to a heap block of its exact size, so that a
// sanitized build sees any read past the end.

#include <gtest/gtest.h>

#include <functional>

#include "unit/wire/frames.h"
#include "unit/wire/random_packets.h"
#include "unit/wire/samples.h"

namespace smtpath::wire {
namespace {

using test::Bytes;
using test::Sample;

bool lies_within(std::span<const std::byte> part, const Bytes& whole) {
  const std::less_equal<> not_after;
  return part.empty() ||
         (not_after(whole.data(), part.data()) && not_after(part.data() + part.size(), whole.data() + whole.size()));
}

// What holds of every packet, however broken its frame.
void expect_in_bounds(const Packet& packet, const Bytes& frame) {
  if (const auto* const segment = std::get_if<TcpSegment>(&packet.payload)) {
    ASSERT_TRUE(lies_within(segment->payload, frame));
    ASSERT_GE(segment->payload_length, segment->payload.size());
  }
  if (const auto* const error = std::get_if<IcmpError>(&packet.payload)) {
    ASSERT_LE(error->mpls.count, MplsStack::kMaxLabels);
    if (error->quote) {
      ASSERT_LE(error->quote->length, frame.size());
    }
  }
}

TEST(Robustness, EveryPrefixOfEverySampleDecodesOrIsCalledTruncated) {
  for (const Sample& sample : test::samples()) {
    const Packet whole = test::decoded(sample.bytes, sample.link);
    for (std::size_t length = 0; length < sample.bytes.size(); ++length) {
      SCOPED_TRACE(testing::Message() << sample.name << ", " << length << " bytes");
      const Bytes prefix(sample.bytes.begin(), sample.bytes.begin() + static_cast<std::ptrdiff_t>(length));
      const Decoded result = decode(sample.link, prefix);
      if (const auto* const reason = std::get_if<Undecodable>(&result)) {
        ASSERT_TRUE(*reason == Undecodable::TruncatedLink || *reason == Undecodable::TruncatedIp ||
                    *reason == Undecodable::TruncatedTransport)
            << to_string(*reason);
        continue;
      }
      const auto& packet = std::get<Packet>(result);
      ASSERT_NO_FATAL_FAILURE(expect_in_bounds(packet, prefix));
      ASSERT_EQ(packet.ip.source, whole.ip.source);
      ASSERT_EQ(packet.ip.ttl, whole.ip.ttl);
      ASSERT_EQ(packet.ip.total_length, whole.ip.total_length);
      ASSERT_EQ(packet.payload.index(), whole.payload.index());
      ASSERT_EQ(packet.has_bad_checksum, whole.has_bad_checksum);
    }
  }
}

TEST(Robustness, RandomlyChangedBytesStayWithinBounds) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  test::RandomPackets random(test::test_seed());
  const std::vector<Sample> samples = test::samples();
  for (int round = 0; round < 40000; ++round) {
    const Sample& sample = samples[random.number(static_cast<std::uint32_t>(samples.size() - 1))];
    const std::uint32_t cut = random.chance() ? 0 : random.number(static_cast<std::uint32_t>(sample.bytes.size() - 1));
    Bytes frame(sample.bytes.begin(), sample.bytes.end() - cut);
    for (std::uint32_t changes = 1 + random.number(7); changes > 0; --changes) {
      frame[random.number(static_cast<std::uint32_t>(frame.size() - 1))] = static_cast<std::byte>(random.number(255));
    }
    const Decoded result = decode(sample.link, frame);
    if (const auto* const packet = std::get_if<Packet>(&result)) {
      ASSERT_NO_FATAL_FAILURE(expect_in_bounds(*packet, frame)) << sample.name << ", round " << round;
    }
  }
}

TEST(Robustness, NoiseOfAnyLinkTypeStaysWithinBounds) {
  SCOPED_TRACE(testing::Message() << "seed " << test::test_seed());
  test::RandomPackets random(test::test_seed());
  constexpr std::uint16_t kMostLinks = 300;
  for (int round = 0; round < 500; ++round) {
    Bytes frame(random.number(120));
    for (std::byte& byte : frame) byte = static_cast<std::byte>(random.number(255));
    for (std::uint16_t link = 0; link < kMostLinks; ++link) {
      const Decoded result = decode(LinkType{link}, frame);
      if (const auto* const packet = std::get_if<Packet>(&result)) {
        ASSERT_NO_FATAL_FAILURE(expect_in_bounds(*packet, frame)) << "round " << round;
      }
    }
  }
}

}  // namespace
}  // namespace smtpath::wire
