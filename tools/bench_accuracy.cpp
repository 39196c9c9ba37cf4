// Measures how often tracer and judge are right on random simulated paths: bench_accuracy [PATHS [FIRST_SEED]]. Prints
// the seed, the confusion table and the cases that went wrong; fails when the bars of docs/verdicts.md are missed.

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "support/accuracy.h"

namespace {

constexpr double kLeastRight = 0.99;
constexpr double kMostWrong = 0.002;
constexpr std::size_t kMostSynsASecond = 8;
constexpr std::size_t kMostSynsInAll = 24;
constexpr std::uint64_t kDefaultPaths = 20'000;
constexpr std::uint64_t kDefaultSeed = 1;

smtpath::test::Accuracy measure(const smtpath::test::AccuracySeeds& seeds) {
  const std::uint64_t workers = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<smtpath::test::Accuracy>> parts;
  std::uint64_t first = seeds.first;
  for (std::uint64_t i = 0; i < workers; ++i) {
    const std::uint64_t count = seeds.count / workers + (i < seeds.count % workers ? 1 : 0);
    parts.push_back(std::async(std::launch::async, [first, count] {
      return smtpath::test::measure_accuracy({.first = first, .count = count});
    }));
    first += count;
  }
  smtpath::test::Accuracy accuracy;
  for (auto& part : parts) accuracy.add(part.get());
  return accuracy;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t paths = argc > 1 ? std::stoull(argv[1]) : kDefaultPaths;
  const std::uint64_t seed = argc > 2 ? std::stoull(argv[2]) : kDefaultSeed;
  fmt::print("bench_accuracy: {} random paths from seed {}\n", paths, seed);
  const smtpath::test::Accuracy accuracy = measure({.first = seed, .count = paths});
  for (const std::string& failure : accuracy.failures) fmt::print("{}\n", failure);
  fmt::print("{}", to_string(accuracy));
  const bool is_polite = accuracy.peak_syns_a_second <= kMostSynsASecond && accuracy.most_syns <= kMostSynsInAll;
  const bool is_good_enough = accuracy.right_share() >= kLeastRight && accuracy.wrong_share() <= kMostWrong &&
                              accuracy.unfinished == 0 && accuracy.ports() > 0 && is_polite;
  fmt::print(
      "bars: at least {} % right, at most {} % wrong, every run ends, at most {} SYNs a second and {} in a run: {}\n",
      100 * kLeastRight, 100 * kMostWrong, kMostSynsASecond, kMostSynsInAll, is_good_enough ? "met" : "MISSED");
  return is_good_enough ? EXIT_SUCCESS : EXIT_FAILURE;
}
