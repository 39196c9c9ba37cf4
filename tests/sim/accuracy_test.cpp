// A thousand random paths: what tools/bench_accuracy measures on many more. Another seed: SMTPATH_TEST_SEED=12345.

#include <gtest/gtest.h>

#include <string>

#include "seed.h"
#include "support/accuracy.h"

namespace smtpath::test {
namespace {

constexpr std::uint64_t kPaths = 1000;
constexpr std::uint64_t kUsualSeed = 1'000'000;

TEST(Accuracy, IsRightOnRandomPathsAndHardlyEverWrong) {
  const std::uint64_t seed = first_seed(kUsualSeed);
  const Accuracy accuracy = measure_accuracy({.first = seed, .count = kPaths});
  std::string failures;
  for (const std::string& failure : accuracy.failures) failures += failure + '\n';
  SCOPED_TRACE("seed " + std::to_string(seed) + '\n' + to_string(accuracy) + failures);
  EXPECT_EQ(accuracy.paths, kPaths);
  EXPECT_GE(accuracy.ports(), 4 * kPaths);
  EXPECT_EQ(accuracy.unfinished, 0U);
  EXPECT_GE(accuracy.right_share(), 0.99);
  EXPECT_LE(accuracy.wrong_share(), 0.002);
  RecordProperty("seed", std::to_string(seed));
}

}  // namespace
}  // namespace smtpath::test
