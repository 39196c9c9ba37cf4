// Times whole processes side by side on the same chains: smtpath trace, traceroute -T, mtr -T, nmap --traceroute and
// tcptraceroute, in turn, and counts their probes. bench_trace [--rounds N] [--only NAMES]. Needs root; fails when a
// bar is missed. Times of a program that takes one port only are added up.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "bench_trace_count.h"
#include "bench_trace_situation.h"
#include "bench_trace_tool.h"
#include "smtpath/io/lab.h"

namespace smtpath::bench {
namespace {

constexpr std::chrono::seconds kCap(60);

struct Timing {
  double seconds = 0;
  bool met_cap = false;
  int status = 0;
};

Result<Timing> time_once(const io::Lab& lab, const Tool& tool, const std::vector<Port>& ports) {
  using Clock = std::chrono::steady_clock;
  Timing timing;
  for (auto& command : commands(tool, lab.server(Family::Ipv4), ports)) {
    const auto start = Clock::now();
    const auto outcome = lab.run_in(0, {.argv = std::move(command), .timeout = kCap});
    if (!outcome) return outcome.error();
    timing.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    timing.met_cap |= outcome.value().timed_out;
    timing.status = outcome.value().status;
  }
  return timing;
}

/// The rounds of one tool in one situation.
struct Series {
  Tool tool;
  std::vector<Timing> timings;
  std::vector<Count> counts;

  bool met_cap() const { return !timings.empty() && timings.back().met_cap; }

  double median() const {
    std::vector<double> seconds;
    for (const Timing& timing : timings) seconds.push_back(timing.seconds);
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
  }

  std::uint64_t most(std::uint64_t Count::*figure) const {
    std::uint64_t most = 0;
    for (const Count& count : counts) most = std::max(most, count.*figure);
    return most;
  }
};

/// The tools take turns, so that a busy minute of this machine hits all of them. One that met the cap is not run again.
Result<std::vector<Series>> measure(const Situation& situation, const std::vector<Tool>& tools, int rounds) {
  io::LabSpec spec = situation.network;
  add_counters(spec, situation.ports);
  const auto lab = io::Lab::build(spec);
  if (!lab) return lab.error();
  std::vector<Series> all;
  for (const Tool& tool : tools) all.push_back({.tool = tool, .timings = {}, .counts = {}});
  for (int round = 0; round < rounds; ++round) {
    for (Series& series : all) {
      if (series.met_cap()) continue;
      const auto timing = time_once(lab.value(), series.tool, situation.ports);
      if (!timing) return timing.error();
      const auto count = take_count(lab.value());
      if (!count) return count.error();
      series.timings.push_back(timing.value());
      series.counts.push_back(count.value());
    }
  }
  return all;
}

void print_table(const std::vector<Series>& all) {
  fmt::print("  {:<18} {:>10} {:>9} {:>7} {:>5}  {}\n", "", "seconds", "ratio", "probes", "SYNs", "SYNs at a port");
  for (const Series& series : all) {
    const char* const more = series.met_cap() ? ">" : "";
    fmt::print("  {:<18} {:>10} {:>9} {:>7} {:>5}  {:>14}\n", series.tool.name,
               fmt::format("{}{:.2f}", more, series.median()),
               fmt::format("{}{:.1f}", more, series.median() / all.front().median()), series.most(&Count::probes),
               series.most(&Count::syns), series.most(&Count::syns_at_a_port));
  }
}

class Verdict {
 public:
  void hold(const std::string& bar, const std::string& figure, bool is_met) {
    fmt::print("  bar: {}: {}: {}\n", bar, figure, is_met ? "met" : "MISSED");
    all_met_ &= is_met;
  }
  bool all_met() const { return all_met_; }

 private:
  bool all_met_ = true;
};

void hold_bars(const Situation& situation, const std::vector<Series>& all, Verdict& verdict) {
  const Series& ours = all.front();
  const Bars& bars = situation.bars;
  const bool is_right = std::all_of(ours.timings.begin(), ours.timings.end(),
                                    [&](const Timing& timing) { return timing.status == situation.expected_status; });
  verdict.hold(fmt::format("smtpath exits with {}", situation.expected_status),
               fmt::format("{}", ours.timings.back().status), is_right);
  if (bars.least_ratio_to_traceroute) {
    const auto traceroute = std::find_if(
        all.begin(), all.end(), [](const Series& each) { return each.tool.program == Tool::Program::Traceroute; });
    const bool is_there = traceroute != all.end();
    const double ratio = is_there ? traceroute->median() / ours.median() : 0;
    verdict.hold(fmt::format("at least {} times faster than traceroute -T", *bars.least_ratio_to_traceroute),
                 is_there ? fmt::format("{:.1f}", ratio) : "it is not installed",
                 ratio >= *bars.least_ratio_to_traceroute);
  }
  if (bars.most_seconds) {
    verdict.hold(fmt::format("under {} s", *bars.most_seconds), fmt::format("{:.2f} s", ours.median()),
                 ours.median() < *bars.most_seconds);
  }
  if (bars.most_probes) {
    const auto probes = ours.most(&Count::probes);
    verdict.hold(fmt::format("at most {} probes", *bars.most_probes), fmt::format("{}", probes),
                 probes <= static_cast<std::uint64_t>(*bars.most_probes));
  }
  const auto syns = ours.most(&Count::syns_at_a_port);
  verdict.hold(fmt::format("at most {} SYNs reach a port", bars.most_syns_at_a_port), fmt::format("{}", syns),
               syns <= static_cast<std::uint64_t>(bars.most_syns_at_a_port));
}

struct Options {
  int rounds = 3;
  std::vector<std::string> only;
};

int run(const Options& options) {
  constexpr int kNoLab = 70;
  std::vector<std::string> missing;
  const std::vector<Tool> tools = installed_tools(missing);
  for (const std::string& tool : missing) fmt::print("{} is not installed: left out (tools/setup --benches)\n", tool);
  fmt::print("median of {} rounds, in turn; capped at {} s a run; ratio: to smtpath\n", options.rounds, kCap.count());
  Verdict verdict;
  for (const Situation& situation : situations()) {
    const bool is_wanted = options.only.empty() ||
                           std::find(options.only.begin(), options.only.end(), situation.name) != options.only.end();
    if (!is_wanted) continue;
    fmt::print("\n({}) {}\n", situation.name, situation.about);
    std::fflush(stdout);
    const auto all = measure(situation, tools, options.rounds);
    if (!all) {
      fmt::print(stderr, "bench_trace: {}\n", all.error().message);
      return kNoLab;
    }
    print_table(all.value());
    hold_bars(situation, all.value(), verdict);
  }
  return verdict.all_met() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace smtpath::bench

int main(int argc, char** argv) {
  constexpr int kNoPermission = 77;
  CLI::App app("Times smtpath trace beside other tracers, in networks of its own", "bench_trace");
  smtpath::bench::Options options;
  app.add_option("--rounds", options.rounds, "How often each is run")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--only", options.only, "Situations, as a,d")->delimiter(',')->type_name("NAMES");
  CLI11_PARSE(app, argc, argv);
  if (geteuid() != 0) {
    fmt::print(stderr, "bench_trace: a lab needs root\n");
    return kNoPermission;
  }
  return smtpath::bench::run(options);
}
