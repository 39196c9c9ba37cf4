// The program while somebody on the way throws forged packets at it: nothing of them is believed, memory stays flat,
// and what cannot be known for all the noise is not claimed. Another seed: SMTPATH_TEST_SEED=12345.

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

#include "netns/hostile_lab.h"
#include "netns/measured.h"
#include "netns/running.h"
#include "support/seed.h"
#include "support/thrower.h"

namespace smtpath::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kMostMib = 64;
constexpr double kMostMoreMib = 8;

std::uint64_t seed() {
  return first_seed(1);
}

class HostileTest : public testing::TestWithParam<Family> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
    RecordProperty("seed", std::to_string(seed()));
  }

  std::vector<std::string> arguments(const io::Lab& lab, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> words{"trace", "--no-mail", "--json", "-", "--write", evidence()};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back(to_string(lab.server(GetParam())));
    return words;
  }
  Measured trace(const io::Lab& lab, const std::vector<std::string>& options = {}) const {
    return measure_in(lab, arguments(lab, options));
  }
  Measured replay() const { return measure_here({"analyze", "--json", "-", evidence()}); }

  Thrower start(const io::Lab& lab, Forger& forger) const {
    auto thrower = Thrower::start(lab, GetParam(), forger, {});
    if (!thrower) throw std::runtime_error(thrower.error().message);
    return std::move(thrower).value();
  }

  static std::string circumstances(std::size_t thrown, const Measured& disturbed) {
    return "seed " + std::to_string(seed()) + ", " + std::to_string(thrown) + " thrown, capture " +
           disturbed.report.at("capture").dump() + ", " + std::to_string(disturbed.peak_mib) + " MiB";
  }

 private:
  std::string evidence() const { return folder_.file("run.pcapng"); }

  Folder folder_;
};

TEST_P(HostileTest, BelievesNothingThatIsThrownAtIt) {
  const io::Lab lab = build(disturbed_network());
  const Measured peaceful = trace(lab);
  ASSERT_EQ(port_of(peaceful.target(), 25).at("verdict"), "dropped");
  ASSERT_EQ(port_of(peaceful.target(), 587).at("verdict"), "open");

  Forger forger(seed());
  Thrower thrower = start(lab, forger);
  // Ten seconds of waiting for what was dropped.
  const Measured disturbed = trace(lab, {"--wait", "4", "--flows", "15"});
  const std::size_t thrown = thrower.stop();
  RecordProperty("thrown", std::to_string(thrown));
  SCOPED_TRACE(circumstances(thrown, disturbed));
  EXPECT_EQ(disturbed.errors, "");
  EXPECT_GT(thrown, 100'000U);
  EXPECT_THAT(disturbed.text, Not(HasSubstr(Forger::mark(GetParam()))));
  expect_same_or_unknown(disturbed.target(), peaceful.target());
  EXPECT_TRUE(disturbed.lost() > 0 || count_inconclusive(disturbed.target()) == 0);
  // Some come when the run is over.
  EXPECT_GE(disturbed.captured() + disturbed.lost(), thrown / 2);
  EXPECT_LT(disturbed.peak_mib, kMostMib);
  EXPECT_LT(disturbed.peak_mib, peaceful.peak_mib + kMostMoreMib);

  const Measured replayed = replay();
  EXPECT_EQ(replayed.report.at("targets"), disturbed.report.at("targets"));
  EXPECT_LT(replayed.peak_mib, kMostMib);
}

TEST_P(HostileTest, BelievesNoAnswerToAnEarlierRun) {
  const io::Lab lab = build(disturbed_network());
  Forger forger(seed());
  Thrower first = start(lab, forger);
  const Measured earlier = trace(lab);
  first.stop();

  Thrower second = start(lab, forger);
  const Measured later = trace(lab);
  SCOPED_TRACE(circumstances(second.stop(), later));
  EXPECT_THAT(later.text, Not(HasSubstr(Forger::mark(GetParam()))));
  expect_same_or_unknown(later.target(), earlier.target());
}

// The program sleeps while its capture overflows, as on a machine that has too much to do.
TEST_P(HostileTest, ClaimsNothingOfWhatItsCaptureLost) {
  constexpr std::size_t kMoreThanFits = 200'000;
  const io::Lab lab = build(disturbed_network());
  const Measured peaceful = trace(lab);
  Forger forger(seed());
  Thrower thrower = start(lab, forger);
  Running running(lab, arguments(lab));
  wait_until("the run is under attack", [&] { return thrower.thrown() > 0; });
  running.signal(SIGSTOP);
  wait_until("the capture is full", [&] { return thrower.thrown() > kMoreThanFits; });
  running.signal(SIGCONT);
  const io::LabOutcome outcome = running.outcome();
  thrower.stop();

  const nlohmann::json report = parse_json(outcome.output);
  SCOPED_TRACE(report.at("capture").dump());
  EXPECT_GT(report.at("capture").at("dropped"), 0);
  EXPECT_THAT(outcome.output, Not(HasSubstr(Forger::mark(GetParam()))));
  expect_same_or_unknown(report.at("targets").at(0), peaceful.target());
  EXPECT_EQ(replay().report.at("targets"), report.at("targets"));
}

INSTANTIATE_TEST_SUITE_P(Families, HostileTest, testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

}  // namespace
}  // namespace smtpath::test
