// The demonstration: what it shows, and that nothing of it stays, whatever ends it.

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "netns/running.h"

namespace smtpath::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DemoTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a demonstration needs root";
  }
};

std::string host_interfaces() {
  return run_here({"sh", "-c", "ip -o link | cut -d' ' -f1-3; ip -o address | cut -d' ' -f1-7"}).output;
}

std::string network_of(int id) {
  std::error_code gone;
  return std::filesystem::read_symlink("/proc/" + std::to_string(id) + "/ns/net", gone);
}

nlohmann::json hop(int ttl, const char* address) {
  return {{"ttl", ttl}, {"address", address}};
}

TEST_F(DemoTest, ShowsThreePortsAndThreeFates) {
  const io::LabOutcome outcome = run_here({kProgram, "demo", "--json", "-"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
  const auto report = parse_json(outcome.output);
  const auto& target = report.at("targets").at(0);

  EXPECT_EQ(port_of(target, 25).at("verdict"), "reset-injected");
  EXPECT_EQ(port_of(target, 25).at("location").at("suspect"), hop(3, "10.9.3.1"));
  EXPECT_EQ(port_of(target, 465).at("verdict"), "dropped");
  EXPECT_EQ(port_of(target, 465).at("location").at("last_reached"), hop(4, "10.9.4.1"));
  EXPECT_EQ(port_of(target, 465).at("location").at("first_missed"), hop(5, "10.9.5.1"));
  EXPECT_EQ(port_of(target, 587).at("verdict"), "open");
}

TEST_F(DemoTest, PrintsAReportForPeople) {
  const io::LabOutcome outcome = run_here({kProgram, "demo"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
  EXPECT_THAT(outcome.output, HasSubstr("10.9.3.1"));
}

TEST_F(DemoTest, LeavesTheHostAsItWas) {
  const std::string before = host_interfaces();
  ASSERT_THAT(before, Not(IsEmpty()));
  Running demo({"demo"});
  std::vector<int> children;
  wait_until("the trace runs", [&] {
    children = demo.children();
    return children.size() > 7;
  });
  EXPECT_EQ(host_interfaces(), before);
  EXPECT_EQ(demo.outcome().status, 0);
  EXPECT_EQ(host_interfaces(), before);
  for (const int id : children) EXPECT_EQ(network_of(id), "") << id;
}

bool is_confined(int id) {
  return content_of("/proc/" + std::to_string(id) + "/status").find("NoNewPrivs:\t1") != std::string::npos;
}

// The trace runs as another user then. It is stopped first: it must die with its parent, not come to its own end.
TEST_F(DemoTest, LeavesNothingWhenKilledWhileTheTraceRuns) {
  const std::string before = host_interfaces();
  Running demo({"demo"});
  std::vector<int> children;
  wait_until("the trace has dropped its privileges", [&] {
    children = demo.children();
    return std::any_of(children.begin(), children.end(), is_confined);
  });
  EXPECT_EQ(children.size(), 8U) << "seven nodes and the trace";
  kill(*std::find_if(children.begin(), children.end(), is_confined), SIGSTOP);
  demo.signal(SIGKILL);
  EXPECT_EQ(demo.outcome().status, 128 + SIGKILL);
  for (const int id : children) {
    wait_until("process " + std::to_string(id) + " is gone", [&] { return network_of(id).empty(); });
  }
  EXPECT_EQ(host_interfaces(), before);
}

class DemoEndTest : public DemoTest, public testing::WithParamInterface<int> {};

TEST_P(DemoEndTest, WaitsForItsTraceAndLeavesNothing) {
  Running demo({"demo"});
  std::vector<int> children;
  wait_until("the trace has dropped its privileges", [&] {
    children = demo.children();
    return std::any_of(children.begin(), children.end(), is_confined);
  });
  demo.signal(GetParam());
  EXPECT_EQ(demo.outcome().status, 130);
  for (const int id : children) EXPECT_EQ(network_of(id), "") << id;
}

INSTANTIATE_TEST_SUITE_P(Interrupts, DemoEndTest, testing::Values(SIGTERM, SIGINT),
                         [](const auto& tested) { return std::string(tested.param == SIGINT ? "SIGINT" : "SIGTERM"); });

}  // namespace
}  // namespace smtpath::test
