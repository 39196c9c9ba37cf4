// What a run is traced by goes away while it lasts: the run ends with a report that claims no more than was seen.

#include <gmock/gmock.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "netns/program.h"

namespace smtpath::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

class VanishingTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
    lab_.emplace(build({.open_ports = {Port{25}, Port{587}}, .links = {{.position = 2, .one_way_delay = kDelay}}}));
  }

  /// Traces slowly, and runs `command` once packets have left.
  io::LabOutcome trace_while(const std::string& command, const std::string& options) const {
    const std::string script = "sent() { awk '/right:/ { print $11 }' /proc/net/dev; }; before=$(sent); " + kProgram +
                               " trace --no-mail --rate 50 --json - --write " + evidence() + " " + options + " " +
                               to_string(lab_->server(Family::Ipv4)) +
                               " & while [ $(sent) -lt $((before + 12)) ]; do :; done; " + command + "; wait $!";
    return run_in(*lab_, {"sh", "-c", script});
  }

  nlohmann::json replayed() const {
    return parse_json(run_here({kProgram, "analyze", "--json", "-", evidence()}).output);
  }

  std::string evidence() const { return folder_.file("run.pcapng"); }

 private:
  static constexpr Duration kDelay = std::chrono::milliseconds(40);
  Folder folder_;
  std::optional<io::Lab> lab_;
};

TEST_F(VanishingTest, AnInterfaceThatIsCapturedOn) {
  const io::LabOutcome live = trace_while("ip link del right", "-i right");
  EXPECT_THAT(live.status, AnyOf(0, 2)) << live.errors;
  EXPECT_THAT(live.errors, HasSubstr("capture on right: The interface disappeared; the report tells what was known"));
  const auto report = parse_json(live.output);
  EXPECT_EQ(report.at("capture").at("dropped"), 1);
  for (const auto& port : report.at("targets").at(0).at("ports")) {
    EXPECT_THAT(port.at("verdict"), AnyOf("open", "refused", "inconclusive"));
  }
  EXPECT_EQ(replayed().at("targets"), report.at("targets"));
}

TEST_F(VanishingTest, AnInterfaceThatIsSentBy) {
  const io::LabOutcome live = trace_while("ip link set right down", "");
  const auto report = parse_json(live.output);
  for (const int port : {25, 587}) {
    EXPECT_THAT(port_of(report.at("targets").at(0), port).at("verdict"), AnyOf("open", "inconclusive")) << port;
  }
  EXPECT_EQ(live.errors, "");
  EXPECT_EQ(replayed().at("targets"), report.at("targets"));
}

TEST_F(VanishingTest, TheRoute) {
  const io::LabOutcome live = trace_while("ip route del default", "");
  const auto report = parse_json(live.output);
  EXPECT_EQ(live.errors, "");
  constexpr int kMostPackets = 1000;
  for (const int port : {25, 587}) {
    EXPECT_THAT(port_of(report.at("targets").at(0), port).at("verdict"), AnyOf("open", "inconclusive")) << port;
  }
  EXPECT_LT(report.at("capture").at("packets"), kMostPackets) << "what is refused is not asked for ever";
  EXPECT_EQ(replayed().at("targets"), report.at("targets"));
}

}  // namespace
}  // namespace smtpath::test
