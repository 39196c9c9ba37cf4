// Traces many hosts of a simulated Internet in one run and measures it: targets a second, peak memory, probes, and how
// right the verdicts are. bench_targets [--targets N] [--seed S] [--rate PPS]. Needs root; fails when a bar is missed.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/internet_run.h"

namespace smtpath::test {
namespace {

constexpr double kLeastTargetsASecond = 100;
constexpr double kMostMib = 64;
constexpr std::size_t kMostFailures = 20;

struct Options {
  InternetSpec spec;
  int rate = 20'000;
  std::vector<std::string> further;
};

bool hold(const std::string& bar, bool is_met) {
  fmt::print("  bar: {}: {}\n", bar, is_met ? "met" : "MISSED");
  return is_met;
}

int report(const InternetRun& run, const InternetFigures& figures, const std::vector<InternetTarget>& targets) {
  const InternetGrades grades = grade(run, targets);
  const double a_second = static_cast<double>(targets.size()) / run.seconds();
  fmt::print("  {:.2f} s, {:.0f} targets a second; {:.1f} MiB; exit status {}\n", run.seconds(), a_second,
             run.peak_mib(), run.status);
  fmt::print("  {}\n", to_string(figures));
  fmt::print("  capture: {}\n", run.summary.is_object() ? run.summary.at("capture").dump() : "no summary");
  fmt::print("  ports: {} right, {} vague, {} wrong; {} wrong suspects; {} targets missing\n", grades.right,
             grades.vague, grades.wrong, grades.wrong_suspects, grades.missing);
  const auto shown = std::min(grades.failures.size(), kMostFailures);
  for (std::size_t i = 0; i < shown; ++i) fmt::print("    {}\n", grades.failures[i]);
  bool all_met =
      hold(fmt::format("at least {} targets a second", kLeastTargetsASecond), a_second >= kLeastTargetsASecond);
  all_met &= hold(fmt::format("under {} MiB", kMostMib), run.peak_mib() < kMostMib);
  all_met &= hold("nothing wrong, nothing missing", grades.wrong == 0 && grades.missing == 0);
  return all_met ? EXIT_SUCCESS : EXIT_FAILURE;
}

int run(const Options& options) {
  constexpr int kNoLab = 70;
  const std::vector<InternetTarget> targets = internet_targets(options.spec);
  fmt::print("bench_targets: {} hosts of a simulated Internet, seed {}, {} probes a second at most\n",
             options.spec.targets, options.spec.seed, options.rate);
  auto lab = InternetLab::build(options.spec);
  if (!lab) {
    fmt::print(stderr, "bench_targets: {}\n", lab.error().message);
    return kNoLab;
  }
  std::vector<std::string> arguments{"--rate", std::to_string(options.rate)};
  arguments.insert(arguments.end(), options.further.begin(), options.further.end());
  const auto asked = ask_internet(lab.value(), {.smtpath = SMTPATH_PROGRAM, .peak_memory = SMTPATH_PEAK_MEMORY},
                                  {.options = arguments, .targets = targets});
  if (!asked) {
    fmt::print(stderr, "bench_targets: {}\n", asked.error().message);
    return kNoLab;
  }
  fmt::print("{}", asked.value().errors);
  return report(asked.value(), lab.value().finish(), targets);
}

}  // namespace
}  // namespace smtpath::test

int main(int argc, char** argv) {
  constexpr int kNoPermission = 77;
  CLI::App app("Traces many hosts of a simulated Internet in one run, and measures it", "bench_targets");
  smtpath::test::Options options;
  app.add_option("--targets", options.spec.targets, "How many hosts")
      ->check(CLI::Range(std::size_t{1}, smtpath::test::kMostInternetTargets))
      ->capture_default_str();
  app.add_option("--seed", options.spec.seed, "Of all that is drawn")->capture_default_str();
  app.add_option("--rate", options.rate, "Of smtpath trace")->capture_default_str();
  app.add_option("OPTION", options.further, "After --, further options of smtpath trace")->type_name("");
  CLI11_PARSE(app, argc, argv);
  if (geteuid() != 0) {
    fmt::print(stderr, "bench_targets: a network namespace needs root\n");
    return kNoPermission;
  }
  return smtpath::test::run(options);
}
