// Measures how often tracer and judge are right on random simulated paths:
//
//   bench_accuracy [--hard] [--measure] [PATHS [FIRST_SEED]]
//   bench_accuracy --show [--hard] SEED
//
// Prints the seed, the confusion table, the worst kinds of error and the cases that went wrong; fails when the bars of
// docs/verdicts.md are missed, unless it is only to measure. --show prints one path with its truth, and what is said
// of it.

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/accuracy.h"
#include "support/hard_path.h"
#include "support/random_path.h"

namespace {

using smtpath::test::Accuracy;
using smtpath::test::AccuracySeeds;
using smtpath::test::PathKind;

constexpr double kPercent = 100;
constexpr std::size_t kMostSynsASecond = 8;
constexpr std::size_t kMostSyns = 24;
constexpr std::size_t kMostSynsWhereBalanced = 64;
constexpr std::size_t kMostProbesOfABlock = 400;
constexpr std::uint64_t kDefaultPaths = 20'000;
constexpr std::uint64_t kDefaultSeed = 1;

struct Bars {
  double right = 0;
  double wrong = 0;
};
constexpr Bars kPlain{.right = 0.99, .wrong = 0.002};
constexpr Bars kHard{.right = 0.98, .wrong = 0.002};
constexpr Bars kHardLossless{.right = 0.995, .wrong = 0.0005};
constexpr double kHighRight = 0.999;
constexpr double kMediumRight = 0.97;

struct Task {
  PathKind kind = PathKind::Plain;
  bool is_shown = false;
  bool is_only_measured = false;
  std::vector<std::uint64_t> numbers;

  std::uint64_t number(std::size_t index, std::uint64_t otherwise) const {
    return index < numbers.size() ? numbers[index] : otherwise;
  }
};

Task parse(int argc, char** argv) {
  Task task;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--hard") {
      task.kind = PathKind::Hard;
    } else if (word == "--show") {
      task.is_shown = true;
    } else if (word == "--measure") {
      task.is_only_measured = true;
    } else {
      task.numbers.push_back(std::stoull(argv[i]));
    }
  }
  return task;
}

Accuracy measure(const AccuracySeeds& seeds, PathKind kind) {
  const std::uint64_t workers = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<Accuracy>> parts;
  std::uint64_t first = seeds.first;
  for (std::uint64_t i = 0; i < workers; ++i) {
    const std::uint64_t count = seeds.count / workers + (i < seeds.count % workers ? 1 : 0);
    parts.push_back(std::async(std::launch::async, [first, count, kind] {
      return smtpath::test::measure_accuracy({.first = first, .count = count}, kind);
    }));
    first += count;
  }
  Accuracy accuracy;
  for (auto& part : parts) accuracy.add(part.get());
  return accuracy;
}

int show(PathKind kind, std::uint64_t seed) {
  fmt::print("{}",
             to_string(kind == PathKind::Hard ? smtpath::test::hard_path(seed) : smtpath::test::random_path(seed)));
  const Accuracy accuracy = smtpath::test::measure_accuracy({.first = seed, .count = 1}, kind);
  for (const std::string& failure : accuracy.failures) fmt::print("{}\n", failure);
  fmt::print("{} of {} ports right, {} probes, {:.0f} ms\n", accuracy.total.right, accuracy.ports(), accuracy.probes,
             smtpath::to_milliseconds(accuracy.duration));
  return EXIT_SUCCESS;
}

bool hold(std::string_view what, bool is_met) {
  fmt::print("{}: {}\n", what, is_met ? "met" : "MISSED");
  return is_met;
}

bool meets(const Accuracy::Row& row, const Bars& bars, std::string_view what) {
  return hold(
      fmt::format("{}: at least {} % right, at most {} % wrong", what, kPercent * bars.right, kPercent * bars.wrong),
      row.all() > 0 && row.right_share() >= bars.right && row.wrong_share() <= bars.wrong);
}

bool is_polite(const Accuracy& accuracy) {
  return hold(fmt::format("every run ends; at most {} SYNs a second, {} in a run, {} over several paths",
                          kMostSynsASecond, kMostSyns, kMostSynsWhereBalanced),
              accuracy.unfinished == 0 && accuracy.peak_syns_a_second <= kMostSynsASecond &&
                  accuracy.most_syns <= kMostSyns && accuracy.most_syns_where_balanced <= kMostSynsWhereBalanced);
}

bool is_calibrated(const Accuracy& accuracy) {
  using smtpath::verdict::Confidence;
  const auto share = [&](Confidence confidence) {
    const auto row = accuracy.calibration.find(confidence);
    return row == accuracy.calibration.end() ? 1.0 : row->second.right_share();
  };
  return hold(
      fmt::format("confidence: of high {} % right, of medium {} %", kPercent * kHighRight, kPercent * kMediumRight),
      share(Confidence::High) >= kHighRight && share(Confidence::Medium) >= kMediumRight);
}

bool meets_bars(const Accuracy& accuracy, PathKind kind) {
  bool is_met = is_polite(accuracy);
  if (kind == PathKind::Plain) return meets(accuracy.total, kPlain, "all") && is_met;
  is_met &= meets(accuracy.total, kHard, "all");
  is_met &= meets(accuracy.lossless, kHardLossless, "lossless");
  is_met &= is_calibrated(accuracy);
  is_met &= hold(fmt::format("with a block at most {} probes", kMostProbesOfABlock),
                 accuracy.most_probes_of_a_block <= kMostProbesOfABlock);
  return is_met;
}

}  // namespace

int main(int argc, char** argv) {
  const Task task = parse(argc, argv);
  if (task.is_shown) return show(task.kind, task.number(0, kDefaultSeed));
  const std::uint64_t paths = task.number(0, kDefaultPaths);
  const std::uint64_t seed = task.number(1, kDefaultSeed);
  fmt::print("bench_accuracy: {} random {} paths from seed {}\n", paths, task.kind == PathKind::Hard ? "hard" : "plain",
             seed);
  const Accuracy accuracy = measure({.first = seed, .count = paths}, task.kind);
  for (const std::string& failure : accuracy.failures) fmt::print("{}\n", failure);
  fmt::print("{}", to_string(accuracy));
  const bool is_met = meets_bars(accuracy, task.kind);
  return is_met || task.is_only_measured ? EXIT_SUCCESS : EXIT_FAILURE;
}
