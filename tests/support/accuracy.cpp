#include "support/accuracy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "smtpath/verdict/diagnose.h"
#include "support/hard_path.h"
#include "support/random_path.h"
#include "support/simulation.h"

namespace smtpath::test {

namespace {

constexpr std::size_t kMostVague = 40;

void count(Accuracy::Row& row, Grade grade) {
  switch (grade) {
    case Grade::Right:
      ++row.right;
      return;
    case Grade::Vague:
      ++row.vague;
      return;
    case Grade::Wrong:
      ++row.wrong;
      return;
  }
}

std::string to_string(const std::optional<verdict::HopReference>& hop) {
  return hop ? std::to_string(hop->ttl.hops) : "-";
}

std::string describe(const RandomPath& random, const PortTruth& truth, const verdict::Verdict& verdict) {
  std::string where;
  if (verdict.location) {
    where = fmt::format(" in {}..{} suspect {}", verdict.location->last_reached.ttl.hops,
                        to_string(verdict.location->first_missed), to_string(verdict.location->suspect));
  }
  const std::string why = verdict.evidence.empty() ? "no evidence" : verdict.evidence.front().text;
  return fmt::format("seed {}: truth {}; said {} ({}){}: {}", random.seed, test::to_string(truth),
                     verdict::to_string(verdict.kind), verdict::to_string(verdict.confidence), where, why);
}

const PortTruth& truth_for(const RandomPath& random, Port port) {
  return *std::find_if(random.truths.begin(), random.truths.end(),
                       [&](const PortTruth& truth) { return truth.port.port == port; });
}

// "open", "intermittent/rate-limited", "inconclusive/too-few-replies"
std::string word_of(verdict::Kind kind, std::optional<verdict::Cause> cause, std::optional<verdict::Reason> reason) {
  std::string word(verdict::to_string(kind));
  if (cause) word += fmt::format("/{}", verdict::to_string(*cause));
  if (reason) word += fmt::format("/{}", verdict::to_string(*reason));
  return word;
}

void count_error(Accuracy& accuracy, const RandomPath& random, const PortTruth& truth, const verdict::Verdict& verdict,
                 Grade grade) {
  constexpr std::size_t kMostSeeds = 3;
  const RightVerdict& right = truth.right.front();
  const bool is_elsewhere = right.kind == verdict.kind && right.cause == verdict.cause;
  const std::string name = fmt::format(
      "{}: {} -> {}{}", random.features.empty() ? "plain" : fmt::format("{}", fmt::join(random.features, ", ")),
      word_of(right.kind, right.cause, {}), word_of(verdict.kind, verdict.cause, verdict.reason),
      is_elsewhere ? " elsewhere" : "");
  Accuracy::ErrorClass& error = accuracy.errors[name];
  ++(grade == Grade::Wrong ? error.wrong : error.vague);
  if (error.seeds.size() < kMostSeeds) error.seeds.push_back(random.seed);
}

void grade_port(Accuracy& accuracy, const RandomPath& random, const verdict::PortDiagnosis& diagnosis) {
  if (diagnosis.port.role == path::Role::Anchor) return;
  const PortTruth& truth = truth_for(random, diagnosis.port.port);
  const verdict::Verdict& verdict = diagnosis.verdict;
  const Grade grade = judge_outcome(truth, verdict);
  count(accuracy.total, grade);
  if (random.is_lossless) count(accuracy.lossless, grade);
  count(accuracy.calibration[verdict.confidence], grade);
  const RightVerdict& right = truth.right.front();
  ++accuracy.confusion[{right.kind, right.cause}][{verdict.kind, verdict.cause}];
  if (grade != Grade::Right) count_error(accuracy, random, truth, verdict, grade);
  if (names_wrong_suspect(truth, verdict)) ++accuracy.wrong_suspects;
  const bool is_one_too_many = grade == Grade::Vague && accuracy.failures.size() >= kMostVague;
  if (grade == Grade::Right || is_one_too_many) return;
  accuracy.failures.push_back(
      fmt::format("{} {}", grade == Grade::Wrong ? "WRONG" : "vague", describe(random, truth, verdict)));
}

bool is_all_open(const RandomPath& random) {
  return std::all_of(random.truths.begin(), random.truths.end(), [](const PortTruth& truth) {
    return truth.port.role == path::Role::Anchor || truth.right.front().kind == verdict::Kind::Open;
  });
}

// Flows meet different addresses at one hop, be it of one router or of several, or where one port is led elsewhere.
bool shows_branches(const NetworkPath& path) {
  const auto has_several = [](const Device& device) { return !device.other_addresses.empty(); };
  return !path.splits.empty() || !path.detours.empty() ||
         std::any_of(path.devices.begin(), path.devices.end(), has_several);
}

void count_run(Accuracy& accuracy, const RandomPath& random, const Simulation& simulation) {
  ++accuracy.paths;
  accuracy.probes += simulation.probes;
  if (!is_all_open(random)) {
    accuracy.most_probes_of_a_block = std::max(accuracy.most_probes_of_a_block, simulation.probes);
  }
  constexpr std::size_t kTooMany = 400;
  constexpr std::size_t kMostSynsOfOnePath = 24;
  if (simulation.probes > kTooMany) {
    accuracy.failures.push_back(fmt::format("MANY seed {}: {} probes", random.seed, simulation.probes));
  }
  accuracy.duration += simulation.duration();
  accuracy.longest = std::max(accuracy.longest, simulation.duration());
  std::size_t& most = shows_branches(random.path) ? accuracy.most_syns_where_balanced : accuracy.most_syns;
  for (const path::PortPlan& asked : random.plan.targets.front().ports) {
    accuracy.peak_syns_a_second = std::max(accuracy.peak_syns_a_second, simulation.peak_syns_a_second(asked.port));
    most = std::max(most, simulation.syns_at_server(asked.port));
    if (!shows_branches(random.path) && simulation.syns_at_server(asked.port) > kMostSynsOfOnePath) {
      accuracy.failures.push_back(fmt::format("MANY seed {}: {} SYNs to port {}", random.seed,
                                              simulation.syns_at_server(asked.port), asked.port.number));
    }
  }
}

void run_one(Accuracy& accuracy, std::uint64_t seed, PathKind kind) {
  const RandomPath random = kind == PathKind::Hard ? hard_path(seed) : random_path(seed);
  Network network(random.path, random.seed);
  const Simulation simulation = run(random.plan, network);
  count_run(accuracy, random, simulation);
  if (!simulation.finished) {
    ++accuracy.unfinished;
    accuracy.failures.push_back(fmt::format("UNFINISHED seed {}", seed));
  }
  const auto diagnosis = verdict::diagnose(simulation.observer.trace(0), random.plan.targets.front(), {});
  for (const verdict::PortDiagnosis& port : diagnosis.ports) grade_port(accuracy, random, port);
}

void add_row(Accuracy::Row& row, const Accuracy::Row& other) {
  row.right += other.right;
  row.vague += other.vague;
  row.wrong += other.wrong;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void add_errors(Accuracy& accuracy, const Accuracy& other) {
  for (const auto& [name, more] : other.errors) {
    Accuracy::ErrorClass& error = accuracy.errors[name];
    error.wrong += more.wrong;
    error.vague += more.vague;
    if (error.seeds.empty()) error.seeds = more.seeds;
  }
}

}  // namespace

double Accuracy::Row::right_share() const {
  return share(right, all());
}
double Accuracy::Row::wrong_share() const {
  return share(wrong, all());
}

void Accuracy::add(const Accuracy& other) {
  add_row(total, other.total);
  add_row(lossless, other.lossless);
  for (const auto& [truth, said] : other.confusion) {
    for (const auto& [kind, times] : said) confusion[truth][kind] += times;
  }
  for (const auto& [confidence, row] : other.calibration) add_row(calibration[confidence], row);
  wrong_suspects += other.wrong_suspects;
  unfinished += other.unfinished;
  paths += other.paths;
  probes += other.probes;
  duration += other.duration;
  peak_syns_a_second = std::max(peak_syns_a_second, other.peak_syns_a_second);
  most_syns = std::max(most_syns, other.most_syns);
  most_syns_where_balanced = std::max(most_syns_where_balanced, other.most_syns_where_balanced);
  most_probes_of_a_block = std::max(most_probes_of_a_block, other.most_probes_of_a_block);
  longest = std::max(longest, other.longest);
  add_errors(*this, other);
  failures.insert(failures.end(), other.failures.begin(), other.failures.end());
}

Accuracy measure_accuracy(const AccuracySeeds& seeds, PathKind kind) {
  Accuracy accuracy;
  for (std::uint64_t i = 0; i < seeds.count; ++i) run_one(accuracy, seeds.first + i, kind);
  return accuracy;
}

}  // namespace smtpath::test
