// A thousand random paths and a few hundred hard ones: what tools/bench_accuracy measures on many more. Another seed:
// SMTPATH_TEST_SEED=12345.

#include <gtest/gtest.h>

#include <string>

#include "support/accuracy.h"
#include "support/seed.h"

namespace smtpath::test {
namespace {

constexpr std::uint64_t kPaths = 1000;
constexpr std::uint64_t kHardPaths = 600;
constexpr std::uint64_t kUsualSeed = 1'000'000;

std::string describe(std::uint64_t seed, const Accuracy& accuracy) {
  std::string text = "seed " + std::to_string(seed) + '\n' + to_string(accuracy);
  for (const std::string& failure : accuracy.failures) text += failure + '\n';
  return text;
}

TEST(Accuracy, IsRightOnRandomPathsAndHardlyEverWrong) {
  const std::uint64_t seed = first_seed(kUsualSeed);
  const Accuracy accuracy = measure_accuracy({.first = seed, .count = kPaths});
  SCOPED_TRACE(describe(seed, accuracy));
  EXPECT_EQ(accuracy.paths, kPaths);
  EXPECT_GE(accuracy.ports(), 4 * kPaths);
  EXPECT_EQ(accuracy.unfinished, 0U);
  EXPECT_GE(accuracy.right_share(), 0.99);
  EXPECT_LE(accuracy.wrong_share(), 0.002);
  RecordProperty("seed", std::to_string(seed));
}

// The bars of many paths are those of bench_accuracy; so few leave room for chance.
TEST(Accuracy, IsRightOnHardPathsToo) {
  const std::uint64_t seed = first_seed(kUsualSeed);
  const Accuracy accuracy = measure_accuracy({.first = seed, .count = kHardPaths}, PathKind::Hard);
  SCOPED_TRACE(describe(seed, accuracy));
  EXPECT_GE(accuracy.ports(), 4 * kHardPaths);
  EXPECT_EQ(accuracy.unfinished, 0U);
  EXPECT_GE(accuracy.right_share(), 0.975);
  EXPECT_LE(accuracy.wrong_share(), 0.008);
  RecordProperty("seed", std::to_string(seed));
}

}  // namespace
}  // namespace smtpath::test
