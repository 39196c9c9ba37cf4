// Measures smtpath analyze on a generated capture of a mail host's uplink: how long it takes beside tshark and tcpdump,
// in turn in one run, and how much memory. bench_analyze [--mebibytes N] [--rounds R] [--folder DIR]; with --generate
// it only writes the capture, to standard output. Fails when a bar is missed.

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "bench_analyze_traffic.h"
#include "io/command.h"
#include "support/capture_format.h"

namespace smtpath::test {
namespace {

constexpr double kLeastTimesTshark = 40;
constexpr double kMostTimesTcpdump = 3;
constexpr double kMostMib = 64;
constexpr double kMostMibOfManyOpen = 256;
constexpr double kSamePeak = 1.1;
constexpr std::uint64_t kOpenAtOnce = 100'000;
constexpr std::uint64_t kPastTheBound = 150'000;

struct Options {
  std::uint64_t mebibytes = 500;
  std::uint64_t seed = 1;
  int rounds = 5;
  std::string folder = "/var/tmp";
  bool only_generates = false;
  bool leaves_out_tshark = false;
};

struct Written {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::uint64_t connections = 0;
};

/// Until there are so many bytes, or so many connections and all that they say.
struct Until {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t connections = std::numeric_limits<std::uint64_t>::max();
};

bool put(std::FILE* file, std::span<const std::byte> bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
}

Written generate(std::FILE* file, const TrafficSpec& spec, const Until& until) {
  const PcapVariant variant;
  Traffic traffic(spec);
  Written written;
  const Bytes header = pcap_header(variant);
  put(file, header);
  written.bytes = header.size();
  while (written.bytes < until.bytes && traffic.connections() < until.connections) {
    const RecordedPacket packet = traffic.next();
    const Bytes record = pcap_record(variant, packet.at, packet.bytes);
    if (!put(file, record)) break;
    written.bytes += record.size();
    ++written.frames;
  }
  written.connections = traffic.connections();
  return written;
}

struct Measured {
  double seconds = 0;
  /// Of the processor: what is left of the time when others are busy on this machine.
  double processor_seconds = 0;
  double mib = 0;
  std::string output;
};

/// Of all children that have ended.
double processor_seconds() {
  constexpr double kMicro = 1e-6;
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * kMicro;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Standard output goes to /dev/null, unless it is what is asked for.
Measured measure(const std::string& command, bool wants_output = false) {
  constexpr double kKib = 1024;
  const std::string peak = fmt::format("/tmp/bench_analyze.{}", getpid());
  const std::string line =
      fmt::format("exec '{}' {} sh -c '{}{}'", SMTPATH_PEAK_MEMORY, peak, command, wants_output ? "" : " >/dev/null");
  const auto begin = std::chrono::steady_clock::now();
  const double processor_begin = processor_seconds();
  const auto outcome = io::run_command({.argv = {"sh", "-c", line}});
  Measured measured;
  measured.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  measured.processor_seconds = processor_seconds() - processor_begin;
  if (outcome) measured.output = outcome.value().output;
  std::ifstream(peak) >> measured.mib;
  measured.mib /= kKib;
  std::remove(peak.c_str());
  if (!outcome || outcome.value().status > 1) {
    fmt::print(stderr, "bench_analyze: {}: {}\n", command,
               outcome ? fmt::format("exit status {}: {}", outcome.value().status, outcome.value().errors)
                       : outcome.error().message);
  }
  return measured;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool hold(const std::string& bar, bool is_met) {
  fmt::print("  bar: {}: {}\n", bar, is_met ? "met" : "MISSED");
  return is_met;
}

std::string analyze(const std::string& file) {
  return fmt::format("exec \"{}\" analyze --quiet {}", SMTPATH_PROGRAM, file);
}

Written write_file(const std::string& name, const TrafficSpec& spec, const Until& until) {
  std::FILE* file = std::fopen(name.c_str(), "wb");
  if (file == nullptr) {
    std::perror(name.c_str());
    std::exit(EXIT_FAILURE);
  }
  const Written written = generate(file, spec, until);
  std::fclose(file);
  fmt::print("{}: {} frames, {:.0f} MiB, {} connections\n", name, written.frames,
             static_cast<double>(written.bytes) / (1 << 20), written.connections);
  return written;
}

/// In pairs, taking turns, the page cache warm.
bool compare_speed(const Options& options, const std::string& file) {
  measure("cat " + file);
  std::vector<double> ours;
  std::vector<double> against_tcpdump;
  double our_processor = 0;
  for (int round = 0; round < options.rounds; ++round) {
    const Measured smtpath = measure(analyze(file));
    ours.push_back(smtpath.seconds);
    our_processor = smtpath.processor_seconds;
    const Measured tcpdump = measure(fmt::format("exec tcpdump -r {} -w /dev/null \"tcp port 25\" 2>/dev/null", file));
    against_tcpdump.push_back(ours.back() / tcpdump.seconds);
    fmt::print("  round {}: smtpath {:.2f} s ({:.2f} of the processor), tcpdump {:.2f} s ({:.2f})\n", round + 1,
               ours.back(), our_processor, tcpdump.seconds, tcpdump.processor_seconds);
  }
  bool is_met =
      hold(fmt::format("at most {} times the time of tcpdump: {:.2f}", kMostTimesTcpdump, median(against_tcpdump)),
           median(against_tcpdump) <= kMostTimesTcpdump);
  if (options.leaves_out_tshark) return is_met;
  const Measured tshark = measure(fmt::format(
      "exec tshark -r {} -Y smtp.response.code -T fields -e tcp.stream -e smtp.response.code 2>/dev/null", file));
  const double times = tshark.seconds / median(ours);
  fmt::print("  tshark {:.1f} s ({:.1f} of the processor, {:.0f} times ours), {:.0f} MiB\n", tshark.seconds,
             tshark.processor_seconds, tshark.processor_seconds / our_processor, tshark.mib);
  return hold(fmt::format("at least {} times faster than tshark: {:.0f}", kLeastTimesTshark, times),
              times >= kLeastTimesTshark) &&
         is_met;
}

bool hold_connections(const std::string& file, std::uint64_t connections) {
  const Measured counted = measure(
      fmt::format("\"{}\" analyze --quiet --jsonl - {} | grep -c type.:.connection", SMTPATH_PROGRAM, file), true);
  const std::uint64_t reported = std::strtoull(counted.output.c_str(), nullptr, 10);
  return hold(fmt::format("every connection is reported: {} of {}", reported, connections), reported == connections);
}

bool compare_memory(const Options& options, const std::string& file) {
  const Measured whole = measure(analyze(file));
  const std::string longer = options.folder + "/bench_analyze_longer.pcap";
  const std::uint64_t bytes = 4 * (options.mebibytes << 20);
  write_file(longer, {.seed = options.seed}, {.bytes = bytes});
  const Measured four_times = measure(analyze(longer));
  std::remove(longer.c_str());
  fmt::print("  peak memory {:.1f} MiB; of four times as much {:.1f} MiB ({:.2f} s)\n", whole.mib, four_times.mib,
             four_times.seconds);
  const bool is_small = hold(fmt::format("under {} MiB", kMostMib), whole.mib < kMostMib && four_times.mib < kMostMib);
  return hold("the same for four times as much", four_times.mib < whole.mib * kSamePeak) && is_small;
}

bool compare_many_open(const Options& options) {
  const std::string file = options.folder + "/bench_analyze_open.pcap";
  const TrafficSpec spec{
      .seed = options.seed, .connections_a_second = 1'000, .has_other_traffic = false, .never_ends = true};
  write_file(file, spec, {.connections = kOpenAtOnce});
  const Measured open = measure(analyze(file));
  fmt::print("  {} open at once: {:.1f} MiB, {:.2f} s\n", kOpenAtOnce, open.mib, open.seconds);
  bool is_met =
      hold(fmt::format("{} open under {} MiB", kOpenAtOnce, kMostMibOfManyOpen), open.mib < kMostMibOfManyOpen);
  const Written past = write_file(file, spec, {.connections = kPastTheBound});
  const Measured evicted = measure(analyze(file));
  fmt::print("  {} open at once: {:.1f} MiB, {:.2f} s\n", kPastTheBound, evicted.mib, evicted.seconds);
  is_met &=
      hold(fmt::format("past the bound still under {} MiB", kMostMibOfManyOpen), evicted.mib < kMostMibOfManyOpen);
  is_met &= hold_connections(file, past.connections);
  std::remove(file.c_str());
  return is_met;
}

int run(const Options& options) {
  if (options.only_generates) {
    generate(stdout, {.seed = options.seed}, {.bytes = options.mebibytes << 20});
    return EXIT_SUCCESS;
  }
  const std::string file = options.folder + "/bench_analyze.pcap";
  const Written written = write_file(file, {.seed = options.seed}, {.bytes = options.mebibytes << 20});
  bool all_met = compare_speed(options, file);
  all_met &= hold_connections(file, written.connections);
  all_met &= compare_memory(options, file);
  std::remove(file.c_str());
  all_met &= compare_many_open(options);
  return all_met ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace smtpath::test

int main(int argc, char** argv) {
  CLI::App app("Measures smtpath analyze on a generated capture", "bench_analyze");
  smtpath::test::Options options;
  app.add_option("--mebibytes", options.mebibytes, "Of the capture")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seed", options.seed, "Of all that is drawn")->capture_default_str();
  app.add_option("--rounds", options.rounds, "Pairs of measurements")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--folder", options.folder, "For captures; five times their size must fit")->capture_default_str();
  app.add_flag("--generate", options.only_generates, "Write the capture to standard output, and nothing else");
  app.add_flag("--no-tshark", options.leaves_out_tshark, "It takes minutes");
  CLI11_PARSE(app, argc, argv);
  return smtpath::test::run(options);
}
