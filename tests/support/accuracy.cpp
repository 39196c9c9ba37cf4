#include "support/accuracy.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "smtpath/verdict/diagnose.h"
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

void grade_port(Accuracy& accuracy, const RandomPath& random, const verdict::PortDiagnosis& diagnosis) {
  if (diagnosis.port.role == path::Role::Anchor) return;
  const PortTruth& truth = truth_for(random, diagnosis.port.port);
  const verdict::Verdict& verdict = diagnosis.verdict;
  const Grade grade = judge_outcome(truth, verdict);
  count(accuracy.total, grade);
  count(accuracy.calibration[verdict.confidence], grade);
  ++accuracy.confusion[truth.right.front().kind][verdict.kind];
  if (names_wrong_suspect(truth, verdict)) ++accuracy.wrong_suspects;
  const bool is_one_too_many = grade == Grade::Vague && accuracy.failures.size() >= kMostVague;
  if (grade == Grade::Right || is_one_too_many) return;
  accuracy.failures.push_back(
      fmt::format("{} {}", grade == Grade::Wrong ? "WRONG" : "vague", describe(random, truth, verdict)));
}

void run_one(Accuracy& accuracy, std::uint64_t seed) {
  const RandomPath random = random_path(seed);
  Network network(random.path, random.seed);
  const Simulation simulation = run(random.plan, network);
  ++accuracy.paths;
  accuracy.probes += simulation.probes;
  accuracy.duration += simulation.duration();
  if (!simulation.finished) {
    ++accuracy.unfinished;
    accuracy.failures.push_back(fmt::format("UNFINISHED seed {}", seed));
  }
  for (const path::PortPlan& asked : random.plan.targets.front().ports) {
    accuracy.peak_syns_a_second = std::max(accuracy.peak_syns_a_second, simulation.peak_syns_a_second(asked.port));
    accuracy.most_syns = std::max(accuracy.most_syns, simulation.syns_at_server(asked.port));
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

}  // namespace

double Accuracy::right_share() const {
  return share(total.right, ports());
}
double Accuracy::wrong_share() const {
  return share(total.wrong, ports());
}

void Accuracy::add(const Accuracy& other) {
  add_row(total, other.total);
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
  failures.insert(failures.end(), other.failures.begin(), other.failures.end());
}

Accuracy measure_accuracy(const AccuracySeeds& seeds) {
  Accuracy accuracy;
  for (std::uint64_t i = 0; i < seeds.count; ++i) run_one(accuracy, seeds.first + i);
  return accuracy;
}

std::string to_string(const Accuracy& accuracy) {
  std::string text = fmt::format("{:<16}{}\n", "truth", "said");
  for (const auto& [truth, said] : accuracy.confusion) {
    text += fmt::format("{:<16}", verdict::to_string(truth));
    for (const auto& [kind, times] : said) text += fmt::format("{} {}  ", verdict::to_string(kind), times);
    text += '\n';
  }
  for (const auto& [confidence, row] : accuracy.calibration) {
    const auto all = row.right + row.vague + row.wrong;
    text += fmt::format("{:<16}{} ports, {:.3f} % right, {:.3f} % wrong\n", verdict::to_string(confidence), all,
                        100 * share(row.right, all), 100 * share(row.wrong, all));
  }
  text += fmt::format("{} paths, {} ports: {:.3f} % right, {:.3f} % wrong; {} suspects wrong, {} runs unfinished\n",
                      accuracy.paths, accuracy.ports(), 100 * accuracy.right_share(), 100 * accuracy.wrong_share(),
                      accuracy.wrong_suspects, accuracy.unfinished);
  text += fmt::format(
      "{:.1f} probes and {:.0f} ms a path; to one port at most {} SYNs a second reached the host, {} "
      "in a run\n",
      share(accuracy.probes, accuracy.paths),
      to_milliseconds(accuracy.duration) / static_cast<double>(std::max<std::uint64_t>(1, accuracy.paths)),
      accuracy.peak_syns_a_second, accuracy.most_syns);
  return text;
}

}  // namespace smtpath::test
