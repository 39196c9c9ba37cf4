// The program, asked for a thousand hosts of a simulated Internet in one run: what it says of each is what it says of
// that host alone, and what is true; it stays small and polite. Another seed: SMTPATH_TEST_SEED=12345.

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "netns/program.h"
#include "support/dice.h"
#include "support/internet_run.h"
#include "support/seed.h"

namespace smtpath::test {
namespace {

using nlohmann::json;

constexpr std::size_t kTargets = 1000;
constexpr std::size_t kSample = 60;
constexpr std::size_t kSideBySide = 4;
constexpr int kRate = 20'000;
constexpr std::uint64_t kUsualSeed = 1;
const InternetPrograms kPrograms{.smtpath = kProgram, .peak_memory = SMTPATH_PEAK_MEMORY};

std::uint64_t seed() {
  return first_seed(kUsualSeed);
}

InternetLab build(const InternetSpec& spec) {
  auto lab = InternetLab::build(spec);
  if (!lab) throw std::runtime_error(lab.error().message);
  return std::move(lab).value();
}

InternetRun ask(const InternetLab& lab, const std::vector<InternetTarget>& targets, int rate) {
  auto run = ask_internet(lab, kPrograms, {.options = {"--rate", std::to_string(rate)}, .targets = targets});
  if (!run) throw std::runtime_error(run.error().message);
  if (run.value().timed_out) throw std::runtime_error("still running: " + run.value().errors);
  return std::move(run).value();
}

// What is judged: times, counts and confidence may differ from run to run, and whether anchors had to be asked.
json essence_of(const json& report) {
  json essence{{"distance", report.at("distance")}};
  for (const path::PortPlan& asked : internet_ports()) {
    if (asked.role == path::Role::Anchor) continue;
    const json& port = port_of(report, asked.port.number);
    essence[std::to_string(asked.port.number)] = {port.at("verdict"), port.at("cause"), port.at("location")};
  }
  return essence;
}

// "25 of 10.64.0.1: in company …; by itself …"
std::string difference(const std::string& address, const json& in_company, const json& by_itself) {
  std::string text;
  for (const auto& [what, value] : by_itself.items()) {
    if (in_company.at(what) == value) continue;
    text +=
        what + " of " + address + ": in company " + in_company.at(what).dump() + "; by itself " + value.dump() + "\n";
  }
  return text;
}

std::string text_of(const std::vector<std::string>& lines) {
  constexpr std::size_t kMost = 30;
  std::string text;
  for (std::size_t i = 0; i < std::min(lines.size(), kMost); ++i) text += lines[i] + '\n';
  return text;
}

// All of them, in one run.
struct Company {
  InternetSpec spec;
  std::vector<InternetTarget> targets;
  InternetRun run;
  InternetFigures figures;
};

class ManyTargetsTest : public testing::Test {
 public:
  static void SetUpTestSuite() {
    if (geteuid() != 0) return;
    const InternetSpec spec{.targets = kTargets, .seed = seed()};
    company_ =
        std::make_unique<Company>(Company{.spec = spec, .targets = internet_targets(spec), .run = {}, .figures = {}});
    InternetLab lab = build(spec);
    company_->run = ask(lab, company_->targets, kRate);
    company_->figures = lab.finish();
  }
  static void TearDownTestSuite() { company_.reset(); }

 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a network namespace needs root";
    RecordProperty("seed", std::to_string(company_->spec.seed));
  }

  static const Company& company() { return *company_; }
  static std::string circumstances() {
    const auto& [spec, targets, run, figures] = *company_;
    return "seed " + std::to_string(spec.seed) + ", " + std::to_string(run.seconds()) + " s, " + to_string(figures) +
           "\n" + run.summary.dump() + "\n" + run.errors;
  }

 private:
  static std::unique_ptr<Company> company_;
};

std::unique_ptr<Company> ManyTargetsTest::company_;

TEST_F(ManyTargetsTest, ReportsEveryTarget) {
  SCOPED_TRACE(circumstances());
  EXPECT_EQ(company().run.errors, "");
  EXPECT_EQ(company().run.reports.size(), kTargets);
  EXPECT_EQ(company().run.summary.at("targets"), kTargets);
}

TEST_F(ManyTargetsTest, SaysNothingWrong) {
  SCOPED_TRACE(circumstances());
  const InternetGrades grades = grade(company().run, company().targets);
  EXPECT_EQ(grades.wrong, 0U) << text_of(grades.failures);
  EXPECT_EQ(grades.wrong_suspects, 0U);
  EXPECT_EQ(grades.missing, 0U);
  // Resets for every port, and nothing that shows the distance: see docs/verdicts.md.
  EXPECT_LE(grades.vague, grades.right / 50) << text_of(grades.failures);
}

TEST_F(ManyTargetsTest, StaysUnder64MiB) {
  SCOPED_TRACE(circumstances());
  EXPECT_GT(company().run.peak_mib(), 1);
  EXPECT_LT(company().run.peak_mib(), 64);
}

TEST_F(ManyTargetsTest, LosesNothingInTheCapture) {
  EXPECT_EQ(company().run.summary.at("capture").at("dropped"), 0) << circumstances();
}

TEST_F(ManyTargetsTest, IsPoliteToEachHost) {
  SCOPED_TRACE(circumstances());
  EXPECT_EQ(company().figures.hosts, kTargets);
  EXPECT_LE(company().figures.most_syns, 24U);
  // Eight, and one that the uplink saw late or early: it runs in real time beside all the rest.
  EXPECT_LE(company().figures.peak_syns_a_second, 9U);
}

TEST_F(ManyTargetsTest, SaysWhatSingleRunsSay) {
  SCOPED_TRACE(circumstances());
  std::vector<InternetTarget> sample = company().targets;
  Dice dice(company().spec.seed);
  for (std::size_t i = 0; i < kSample; ++i) {
    std::swap(sample[i], sample[static_cast<std::size_t>(dice.between(static_cast<int>(i), kTargets - 1))]);
  }
  sample.resize(kSample);

  // Routers that were never asked before.
  const InternetLab lab = build(company().spec);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::vector<std::string> differences;
  const auto compare_next = [&] {
    for (std::size_t i = next++; i < kSample; i = next++) {
      const InternetRun alone = ask(lab, {sample[i]}, kRate);
      const std::string address = to_string(sample[i].address);
      const std::lock_guard lock(mutex);
      const json in_company = essence_of(company().run.reports.at(address));
      const json by_itself = essence_of(alone.reports.at(address));
      if (in_company != by_itself) differences.push_back(difference(address, in_company, by_itself));
    }
  };
  std::vector<std::future<void>> workers;
  for (std::size_t i = 0; i < kSideBySide; ++i) workers.push_back(std::async(std::launch::async, compare_next));
  for (auto& worker : workers) worker.get();
  EXPECT_EQ(differences.size(), 0U) << text_of(differences);
}

TEST_F(ManyTargetsTest, KeepsToTheRateAndSaysTheSame) {
  constexpr std::size_t kFew = 100;
  constexpr int kUsualRate = 1000;
  const std::vector<InternetTarget> few(company().targets.begin(), company().targets.begin() + kFew);
  InternetLab lab = build(company().spec);
  const InternetRun slow = ask(lab, few, kUsualRate);
  // The uplink sees late what came while this machine was busy.
  EXPECT_LE(lab.finish().peak_probes_a_second, static_cast<std::size_t>(kUsualRate) * 11 / 10);
  const InternetGrades grades = grade(slow, few);
  EXPECT_EQ(grades.wrong + grades.missing, 0U) << text_of(grades.failures);
}

}  // namespace
}  // namespace smtpath::test
