// What the program says of the captures of captures/: the outcome that the table in their README.md has, and the very
// report that was accepted (tools/accept_goldens) as JSON and as text.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

#include "golden/sample_list.h"
#include "io/command.h"

namespace smtpath::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ostringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  return content.str();
}

io::CommandOutcome run(const std::vector<std::string>& argv) {
  constexpr Duration kPatience = 1min;
  const auto outcome = io::run_command({.argv = argv, .timeout = kPatience});
  if (!outcome) throw std::runtime_error(outcome.error().message);
  return outcome.value();
}

/// As a person would run it beside the file, so that no path of this machine is in the report.
io::CommandOutcome analyze(const std::string& file, std::vector<std::string> options = {}) {
  std::vector<std::string> argv{"env", "--chdir=" SMTPATH_CAPTURES, SMTPATH_PROGRAM, "analyze"};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back(file);
  return run(argv);
}

Json report_on(const std::string& file) {
  const io::CommandOutcome outcome = analyze(file, {"--json", "-"});
  Json report = Json::parse(outcome.output, nullptr, false);
  if (report.is_discarded()) throw std::runtime_error("no JSON: " + outcome.output + outcome.errors);
  return report;
}

std::vector<std::string> outcomes_in(const Json& report) {
  std::vector<Json> connections = report.at("connections");
  std::stable_sort(connections.begin(), connections.end(),
                   [](const Json& a, const Json& b) { return a.at("started") < b.at("started"); });
  std::vector<std::string> outcomes;
  for (const Json& connection : connections) outcomes.push_back(connection.at("outcome"));
  return outcomes;
}

std::vector<std::string> verdicts_in(const Json& report) {
  std::vector<std::string> verdicts;
  for (const Json& target : report.at("targets")) {
    for (const Json& port : target.at("ports")) {
      verdicts.push_back(std::to_string(port.at("port").get<int>()) + " " + port.at("verdict").get<std::string>());
    }
  }
  return verdicts;
}

/// Compares, or with SMTPATH_ACCEPT_GOLDENS in the environment writes.
void expect_golden(const std::string& name, const std::string& said) {
  const fs::path golden = fs::path(SMTPATH_GOLDENS) / name;
  if (std::getenv("SMTPATH_ACCEPT_GOLDENS") != nullptr) {
    fs::create_directories(golden.parent_path());
    std::ofstream(golden, std::ios::binary) << said;
    return;
  }
  EXPECT_EQ(said, content_of(golden)) << "differs from " << golden << "; if it is right: tools/accept_goldens";
}

class CaptureTest : public testing::TestWithParam<ListedCapture> {};

TEST_P(CaptureTest, ConnectionsAndPortsEndAsTheTableSays) {
  const Json report = report_on(GetParam().file);
  EXPECT_EQ(GetParam().is_trace ? verdicts_in(report) : outcomes_in(report), GetParam().due);
}

TEST_P(CaptureTest, JsonIsTheGolden) {
  constexpr int kIndent = 1;
  Json report = report_on(GetParam().file);
  report.at("tool").at("version") = "any";
  expect_golden(GetParam().name() + ".json", report.dump(kIndent) + "\n");
}

TEST_P(CaptureTest, TextIsTheGolden) {
  const io::CommandOutcome outcome = analyze(GetParam().file);
  expect_golden(GetParam().name() + ".txt",
                outcome.output + outcome.errors + "exit status " + std::to_string(outcome.status) + "\n");
}

TEST_P(CaptureTest, SameFileGivesTheSameBytesFromAPipe) {
  const std::string file = GetParam().file;
  const io::CommandOutcome named = analyze(file, {"--json", "-"});
  const io::CommandOutcome piped = run({"env", "--chdir=" SMTPATH_CAPTURES, "sh", "-c",
                                        "cat \"$1\" | \"$0\" analyze --json - -", SMTPATH_PROGRAM, file});
  EXPECT_EQ(named.output, piped.output);
  EXPECT_EQ(named.status, piped.status);
}

INSTANTIATE_TEST_SUITE_P(Captures, CaptureTest, testing::ValuesIn(listed_captures()), [](const auto& test) {
  std::string name = test.param.name();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Captures, ResetsArePutDownToWhoSentThem) {
  const auto reset_by = [](const std::string& file) { return report_on(file).at("connections").at(0).at("reset_by"); };
  EXPECT_EQ(reset_by("reset-by-client.pcap"), "client");
  EXPECT_EQ(reset_by("reset-by-server.pcap"), "server");
  EXPECT_EQ(reset_by("reset-forged.pcap"), "path");
  // Another TTL alone proves nothing.
  EXPECT_EQ(reset_by("reset-after-idle.pcap"), "server");
  EXPECT_EQ(reset_by("reset-after-goodbye.pcap"), nullptr);
}

TEST(Captures, AreListedOnTheirPageAndNoOthersAre) {
  std::set<std::string> listed{"README.md"};
  for (const ListedCapture& capture : listed_captures()) {
    EXPECT_TRUE(listed.insert(capture.file).second) << capture.file << " has two rows";
  }
  std::set<std::string> present;
  for (const auto& entry : fs::directory_iterator(SMTPATH_CAPTURES)) present.insert(entry.path().filename());
  EXPECT_EQ(listed, present);
}

#ifdef SMTPATH_MAKE_CAPTURES
TEST(Captures, AreMadeAgainWithTheSameBytes) {
  std::string folder = (fs::temp_directory_path() / "smtpath-captures-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const io::CommandOutcome outcome = run({SMTPATH_MAKE_CAPTURES, folder});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  std::set<std::string> made;
  for (const auto& entry : fs::directory_iterator(folder)) made.insert(entry.path().filename());
  std::set<std::string> listed;
  for (const ListedCapture& capture : listed_captures()) {
    if (!capture.is_made) continue;
    listed.insert(capture.file);
    EXPECT_EQ(content_of(fs::path(folder) / capture.file), content_of(fs::path(SMTPATH_CAPTURES) / capture.file))
        << capture.file << " differs; if it is right: tools/accept_goldens";
  }
  EXPECT_EQ(made, listed);
  fs::remove_all(folder);
}
#endif

}  // namespace
}  // namespace smtpath::test
