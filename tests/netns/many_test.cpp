// Many targets in one run: each is reported once it is done, in the order named where that matters, forgotten, and
// judged at the same place when the evidence is replayed.

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include "netns/program.h"
#include "netns/running.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using testing::ElementsAreArray;
using testing::HasSubstr;

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(parse_json(line));
  return lines;
}

json without_envelope(json line) {
  line.erase("schema");
  line.erase("type");
  return line;
}

class ManyTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
    lab_.emplace(build({.routers = 4,
                        .open_ports = {Port{25}, Port{587}},
                        .rules = {io::lab_rule(3, io::LabHook::Forward, Port{465}, io::LabAction::Drop)}}));
  }

  /// The server, every router and a name that is none, some of them twice.
  std::vector<std::string> targets() const {
    std::vector<std::string> names{to_string(lab_->server(Family::Ipv4)), "224.0.0.25"};
    for (int router = 4; router >= 1; --router) names.push_back(to_string(lab_->address_of(router, Family::Ipv4)));
    names.push_back(to_string(lab_->server(Family::Ipv6)));
    return names;
  }

  io::LabOutcome trace(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {kProgram, "trace", "--no-mail"});
    for (const std::string& target : targets()) arguments.push_back(target);
    return run_in(*lab_, arguments);
  }

  Folder folder_;
  std::optional<io::Lab> lab_;
};

TEST_F(ManyTest, AreReportedInTheOrderNamedAndReplayedAlike) {
  const std::string evidence = folder_.file("run.pcapng");
  const io::LabOutcome live = trace({"--json", "-", "--jsonl", folder_.file("lines"), "--write", evidence});
  ASSERT_EQ(live.errors, "");
  const json report = parse_json(live.output);
  std::vector<std::string> names;
  for (const json& target : report.at("targets")) names.push_back(target.at("target"));
  EXPECT_THAT(names, ElementsAreArray(targets()));

  const std::string replayed_lines = folder_.file("replayed");
  const io::LabOutcome replayed = run_here({kProgram, "analyze", "--json", "-", "--jsonl", replayed_lines, evidence});
  EXPECT_EQ(replayed.errors, "");
  EXPECT_EQ(parse_json(replayed.output).at("targets"), report.at("targets"));
  auto lines = lines_of(content_of(folder_.file("lines")));
  auto again = lines_of(content_of(replayed_lines));
  lines.pop_back();
  again.pop_back();
  EXPECT_EQ(lines, again) << "judged in the same order";
}

TEST_F(ManyTest, HaveALineEachAndASummary) {
  const io::LabOutcome live = trace({"--json", folder_.file("json"), "--jsonl", "-"});
  const json report = parse_json(content_of(folder_.file("json")));
  auto lines = lines_of(live.output);
  ASSERT_EQ(lines.size(), targets().size() + 1);
  EXPECT_EQ(lines.front().at("error").at("kind"), "not-unicast") << "known before any packet";
  EXPECT_EQ(lines.back().at("type"), "summary");
  EXPECT_EQ(lines.back().at("targets"), targets().size());
  lines.pop_back();
  std::set<json> in_lines;
  for (const json& line : lines) in_lines.insert(without_envelope(line));
  EXPECT_EQ(in_lines, std::set<json>(report.at("targets").begin(), report.at("targets").end()));
}

TEST_F(ManyTest, OfACutRunAreJudgedAsFarAsTheFileGoes) {
  const std::string evidence = folder_.file("run.pcapng");
  const io::LabOutcome live = trace({"--jsonl", "-", "--write", evidence});
  const auto lines = lines_of(live.output);
  const std::string whole = content_of(evidence);
  const std::string cut = folder_.file("cut.pcapng");
  // Behind the place where the second target was judged.
  const std::size_t first_mark = whole.find("judged ");
  const std::size_t second_mark = whole.find("judged ", first_mark + 1);
  ASSERT_NE(second_mark, std::string::npos);
  constexpr std::size_t kRestOfBlock = 100;
  std::ofstream(cut, std::ios::binary) << whole.substr(0, second_mark + kRestOfBlock);
  const io::LabOutcome replayed = run_here({kProgram, "analyze", "--jsonl", "-", cut});
  const auto again = lines_of(replayed.output);
  ASSERT_EQ(again.size(), targets().size() + 1);
  for (const std::size_t line : {0U, 1U, 2U}) EXPECT_EQ(again[line], lines[line]);
}

TEST_F(ManyTest, MayBeAHundredThousand) {
  constexpr int kTargets = 100'000;
  constexpr int kMostMib = 192;
  constexpr int kInterrupted = 130;
  const std::string list = folder_.file("list");
  const std::string lines = folder_.file("lines");
  std::ofstream(list) << [] {
    constexpr int kByte = 256;
    std::ostringstream text;
    for (int i = 0; i < kTargets; ++i) {
      text << "100." << 64 + i / kByte / kByte << "." << i / kByte % kByte << "." << i % kByte << "\n";
    }
    return text.str();
  }();
  Running run(*lab_, {"trace", "--no-mail", "-p", "25", "--control", "none", "--quiet", "--jsonl", lines, "--targets",
                      list, to_string(lab_->server(Family::Ipv4))});
  wait_until("the first target is judged", [&] { return !content_of(lines).empty(); });
  const int peak_kib = std::stoi(run.status().at("VmHWM"));
  EXPECT_LT(peak_kib / 1024, kMostMib);
  run.signal(SIGINT);
  EXPECT_EQ(run.outcome().status, kInterrupted);
  const json summary = parse_json(run_here({"tail", "-n", "1", lines}).output);
  EXPECT_EQ(summary.at("type"), "summary");
  EXPECT_EQ(summary.at("targets"), kTargets + 1);
}

TEST_F(ManyTest, LeaveEvidenceThatOthersCanRead) {
  const std::string evidence = folder_.file("run.pcapng");
  trace({"--quiet", "--write", evidence});
  const io::LabOutcome read = run_here({"tshark", "-n", "-r", evidence, "-Y", "_ws.malformed"});
  EXPECT_EQ(read.status, 0) << read.errors;
  EXPECT_EQ(read.output, "");
  const io::LabOutcome infos = run_here({"capinfos", evidence});
  EXPECT_EQ(infos.status, 0) << infos.errors;
  EXPECT_THAT(infos.output, HasSubstr("smtpath"));
}

}  // namespace
}  // namespace smtpath::test
