// The random cases are what they claim to be.

#include "support/random_path.h"

#include <gtest/gtest.h>

#include <set>

namespace smtpath::test {
namespace {

constexpr std::uint64_t kCases = 2000;

TEST(RandomPath, IsTheSameForTheSameSeed) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(to_string(random_path(seed)), to_string(random_path(seed)));
    EXPECT_NE(to_string(random_path(seed)), to_string(random_path(seed + 1000)));
  }
}

TEST(RandomPath, HasEveryLengthFromOneToThirty) {
  std::set<int> distances;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) distances.insert(random_path(seed).path.distance());
  EXPECT_EQ(distances.size(), 30U);
  EXPECT_EQ(*distances.begin(), 1);
  EXPECT_EQ(*distances.rbegin(), 30);
}

TEST(RandomPath, LosesTenPercentAtMostThereAndBack) {
  std::uint64_t lossless = 0;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomPath random = random_path(seed);
    double arrives = 1;
    for (const Device& device : random.path.devices)
      arrives *= (1 - device.link.loss_out) * (1 - device.link.loss_back);
    EXPECT_GE(arrives, 0.9 - 1e-9) << to_string(random);
    EXPECT_EQ(random.is_lossless, arrives == 1) << to_string(random);
    if (random.is_lossless) ++lossless;
  }
  EXPECT_NEAR(static_cast<double>(lossless) / kCases, 0.5, 0.05);
}

TEST(RandomPath, MakesEveryKindOfTruth) {
  std::set<verdict::Kind> kinds;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) kinds.insert(random_path(seed).truths.front().right.front().kind);
  using verdict::Kind;
  EXPECT_EQ(kinds, (std::set{Kind::Open, Kind::Refused, Kind::Dropped, Kind::Rejected, Kind::ResetInjected,
                             Kind::Intercepted, Kind::Unreachable}));
}

}  // namespace
}  // namespace smtpath::test
