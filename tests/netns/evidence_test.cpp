// Evidence files as other people's tools see them.

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "netns/program.h"

namespace smtpath::test {
namespace {

using testing::HasSubstr;

class EvidenceTest : public testing::TestWithParam<Family> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  /// Traces in the network and returns the report; the evidence is in file().
  nlohmann::json trace(const io::LabSpec& network) const {
    const io::Lab lab = build(network);
    const io::LabOutcome outcome = run_in(
        lab, {kProgram, "trace", "--no-mail", "--json", "-", "--write", file(), to_string(lab.server(GetParam()))});
    EXPECT_EQ(outcome.errors, "");
    return parse_json(outcome.output);
  }

  std::string file() const { return folder_.file("run.pcapng"); }

  /// One line for each frame that tshark reads and `filter` selects.
  std::ptrdiff_t count_frames(const std::string& filter) const {
    const io::LabOutcome read =
        run_here({"tshark", "-n", "-r", file(), "-Y", filter, "-T", "fields", "-e", "frame.number"});
    EXPECT_EQ(read.status, 0) << read.errors;
    return std::count(read.output.begin(), read.output.end(), '\n');
  }

 private:
  Folder folder_;
};

TEST_P(EvidenceTest, HoldsEveryFrameThatTheReportCounts) {
  const auto report = trace({.open_ports = {Port{25}, Port{587}}});
  EXPECT_EQ(count_frames("frame"), report.at("capture").at("packets"));
  EXPECT_GT(count_frames("tcp.flags.syn == 1 && tcp.dstport == 25"), 0);
  EXPECT_EQ(count_frames("_ws.malformed"), 0);
}

TEST_P(EvidenceTest, HoldsTheSendsThatThisHostRefused) {
  const auto report = trace({.open_ports = {Port{25}, Port{587}},
                             .rules = {io::lab_rule(0, io::LabHook::Output, Port{25}, io::LabAction::Drop)}});
  EXPECT_EQ(port_of(report.at("targets").at(0), 25).at("location").at("place"), "local");
  EXPECT_EQ(count_frames("frame"), report.at("capture").at("packets"));
  EXPECT_GT(count_frames("frame.comment contains \"EPERM\" && frame.interface_name == \"unsent\" && tcp.dstport == 25"),
            0);
}

TEST_P(EvidenceTest, TellsWhatWasPlanned) {
  trace({.open_ports = {Port{25}}});
  const io::LabOutcome infos = run_here({"capinfos", file()});
  EXPECT_EQ(infos.status, 0) << infos.errors;
  EXPECT_THAT(infos.output, HasSubstr("smtpath"));
  EXPECT_THAT(run_here({"capinfos", "-k", file()}).output, HasSubstr("\"targets\""));
}

INSTANTIATE_TEST_SUITE_P(Families, EvidenceTest, testing::Values(Family::Ipv4, Family::Ipv6),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

}  // namespace
}  // namespace smtpath::test
