// The hard random cases are what they claim to be.

#include "support/hard_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace smtpath::test {
namespace {

using verdict::Cause;
using verdict::Kind;

constexpr std::uint64_t kCases = 4000;

TEST(HardPath, IsTheSameForTheSameSeed) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(to_string(hard_path(seed)), to_string(hard_path(seed)));
    EXPECT_NE(to_string(hard_path(seed)), to_string(hard_path(seed + 1000)));
  }
}

TEST(HardPath, StaysWithinThirtyHopsAndTwentyPercentOfLoss) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomPath random = hard_path(seed);
    EXPECT_LE(random.path.distance(), 30) << to_string(random);
    double arrives = 1;
    for (const Device& device : random.path.devices)
      arrives *= (1 - device.link.loss_out) * (1 - device.link.loss_back);
    EXPECT_GE(arrives, 0.8 - 1e-9) << to_string(random);
  }
}

TEST(HardPath, BranchesAreOfOneLengthDoNotOverlapAndMeetBeforeTheServer) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomPath random = hard_path(seed);
    int met = 0;
    for (const Split& split : random.path.splits) {
      EXPECT_GE(split.at, std::max(1, met)) << to_string(random);
      for (const std::vector<Device>& branch : split.others) EXPECT_EQ(branch.size(), split.others.front().size());
      met = split.at + split.length() + 1;
      EXPECT_LE(met, random.path.distance()) << to_string(random);
    }
  }
}

TEST(HardPath, NoTwoRoutersShareAnAddress) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomPath random = hard_path(seed);
    std::multiset<IpAddress> addresses;
    for (const Device& device : random.path.devices) addresses.insert(device.address);
    for (const Split& split : random.path.splits) {
      for (const std::vector<Device>& branch : split.others) {
        for (const Device& device : branch) addresses.insert(device.address);
      }
    }
    const std::set<IpAddress> different(addresses.begin(), addresses.end());
    EXPECT_EQ(addresses.size(), different.size()) << to_string(random);
  }
}

TEST(HardPath, NearlyHalfStayAsTheyAreAndHalfLoseNothing) {
  std::uint64_t plain = 0;
  std::uint64_t lossless = 0;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomPath random = hard_path(seed);
    const bool is_plain = std::all_of(random.features.begin(), random.features.end(), [](const std::string& feature) {
      return feature.starts_with("by ") && feature.find(',') == std::string::npos;
    });
    if (is_plain) ++plain;
    if (random.is_lossless) ++lossless;
  }
  EXPECT_NEAR(static_cast<double>(plain) / kCases, 0.5, 0.06);
  EXPECT_NEAR(static_cast<double>(lossless) / kCases, 0.5, 0.05);
}

TEST(HardPath, MakesEveryKindOfTruthAndEveryCause) {
  std::set<Kind> kinds;
  std::set<Cause> causes;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const PortTruth smtp = hard_path(seed).truths.front();
    kinds.insert(smtp.right.front().kind);
    for (const RightVerdict& right : smtp.right) {
      if (right.cause) causes.insert(*right.cause);
    }
  }
  EXPECT_EQ(kinds, (std::set{Kind::Open, Kind::Refused, Kind::Dropped, Kind::Rejected, Kind::ResetInjected,
                             Kind::Intercepted, Kind::Intermittent, Kind::Unreachable}));
  EXPECT_EQ(causes, (std::set{Cause::PathDependent, Cause::RateLimited, Cause::Overloaded, Cause::Loss}));
}

TEST(HardPath, LeavesPlainPathsAsTheyWere) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const RandomPath random = hard_path(seed);
    if (!random.features.empty()) continue;
    EXPECT_EQ(random.path.distance(), random_path(seed).path.distance());
    for (std::size_t port = 0; port < random.truths.size(); ++port) {
      EXPECT_EQ(random.truths[port].right.front().kind, random_path(seed).truths[port].right.front().kind)
          << to_string(random);
    }
  }
}

}  // namespace
}  // namespace smtpath::test
