// Measures what one target costs on the processor: tracer, observer and judge of four ports on simulated paths of 15
// hops, one of each kind, the simulation itself included. bench_cost [ROUNDS]; fails when the mean over all kinds is
// above the bar.

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <string>

#include "smtpath/verdict/diagnose.h"
#include "support/simulation.h"
#include "support/usual_paths.h"

namespace {

using namespace smtpath;

constexpr double kMostMicroseconds = 1500;
constexpr int kDefaultRounds = 50;

struct Cost {
  double microseconds = 0;
  std::size_t probes = 0;
};

Cost cost_of(const test::NetworkPath& path, int rounds) {
  const path::Plan plan = test::plan_for(path, test::mail_ports_and_anchors());
  Cost cost;
  const std::clock_t start = std::clock();
  for (int i = 0; i < rounds; ++i) {
    test::Network network(path, 1);
    const test::Simulation run = test::run(plan, network);
    const auto diagnosis = verdict::diagnose(run.observer.trace(0), plan.targets.front(), {});
    cost.probes = diagnosis.ports.empty() ? 0 : run.probes;
  }
  constexpr double kMicrosecondsASecond = 1e6;
  cost.microseconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC * kMicrosecondsASecond / rounds;
  return cost;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::stoi(argv[1]) : kDefaultRounds;
  double sum = 0;
  int kinds = 0;
  for (const test::UsualPath& usual : test::usual_paths()) {
    const Cost cost = cost_of(usual.path, rounds);
    fmt::print("{:<40}{:>6.0f} us{:>6} probes\n", usual.name, cost.microseconds, cost.probes);
    sum += cost.microseconds;
    ++kinds;
  }
  const double mean = sum / kinds;
  fmt::print("mean {:.0f} us a target; bar: at most {:.0f} us: {}\n", mean, kMostMicroseconds,
             mean <= kMostMicroseconds ? "met" : "MISSED");
  return mean <= kMostMicroseconds ? EXIT_SUCCESS : EXIT_FAILURE;
}
