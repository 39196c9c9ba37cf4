// The program on paths whose routers misbehave: each error a thousand times, or with ICMP extensions of every wrong
// length. It says what it says otherwise, and stays small; labels that are right it reports.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "netns/program.h"
#include "support/internet_run.h"

namespace smtpath::test {
namespace {

using nlohmann::json;

constexpr double kMostMib = 64;
constexpr std::size_t kHosts = 10;

struct Asked {
  std::vector<InternetTarget> targets;
  InternetRun run;
  InternetFigures figures;
};

Asked ask(const Mischief& mischief) {
  const InternetSpec spec{.targets = kHosts, .seed = 2, .mischief = mischief};
  auto lab = InternetLab::build(spec);
  if (!lab) throw std::runtime_error(lab.error().message);
  Asked asked{.targets = internet_targets(spec), .run = {}, .figures = {}};
  auto run = ask_internet(lab.value(), {.smtpath = kProgram, .peak_memory = SMTPATH_PEAK_MEMORY},
                          {.options = {}, .targets = asked.targets});
  if (!run) throw std::runtime_error(run.error().message);
  asked.run = std::move(run).value();
  asked.figures = lab.value().finish();
  return asked;
}

std::string failures_of(const InternetGrades& grades) {
  std::string text;
  for (const std::string& failure : grades.failures) text += failure + '\n';
  return text;
}

class HostileRouterTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a network namespace needs root";
  }

  static void expect_nothing_wrong(const Asked& asked) {
    const InternetGrades grades = grade(asked.run, asked.targets);
    SCOPED_TRACE(to_string(asked.figures) + "\n" + asked.run.summary.dump() + "\n" + failures_of(grades));
    EXPECT_FALSE(asked.run.timed_out);
    EXPECT_EQ(asked.run.errors, "");
    EXPECT_EQ(grades.wrong + grades.wrong_suspects + grades.missing, 0U);
    EXPECT_TRUE(asked.run.summary.at("capture").at("dropped") > 0 || grades.vague == 0);
    EXPECT_LT(asked.run.peak_mib(), kMostMib);
  }
};

TEST_F(HostileRouterTest, EachErrorAThousandTimesSaysNoMoreThanOnce) {
  constexpr std::size_t kCopies = 1000;
  const Asked asked = ask({.copies = kCopies});
  EXPECT_GT(asked.figures.packets_out, kCopies * kHosts);
  expect_nothing_wrong(asked);
}

TEST_F(HostileRouterTest, ExtensionsOfEveryWrongLengthChangeNothing) {
  const Asked asked = ask({.has_wrong_extensions = true});
  EXPECT_GT(asked.figures.packets_out, std::size_t{256} * kHosts);
  expect_nothing_wrong(asked);
}

json labels_json(const IpAddress& router) {
  json labels = json::array();
  for (const wire::MplsLabel& label : labels_of(router)) {
    labels.push_back({{"label", label.label},
                      {"traffic_class", label.traffic_class},
                      {"bottom_of_stack", label.bottom_of_stack},
                      {"ttl", label.ttl}});
  }
  return labels;
}

TEST_F(HostileRouterTest, LabelsOfRoutersAreReported) {
  const Asked asked = ask({.has_labels = true});
  expect_nothing_wrong(asked);
  std::size_t labelled = 0;
  for (const auto& [target, report] : asked.run.reports) {
    for (const json& port : report.at("ports")) {
      for (const json& hop : port.at("hops")) {
        for (const json& reply : hop.at("replies")) {
          if (reply.at("kind") != "time-exceeded") continue;
          EXPECT_EQ(reply.at("mpls"), labels_json(*IpAddress::parse(reply.at("from").get<std::string>())));
          ++labelled;
        }
      }
    }
  }
  EXPECT_GT(labelled, 4 * kHosts);
}

}  // namespace
}  // namespace smtpath::test
